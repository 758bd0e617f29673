"""Gzip members: one for each record, written with one fixed header and read without mercy."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from newsarchive.errors import DamageError, StorageError, StoreError

GZIP_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Deflate, no flags, no time, operating system unknown: the same on every machine, so that damage in it shows."""

_LEVEL: Final = 3
"""Half the CPU of level 6 for a tenth more bytes on news pages (benchmarks/warc_speed.py)."""

_RAW: Final = -zlib.MAX_WBITS
_PIECE: Final = 65536
_TRAILER_BYTES: Final = 8


def unreadable(path: Path, error: OSError) -> StoreError:
    """Return what it means that a segment cannot be read: damage where it is not there."""
    if isinstance(error, FileNotFoundError):
        return DamageError(f"{path}: lost; restore the file from a copy")
    return StorageError(f"{path}: cannot be read: {error.strerror}")


def packed_member(*parts: bytes) -> bytes:
    """Return one gzip member that holds `parts` joined."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
    check = 0
    size = 0
    packed = [GZIP_HEADER]
    for part in parts:
        check = zlib.crc32(part, check)
        size += len(part)
        packed.append(deflate.compress(part))
    packed.append(deflate.flush())
    packed.append(check.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little"))
    return b"".join(packed)


class MemberReader:
    """Inflates the gzip members of `file` one after the other, from the one that begins at `offset` on.

    State: one piece of the file and one of what it inflates to, each at most 64 KiB. Every fault is a `DamageError`
    whose text has neither file nor offset; the caller knows them. After a fault the reader is of no more use.
    """

    def __init__(self, file: BinaryIO, offset: int = 0) -> None:
        self.offset = offset
        """Where the next member begins; moves on when `pieces` has ended."""
        self._file = file
        self._file.seek(offset)
        self._ahead = b""

    def at_end(self) -> bool:
        """Say whether the file ends where the next member would begin."""
        return not self._filled(1)

    def pieces(self) -> Iterator[bytes]:
        """Yield what the next member holds; after the last piece its check sum and length have been found right."""
        if not self._filled(len(GZIP_HEADER)) or not self._ahead.startswith(GZIP_HEADER):
            raise DamageError(_header_fault(self._ahead[: len(GZIP_HEADER)]))
        inflate = zlib.decompressobj(_RAW)
        packed = len(GZIP_HEADER)
        check = 0
        size = 0
        data = self._ahead[packed:]
        while not inflate.eof:
            data = data or self._file.read(_PIECE)
            if not data:
                raise DamageError("gzip member is cut")
            try:
                piece = inflate.decompress(data, _PIECE)
            except zlib.error as error:
                raise DamageError(f"gzip member does not inflate: {error}") from error
            # At the end zlib may show what is left under both names.
            left = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
            packed += len(data) - len(left)
            data = left
            if piece:
                check = zlib.crc32(piece, check)
                size += len(piece)
                yield piece
        self._ahead = data
        self._check_trailer(check, size)
        self.offset += packed + _TRAILER_BYTES

    def _check_trailer(self, check: int, size: int) -> None:
        if not self._filled(_TRAILER_BYTES):
            raise DamageError("gzip member is cut")
        if self._ahead[:4] != check.to_bytes(4, "little"):
            raise DamageError("gzip member has a wrong check sum")
        if self._ahead[4:8] != (size & 0xFFFFFFFF).to_bytes(4, "little"):
            raise DamageError("gzip member has a wrong length")
        self._ahead = self._ahead[_TRAILER_BYTES:]

    def _filled(self, count: int) -> bool:
        """Read on until `count` bytes lie ahead; return whether there are so many."""
        while len(self._ahead) < count:
            data = self._file.read(_PIECE)
            if not data:
                return False
            self._ahead += data
        return True


def _header_fault(header: bytes) -> str:
    if GZIP_HEADER.startswith(header):
        return "gzip member is cut"
    if not header.strip(b"\0"):
        return "zero bytes where a gzip member should begin"
    return "bytes that are no gzip member of this project"
