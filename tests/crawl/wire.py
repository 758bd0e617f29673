"""WARC records as warcio reads them, and HTTP messages taken apart by the standard library."""

import base64
import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Protocol

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader


class Readable(Protocol):
    """A stream that may give less than was asked for."""

    def read(self, length: int, /) -> bytes: ...


@dataclass(frozen=True)
class Record:
    """One WARC record."""

    version: str
    kind: str
    fields: dict[str, str]
    block: bytes
    offset: int
    length: int
    passes_warcio: bool
    """Whether warcio's own check of the digests, over the bytes behind the HTTP header, finds nothing."""

    def field(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def http(self) -> Message:
        return BytesParser().parsebytes(self.block.partition(b"\r\n")[2], headersonly=True)

    @property
    def status(self) -> int:
        return int(self.block.split(b" ", 2)[1])

    @property
    def is_chunked(self) -> bool:
        return self.kind == "response" and self.http.get("Transfer-Encoding") == "chunked"

    @property
    def is_zipped(self) -> bool:
        return self.kind == "response" and self.http.get("Content-Encoding") == "gzip"

    @property
    def charset(self) -> str | None:
        return self.http.get_content_charset()


def records_of(path: Path, start: int = 0) -> Iterator[Record]:
    """Yield the records of a segment from offset `start` on."""
    with path.open("rb") as raw, path.open("rb") as checked:
        raw.seek(start)
        checked.seek(start)
        blocks = ArchiveIterator(raw, no_record_parse=True)
        parsed = ArchiveIterator(checked, check_digests=True)
        for record, twin in zip(blocks, parsed, strict=True):
            block = _all(record.raw_stream)
            _all(twin.raw_stream)
            yield Record(
                version=record.rec_headers.protocol,
                kind=record.rec_type,
                fields=dict(record.rec_headers.headers),
                block=block,
                offset=blocks.get_record_offset(),
                length=blocks.get_record_length(),
                passes_warcio=twin.digest_checker.passed is True,
            )


def record_at(path: Path, offset: int) -> Record:
    """Return the record whose gzip member begins at `offset`."""
    return next(records_of(path, offset))


def dechunked(block: bytes) -> bytes:
    """Return the payload of an HTTP answer as the WARC standard means it: without chunks, content coding kept."""
    head, _, body = block.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" not in head.lower():
        return body
    return _all(ChunkedDataReader(BufferedReader(io.BytesIO(body)), raise_exceptions=True))


def undone(record: Record) -> bytes:
    """Return the content of an answer with its content coding undone."""
    payload = dechunked(record.block)
    if not record.is_zipped:
        return payload
    return gzip.decompress(payload)


def sha1(data: bytes) -> str:
    """Return the digest as WARC files spell it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _all(stream: Readable) -> bytes:
    return b"".join(iter(lambda: stream.read(65_536), b""))
