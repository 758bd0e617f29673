"""The day of each entry of a list."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice, pairwise
from operator import attrgetter
from typing import NamedTuple

from newsarchive.parsers.boxed_dates import date_in_boxes
from newsarchive.parsers.dates import MAX_TEXT, find_date
from newsarchive.parsers.members import LEAST_TITLE, Member
from newsarchive.parsers.page import Page
from newsarchive.parsers.related import is_day

_DATE_AT_EDGE = re.compile(
    r"^\s*[\[(（]?(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])）]?\s*|\s*[\[(（]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）]?\s*$"
)


class DatedEntries(NamedTuple):
    """The entries of a run, the day of each, and how many show one."""

    members: list[Member]
    days: list[dt.date | None]
    shown: int


def entry_days(page: Page, members: list[Member], texts: list[str]) -> DatedEntries:
    """Return the entries of a run with the day of each; `texts` are those of the page's lines.

    It stands beside the link, else in a box around both, on the lines after the link, before it, or in its text.
    """
    edges = [_edge(member.title) for member in members]
    days: list[dt.date | None] = [None] * len(members)
    most, chosen = 0, edges
    for pieces in (*_around(page, members, texts), edges):
        found = [_day(texts_) if texts_ else None for texts_ in pieces]
        shown = sum([
            day is not None or any(map(is_day, texts_)) or any(map(_shows_day, texts_)) if texts_ else False
            for day, texts_ in zip(found, pieces, strict=True)
        ])  # fmt: skip
        if shown > most and shown * 3 >= len(members):
            most, days, chosen = shown, found, pieces
            if shown == len(members):
                break
    if most and None in days:
        days = _with_years(page, members, days, chosen)
    if sum(map(bool, edges)) * 2 >= len(members):
        # Where most links begin or end with a day, it is the list's and no part of their titles.
        members = [_without_day(member) for member in members]
    return DatedEntries(members, days, most)


def _around(page: Page, members: list[Member], texts: list[str]) -> Iterator[list[list[str]]]:
    """Yield the texts of each entry: beside its link, in the box that it has to itself, after the link, before it."""
    yield from _beside(members, texts)
    yield [_in_own_box(page, members, position, texts) for position in range(len(members))]
    between = [texts[member.last + 1 : other.first] for member, other in pairwise(members)]
    first, last = members[0].first, members[-1].last
    start, end = _reach(page, members)
    yield [*between, texts[last + 1 : min(last + 4, end)]]
    yield [texts[max(0, first - 3, start) : first], *between]


def _reach(page: Page, members: list[Member]) -> tuple[int, int]:
    """Return the lines of the boxes that hold the first two entries and the last two: what is outside is no list's.

    A day beyond another link is none of a sole entry's.
    """
    boxes, lines = page.lines.boxes, page.lines.lines
    start, end = 0, len(lines)
    if len(members) == 1:
        first, last = members[0].first, members[0].last
        before = (index + 1 for index in range(first - 1, max(-1, first - 4), -1) if lines[index].linked)
        after = (index for index in range(last + 1, min(last + 4, end)) if lines[index].linked)
        return next(before, start), next(after, end)
    for box in islice(boxes.around(lines[members[0].line].box), _BOXES):
        if boxes.ends[box] > members[1].line:
            start = boxes.starts[box]
            break
    for box in islice(boxes.around(lines[members[-1].line].box), _BOXES):
        if boxes.starts[box] <= members[-2].line:
            end = boxes.ends[box]
            break
    return start, end


def _beside(members: list[Member], texts: list[str]) -> Iterator[list[list[str]]]:
    """Yield what stands on the line of each link, where a line holds several only what is the link's own.

    A day at either end of two links is both's (an entry and its section); else it is what follows each link up to the
    next one, or what precedes it.
    """
    whole: list[list[str]] = []
    after: dict[int, list[str]] = {}
    before: dict[int, list[str]] = {}
    for number, same in groupby(members, key=_LINE):
        first, *others = same
        if others:
            gaps = _gaps([first, *others], texts[number])
            dated = [find_date(gap) is not None for gap in gaps] if len(gaps) == _TWO_LINKS else []
            at = len(whole)
            before |= {at + position: [gap] for position, gap in enumerate(gaps[:-1])}
            after |= {at + position: [gap] for position, gap in enumerate(gaps[1:])}
            whole += [[gaps[0], gaps[-1]] if sum(dated) == 1 and not dated[1] else []] * (len(gaps) - 1)
        elif first.first == first.last:
            rest = texts[number].replace(first.anchor.text, " ", 1)
            whole.append([rest.strip() if rest.lstrip()[:1] in _OPENINGS else rest])
        else:
            whole.append([texts[i] for i in range(first.first, first.last + 1) if i != number])
    yield whole
    if after:
        yield [after.get(position, texts_) for position, texts_ in enumerate(whole)]
        yield [before.get(position, texts_) for position, texts_ in enumerate(whole)]


_LINE = attrgetter("line")


def _gaps(members: list[Member], text: str) -> list[str]:
    """Return what stands on a line before its first link, between each two, and after the last."""
    gaps = []
    end = 0
    for member in members:
        start = max(text.find(member.anchor.text, end), end)
        gaps.append(text[end:start].strip())
        end = min(start + len(member.anchor.text), len(text))
    return [*gaps, text[end:].strip()]


_TWO_LINKS = 3
"""Gaps around two links."""


def _in_own_box(page: Page, members: list[Member], position: int, texts: list[str]) -> list[str]:
    """Return the lines in the outermost box around an entry and none beside it, days first, without the link's."""
    member, boxes = members[position], page.lines.boxes
    low = members[position - 1].last + 1 if position else 0
    high = members[position + 1].first if position + 1 < len(members) else len(texts)
    if len(members) == 1 or (low == member.first and high == member.last + 1):
        return []
    first, end = member.first, member.last + 1
    for box in islice(boxes.around(page.lines.lines[member.line].box), _BOXES):
        if boxes.starts[box] < low or boxes.ends[box] > high:
            break
        first, end = boxes.starts[box], boxes.ends[box]
    own = [texts[i] for i in range(first, min(end, first + _LONGEST_ENTRY)) if not member.first <= i <= member.last]
    return sorted(own, key=lambda text: not is_day(text))


