"""List pages: the entries of the page's own list."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from newsarchive.parsers.construct import made, made_all
from newsarchive.parsers.entry_days import entry_days
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.lines import Anchor
from newsarchive.parsers.page import Page
from newsarchive.parsers.pagers import next_page
from newsarchive.parsers.related import is_more, without_more
from newsarchive.parsers.runs import Member, link_runs
from newsarchive.parsers.surroundings import find_breadcrumb
from newsarchive.parsers.targets import target_of
from newsarchive.records.listing import Entry, Listing

_DATED = 2.0
"""How much more a list weighs that shows its days."""
_OWN, _BESIDE = 3.0, 0.3
"""How much a list weighs under the page's own name, and under a heading such as 热点新闻."""
_LEAST_NAMED = 3
"""Entries of a list that counts as the one which the page's name stands over."""
_MEAN_TITLE = 6
"""A list has titles at least this long on average."""


@dataclass(frozen=True, slots=True)
class OwnList:
    """The page's own list: its entries, how many show a day, and the lines it reaches over."""

    listing: Listing
    dated: int
    first: int
    last: int
    named: bool
    """True for a list right under the page's own name."""

    @property
    def titles(self) -> int:
        """Number of characters of the titles."""
        return sum(len(entry.title) for entry in self.listing.entries)


class _Group(NamedTuple):
    members: tuple[Member, ...]
    dates: tuple[dt.date | None, ...]
    dated: int
    standing: float
    """What it weighs by the heading that it stands under."""

    @property
    def weight(self) -> float:
        """Titles' characters; a list that shows its days is more likely the page's own."""
        size = _size(self.members)
        return size * (_DATED if self.dated * 2 >= len(self.members) else 1.0) * self.standing


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
    following = next_page(page, {entry.url for entry in entries}, best.members[-1].last + 1)
    listing = made(Listing, entries=tuple(entries), next=following)
    return OwnList(listing, best.dated, best.members[0].first, best.members[-1].last + 2, best.standing == _OWN)


def _heaviest(page: Page) -> _Group | None:
    """Return the group of the greatest weight, the first of several; None where no run of links can be a list.

    Runs that could not outweigh the best so far, even if they showed their days, are not looked at: most are menus.
    """
    best: _Group | None = None
    heaviest, first = 0.0, 0
    texts = [line.text for line in page.lines.lines]
    names = page_names(page)
    runs = [
        (size * standing, number, standing, members)
        for number, members in enumerate(link_runs(page))
        if (size := _size(members)) >= _MEAN_TITLE * len(members) and (standing := _standing(page, members, names))
    ]
    for most, number, standing, members in sorted(runs, key=itemgetter(0), reverse=True):
        if best is not None and most * _DATED < heaviest:
            break
        dated = entry_days(page, members, texts)
        group = _Group(tuple(dated.members), tuple(dated.days), dated.shown, standing)
        weight = group.weight
        if _size(group.members) >= _MEAN_TITLE * len(members) and (
            best is None or weight > heaviest or (weight == heaviest and number < first)
        ):
            best, heaviest, first = group, weight, number
    return best


def _size(members: Sequence[Member]) -> int:
    """Return the number of characters of the titles."""
    return sum([len(member.title) for member in members])


def _standing(page: Page, members: list[Member], names: frozenset[str]) -> float:
    """Return what a list weighs by the short lines above it: the page's own name, or the heading of another list.

    A heading with a link to more (通知公告 更多>>) stands over a few entries of a list that has a page of its own.
    """
    index = members[0].first
    weight = 1.0
    for line in page.lines.lines[max(0, index - 2) : index]:
        if not 0 < line.size <= _LONGEST_HEADING:
            continue
        name = squeezed(without_more(line.text).strip(_MARKS))
        if name in names and len(members) >= _LEAST_NAMED:
            return _OWN
        if name in word_set("lists", "headings") or (line.linked and any(_leads_on(page, a) for a in line.anchors)):
            weight = _BESIDE
    return weight


_LONGEST_HEADING = 32
_MARKS = " 【】[]·■▪|:：>＞»"


def _leads_on(page: Page, anchor: Anchor) -> bool:
    """Tell whether a link such as 更多 leads to another page."""
    return is_more(anchor.text) and target_of(page, anchor) not in {None, page.url}


def page_names(page: Page) -> frozenset[str]:
    """Return what the page is called: the first part of its title, and the end of the path on it, squeezed."""
    first = next((part for part in _JOINT.split(page.head.title[:_LONGEST_TITLE].strip()) if part), "")
    crumbs = find_breadcrumb(page, "", -1, {})
    return frozenset(squeezed(name) for name in (first, *crumbs[-1:]) if name) - word_set("crumbs", "home")


_LONGEST_TITLE = 300
_JOINT = re.compile(r"\s*[-_|·–—]+\s*")
