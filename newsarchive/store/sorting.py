"""Lines in their order, without all of them in memory."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Final

PIECE_BYTES: Final = 1024**2
"""So much is sorted at once; a segment of a gigabyte of ordinary pages has a hundred megabytes of lines."""

READ_BYTES: Final = 16384
"""So much of each piece is read at once."""


@contextmanager
def in_order(lines: Iterable[bytes]) -> Iterator[Iterator[bytes]]:
    """Give `lines`, each with its end, sorted. Raises OSError.

    Memory: one piece of them, and the next few of each other piece; those lie meanwhile in a file without a name.
    """
    with TemporaryFile() as file:
        pieces: list[Iterable[bytes]] = []
        held: list[bytes] = []
        start = size = 0
        for line in lines:
            held.append(line)
            size += len(line)
            if size >= PIECE_BYTES:
                held.sort()
                file.writelines(held)
                held.clear()
                pieces.append(_piece(file, start, start + size))
                start, size = start + size, 0
        held.sort()
        yield heapq.merge(*pieces, held)


def _piece(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    """Yield the lines of `file` between two offsets, while others read elsewhere in it."""
    rest = b""
    while start < end:
        file.seek(start)
        read = file.read(min(READ_BYTES, end - start))
        start += len(read)
        *lines, rest = (rest + read).split(b"\n")
        for line in lines:
            yield line + b"\n"
