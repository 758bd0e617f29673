"""The 【…】 prefix of a title: the column, and the numbered series that it may name."""

import re

from newsarchive.parsers.construct import made
from newsarchive.records.article import Series

_PREFIX = re.compile(r"^\s*【\s*(?P<column>[^】]{1,40}?)\s*】")
_NUMBERED = re.compile(
    r"^(?P<name>.+?)(?:\s*(?:之|·|第|[（(]|\s))?\s*(?P<number>[〇零一二三四五六七八九十百千两]+|\d{1,4})\s*(?:[期篇回辑译)）])*$"
)
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def column_and_series(title: str) -> tuple[str | None, Series | None]:
    """Return the text of the prefix, and the series if the prefix ends in a number; None for what is not there."""
    match = _PREFIX.match(title)
    if match is None:
        return None, None
    column = match["column"]
    numbered = _NUMBERED.match(column)
    if numbered is None or not re.search(r"之|第|系列|[·（(]|\d$", column):
        return column, None
    name = numbered["name"].rstrip("之·第（( ")
    number = chinese_number(numbered["number"])
    if not name or number is None:
        return column, None
    return column, made(Series, name=name, number=number)


def chinese_number(text: str) -> int | None:
    """Return the number that Chinese or Arabic numerals up to 9,999 write, or None."""
    if text.isdecimal():
        return int(text)
    if not any(unit in text for unit in _UNITS):
        return int("".join(str(_DIGITS[c]) for c in text)) if text and all(c in _DIGITS for c in text) else None
    total = 0
    digit = 0
    for character in text:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        elif character in _DIGITS:
            digit = _DIGITS[character]
        else:
            return None
    return total + digit
