"""List pages: the entries of the page's own list."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from newsarchive.parsers.construct import made, made_all
from newsarchive.parsers.dates import find_date
from newsarchive.parsers.entry_days import entry_days
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.lines import HEADINGS, Anchor
from newsarchive.parsers.members import LEAST_TITLE, Member
from newsarchive.parsers.page import Page
from newsarchive.parsers.pagers import next_page
from newsarchive.parsers.related import is_more, without_more
from newsarchive.parsers.runs import is_period, link_runs
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
    runs = link_runs(page)
    best = _heaviest(page, runs)
    if best is None or (len(best.members) < 2 and not best.dated):  # noqa: PLR2004
        return None
    best = _with_headline(page, best, runs)
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


def _with_headline(page: Page, group: _Group, runs: list[list[Member]]) -> _Group:
    """Return a group with the entry that stands above it as a headline.

    It is a heading with nothing but its own links and a day between it and the list, no older than the list's first,
    and its URL is in the folder that holds those of all the others.
    """
    first = group.members[0]
    folder = _folder(first.url)
    if len(group.members) < _LEAST_NAMED or group.dates[0] is None:
        return group
    lines, boxes = page.lines.lines, page.lines.boxes
    for run in runs:
        above = run[0]
        if len(run) > 1 or not 0 < first.first - above.last <= _HEADLINE_LINES or _folder(above.url) != folder:
            continue
        if boxes.tags[lines[above.line].box] not in HEADINGS or any(_folder(m.url) != folder for m in group.members):
            continue
        between = lines[above.last + 1 : first.first]
        days = [date.day for line in between if (date := find_date(line.text)) is not None]
        alone = all(target_of(page, anchor) == above.url for line in between for anchor in line.anchors[:_FEW])
        if days and days[0] >= group.dates[0] and alone and above.url not in {m.url for m in group.members}:
            return _Group((above, *group.members), (days[0], *group.dates), group.dated + 1, group.standing)
    return group


_HEADLINE_LINES = 8
_FEW = 3


def _folder(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[0]


def _heaviest(page: Page, found: list[list[Member]]) -> _Group | None:
    """Return the group of the greatest weight, the first of several; None where no run of links can be a list.

    Runs that could not outweigh the best so far, even if they showed their days, are not looked at: most are menus.
    """
    best: _Group | None = None
    heaviest, first = 0.0, 0
    texts = [line.text for line in page.lines.lines]
    names = page_names(page)
    found = _joined(page, found, names)
    runs = [
        (size * standing, number, standing, members)
        for number, members in enumerate(found)
        if (size := _size(members)) and _has_titles(members) and (standing := _standing(page, members, names))
    ]
    if any(standing == _OWN for _, _, standing, _ in runs):
        runs = [
            (most * _BESIDE, number, _BESIDE, members)
            if standing == 1.0 and _has_heading(page, members)
            else (most, number, standing, members)
            for most, number, standing, members in runs
        ]
    for most, number, standing, members in sorted(runs, key=itemgetter(0), reverse=True):
        if best is not None and most * _DATED < heaviest:
            break
        dated = entry_days(page, members, texts)
        group = _Group(tuple(dated.members), tuple(dated.days), dated.shown, standing)
        weight = group.weight
        if _has_titles(group.members) and (
            best is None or weight > heaviest or (weight == heaviest and number < first)
        ):
            best, heaviest, first = group, weight, number
    return best or _all_dated(page, found, texts)


def _joined(page: Page, runs: list[list[Member]], names: frozenset[str]) -> list[list[Member]]:
    """Return the runs with the groups of one list as one: the page's name stands over the first one's heading."""
    found: list[list[Member]] = []
    lines = page.lines.lines
    for members in runs:
        index = members[0].first
        last = found[-1][-1].last if found else -1
        # The heading of this group is all that stands between.
        if last >= 0 and index - last == _HEADED and _heads_group(page, index - 1):
            start = found[-1][0].first
            named = start > 1 and squeezed(lines[start - 2].text.strip(_MARKS)) in names
            if named and _heads_group(page, start - 1) and _path(page, members[0]) == _path(page, found[-1][-1]):
                found[-1].extend(members)
                continue
        found.append(list(members))
    return found


_HEADED = 2
"""From the last line of a group to the first of the next, where a heading stands between."""


def _heads_group(page: Page, index: int) -> bool:
    line = page.lines.lines[index]
    return 0 < line.size <= _LONGEST_HEADING and not line.linked


def _path(page: Page, member: Member) -> list[str]:
    boxes = page.lines.boxes
    return [boxes.tags[box] for box in islice(boxes.around(page.lines.lines[member.line].box), _PATH_DEPTH)]


_PATH_DEPTH = 6


def _all_dated(page: Page, runs: list[list[Member]], texts: list[str]) -> _Group | None:
    """Return the longest of the runs whose every entry shows a day: titles may be short then, as no menu has days."""
    for members in sorted(runs, key=len, reverse=True)[:_MOST_SHORT_RUNS]:
        if len(members) < _LEAST_DATED:
            break
        dated = entry_days(page, members, texts)
        if dated.shown == len(members) and None not in dated.days:
            return _Group(tuple(dated.members), tuple(dated.days), dated.shown, 1.0)
    return None


_MOST_SHORT_RUNS = 4
_LEAST_DATED = 5


def _has_titles(members: Sequence[Member]) -> bool:
    """Tell whether the titles are long enough on average, apart from a name or two among them."""
    long = [size for member in members if (size := len(member.title)) >= LEAST_TITLE]
    return sum(long) >= _MEAN_TITLE * len(long)


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
        if name in names and (
            len(members) >= _LEAST_NAMED or (not line.linked and page.lines.boxes.tags[line.box] in HEADINGS)
        ):
            return _OWN
        if name in word_set("lists", "headings") or (line.linked and any(_leads_on(page, a) for a in line.anchors)):
            weight = _BESIDE
    return weight


def _has_heading(page: Page, members: list[Member]) -> bool:
    """Tell whether a list stands right under a heading: one that is not the page's name makes it another list."""
    lines = page.lines.lines
    above = next((line for line in reversed(lines[max(0, members[0].first - 2) : members[0].first]) if line.size), None)
    return (
        above is not None
        and not above.linked
        and above.size <= _LONGEST_HEADING
        and not is_period(above)
        and page.lines.boxes.tags[above.box] in HEADINGS
    )


_LONGEST_HEADING = 32
_MARKS = " 【】[]·■▪|:：>＞»"


def _leads_on(page: Page, anchor: Anchor) -> bool:
    """Tell whether a link such as 更多 leads to another page."""
    return is_more(anchor.text) and target_of(page, anchor) not in {None, page.url}


def page_names(page: Page) -> frozenset[str]:
    """Return what the page is called, squeezed: the first part of its title, and the end of the path on it.

    A space may be all that stands between the parts of a title; there the page's first heading tells the part.
    """
    first = next((part for part in _JOINT.split(page.head.title[:_LONGEST_TITLE].strip()) if part), "")
    crumbs = find_breadcrumb(page, "", -1, {})
    found = {squeezed(name) for name in (first, *crumbs[-1:]) if name}
    if " " in first:
        lines, tags = page.lines.lines, page.lines.boxes.tags
        found |= {
            squeezed(line.text)
            for line in lines
            if 0 < line.size <= _LONGEST_HEADING and tags[line.box] in HEADINGS and first.startswith(f"{line.text} ")
        }
    return frozenset(found) - word_set("crumbs", "home")


_LONGEST_TITLE = 300
_JOINT = re.compile(r"\s*[-_|·–—]+\s*")
