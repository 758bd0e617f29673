"""Dates in text: exact patterns first, words for what is left, and nothing that names no exact day."""

import datetime as dt
import re
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

Precision = Literal["day", "hour", "minute", "second"]

MAX_TEXT = 100
"""Longer texts are cut: dateparser takes seconds for 10 kB of digits."""

_TIME = (
    r"(?:\s*[(（\[]?(?:星期|周|礼拜|週)[一二三四五六日天][)）\]]?,?)?"
    r"(?:[\sT,]*(?P<half>上午|下午|晚上|中午|凌晨|早上|傍晚)?\s*"
    r"(?P<hour>[01]?\d|2[0-3])(?:\s?[:：]\s?(?P<minute>[0-5]\d)(?:\s?[:：]\s?(?P<second>[0-5]\d)(?:\.\d+)?)?"
    r"|\s?[时時点點](?!间)(?:(?P<minute2>[0-5]?\d)分(?:(?P<second2>[0-5]?\d)秒)?)?)(?!\d)"
    r"(?:\s?(?P<ampm>[AaPp]\.?[Mm]\b\.?))?)?"
    r"(?:\s?(?P<zone>Z\b|(?:GMT|UTC)?\s?[+\-](?:0\d|1[0-4]):?[0-5]\d\b|北京时间))?"
)
_YMD = re.compile(
    r"(?<!\d)(?<!\d\.)(?P<y>(?:19|20)\d\d)"
    r"(?:\s?年\s?|\s?[-/.．·–—－／]\s?|\s+(?=\d\d\s?[/\-]))"
    r"(?P<m>1[0-2]|0?[1-9])(?:\s?月\s?|\s?[-/.．·–—－／]\s?)(?P<d>3[01]|[12]\d|0[1-9]|[1-9](?!\d))(?:\s?[日号號])?"
    + _TIME
)
_SHORT = re.compile(r"(?<![\d.\-/])(?P<y>[012]\d)-(?P<m>1[0-2]|0[1-9])-(?P<d>3[01]|[12]\d|0[1-9])(?![\d\-])" + _TIME)
_BOXED = tuple(
    re.compile(rf"\s*{form}\s*").fullmatch
    for form in (
        r"(?P<d>3[01]|[12]\d|0[1-9])\s*(?P<y>(?:19|20)\d\d)[-/.年](?P<m>1[0-2]|0[1-9])月?",
        r"(?P<m>1[0-2]|0[1-9])[-/.月](?P<d>3[01]|[12]\d|0[1-9])日?\s*(?P<y>(?:19|20)\d\d)年?",
        r"(?P<y>(?:19|20)\d\d)年?\s*(?P<m>1[0-2]|0[1-9])[-/.月](?P<d>3[01]|[12]\d|0[1-9])日?",
    )
)
"""A day whose parts a template shows in boxes of their own, side by side: `15` over `2022-09`, `09/12` over `2022`."""
_DMY = re.compile(
    r"(?<![\d.\-/])(?P<d>3[01]|[12]\d|0?[1-9])[/.](?P<m>1[0-2]|0?[1-9])[/.](?P<y>(?:19|20)\d\d)(?!\d)" + _TIME
)
_MDY = re.compile(r"(?<![\d.\-/])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|2\d|1[3-9])/(?P<y>(?:19|20)\d\d)(?!\d)" + _TIME)
"""The month first, where that is the only way to read it."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan января январь", "february feb февраля февраль", "march mar марта март",
            "april apr апреля апрель", "may мая май", "june jun июня июнь", "july jul июля июль",
            "august aug августа август", "september sept sep сентября сентябрь", "october oct октября октябрь",
            "november nov ноября ноябрь", "december dec декабря декабрь",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WORDS = re.compile(
    rf"(?<![\w])(?:(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?[\s\-]+(?P<mon>{_MONTH})\.?,?[\s\-]+(?P<y>(?:19|20)\d\d)"
    rf"|(?P<mon2>{_MONTH})\.?\s+(?P<d2>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d\d))(?!\d)" + _TIME,
    re.IGNORECASE,
)
_MONTH_BEGINS = re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec").search
_NUMERALS = "〇零○Oo一二三四五六七八九"
_HAN = re.compile(
    rf"(?P<y>[一二][{_NUMERALS}]{{3}})\s?年\s?(?P<m>十[一二]?|[一二三四五六七八九])\s?月\s?"
    r"(?P<d>三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])\s?[日号]"
    + _TIME
)
_MONTH_FIRST = re.compile(
    r"(?<!\d)(?P<m>1[0-2]|0?[1-9])\s?月\s?(?P<d>3[01]|[12]\d|0?[1-9])(?:\s?[日号])?,?\s(?P<y>(?:19|20)\d\d)(?![\d年])"
    + _TIME
)
_REPUBLIC = re.compile(
    rf"民[國国]\s?(?P<y>\d{{2,3}}|[{_NUMERALS}十百]{{1,6}})\s?年\s?(?P<m>\d{{1,2}}|十[一二]?|[一二三四五六七八九])\s?月\s?"
    r"(?P<d>\d{1,2}|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])\s?日"
    r"|(?<![\d.\-/])(?P<y2>1[01]\d)[-/.](?P<m2>1[0-2]|0?[1-9])[-/.](?P<d2>3[01]|[12]\d|0?[1-9])(?![\d\-/.])"
)
"""Years of the Republic of China, as offices in Taiwan count them; 1 is 1912."""
_COMPACT = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>1[0-2]|0[1-9])(?P<d>3[01]|[12]\d|0[1-9])(?:(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?)?(?!\d)"
)
_RELATIVE = re.compile(
    r"(?P<word>今天|昨天|前天|昨日|今日|前日|刚刚|刚才|半小时前)|(?P<n>\d{1,3})\s*(?P<unit>秒|分钟|小时|天|日)(?:之)?前"
)
_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3])[:：](?P<minute>[0-5]\d)(?:[:：](?P<second>[0-5]\d))?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９：／－", "0123456789:/-")
_HAN_DIGITS = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0, "O": 0, "o": 0}
_DIGIT = re.compile(r"[0-9０-９]").search
_FULL_DIGIT = re.compile(r"[０-９]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LETTER = re.compile(r"[A-Za-zА-Яа-я]{3}")


class FoundDate(NamedTuple):
    """A date in a text: the day in the page's zone, the time of day if the text gives one, and where it stands."""

    text: str
    day: dt.date
    time: dt.time | None
    precision: Precision
    offset: dt.timedelta | None
    start: int
    end: int

    def instant(self, zone: str) -> dt.datetime | None:
        """Return the instant, in the stated offset or else in `zone`; None if the text gives no time of day."""
        if self.time is None:
            return None
        local = dt.datetime.combine(self.day, self.time)
        offset = self.offset
        if offset is None:
            offset = local.replace(tzinfo=_zone(zone)).utcoffset() or dt.timedelta(0)
        return local.replace(tzinfo=dt.timezone(offset))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def find_date(text: str, *, short_years: bool = False) -> FoundDate | None:
    """Return the first date with year, month and day in `text`, or None.

    `short_years` also takes `19-02-27`, which only an info line makes a date.
    """
    if len(text) <= MAX_TEXT:
        return _usual_date(text, short_years)
    return _first_date(text[:2000], short_years)  # no info line is longer


