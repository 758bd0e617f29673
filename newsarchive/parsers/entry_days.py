"""The day of each entry of a list."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

from newsarchive.parsers.boxed_dates import date_in_boxes
from newsarchive.parsers.dates import find_date
from newsarchive.parsers.page import Page
from newsarchive.parsers.related import is_day
from newsarchive.parsers.runs import LEAST_TITLE, Member

_DATE_AT_EDGE = re.compile(
    r"^\s*[\[(（]?(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])）]?\s*|\s*[\[(（]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）]?\s*$"
)


class DatedEntries(NamedTuple):
    """The entries of a run, the day of each, and how many show one."""

    members: list[Member]
    days: list[dt.date | None]
    shown: int


def entry_days(page: Page, members: list[Member], texts: list[str]) -> DatedEntries:
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
    return DatedEntries(members, best[1], best[0])


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
