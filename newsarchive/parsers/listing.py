"""List pages: the entries of the page's own list."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from operator import itemgetter
from typing import NamedTuple

from newsarchive.parsers.boxed_dates import date_in_boxes
from newsarchive.parsers.construct import made, made_all
from newsarchive.parsers.dates import find_date
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.lines import Anchor
from newsarchive.parsers.markup import attribute
from newsarchive.parsers.page import Page
from newsarchive.parsers.pagers import next_page
from newsarchive.parsers.related import is_day, without_bullet
from newsarchive.parsers.targets import target_of
from newsarchive.records.listing import Entry, Listing

_LEAST_TITLE = 4
_PATH_DEPTH = 12
_LONGEST_HEADING = 12
_DATED = 2.0
"""How much more a list weighs that shows its days."""
_MEAN_TITLE = 6
"""A list has titles at least this long on average."""
_DATE_AT_EDGE = re.compile(
    r"^\s*[\[(（]?(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])）]?\s*|\s*[\[(（]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）]?\s*$"
)
_PAGER = (
    word_set("pager", "next") | word_set("pager", "previous") | word_set("pager", "first") | word_set("pager", "last")
)
_PAGER_BEGINS = frozenset(word[0] for word in _PAGER)


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


class _Member(NamedTuple):
    anchor: Anchor
    line: int
    """The line that holds the title."""
    first: int
    last: int
    """The lines that the link reaches over: a link may hold a day, the title and a summary."""
    title: str
    url: str


class _Group(NamedTuple):
    members: tuple[_Member, ...]
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
    runs = [(_size(members), number, members) for number, members in enumerate(_runs(page))]
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


def _size(members: Sequence[_Member]) -> int:
    """Return the number of characters of the titles."""
    return sum([len(member.title) for member in members])


def _runs(page: Page) -> list[list[_Member]]:
    """Return the links of the page in runs: same tags above them, and one list above all of them."""
    paths: dict[str, list[_Member]] = {}
    known: dict[int, str] = {}
    lines, boxes = page.lines.lines, page.lines.boxes
    for index, line in enumerate(lines):
        if not line.linked:
            continue
        best: dict[str, _Member] = {}
        for anchor in line.anchors:
            member = _member(page, anchor, index)
            if member is not None and (member.url not in best or len(best[member.url].title) < len(member.title)):
                best[member.url] = member
        if len(best) > 1:
            best = {url: m for url, m in best.items() if not _CATEGORY(m.anchor.text)} or best
        for member in best.values():
            box = lines[member.line].box
            outer = boxes.parents[box]
            above = known.get(outer)
            if above is None:
                # Entries stand side by side: what is above them is put together once.
                above = known[outer] = "".join(
                    [f">{boxes.tags[around]}" for around in islice(boxes.around(outer), _PATH_DEPTH - 1)]
                )
            paths.setdefault(boxes.tags[box] + above, []).append(member)
    return [run for members in paths.values() for run in _split(page, members)]


_CATEGORY = re.compile(r"\s*[\[【〔［(（][^\]】〕］)）]{1,12}[\]】〕］)）]\s*").fullmatch
"""A link before an entry's own that leads to its section: [招生工作]."""


def _member(page: Page, anchor: Anchor, index: int) -> _Member | None:
    text = anchor.text
    if len(text) < _LEAST_TITLE or (text[0].lower() in _PAGER_BEGINS and squeezed(text) in _PAGER):
        return None
    lines = page.lines.lines
    if index and lines[index - 1].linked and anchor in lines[index - 1].anchors:
        return None
    last = index
    while last + 1 < len(lines) and anchor in lines[last + 1].anchors:
        last += 1
    at, shown = (index, anchor.full_text) if last == index else _title_in(page, anchor, index, last)
    title = without_bullet(shown).strip()
    if len(title) < _LEAST_TITLE:
        return None
    url = target_of(page, anchor)
    return _Member(anchor, at, index, last, title, url) if url is not None else None


def _title_in(page: Page, anchor: Anchor, first: int, last: int) -> tuple[int, str]:
    """Return line and text of the title in a link over several lines: a heading, or the first that is no day."""
    lines, tags = page.lines.lines, page.lines.boxes.tags
    named = " ".join((attribute(anchor.attributes, "title") or "").split())
    shown = [i for i in range(first, last + 1) if lines[i].size >= _LEAST_TITLE and not is_day(lines[i].text)]
    at = next((i for i in shown if tags[lines[i].box] in _HEADINGS), shown[0] if shown else first)
    text = lines[at].text
    stem = text.rstrip(".…⋯ ")
    return at, named if len(named) > len(stem) and named.startswith(stem) and text != stem else text