_LEAST = 8
"""No date is shorter than 1/1/2020."""


def _forms(text: str, short_years: bool, with_year: bool) -> list[re.Pattern[str]]:  # noqa: FBT001
    """Return the patterns that may fit `text`."""
    forms = []
    if with_year:
        forms.append(_YMD)
        if "/" in text or "." in text:
            forms += [_DMY, _MDY]
        if _LETTER.search(text) and not (text.isascii() and _MONTH_BEGINS(text.lower()) is None):
            forms.append(_WORDS)
    if "年" in text:
        forms.append(_HAN)
    if with_year and "月" in text:
        forms.append(_MONTH_FIRST)
    if short_years and "-" in text:
        forms.append(_SHORT)
    if short_years and not with_year and ("民" in text or "10" in text or "11" in text):
        forms.append(_REPUBLIC)
    return forms


def _first_date(text: str, short_years: bool) -> FoundDate | None:  # noqa: FBT001 - `lru_cache` likes no keywords
    if len(text) < _LEAST or ("年" not in text and _DIGIT(text) is None):
        return None
    if _FULL_DIGIT.search(text):
        text = text.translate(_FULL_WIDTH)
    with_year = ("20" in text or "19" in text) and _YEAR.search(text) is not None
    if with_year and len(text) <= 13:  # noqa: PLR2004 - the longest that `_BOXED` fits
        for form in _BOXED:
            if (boxed := form(text)) is not None:
                return _found(boxed)
    best: FoundDate | None = None
    for pattern in _forms(text, short_years, with_year):
        for match in pattern.finditer(text):
            found = _found(match)
            if found is not None:
                if best is None or found.start < best.start:
                    best = found
                break
    return best


