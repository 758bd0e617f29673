"""Whether `captures/index.cdxj` says of every capture where it is, and of nothing else."""

import hashlib
import mmap
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsarchive.errors import NewsarchiveError
from newsarchive.operations.damage import Damage
from newsarchive.store.layout import Layout
from newsarchive.store.ordered import read_lines
from newsarchive.warc.cdxj import line_of_record, lines_of_segment, parse_line
from newsarchive.warc.reader import StoredRecord

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


class IndexCheck:
    """Compares the index with the records of the segments, which `take` is given one by one.

    Of a segment that is not closed the index may have lines: its run died while it closed it. Memory: two sums for each
    segment, and the lines of one whose sums differ.
    """

    def __init__(self, layout: Layout, segments: Mapping[str, bool]) -> None:
        """`segments` says which are closed."""
        self._layout = layout
        self._segments = segments
        self._found: dict[str, _Sum] = defaultdict(_Sum)
        self._expected: dict[str, _Sum] = defaultdict(_Sum)
        self._damages = list(self._read())

    def take(self, name: str, record: StoredRecord) -> None:
        """Take a record of the segment `name`."""
        line = line_of_record(record, name)
        if line is not None:
            self._expected[name].add(line)

    def damages(self, unread: set[str]) -> Iterator[Damage]:
        """Yield what is wrong, once every segment was taken but those that are `unread`, being damaged themselves."""
        yield from self._damages
        if self._damages:
            return
        for name in sorted(self._found.keys() - self._segments.keys()):
            what = f"has {self._found[name].count} lines of {name}, which is not there; {REMEDY}"
            yield Damage(self._layout.index, None, what)
        for name, closed in self._segments.items():
            if name not in unread and (closed or name in self._found) and self._found[name] != self._expected[name]:
                yield from self._differences(name, closed=closed)

    def _read(self) -> Iterator[Damage]:
        path = self._layout.index
        if not path.exists():
            if any(self._segments.values()):
                yield Damage(path, None, f"lost; {REMEDY}")
            return
        before = b""
        try:
            for line in read_lines(path):
                if line <= before:
                    yield self._damage(line, f"a line that is not in its order; {REMEDY}")
                before = line
                self._found[parse_line(line).filename].add(line)
        except (NewsarchiveError, ValueError) as error:
            yield self._damage(before, f"behind this line: no line of an index ({error}); {REMEDY}")

    def _differences(self, name: str, *, closed: bool) -> Iterator[Damage]:
        right = set(lines_of_segment(self._layout.segment(name), name))
        held = [line for line in read_lines(self._layout.index) if parse_line(line).filename == name]
        wrong = [line for line in held if line not in right]
        for line in wrong[:SHOWN]:
            yield self._damage(line, f"is not what {name} has there: {line.decode().rstrip()}; {REMEDY}")
        missing = sorted(right.difference(held)) if closed else []
        for line in missing[:SHOWN]:
            what = f"a capture of {name} is missing: {line.decode().rstrip()}; {REMEDY}"
            yield Damage(self._layout.index, None, what)
        more = max(len(wrong) - SHOWN, 0) + max(len(missing) - SHOWN, 0)
        if more:
            yield Damage(self._layout.index, None, f"{more} more lines of {name} are wrong or missing; {REMEDY}")

    def _damage(self, line: bytes, what: str) -> Damage:
        """Return a damage at `line`, with its offset if it is there as such."""
        path = self._layout.index
        at = -1
        if path.stat().st_size:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                at = content.find(line.rstrip(b"\n"))
        return Damage(path, at if at >= 0 else None, what)
