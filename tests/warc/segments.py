"""A segment that a test wrote, and where its records begin."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from newsarchive.warc.exchange import Exchange

CAPTURED_AT = dt.datetime(2026, 11, 22, 7, 15, tzinfo=dt.UTC)

MakeExchange = Callable[..., Exchange]
MakeSegment = Callable[[Sequence[Exchange]], "Segment"]


class Segment:
    """A segment on disk and where its records begin."""

    def __init__(self, path: Path, data: bytes, offsets: list[int]) -> None:
        self.path = path
        self.data = data
        self.offsets = offsets
        """Of the warcinfo, then of each answer and its request; at the end the length of the file."""

    def members(self) -> list[bytes]:
        """Return its gzip members."""
        return [self.data[start:end] for start, end in zip(self.offsets, self.offsets[1:], strict=False)]
