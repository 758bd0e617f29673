"""Whether `captures/index.cdxj` says of every capture where it is, and of nothing else."""

import hashlib
import mmap
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from newsarchive.errors import NewsarchiveError
from newsarchive.store.layout import Layout
from newsarchive.store.ordered import read_lines
from newsarchive.warc.cdxj import lines_of_segment, parse_line

SHOWN = 3
"""So many wrong and missing lines of a segment are named; there may be a hundred thousand."""

REMEDY = "run `newsarchive rebuild`"


@dataclass(slots=True)
class _Sum:
    """What a set of lines comes to, in whatever order: so that no set has to be held."""

    count: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        self.count += 1
        self.total += int.from_bytes(hashlib.blake2b(line, digest_size=16).digest(), "big")


def index_faults(layout: Layout, segments: Mapping[str, bool]) -> Iterator[tuple[int | None, str]]:
    """Yield where and how the index differs from the segments that it is made from; `segments` says which are closed.

    Of a segment that is not closed it may have lines: its run died while it closed it. What is wrong with a segment
    itself is not said again. Memory: one sum for each segment, and the lines of one whose sum is wrong.
    """
    path = layout.index
    if not path.exists():
        if any(segments.values()):
            yield None, f"lost; {REMEDY}"
        return
    sums: dict[str, _Sum] = defaultdict(_Sum)
    before = b""
    try:
        for line in read_lines(path):
            if line <= before:
                yield _offset(path, line), f"a line that is not in its order; {REMEDY}"
            before = line
            sums[parse_line(line).filename].add(line)
    except (NewsarchiveError, ValueError) as error:
        yield _offset(path, before), f"behind this line: no line of an index ({error}); {REMEDY}"
        return
    for name in sorted(sums.keys() - segments.keys()):
        yield None, f"has {sums[name].count} lines of {name}, which is not there; {REMEDY}"
    for name, closed in segments.items():
        if (closed or name in sums) and layout.segment(name).exists():
            yield from _segment_faults(layout, name, sums[name], closed=closed)


def _segment_faults(layout: Layout, name: str, found: _Sum, *, closed: bool) -> Iterator[tuple[int | None, str]]:
    expected = _Sum()
    try:
        for line in lines_of_segment(layout.segment(name), name):
            expected.add(line)
    except NewsarchiveError:
        return  # the walk has said what is wrong
    if found == expected:
        return
    right = set(lines_of_segment(layout.segment(name), name))
    held = [line for line in read_lines(layout.index) if parse_line(line).filename == name]
    wrong = [line for line in held if line not in right]
    for line in wrong[:SHOWN]:
        yield _offset(layout.index, line), f"is not what {name} has there: {line.decode().rstrip()}; {REMEDY}"
    missing = sorted(right.difference(held)) if closed else []
    for line in missing[:SHOWN]:
        yield None, f"a capture of {name} is missing: {line.decode().rstrip()}; {REMEDY}"
    more = max(len(wrong) - SHOWN, 0) + max(len(missing) - SHOWN, 0)
    if more:
        yield None, f"{more} more lines of {name} are wrong or missing; {REMEDY}"


def _offset(path: Path, line: bytes) -> int | None:
    """Return where `line` begins in the file; None where it is not there as such."""
    if not path.stat().st_size:
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        at = content.find(line.rstrip(b"\n"))
    return at if at >= 0 else None
