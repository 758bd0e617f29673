"""List pages: the entries of the page's own list."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from newsarchive.parsers.construct import made, made_all
from newsarchive.parsers.entry_days import entry_days
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.page import Page
from newsarchive.parsers.pagers import next_page
from newsarchive.parsers.runs import Member, link_runs
from newsarchive.records.listing import Entry, Listing

_LONGEST_HEADING = 12
_DATED = 2.0
"""How much more a list weighs that shows its days."""
_MEAN_TITLE = 6
"""A list has titles at least this long on average."""


@dataclass(frozen=True, slots=True)
class OwnList:
    """The page's own list: its entries, how many show a day, and the lines it reaches over."""

    listing: Listing
    dated: int
    first: int
    last: int

    @property
    def titles(self) -> int:
        """Number of characters of the titles."""
        return sum(len(entry.title) for entry in self.listing.entries)


class _Group(NamedTuple):
    members: tuple[Member, ...]
    dates: tuple[dt.date | None, ...]
    dated: int
    beside: bool
    """True for a list that stands beside the page's own, such as 热点新闻."""

    @property
    def weight(self) -> float:
        """Titles' characters; a list that shows its days is more likely the page's own."""
        size = _size(self.members)
        return size * (_DATED if self.dated * 2 >= len(self.members) else 1.0) * (0.3 if self.beside else 1.0)


def read_listing(page: Page) -> OwnList | None:
    """Return the page's own list, the heaviest run of links that stand in boxes of one kind; None where it has none."""
    best = _heaviest(page)
    if best is None or (len(best.members) < 2 and not best.dated):  # noqa: PLR2004
        return None
    entries = made_all(
        Entry,
        [
            {"url": member.url, "title": member.title, "date": date}
            for member, date in zip(best.members, best.dates, strict=True)
        ],
    )
    listing = made(Listing, entries=tuple(entries), next=next_page(page))
    return OwnList(listing, best.dated, best.members[0].first, best.members[-1].last + 2)


def _heaviest(page: Page) -> _Group | None:
    """Return the group of the greatest weight, the first of several; None where no run of links can be a list.

    Runs that could not outweigh the best so far, even if they showed their days, are not looked at: most are menus.
    """
    best: _Group | None = None
    heaviest, first = 0.0, 0
    texts = [line.text for line in page.lines.lines]
    runs = [(_size(members), number, members) for number, members in enumerate(link_runs(page))]
    for size, number, members in sorted(runs, key=itemgetter(0), reverse=True):
        if best is not None and size * _DATED < heaviest:
            break
        if size < _MEAN_TITLE * len(members):
            continue
        group = _group(page, members, texts)
        weight = group.weight
        if _size(group.members) >= _MEAN_TITLE * len(members) and (
            best is None or weight > heaviest or (weight == heaviest and number < first)
        ):
            best, heaviest, first = group, weight, number
    return best


def _size(members: Sequence[Member]) -> int:
    """Return the number of characters of the titles."""
    return sum([len(member.title) for member in members])


def _group(page: Page, members: list[Member], texts: list[str]) -> _Group:
    """Return a run with the day of each entry; `texts` are those of the page's lines."""
    dated = entry_days(page, members, texts)
    return _Group(tuple(dated.members), tuple(dated.days), dated.shown, _is_beside(page, members[0].first))


def _is_beside(page: Page, index: int) -> bool:
    """Tell whether a list that begins at line `index` stands under a heading such as 热点新闻."""
    headings = word_set("lists", "headings")
    above = (line.text for line in page.lines.lines[max(0, index - 2) : index] if line.size <= _LONGEST_HEADING)
    return any(squeezed(text.rstrip(":：>＞» ")) in headings for text in above)