_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def _split(page: Page, members: list[_Member]) -> list[list[_Member]]:
    """Split links where they leave the box that holds most of the list, unless nothing stands between the parts."""
    if len(members) < 3:  # noqa: PLR2004
        return [_distinct(members)]
    lines = page.lines.lines
    parents = page.lines.boxes.parents
    known: dict[int, int] = {}
    depths = [_common_depth(parents, lines[a.line].box, lines[b.line].box, known) for a, b in pairwise(members)]
    usual = Counter(depths).most_common(1)[0][0]
    runs = [[members[0]]]
    for depth, member in zip(depths, members[1:], strict=True):
        if depth < usual:
            runs.append([])
        runs[-1].append(member)
    merged = [runs[0]]
    for run in runs[1:]:
        # Some templates close their list after every fifth entry; nothing that a reader sees stands between.
        between = lines[merged[-1][-1].last + 1 : run[0].first]
        apart = any(line.size and not is_day(line.text) for line in between)
        if apart or _shows_dates(page, merged[-1], run[0].first) != _shows_dates(page, run, run[-1].last + 2):
            merged.append(run)
        else:
            merged[-1].extend(run)
    return [_distinct(run) for run in merged]


def _shows_dates(page: Page, run: list[_Member], upto: int) -> bool:
    lines = page.lines.lines[run[0].first : upto]
    return sum(1 for line in lines if is_day(line.text) or find_date(line.text) is not None) * 2 >= len(run)


def _distinct(members: list[_Member]) -> list[_Member]:
    seen: dict[str, _Member] = {}
    for member in members:
        seen.setdefault(member.url, member)
    return list(seen.values())


def _common_depth(parents: list[int], first: int, second: int, known: dict[int, int]) -> int:
    """Return how deep the innermost box around two boxes is, noting it; a box comes after those around it."""
    while first != second:
        if first > second:
            first = parents[first]
        else:
            second = parents[second]
    if first not in known:
        depth, outer = 0, first
        while outer >= 0:
            outer = parents[outer]
            depth += 1
        known[first] = depth
    return known[first]


def _group(page: Page, members: list[_Member], texts: list[str]) -> _Group:
    """Find the day of each entry: beside its link, else on the lines after it, before it, or in the link's text.

    `texts` are those of the page's lines.
    """
    own, after, before, edges = [], [], [], []
    for position, member in enumerate(members):
        upto = members[position + 1].first if position + 1 < len(members) else min(member.last + 4, len(texts))
        since = members[position - 1].last + 1 if position else max(0, member.first - 3)
        beside = texts[member.line]
        if member.first == member.last:
            beside = beside.replace(member.anchor.text, " ", 1)
            own.append([beside])
        else:
            own.append([texts[i] for i in range(member.first, member.last + 1) if i != member.line])
        after.append(texts[member.last + 1 : upto])
        before.append(texts[since : member.first])
        edges.append(_edge(member.title))
    best: tuple[int, list[dt.date | None]] = (0, [None] * len(members))
    for pieces in (own, after, before, edges):
        days = [_day(texts_) if texts_ else None for texts_ in pieces]
        shown = sum([
            day is not None or any(map(is_day, texts_)) if texts_ else False
            for day, texts_ in zip(days, pieces, strict=True)
        ])  # fmt: skip
        if shown > best[0] and shown * 3 >= len(members):
            best = (shown, days)
            if shown == len(members):
                break
    if sum(map(bool, edges)) * 2 >= len(members):
        # Where most links begin or end with a day, it is the list's and no part of their titles.
        members = [_without_day(member) for member in members]
    return _Group(tuple(members), tuple(best[1]), best[0], _is_beside(page, members[0].first))


def _edge(title: str) -> list[str]:
    """Return the day that a title begins or ends with, as a list of one; else an empty one."""
    # Plain tests, since most titles pass here.
    if title[0].isalpha() and title[-1].isalpha() and title[-1] != "日":
        return []
    edge = _DATE_AT_EDGE.search(title)
    return [edge.group()] if edge is not None else []


def _without_day(member: _Member) -> _Member:
    title = _DATE_AT_EDGE.sub("", member.title)
    return member._replace(title=title) if len(title) >= _LEAST_TITLE else member


def _is_beside(page: Page, index: int) -> bool:
    """Tell whether a list that begins at line `index` stands under a heading such as 热点新闻."""
    headings = word_set("lists", "headings")
    above = (line.text for line in page.lines.lines[max(0, index - 2) : index] if line.size <= _LONGEST_HEADING)
    return any(squeezed(text.rstrip(":：>＞» ")) in headings for text in above)


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