def _with_years(
    page: Page, members: list[Member], days: list[dt.date | None], pieces: list[list[str]]
) -> list[dt.date | None]:
    """Return the days with what the heading that each stands under tells of them, where they show less.

    It tells the year (2022年 … 02-20), or the month as well (2022年2月 … 20日).
    """
    lines = page.lines.lines
    found: list[dt.date | None] = []
    over: tuple[int, int] | None = None
    headings = 0
    since = max(0, members[0].first - 2)
    for member, day, texts in zip(members, days, pieces, strict=True):
        for line in lines[since : member.first]:
            heading = _YEAR(line.text) if line.size <= _LONGEST_YEAR and not line.linked else None
            if heading is not None:
                told = int(heading[1]), int(heading[2] or 0)
                if over is not None and told > over:
                    return days  # An archive goes back in time.
                over, headings = told, headings + 1
        if over is None:
            return days
        since = member.last + 1
        found.append(day or _in_period(*over, texts))
    # A year beside every entry is a part of its day and heads none.
    return found if headings * 2 <= len(members) else days


def _in_period(year: int, month: int, texts: list[str]) -> dt.date | None:
    """Return the day that one of the texts names within a year, or within its month; a `month` of 0 is not known."""
    parts = next(((int(m[1]), int(m[2])) for text in texts if (m := _MONTH_DAY(text)) is not None), None)
    if parts is None and month:
        parts = next(((month, int(m[1])) for text in texts if (m := _DAY_ALONE(text)) is not None), None)
    try:
        return dt.date(year, *parts) if parts is not None else None
    except ValueError:
        return None


_LONGEST_YEAR = 12
_YEAR = re.compile(r"\W*((?:19|20)\d\d)\s*(?:年度?|[-/.年]\s*(1[0-2]|0?[1-9])\s*月?)?\W*").fullmatch
_DAY_ALONE = re.compile(r"[\s\[(（]*(\d{1,2})日[\s\])）]*").fullmatch
_MONTH_DAY = re.compile(r"[\s\[(（]*(\d{1,2})[-/.月](\d{1,2})日?[\s\])）]*").fullmatch
_BOXES = 8
"""Boxes around an entry that are looked at."""
_LONGEST_ENTRY = 20
"""Lines of an entry that are looked at."""


def _edge(title: str) -> list[str]:
    """Return the day that a title begins or ends with, as a list of one; else an empty one."""
    # Plain tests, since most titles pass here.
    if title[0].isalpha() and title[-1].isalpha() and title[-1] != "日":
        return []
    edge = _DATE_AT_EDGE.search(title)
    return [edge.group()] if edge is not None else []


def _without_day(member: Member) -> Member:
    title = _DATE_AT_EDGE.sub("", member.title)
    return member._replace(title=title) if len(title) >= LEAST_TITLE else member


def _shows_day(text: str) -> bool:
    """Tell whether a text is a day without its year beside the name of its month (Jul 22), or begins with one ago."""
    if len(text) > _LONGEST_BADGE:
        return False
    return (_BADGE(text.strip()) if text.isascii() else _AGO(text)) is not None


_LONGEST_BADGE = 40
_NAME = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_BADGE = re.compile(rf"{_NAME},?\s*\d{{1,2}}|\d{{1,2}}\s*{_NAME}", re.IGNORECASE).fullmatch
_AGO = re.compile(
    r"\s*(?:刚刚|今天|昨天|前天|\d{1,3}\s?(?:秒|分钟|小时|天|周|个月|年)前|(?:\d{1,2}月)?\d{1,2}日)(?:\s|$)"
).match
_OPENINGS = frozenset("[(（")
_COUNT = re.compile(r"^[\[(（]\s?\d{1,7}\s?次?\s?[\])）]").sub
"""A count in brackets before the day: (99次)24-11-20."""
_AFTER_COUNT = re.compile(r"((?:[:：]|点击)\s?\d{1,7})(?=(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d)").sub
"""A count that runs into the day after it, with no white space between their boxes: 下载次数：52023-10-10."""


def _day(texts: Sequence[str]) -> dt.date | None:
    for text in texts:
        found = find_date(text, short_years=len(text) <= 12)  # noqa: PLR2004 - nothing but the date
        if found is None and ("：" in text or ":" in text or "击" in text):
            found = find_date(_AFTER_COUNT(r"\1 ", text[:MAX_TEXT]))
        if found is None and text[:1] in _OPENINGS:
            found = find_date(_COUNT("", text), short_years=True)
        if found is not None:
            return found.day
    for position, text in enumerate(texts):
        in_boxes = date_in_boxes(list(texts[position : position + 2]))
        if in_boxes is None and "/" in text:
            in_boxes = date_in_boxes([text.strip()])
        if in_boxes is not None:
            return in_boxes.day
    return None
