"""WARC 1.1 records as bytes (ISO 28500:2017, http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/).

Pure functions without state: any thread may encode, the store appends. The records are put together here and packed
by zlib: warcio takes two to four times as long, fastwarc about as long (benchmarks/warc_speed.py), and zlib alone lets
other threads run meanwhile. Both libraries read every record that the tests write.
"""

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from newsarchive.digests import warc_sha1
from newsarchive.records.capture import CaptureRef
from newsarchive.timestamps import iso
from newsarchive.warc.exchange import Exchange
from newsarchive.warc.members import packed_member
from newsarchive.warc.messages import parse_head

ARTICLE_URI: Final = "urn:article:"
"""What the URI of a record with an article begins with, before the URL of the page; as Browsertrix has `urn:text:`."""

ARTICLE_TYPE: Final = "application/json"

NO_REQUEST: Final = ("Newsarchive-Request", "none")
"""Field of an answer whose request nobody kept: without it a missing request is damage."""

_RESPONSE_TYPE: Final = "application/http; msgtype=response"
_REQUEST_TYPE: Final = "application/http; msgtype=request"
_NOT_MODIFIED: Final = 304
_READABLE: Final = re.compile(rb"HTTP/1\.[01][ \r\n]", re.IGNORECASE)


PIN_FIELD: Final = "Newsarchive-Pinned-Certificate"
"""An extension field (WARC 1.1, section 5.20 allows them): no authority vouched for the peer's certificate, whose
fingerprint this is; the operator did."""

_PROFILE: Final = "http://netpreserve.org/warc/1.1/revisit/"


@dataclass(frozen=True, slots=True)
class Original:
    """A `response` record that holds a payload whole: what a revisit refers to."""

    capture: CaptureRef
    url: str
    """Its WARC-Target-URI."""
    captured_at: dt.datetime
    """Its WARC-Date."""


@dataclass(frozen=True, slots=True)
class EncodedRecord:
    """Where one record lies in the bytes that it was encoded into."""

    record_id: str
    """WARC-Record-ID without angle brackets, `urn:uuid:…`."""
    type: str
    """WARC-Type."""
    offset: int
    """Offset of its gzip member, from the start of the bytes."""
    length: int
    """Length of its gzip member."""


@dataclass(frozen=True, slots=True)
class EncodedCapture:
    """Gzip members ready to be appended to a segment, one for each record."""

    data: bytes
    """The members, one behind the other."""
    records: tuple[EncodedRecord, ...]
    """The records in `data`, in its order. Of an exchange: the answer, then the request."""

    @property
    def response(self) -> EncodedRecord:
        """The first record: of an exchange the one that holds the answer."""
        return self.records[0]


def new_record_id() -> str:
    """Return a WARC-Record-ID that no record has, without angle brackets."""
    return f"urn:uuid:{uuid.uuid4()}"


def encode_exchange(
    exchange: Exchange,
    *,
    warcinfo_id: str | None = None,
    record_ids: tuple[str, str] | None = None,
    original: Original | None = None,
) -> EncodedCapture:
    """Return the records of `exchange`: the answer and, linked to it, the request.

    With an `original` the answer becomes a `revisit` of it, by the profile that its status asks for: only its head is
    kept (WARC 1.1, section 6.7).

    `record_ids` are those of answer and request; without them they are the exchange's own, or made up, and nothing
    else is. A request that nobody kept gives no record. An answer that
    is no HTTP/1 message goes into a `metadata` record: readers parse the head of every `response` and stop at such.
    """
    response_id, request_id = record_ids or exchange.record_ids or (new_record_id(), new_record_id())
    readable = _READABLE.match(exchange.response) is not None
    answer_type = "response" if readable else "metadata"
    answer_fields = _exchange_fields(exchange, response_id, warcinfo_id)
    block = exchange.response
    if not exchange.request:
        answer_fields.append(NO_REQUEST)
    if exchange.truncated:
        answer_fields.append(("WARC-Truncated", exchange.truncated))
    if readable and original:
        answer_type = "revisit"
        answer_fields += _revisit_fields(original, not_modified=exchange.status == _NOT_MODIFIED)
        block = block[: parse_head(block).length]
    elif readable:
        answer_fields.append(("WARC-Payload-Digest", exchange.payload_digest))
    request_fields = _exchange_fields(exchange, request_id, warcinfo_id)
    request_fields.append(("WARC-Concurrent-To", f"<{response_id}>"))
    answer_content = _RESPONSE_TYPE if readable else "application/octet-stream"
    members = [(answer_type, response_id, _encoded_record(answer_type, answer_fields, answer_content, block))]
    if exchange.request:
        request = _encoded_record("request", request_fields, _REQUEST_TYPE, exchange.request)
        members.append(("request", request_id, request))
    return _joined(members)


