"""WARC records that others wrote: versions 0.17 to 1.1, packed together or one by one, header lines as they come.

Lenient where tools differ, strict where a record is not whole: what is cut is damage, never a shorter page.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import Final

from newsarchive.errors import DamageError, UnsafeArchiveError
from newsarchive.warc.messages import first_header
from newsarchive.warc.records import MAX_HEADER_BYTES

MAX_BLOCK_BYTES: Final = 64 * 1024**2
"""Of a longer record only the header is read: no page or attachment that is kept comes to so much."""

MAX_RECORDS: Final = 50_000_000
_MAX_SURPLUS_BYTES: Final = 65536
_VERSION: Final = re.compile(rb"WARC/[01]\.\d+\s*$")
_ARC: Final = b"filedesc://"
_PIECE: Final = 1024**2


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """One record as another tool wrote it."""

    offset: int
    """Where it begins in the file once that is inflated."""
    fields: tuple[tuple[str, str], ...]
    """The WARC header's named fields in their order."""
    block: bytes | None
    """What the record holds; None where that is longer than `MAX_BLOCK_BYTES`."""

    surplus: int = 0
    """Bytes before it that belong to no record: the one before says that it is shorter than it is."""

    def field(self, name: str) -> str | None:
        """Return the first named field of that name, in any case; None where there is none."""
        return first_header(self.fields, name)

    @property
    def type(self) -> str:
        """WARC-Type, in lower case."""
        return (self.field("WARC-Type") or "").lower()

    @property
    def record_id(self) -> str:
        """WARC-Record-ID without angle brackets."""
        return (self.field("WARC-Record-ID") or "").strip("<> ")

    @property
    def url(self) -> str | None:
        """WARC-Target-URI; wget writes it between angle brackets."""
        url = self.field("WARC-Target-URI")
        return url.strip("<> ") if url else None

    @property
    def date(self) -> dt.datetime | None:
        """WARC-Date in whole seconds, aware UTC; None where it is missing or none."""
        return parsed_date(self.field("WARC-Date"))


def parsed_date(text: str | None) -> dt.datetime | None:
    """Return a WARC-Date in whole seconds, aware UTC; None where it is none."""
    try:
        date = dt.datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return date.replace(microsecond=0).astimezone(dt.UTC) if date.tzinfo else None


def foreign_records(stream: BufferedReader, name: str) -> Iterator[ForeignRecord]:
    """Yield the records of an inflated WARC file; `name` is what it is called in errors.

    Memory: one record. Raises `DamageError` at a record that is not whole, `UnsafeArchiveError` where the file is none.
    """
    offset = 0
    for count in range(MAX_RECORDS + 1):
        found = _version_line(stream, name, offset, first=count == 0)
        if found is None:
            return
        begins, surplus, offset = found
        fields, offset = _fields(stream, name, offset)
        length = first_header(fields, "Content-Length") or ""
        if not (length.isascii() and length.isdigit()):
            raise DamageError(f"{name}: offset {begins}: Content-Length {length!r} is no number")
        block = _block(stream, int(length), f"{name}: offset {begins}")
        offset += int(length)
        yield ForeignRecord(begins, fields, block, surplus)
    raise UnsafeArchiveError(f"{name}: more than {MAX_RECORDS} records")


def _version_line(stream: BufferedReader, name: str, offset: int, *, first: bool) -> tuple[int, int, int] | None:
    """Return where the next record begins, how much before it belongs to none, and where its version line ends.

    None at the end of the file.
    """
    surplus = 0
    while line := stream.readline(MAX_HEADER_BYTES):
        if _VERSION.match(line):
            return offset, surplus, offset + len(line)
        if line.strip() and first:
            what = "an ARC file; `warcio recompress` makes a WARC of it" if line.startswith(_ARC) else "no WARC file"
            raise UnsafeArchiveError(f"{name}: {what}")
        offset += len(line)
        surplus += len(line) if surplus or line.strip() else 0
        if surplus > _MAX_SURPLUS_BYTES:
            raise DamageError(f"{name}: offset {offset}: {line[:40]!r} where a record should begin")
    if first:
        raise UnsafeArchiveError(f"{name}: holds nothing")
    return None


def _fields(stream: BufferedReader, name: str, offset: int) -> tuple[tuple[tuple[str, str], ...], int]:
    fields: list[tuple[str, str]] = []
    begins = offset
    while True:
        line = stream.readline(MAX_HEADER_BYTES)
        offset += len(line)
        if not line.endswith(b"\n") or offset - begins > MAX_HEADER_BYTES:
            raise DamageError(f"{name}: offset {begins}: the header of a record has no end")
        text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
        if not text:
            return tuple(fields), offset
        if text[0] in " \t" and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {text.strip()}".strip())
            continue
        key, colon, value = text.partition(":")
        if colon:
            fields.append((key.strip(), value.strip()))


def _block(stream: BufferedReader, length: int, place: str) -> bytes | None:
    if length <= MAX_BLOCK_BYTES:
        block = stream.read(length)
        if len(block) < length:
            raise DamageError(f"{place}: {length - len(block)} bytes of the record are missing")
        return block
    left = length
    while left:
        piece = stream.read(min(left, _PIECE))
        if not piece:
            raise DamageError(f"{place}: {left} bytes of the record are missing")
        left -= len(piece)
    return None
