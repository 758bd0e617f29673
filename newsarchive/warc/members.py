"""Gzip members: one for each record, written with one fixed header and read without mercy."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from newsarchive.errors import DamageError

GZIP_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Deflate, no flags, no time, operating system unknown: the same on every machine, so that damage in it shows."""

_LEVEL: Final = 3
"""Half the CPU of level 6 for a tenth more bytes on news pages (benchmarks/warc_speed.py)."""

_RAW: Final = -zlib.MAX_WBITS
_PIECE: Final = 65536


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
    """Inflates the one member at `offset` of `file`, piece by piece.

    State: one piece of the file and one of what it inflates to, each at most 64 KiB.
    Every fault is a `DamageError` whose text has neither file nor offset; the caller knows them.
    """

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file = file
        self._offset = offset
        self.end = offset
        """Offset behind the member; right once `pieces` has ended."""

    def pieces(self) -> Iterator[bytes]:
        """Yield what the member holds; after the last piece its check sum and length have been found right."""
        self._file.seek(self._offset)
        header = self._file.read(len(GZIP_HEADER))
        if header != GZIP_HEADER:
            raise DamageError(_header_fault(header))
        inflate = zlib.decompressobj(_RAW)
        check = 0
        size = 0
        data = b""
        while not inflate.eof:
            data = inflate.unconsumed_tail or self._file.read(_PIECE)
            if not data:
                raise DamageError("gzip member is cut")
            try:
                piece = inflate.decompress(data, _PIECE)
            except zlib.error as error:
                raise DamageError(f"gzip member does not inflate: {error}") from error
            if piece:
                check = zlib.crc32(piece, check)
                size += len(piece)
                yield piece
        self._finish(inflate.unused_data, check, size)

    def _finish(self, unused: bytes, check: int, size: int) -> None:
        self._file.seek(-len(unused), 1)
        trailer = self._file.read(8)
        if len(trailer) < 8:  # noqa: PLR2004  CRC-32 and length, four bytes each
            raise DamageError("gzip member is cut")
        if trailer[:4] != check.to_bytes(4, "little"):
            raise DamageError("gzip member has a wrong check sum")
        if trailer[4:] != (size & 0xFFFFFFFF).to_bytes(4, "little"):
            raise DamageError("gzip member has a wrong length")
        self.end = self._file.tell()


def _header_fault(header: bytes) -> str:
    if GZIP_HEADER.startswith(header):
        return "gzip member is cut"
    if not header.strip(b"\0"):
        return "zero bytes where a gzip member should begin"
    return "bytes that are no gzip member of this project"
