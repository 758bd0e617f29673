"""CDXJ: one line for each record that can be replayed, `key timestamp {json}`, in the order of its bytes.

Keys, fields and spelling are those of pywb and cdxj-indexer, which use the lines as they are. The store keeps a file
of such lines sorted; this module says what a record's line is.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from newsarchive.digests import warc_sha1
from newsarchive.records.capture import CaptureRef
from newsarchive.warc.exchange import Exchange
from newsarchive.warc.messages import first_header
from newsarchive.warc.reader import StoredRecord, iterate
from newsarchive.warc.surt import surt_key
from newsarchive.warc.writer import ARTICLE_TYPE, ARTICLE_URI, EncodedRecord

INDEXED_TYPES: Final = frozenset({"response", "revisit", "resource", "metadata"})
"""Records that have a line; a metadata record of named fields has none."""

_WARC_FIELDS: Final = "application/warc-fields"
_REVISIT: Final = "warc/revisit"
_TIMESTAMP: Final = "%Y%m%d%H%M%S"
_AFTER_MIME: Final = re.compile(r"[;\s]")
_TO_TIMESTAMP: Final = str.maketrans("", "", "-:TZ")


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One line of an index, read."""

    key: str
    """SURT of the URL."""
    timestamp: str
    """WARC-Date as 14 digits, UTC."""
    url: str
    """WARC-Target-URI."""
    mime: str | None
    """Media type of the answer, `warc/revisit` of a revisit; None where it was not named."""
    status: str | None
    """HTTP status code; None where there is none."""
    digest: str
    """WARC-Payload-Digest; where there is no payload, the block's digest."""
    length: int
    """Bytes of the record's gzip member."""
    offset: int
    """Where that member begins."""
    filename: str
    """The segment."""

    def encoded(self) -> bytes:
        """Return the line with its end."""
        fields = {
            "url": self.url, "mime": self.mime, "status": self.status, "digest": self.digest,
            "length": str(self.length), "offset": str(self.offset), "filename": self.filename,
        }  # fmt: skip
        kept = {name: value for name, value in fields.items() if value is not None}
        return f"{self.key} {self.timestamp} {json.dumps(kept)}\n".encode("ascii")


def parse_line(line: bytes) -> IndexLine:
    """Read a line, blanks at its end or not. Raises ValueError where it is none."""
    key, timestamp, rest = line.decode("ascii").split(" ", 2)
    fields = json.loads(rest)
    try:
        return IndexLine(
            key=key, timestamp=timestamp, url=fields["url"], mime=fields.get("mime"), status=fields.get("status"),
            digest=fields["digest"], length=int(fields["length"]), offset=int(fields["offset"]),
            filename=fields["filename"],
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise ValueError(f"index line without {error}") from error


def line_of_exchange(exchange: Exchange, record: EncodedRecord, capture: CaptureRef) -> bytes:
    """Return the line of `record`, which holds the answer of `exchange`: what `line_of_record` says once it is kept."""
    mime: str | None = "application/octet-stream"
    status, digest = None, capture.payload_digest
    if record.type == "metadata":
        digest = warc_sha1(exchange.response)
    else:
        mime = _REVISIT if record.type == "revisit" else _mime(exchange.header("Content-Type"))
        status = str(exchange.status)
    timestamp = exchange.started_at.strftime(_TIMESTAMP)
    return IndexLine(
        surt_key(exchange.url), timestamp, exchange.url, mime, status, digest, record.length, capture.offset,
        capture.warc,
    ).encoded()  # fmt: skip


def line_of_article(exchange: Exchange, line: bytes, record: EncodedRecord, segment: str, offset: int) -> bytes:
    """Return the line of `record`, which holds `line`, what was read from `exchange`, at `offset` of `segment`."""
    url = ARTICLE_URI + exchange.url
    timestamp = exchange.started_at.strftime(_TIMESTAMP)
    return IndexLine(
        surt_key(url), timestamp, url, ARTICLE_TYPE, None, warc_sha1(line), record.length, offset, segment
    ).encoded()


def line_of_record(record: StoredRecord, filename: str) -> bytes | None:
    """Return the line of a record of the segment `filename`; None for one that has none."""
    content_type = record.field("Content-Type")
    url = record.url
    if url is None or record.type not in INDEXED_TYPES:
        return None
    if record.type == "metadata" and content_type == _WARC_FIELDS:
        return None
    mime, status = _mime(content_type), None
    if record.type in {"response", "revisit"}:
        mime = _REVISIT if record.type == "revisit" else _mime(first_header(record.head.headers, "Content-Type"))
        status = str(record.head.status)
    digest = record.payload_digest or record.field("WARC-Block-Digest") or ""
    timestamp = (record.field("WARC-Date") or "").translate(_TO_TIMESTAMP)[:14]
    return IndexLine(
        surt_key(url), timestamp, url, mime, status, digest, record.length, record.offset, filename
    ).encoded()


def lines_of_segment(path: Path, filename: str) -> Iterator[bytes]:
    """Yield the lines of a segment in the order of its records; `filename` is its name once it is closed.

    Raises as `reader.iterate` does.
    """
    for record in iterate(path):
        line = line_of_record(record, filename)
        if line is not None:
            yield line


def _mime(content_type: str | None) -> str | None:
    return _AFTER_MIME.split(content_type, maxsplit=1)[0] if content_type else content_type