def encode_article(
    line: bytes,
    *,
    exchange: Exchange,
    response_id: str,
    warcinfo_id: str | None = None,
    record_id: str | None = None,
) -> EncodedCapture:
    """Return the `metadata` record that describes the answer `response_id` of `exchange` by what was read from it.

    `line` is the article's line of `revisions.jsonl` without its end: it names the answer by file, offset and id. The
    record has a URI of its own (`ARTICLE_URI` and the page's), or replay would find it where the page should be.
    """
    record_id = record_id or new_record_id()
    fields = [
        *_identity(record_id, exchange.started_at),
        ("WARC-Target-URI", ARTICLE_URI + exchange.url),
        ("WARC-Refers-To", f"<{response_id}>"),
    ]
    if warcinfo_id:
        fields.append(("WARC-Warcinfo-ID", f"<{warcinfo_id}>"))
    return _joined([("metadata", record_id, _encoded_record("metadata", fields, ARTICLE_TYPE, line))])


def encode_warcinfo(
    filename: str,
    fields: Mapping[str, str],
    date: dt.datetime,
    *,
    record_id: str | None = None,
) -> EncodedCapture:
    """Return the record with which the segment `filename` begins; `fields` say how it was made.

    `filename` is the name that the segment has when it is closed.
    """
    record_id = record_id or new_record_id()
    block = b"".join(_field(name, value) for name, value in fields.items())
    named = [*_identity(record_id, date), ("WARC-Filename", filename)]
    member = _encoded_record("warcinfo", named, "application/warc-fields", block)
    return _joined([("warcinfo", record_id, member)])


def _identity(record_id: str, date: dt.datetime) -> list[tuple[str, str]]:
    return [("WARC-Record-ID", f"<{record_id}>"), ("WARC-Date", iso(date))]


def _exchange_fields(exchange: Exchange, record_id: str, warcinfo_id: str | None) -> list[tuple[str, str]]:
    fields = [*_identity(record_id, exchange.started_at), ("WARC-Target-URI", exchange.url)]
    if exchange.ip_address:
        fields.append(("WARC-IP-Address", exchange.ip_address))
    fields.append(("WARC-Protocol", exchange.protocol))
    if exchange.tls:
        fields.append(("WARC-Protocol", exchange.tls))
    if exchange.cipher_suite:
        fields.append(("WARC-Cipher-Suite", exchange.cipher_suite))
    if exchange.pin:
        fields.append((PIN_FIELD, exchange.pin))
    if warcinfo_id:
        fields.append(("WARC-Warcinfo-ID", f"<{warcinfo_id}>"))
    return fields


def _revisit_fields(original: Original, *, not_modified: bool) -> list[tuple[str, str]]:
    capture = original.capture
    fields = [
        ("WARC-Profile", _PROFILE + ("server-not-modified" if not_modified else "identical-payload-digest")),
        ("WARC-Refers-To", f"<{capture.record_id}>"),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", iso(original.captured_at)),
        ("WARC-Refers-To-Filename", capture.warc),
        ("WARC-Refers-To-File-Offset", str(capture.offset)),
        ("WARC-Payload-Digest", capture.payload_digest),
    ]
    # Section 6.7.2 asks for it where a payload was left out; a 304 has none.
    return fields if not_modified else [*fields, ("WARC-Truncated", "length")]


def _encoded_record(
    record_type: str,
    fields: Sequence[tuple[str, str]],
    content_type: str,
    block: bytes,
) -> bytes:
    header = b"".join(
        _field(name, value)
        for name, value in (
            ("WARC-Type", record_type),
            *fields,
            ("WARC-Block-Digest", warc_sha1(block)),
            ("Content-Type", content_type),
            ("Content-Length", str(len(block))),
        )
    )
    return packed_member(b"WARC/1.1\r\n", header, b"\r\n", block, b"\r\n\r\n")


def _field(name: str, value: str) -> bytes:
    line = f"{name}: {value}"
    if "\r" in line or "\n" in line:
        raise ValueError(f"line break in the WARC field {line!r}")
    return line.encode() + b"\r\n"


def _joined(members: Sequence[tuple[str, str, bytes]]) -> EncodedCapture:
    records = []
    offset = 0
    for record_type, record_id, member in members:
        records.append(EncodedRecord(record_id=record_id, type=record_type, offset=offset, length=len(member)))
        offset += len(member)
    return EncodedCapture(data=b"".join(member for _, _, member in members), records=tuple(records))
