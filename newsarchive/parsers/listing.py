"""List pages: the entries of the page's own list."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from newsarchive.parsers.construct import made
from newsarchive.parsers.dates import find_date
from newsarchive.parsers.info import date_in_boxes
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.lines import Anchor
from newsarchive.parsers.page import Page
from newsarchive.parsers.pagers import next_page
from newsarchive.parsers.related import BULLET, DATE_ONLY
from newsarchive.records.listing import Entry, Listing

_LEAST_TITLE = 4
_PATH_DEPTH = 12
_DATE_AT_EDGE = re.compile(
    r"^\s*[\[(（]?(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])）]?\s*|\s*[\[(（]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）]?\s*$"
)
_PAGER = (
    word_set("pager", "next") | word_set("pager", "previous") | word_set("pager", "first") | word_set("pager", "last")
)


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


@dataclass(frozen=True, slots=True)
class _Member:
    anchor: Anchor
    line: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class _Group:
    members: tuple[_Member, ...]
    dates: tuple[dt.date | None, ...]
    dated: int

    @property
    def weight(self) -> float:
        """Titles' characters; a list that shows its days is more likely the page's own."""
        size = sum(len(member.title) for member in self.members)
        return size * (2.0 if self.dated * 2 >= len(self.members) else 1.0)


def read_listing(page: Page) -> OwnList | None:
    """Return the page's own list, the heaviest run of links that stand in boxes of one kind; None where it has none."""
    groups = [_group(page, members) for members in _runs(page)]
    groups = [g for g in groups if sum(len(m.title) for m in g.members) >= 6 * len(g.members)]
    if not groups:
        return None
    best = max(groups, key=lambda group: group.weight)
    if len(best.members) < 2 and not best.dated:  # noqa: PLR2004
        return None
    entries = tuple(
        made(Entry, url=member.url, title=member.title, date=date)
        for member, date in zip(best.members, best.dates, strict=True)
    )
    listing = made(Listing, entries=entries, next=next_page(page))
    return OwnList(listing, best.dated, best.members[0].line, best.members[-1].line + 2)


def _runs(page: Page) -> list[list[_Member]]:
    """Return the links of the page in runs: same tags above them, and one list above all of them."""
    paths: dict[str, list[_Member]] = {}
    known: dict[int, str] = {}
    for index, line in enumerate(page.lines.lines):
        if not line.linked:
            continue
        best: dict[str, _Member] = {}
        for anchor in line.anchors:
            member = _member(page, anchor, index)
            if member is not None and (member.url not in best or len(best[member.url].title) < len(member.title)):
                best[member.url] = member
        for member in best.values():
            path = known.get(line.box)
            if path is None:
                path = known[line.box] = ">".join(
                    box.tag for box, _ in zip(page.lines.ancestors(line.box), range(_PATH_DEPTH), strict=False)
                )
            paths.setdefault(path, []).append(member)
    return [run for members in paths.values() for run in _split(page, members)]


def _member(page: Page, anchor: Anchor, index: int) -> _Member | None:
    if not anchor.href or len(anchor.text) < _LEAST_TITLE or squeezed(anchor.text) in _PAGER:
        return None
    title = BULLET.sub("", anchor.full_text).strip()
    without_date = _DATE_AT_EDGE.sub("", title)
    if len(without_date) >= _LEAST_TITLE:
        title = without_date
    if len(title) < _LEAST_TITLE:
        return None
    url = page.resolve(anchor.href)
    return _Member(anchor, index, title, url) if url is not None else None


def _split(page: Page, members: list[_Member]) -> list[list[_Member]]:
    """Split links where they leave the box that holds most of the list, unless nothing stands between the parts."""
    if len(members) < 3:  # noqa: PLR2004
        return [_distinct(members)]
    lines = page.lines.lines
    depths = [_common_depth(page, lines[a.line].box, lines[b.line].box) for a, b in pairwise(members)]
    usual = Counter(depths).most_common(1)[0][0]
    runs = [[members[0]]]
    for depth, member in zip(depths, members[1:], strict=True):
        if depth < usual:
            runs.append([])
        runs[-1].append(member)
    merged = [runs[0]]
    for run in runs[1:]:
        # Some templates close their list after every fifth entry; nothing that a reader sees stands between.
        between = [
            line
            for line in lines[merged[-1][-1].line + 1 : run[0].line]
            if line.size and not DATE_ONLY.match(line.text)
        ]
        if between or _shows_dates(page, merged[-1], run[0].line) != _shows_dates(page, run, run[-1].line + 2):
            merged.append(run)
        else:
            merged[-1].extend(run)
    return [_distinct(run) for run in merged]


def _shows_dates(page: Page, run: list[_Member], upto: int) -> bool:
    lines = page.lines.lines[run[0].line : upto]
    return sum(1 for line in lines if DATE_ONLY.match(line.text) or find_date(line.text) is not None) * 2 >= len(run)


def _distinct(members: list[_Member]) -> list[_Member]:
    seen: dict[str, _Member] = {}
    for member in members:
        seen.setdefault(member.url, member)
    return list(seen.values())


def _common_depth(page: Page, first: int, second: int) -> int:
    above = [box.index for box in page.lines.ancestors(first)]
    other = {box.index for box in page.lines.ancestors(second)}
    return next((len(above) - i for i, index in enumerate(above) if index in other), 0)


def _group(page: Page, members: list[_Member]) -> _Group:
    """Find the day of each entry: on its line, else on the lines after it, else on those before it."""
    lines = page.lines.lines
    texts = [line.text for line in lines]
    own, after, before = [], [], []
    for position, member in enumerate(members):
        upto = members[position + 1].line if position + 1 < len(members) else min(member.line + 4, len(lines))
        since = members[position - 1].line + 1 if position else max(0, member.line - 3)
        own.append([texts[member.line]])
        after.append(texts[member.line + 1 : upto])
        before.append(texts[since : member.line])
    best: tuple[int, list[dt.date | None]] = (0, [None] * len(members))
    for pieces in (own, after, before):
        days = [_day(texts_) for texts_ in pieces]
        shown = sum(
            1 for day, texts_ in zip(days, pieces, strict=True) if day or any(DATE_ONLY.match(t) for t in texts_)
        )
        if shown > best[0]:
            best = (shown, days)
    return _Group(tuple(members), tuple(best[1]), best[0])


def _day(texts: Sequence[str]) -> dt.date | None:
    for text in texts:
        found = find_date(text, short_years=len(text) <= 12)  # noqa: PLR2004 - nothing but the date
        if found is not None:
            return found.day
    for position in range(len(texts) - 1):
        in_boxes = date_in_boxes(list(texts[position : position + 2]))
        if in_boxes is not None:
            return in_boxes.day
    return None
