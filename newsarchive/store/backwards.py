"""The lines of a log from its end: what was recorded last is found without reading all of it."""

from collections.abc import Iterator
from typing import BinaryIO


def lines_backwards(file: BinaryIO, end: int, block: int = 1 << 20) -> Iterator[bytes]:
    """Yield the lines before byte `end` of `file`, the last one first. Memory: a block, and the longest line."""
    rest: list[bytes] = []  # what is known of the line whose beginning is not reached yet, last piece first
    while end:
        start = max(0, end - block)
        file.seek(start)
        first, *whole = file.read(end - start).split(b"\n")
        end = start
        if whole:
            rest.append(whole.pop())
            if line := b"".join(reversed(rest)):
                yield line
            yield from (line for line in reversed(whole) if line)
            rest = []
        rest.append(first)
    if line := b"".join(reversed(rest)):
        yield line
