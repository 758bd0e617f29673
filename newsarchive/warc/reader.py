"""WARC records from segments: one by its offset, or all in their order.

As strict about a record's frame as the walk of `fixity`: a member that is not whole raises `DamageError`, nothing is
skipped. That costs about twice what fastwarc takes (benchmarks/warc_speed.py), little beside parsing the page.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from newsarchive.errors import DamageError
from newsarchive.warc.members import MemberReader, unreadable
from newsarchive.warc.messages import Head, first_header, parse_head, payload_of
from newsarchive.warc.records import RecordHeader, parse_record_header

MAX_RECORD_BYTES = 256 * 1024**2
"""Larger records are not read into memory; nothing here writes any."""


@dataclass(frozen=True)
class StoredRecord:
    """One WARC record as it was kept."""

    offset: int
    """Offset of its gzip member in the segment."""
    length: int
    """Length of its gzip member; the next one begins behind it."""
    fields: tuple[tuple[str, str], ...]
    """The WARC header's named fields in their order."""
    block: bytes
    """What the record holds: an HTTP message with its framing, or the lines of a warcinfo."""

    def field(self, name: str) -> str | None:
        """Return the first named field of that name; None where there is none."""
        return first_header(self.fields, name)

    @property
    def type(self) -> str:
        """WARC-Type."""
        return self.field("WARC-Type") or ""

    @property
    def record_id(self) -> str:
        """WARC-Record-ID without angle brackets."""
        return (self.field("WARC-Record-ID") or "").strip("<>")

    @property
    def url(self) -> str | None:
        """WARC-Target-URI; None for a warcinfo."""
        return self.field("WARC-Target-URI")

    @property
    def concurrent_to(self) -> str | None:
        """Record id of the record captured together with this one, without angle brackets; None where there is none."""
        linked = self.field("WARC-Concurrent-To")
        return linked.strip("<>") if linked else None

    @property
    def payload_digest(self) -> str | None:
        """WARC-Payload-Digest as the header has it; None where there is none."""
        return self.field("WARC-Payload-Digest")

    @property
    def truncated(self) -> str | None:
        """WARC-Truncated: why the answer did not come whole; None where it did. A revisit's says nothing of that."""
        return None if self.type == "revisit" else self.field("WARC-Truncated")

    @cached_property
    def date(self) -> dt.datetime:
        """WARC-Date, aware UTC."""
        return dt.datetime.fromisoformat(self.field("WARC-Date") or "")

    @cached_property
    def head(self) -> Head:
        """Status line and header fields of the HTTP answer in `block`."""
        return parse_head(self.block)


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """What reading a page again needs: the same as the live crawl had."""

    url: str
    captured_at: dt.datetime
    """Aware UTC."""
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    """Body without chunked framing, content coding kept."""
    truncated: str | None
    """Why the body is not whole; None where it is."""

    def header(self, name: str) -> str | None:
        """Return the first header field of that name, in any case; None where there is none."""
        return first_header(self.headers, name)


def read_record(path: Path, offset: int) -> StoredRecord:
    """Return the record whose gzip member begins at `offset` of the segment `path`.

    Raises `DamageError` with file and offset if there is no whole record, or no file, `StorageError` if the file
    cannot be read.
    """
    with _opened(path) as file:
        return _next_record(MemberReader(file, offset), path)


def iterate(path: Path, start: int = 0, end: int | None = None) -> Iterator[StoredRecord]:
    """Yield the records of the segment `path` in their order, from the member that begins at `start` up to `end`.

    Raises as `read_record` does, after the last record before the damage.
    """
    with _opened(path) as file:
        members = MemberReader(file, start)
        while (end is None or members.offset < end) and not members.at_end():
            yield _next_record(members, path)


def exchange_payload(record: StoredRecord) -> StoredResponse:
    """Return the HTTP answer that a `response` record holds (or a `metadata` record with an unreadable one).

    Of a `revisit` the head alone; `revisits.read_capture` follows it.
    """
    head = record.head
    return StoredResponse(
        url=record.url or "",
        captured_at=record.date,
        status=head.status,
        headers=head.headers,
        payload=payload_of(head, record.block),
        truncated=record.truncated,
    )


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error


def _next_record(members: MemberReader, path: Path) -> StoredRecord:
    offset = members.offset
    try:
        header, block = _parsed(_content(members))
    except DamageError as error:
        raise DamageError(f"{path}: offset {offset}: {error}") from error
    return StoredRecord(offset=offset, length=members.offset - offset, fields=header.fields, block=block)


def _content(members: MemberReader) -> bytes:
    pieces = []
    size = 0
    for piece in members.pieces():
        pieces.append(piece)
        size += len(piece)
        if size > MAX_RECORD_BYTES:
            raise DamageError(f"record of more than {MAX_RECORD_BYTES} bytes")
    return b"".join(pieces)


def _parsed(content: bytes) -> tuple[RecordHeader, bytes]:
    header = parse_record_header(content)
    end = header.length + header.content_length
    if content[end:] != b"\r\n\r\n":
        raise DamageError(f"Content-Length is {header.content_length}, the block is another")
    return header, content[header.length : end]
