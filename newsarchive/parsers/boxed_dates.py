"""Dates whose parts a template shows in boxes of their own."""

import datetime as dt
import re

from newsarchive.parsers.dates import FoundDate

_YEAR = re.compile(r"^((?:19|20)\d\d)\s*年?$")
_YEAR_MONTH = re.compile(r"^((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*月?$")
_MONTH_DAY = re.compile(r"^(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_DAY = re.compile(r"^(\d{1,2})日?$")
_DAY_OVER = re.compile(r"^(\d{1,2})\s*/\s*((?:19|20)\d\d)\s*[-.年]\s*(\d{1,2})月?$")
"""A day over its month, with a stroke between them: `20/2022.12`."""
_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_NAMED_MONTH = re.compile(r"^(十[一二]?|[一二三四五六七八九])月\s*((?:19|20)\d\d)年?$")
_CLOCK = re.compile(r"^([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：]([0-5]\d))?$")


def date_in_boxes(texts: list[str]) -> FoundDate | None:
    """Return the date that up to three short lines give together (`2019`, `09/07`, `19:02`), or one alone; or None."""
    first, second = texts[0], texts[1] if len(texts) > 1 else ""
    if not second and (over := _DAY_OVER.match(first)):
        numbers = (int(over[2]), int(over[3]), int(over[1]))
    elif (named := _NAMED_MONTH.match(second)) and (day := _DAY.match(first)):
        numbers = (int(named[2]), _MONTHS.index(named[1]) + 1, int(day[1]))
    elif (year := _YEAR.match(first)) and (rest := _MONTH_DAY.match(second)):
        numbers = (int(year[1]), int(rest[1]), int(rest[2]))
    elif ((month := _YEAR_MONTH.match(second)) and (day := _DAY.match(first))) or (
        (month := _YEAR_MONTH.match(first)) and (day := _DAY.match(second))
    ):
        numbers = (int(month[1]), int(month[2]), int(day[1]))
    else:
        return None
    clock = _CLOCK.match(texts[2]) if len(texts) > 2 else None  # noqa: PLR2004
    try:
        day_ = dt.date(*numbers)
    except ValueError:
        return None
    if clock is None:
        return FoundDate(f"{first} {second}", day_, None, "day", None, 0, len(first))
    time = dt.time(int(clock[1]), int(clock[2]), int(clock[3] or 0))
    return FoundDate(" ".join(texts[:3]), day_, time, "second" if clock[3] else "minute", None, 0, len(first))