_usual_date = lru_cache(maxsize=1024)(_first_date)
"""Several rules ask for the date of a line, and a site's lists recur on its pages, with their days or without."""


def find_dates(text: str) -> list[FoundDate]:
    """Return every date with year, month and day in `text` that is written in figures."""
    return [found for match in _YMD.finditer(text.translate(_FULL_WIDTH)) if (found := _found(match)) is not None]


def compact_date(text: str) -> FoundDate | None:
    """Return the date in a run of figures such as `20201202`, or None; only URLs and metas write dates so."""
    for match in _COMPACT.finditer(text):
        found = _found(match)
        if found is not None:
            return found
    return None


def relative_date(text: str, captured_at: dt.datetime | None, zone: str) -> FoundDate | None:
    """Return the date that 昨天 14:05 or 3小时前 named at `captured_at`; None without an instant to count from."""
    if captured_at is None:
        return None
    match = _RELATIVE.search(text[:MAX_TEXT])
    if match is None:
        return None
    now = captured_at.astimezone(_zone(zone)).replace(microsecond=0)
    word, unit = match["word"], match["unit"]
    if unit in {"天", "日"} or word in {"今天", "今日", "昨天", "昨日", "前天", "前日"}:
        days = int(match["n"]) if unit else {"今": 0, "昨": 1, "前": 2}[word[0]]
        day = now.date() - dt.timedelta(days=days)
        clock = _CLOCK.match(text[match.end() :].lstrip()) if word else None
        if clock is None:
            return FoundDate(match.group(), day, None, "day", None, match.start(), match.end())
        second = clock["second"]
        time = dt.time(int(clock["hour"]), int(clock["minute"]), int(second or 0))
        end = text.index(clock.group(), match.end()) + len(clock.group())
        return FoundDate(
            text[match.start() : end], day, time, "second" if second else "minute", None, match.start(), end
        )
    seconds = {"秒": 1, "分钟": 60, "小时": 3600}
    ago = dt.timedelta(seconds=int(match["n"]) * seconds[unit] if unit else 1800 if word == "半小时前" else 0)
    then = now - ago
    precision: Precision = "hour" if unit == "小时" else "minute"
    time = then.time().replace(second=0, minute=0 if precision == "hour" else then.minute)
    return FoundDate(match.group(), then.date(), time, precision, None, match.start(), match.end())


