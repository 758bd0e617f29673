"""The header of a WARC record (WARC 1.1, section 4), read strictly."""

from dataclasses import dataclass
from typing import Final

from newsarchive.errors import DamageError
from newsarchive.warc.messages import first_header

MAX_HEADER_BYTES: Final = 65536
"""Longer headers are damage; those written here stay below 4 KiB."""

BLOCK_END: Final = b"\r\n\r\n"
"""What follows every block."""

_VERSION: Final = b"WARC/1.1\r\n"
_REQUIRED: Final = ("WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length")


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """The named fields of one record."""

    fields: tuple[tuple[str, str], ...]
    """Name and value in their order."""
    length: int
    """Bytes from `WARC/1.1` up to and with the empty line; the block begins behind them."""
    content_length: int
    """Bytes of the block."""

    def field(self, name: str) -> str | None:
        """Return the first field of that name; None where there is none."""
        return first_header(self.fields, name)


def parse_record_header(content: bytes) -> RecordHeader:
    """Read the header at the start of `content`; raises `DamageError` if it is not as WARC 1.1 demands."""
    if not content.startswith(_VERSION):
        raise DamageError("record does not begin with WARC/1.1")
    end = content.find(b"\r\n\r\n", 0, MAX_HEADER_BYTES)
    if end < 0:
        raise DamageError("WARC header has no end")
    fields = tuple(_field(line) for line in content[len(_VERSION) : end].split(b"\r\n"))
    for name in _REQUIRED:
        if first_header(fields, name) is None:
            raise DamageError(f"WARC header has no {name}")
    length = first_header(fields, "Content-Length") or ""
    if not (length.isascii() and length.isdigit()):
        raise DamageError(f"Content-Length {length!r} is no number")
    return RecordHeader(fields=fields, length=end + 4, content_length=int(length))


def _field(line: bytes) -> tuple[str, str]:
    name, colon, value = line.partition(b": ")
    if not colon:
        raise DamageError(f"WARC header line {line[:80]!r} is no named field")
    try:
        return name.decode("ascii"), value.decode()
    except UnicodeDecodeError as error:
        raise DamageError(f"WARC header line {line[:80]!r} is no UTF-8") from error
