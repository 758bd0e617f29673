"""Lines in their order, without all of them in memory."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryFile
from typing import Final

PIECE_BYTES: Final = 4 * 1024**2
"""So much is sorted at once; a segment of a gigabyte of ordinary pages has a hundred megabytes of lines."""


@contextmanager
def in_order(lines: Iterable[bytes]) -> Iterator[Iterator[bytes]]:
    """Give `lines` sorted. Raises OSError.

    Memory: one piece of them; the others lie meanwhile in files without a name, one for each.
    """
    with ExitStack() as files:
        pieces: list[Iterable[bytes]] = []
        held: list[bytes] = []
        size = 0
        for line in lines:
            held.append(line)
            size += len(line)
            if size >= PIECE_BYTES:
                piece = files.enter_context(TemporaryFile())
                piece.writelines(sorted(held))
                piece.seek(0)
                pieces.append(piece)
                held.clear()
                size = 0
        yield heapq.merge(*pieces, sorted(held))
