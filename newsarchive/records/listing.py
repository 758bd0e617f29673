"""What a list page says, and what any page links to."""

import datetime as dt
from typing import Literal, NamedTuple

from newsarchive.records.model import Record


class Entry(Record):
    """One article named on a list page."""

    url: str
    """Absolute URL."""
    title: str
    """The full title: the `title` attribute where the visible text is cut."""
    date: dt.date | None = None
    """The day shown beside the link, its year by the heading above where it shows none; null where it is not exact."""


class Listing(Record):
    """A list page: its own entries (not those of side boxes) in page order, and the way on."""

    entries: tuple[Entry, ...]
    """The entries; never empty."""
    next: str | None = None
    """Absolute URL of the next page; null on the last page or where the page has no pager."""


Rel = Literal["entry", "next", "page", "feed", "link"]


class Link(NamedTuple):
    """A link of any page, for discovery. It is never published, and a page has hundreds: a plain tuple."""

    url: str
    """Absolute http(s) URL without fragment, as the page spells it; not yet canonical."""
    rel: Rel = "link"
    """`entry`: in the page's main list or a related list; `next`: the next list page; `page`: another list page;
    `feed`: a declared RSS or Atom feed; `link`: anything else."""
    date: dt.date | None = None
    """The day that the page shows beside the link in one of its lists; null where it shows none. It belongs to the
    link: the article that it leads to may show another."""
