"""`captures/index.cdxj`: where each capture of the closed segments is. Derived: any line can be made from its record.

A segment's lines come in while it is being closed, before the catalogue says that it is: a process that dies in
between leaves a segment that the next opening closes again, with its lines, of which those that are there are left out.
"""

import heapq
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import Final

from newsarchive.store.layout import Layout
from newsarchive.store.ordered import JOURNAL_SUFFIX, NEW_SUFFIX, finish, merge, write
from newsarchive.store.sorting import in_order
from newsarchive.warc.cdxj import lines_of_segment

HELD_BYTES: Final = 512 * 1024
"""Lines of the segment that is being written are held in memory up to here, the rest in a file without a name."""


class HeldLines:
    """The lines of the segment that is being written, in the order of its records."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=HELD_BYTES)  # noqa: SIM115 - closed with its segment

    def add(self, line: bytes) -> None:
        """Hold a line. Raises OSError."""
        self._file.write(line)

    def taken(self) -> Iterator[bytes]:
        """Yield the lines, and hold none any more."""
        with self._file:
            self._file.seek(0)
            yield from self._file

    def drop(self) -> None:
        """Hold none any more."""
        self._file.close()


def index_segment(layout: Layout, name: str, held: HeldLines | None = None) -> None:
    """Bring the lines of the segment `name` into the index; without `held` they are read from it.

    Raises OSError, or `DamageError` where the segment is not whole.
    """
    with in_order(lines_of_segment(layout.segment(name), name) if held is None else held.taken()) as lines:
        merge(layout.index, lines)


def make_index(layout: Layout) -> None:
    """Make the index anew from every segment that is there, the open ones too, under their final names.

    Raises OSError, or `DamageError` where a segment is not whole.
    """
    finish(layout.index)
    with ExitStack() as files:
        blocks: list[Iterator[bytes]] = []
        for name in _segments(layout):
            block = files.enter_context(TemporaryFile())
            with in_order(lines_of_segment(layout.segment(name), name)) as lines:
                block.writelines(lines)
            block.seek(0)
            blocks.append(block)
        if blocks:
            write(layout.index, heapq.merge(*blocks))


def mend_index(layout: Layout) -> None:
    """Finish what a process that died was writing into the index, and make it anew where it is missing."""
    finish(layout.index)
    if not layout.index.exists():
        make_index(layout)


def index_files(layout: Layout) -> set[Path]:
    """Return the index and what a process that died may have left beside it."""
    return {layout.index, *(layout.index.with_name(layout.index.name + end) for end in (NEW_SUFFIX, JOURNAL_SUFFIX))}


def _segments(layout: Layout) -> list[str]:
    return sorted({path.name.removesuffix(".open") for path in _files(layout)})


def _files(layout: Layout) -> Iterator[Path]:
    yield from layout.captures.glob("*.warc.gz")
    yield from layout.captures.glob("*.warc.gz.open")
