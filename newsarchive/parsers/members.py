"""Links that may be entries of a list."""

from typing import NamedTuple

from newsarchive.parsers.lines import Anchor

LEAST_TITLE = 4
"""Letters of a title that may be an entry's by itself."""


class Member(NamedTuple):
    """A link that may be an entry of a list."""

    anchor: Anchor
    line: int
    """The line that holds the title."""
    first: int
    last: int
    """The lines that the link reaches over: a link may hold a day, the title and a summary."""
    title: str
    url: str