def date_in_words(text: str, language: str, zone: str, captured_at: dt.datetime | None) -> FoundDate | None:
    """Return what dateparser reads in a labelled value that no pattern fits, or None.

    Partial dates are refused: it would fill the missing year from the clock.
    """
    text = text[:MAX_TEXT].strip()
    if not re.search(r"\d", text) or not re.search(r"[^\W\d]", text) or captured_at is None:
        return None
    import dateparser  # noqa: PLC0415 - half a second of imports that most pages never need

    local = captured_at.astimezone(_zone(zone)).replace(tzinfo=None)
    settings = {"RELATIVE_BASE": local, "REQUIRE_PARTS": ["day", "month", "year"], "RETURN_AS_TIMEZONE_AWARE": False}
    try:
        parsed = dateparser.parse(text, languages=[language], settings=settings)
    except (ValueError, OverflowError, RecursionError, KeyError):
        return None
    if parsed is None:
        return None
    return FoundDate(text, parsed.date(), None, "day", None, 0, len(text))


def _found(match: re.Match[str]) -> FoundDate | None:
    groups = match.groupdict()
    year, day = groups["y"] or groups.get("y2"), groups["d"] or groups.get("d2")
    month = groups.get("m") or groups.get("m2")
    word = groups.get("mon") or groups.get("mon2")
    try:
        number = _MONTHS[word.lower()] if word else _number(month or "")
        full = _number(year or "")
        if match.re is _REPUBLIC:
            full += 1911
        date = dt.date(full + 2000 if full < 100 else full, number, _number(day or ""))  # noqa: PLR2004
        if match.re is _DMY:
            date = _by_weekday(date, match)
        time, precision = _time(groups)
    except (ValueError, KeyError):
        return None
    text = match.group().rstrip(" ,([（")
    return FoundDate(text, date, time, precision, _offset(groups.get("zone")), match.start(), match.start() + len(text))


def _by_weekday(date: dt.date, match: re.Match[str]) -> dt.date:
    """Return the day of a date whose first number may be the month, by the weekday that stands before it."""
    shown = _WEEKDAY(match.string, max(0, match.start() - 12), match.start())
    if shown is None or date.day > 12:  # noqa: PLR2004
        return date
    day = "一二三四五六日".find(shown[1].replace("天", "日")) if shown[1] else _WEEKDAYS.index(shown[2].lower())
    other = dt.date(date.year, date.day, date.month)
    return other if date.weekday() != day and other.weekday() == day else date


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])|\b(mon|tue|wed|thu|fri|sat|sun)", re.IGNORECASE).search


def _time(groups: dict[str, str | None]) -> tuple[dt.time | None, Precision]:
    hour = groups.get("hour")
    if hour is None:
        return None, "day"
    minute = groups.get("minute") or groups.get("minute2")
    second = groups.get("second") or groups.get("second2")
    hours = int(hour)
    late = groups.get("half") in {"下午", "晚上", "傍晚"} or (groups.get("ampm") or "").lower().startswith("p")
    early = groups.get("half") in {"上午", "凌晨"} or (groups.get("ampm") or "").lower().startswith("a")
    if late and hours < 12:  # noqa: PLR2004
        hours += 12
    if early and hours == 12:  # noqa: PLR2004
        hours = 0
    return dt.time(hours, int(minute or 0), int(second or 0)), "second" if second else "minute" if minute else "hour"


def _offset(zone: str | None) -> dt.timedelta | None:
    if zone is None:
        return None
    if zone == "Z":
        return dt.timedelta(0)
    if zone == "北京时间":
        return dt.timedelta(hours=8)
    sign, digits = ("-" in zone), re.sub(r"\D", "", zone)
    minutes = int(digits[:2]) * 60 + int(digits[2:4])
    return dt.timedelta(minutes=-minutes if sign else minutes)


def _number(text: str) -> int:
    if text.isdigit() and text.isascii():
        return int(text)
    if "百" in text:
        hundreds, _, rest = text.partition("百")
        return _HAN_DIGITS[hundreds or "一"] * 100 + (_number(rest.lstrip("零〇")) if rest.strip("零〇") else 0)
    if "十" in text or "廿" in text:
        tens, _, ones = text.replace("廿", "二十").partition("十")
        return (_HAN_DIGITS[tens] if tens else 1) * 10 + (_HAN_DIGITS[ones] if ones else 0)
    return int("".join(str(_HAN_DIGITS[character]) for character in text))
