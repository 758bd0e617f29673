"""CPU time of reading 100,000 mixed date strings, beside dateparser with the languages given.

    python benchmarks/dates_speed.py [--strings 100000] [--peer 2000]

dateparser reads the first strings of the same list only: all of them would take it minutes. Right: the day that the
string was written from; for strings that name no exact day, right is None.
"""

import argparse
import datetime as dt
import random
import sys
import time
from collections.abc import Callable, Iterator

import dateparser

from newsarchive.parsers.dates import date_in_words, find_date, relative_date

ZONE = "Asia/Shanghai"
NOW = dt.datetime(2026, 11, 22, 7, 15, tzinfo=dt.UTC)
_HAN = "〇一二三四五六七八九"


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{_HAN[tens]}十") + (_HAN[ones] if ones or not tens else "")


FORMS: dict[str, Callable[[dt.date], str]] = {
    "dashes": lambda d: f"{d:%Y-%m-%d}",
    "time": lambda d: f"{d:%Y/%m/%d} 10:05:00",
    "labelled": lambda d: f"发布日期：{d.year}年{d.month}月{d.day}日 来源：海港通讯",
    "weekday": lambda d: f"{d.year}年{d.month}月{d.day}日 星期{'一二三四五六日'[d.weekday()]} 下午3:20",
    "numerals": lambda d: f"{''.join(_HAN[int(c)] for c in str(d.year))}年{_han(d.month)}月{_han(d.day)}日",
    "day first": lambda d: f"{d:%d/%m/%Y} 18:14:00",
    "English": lambda d: f"{d.day} {d:%B} {d.year}",
    "Russian": lambda d: f"{d:%d.%m.%Y}",
}
NO_DAY: dict[str, Callable[[dt.date], str]] = {
    "partial": lambda d: f"{d:%m-%d}",
    "year and month": lambda d: f"{d.year}年{d.month}月",
}


def strings(count: int) -> Iterator[tuple[str, str, dt.date | None]]:
    """Yield form, string and the day that it names; the same ones in every run."""
    chance = random.Random(20261122)  # noqa: S311 - no secret
    forms = [*((name, form, True) for name, form in FORMS.items()), *((n, form, False) for n, form in NO_DAY.items())]
    for number in range(count):
        name, form, names_day = forms[number % (len(forms) + 1) - 1] if number % (len(forms) + 1) else ("", str, True)
        if not name:
            days = chance.randrange(1, 300)
            local = NOW + dt.timedelta(hours=8)
            yield "relative", f"{days}天前", (local - dt.timedelta(days=days)).date()
            continue
        day = dt.date(2000, 1, 1) + dt.timedelta(days=chance.randrange(9_800))
        yield name, form(day), day if names_day else None


def newsarchive_day(text: str) -> dt.date | None:
    """Return the day as an info line is read: patterns, then relative forms, then words."""
    found = find_date(text) or relative_date(text, NOW, ZONE) or date_in_words(text, "zh", ZONE, NOW)
    return found.day if found is not None else None


def dateparser_day(text: str) -> dt.date | None:
    """Return what dateparser reads, told the languages, the instant and that a day must be named."""
    base = NOW.astimezone(dt.timezone(dt.timedelta(hours=8))).replace(tzinfo=None)
    found = dateparser.parse(
        text, languages=["zh", "en", "ru"],
        settings={"RELATIVE_BASE": base, "REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": "DMY"},
    )  # fmt: skip
    return found.date() if found is not None else None


def main() -> int:
    """Print strings a second and the share read right, for both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strings", type=int, default=100_000)
    parser.add_argument("--peer", type=int, default=2_000, help="strings that dateparser reads")
    options = parser.parse_args()
    mixed = list(strings(options.strings))
    rates = []
    for name, read, part in (
        ("newsarchive", newsarchive_day, mixed),
        ("dateparser", dateparser_day, mixed[: options.peer]),
    ):
        started = time.process_time()
        found = [read(text) for _, text, _ in part]
        seconds = time.process_time() - started
        wrong = [form for (form, _, day), read_day in zip(part, found, strict=True) if day != read_day]
        rates.append(len(part) / seconds)
        missed = ", ".join(sorted(set(wrong))) or "none"
        right = 1 - len(wrong) / len(part)
        print(f"{name:<12}{len(part):>8} strings {rates[-1]:>10.0f}/s  right {right:.4f}  wrong forms: {missed}")
    print(f"ratio {rates[0] / rates[1]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
