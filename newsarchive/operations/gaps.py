"""Gaps: in the months that articles show, and in the numbers of their keys. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, pairwise
from statistics import median
from typing import Literal, NamedTuple

from newsarchive.records.audit import IdRun, IdRuns, MonthGap

AROUND = 6
"""Months before and after a month that say what is usual."""

LEAST_USUAL = 6
"""Below so many articles a month, a month with few of them says nothing."""

LEAST_YEARS = 3
"""So many other years say whether a month is always thin, as in the holidays."""

MOST_RUNS = 200
WIDE = 50
"""A distance of more than so many numbers for each known key is a jump of the counter, or no counter at all."""

MOST_YEARS = 40
"""Days before the last so many years, or after the coming one, are taken for misprints."""

# Of a longer number only its end counts: sites may write what they like into a URL.
_KEY = re.compile(r"(.*?)(\d{1,15})(\D*)", re.DOTALL)


def month_gaps(articles: Mapping[str, int], missing: Mapping[str, int], last_year: int) -> tuple[MonthGap, ...]:
    """Return the gaps between the first and the last month of `articles`, oldest first.

    Both mappings count by month, `YYYY-MM`; `last_year` is that of the last capture, by which misprints are told.
    """
    years = range(last_year - MOST_YEARS + 1, last_year + 2)
    counts = {_index(month): count for month, count in articles.items() if count and int(month[:4]) in years}
    if not counts:
        return ()
    span = range(min(counts), max(counts) + 1)
    lost = {_index(month): count for month, count in missing.items()}
    kinds = [(month, _kind(month, span, counts)) for month in span]
    found = []
    for kind, group in groupby(kinds, key=lambda item: item[1]):
        months = [month for month, _ in group]
        # Thin months are told one by one: each has a number of its own.
        runs = [months] if kind == "empty" else [[month] for month in months]
        found += [_gap(kind, run, span, counts, lost) for run in runs if kind is not None]
    return tuple(found)


def _kind(month: int, span: range, counts: Mapping[int, int]) -> Literal["empty", "thin"] | None:
    count = counts.get(month, 0)
    if not count:
        return "empty"
    usual = _usual([month], span, counts)
    if usual < LEAST_USUAL or count * 4 >= usual:
        return None
    others = [counts.get(other, 0) for other in span if other != month and other % 12 == month % 12]
    return None if len(others) >= LEAST_YEARS and count * 4 >= median(others) else "thin"


def _gap(
    kind: Literal["empty", "thin"], run: list[int], span: range, counts: Mapping[int, int], lost: Mapping[int, int]
) -> MonthGap:
    return MonthGap(
        kind=kind,
        first=_spelled(run[0]),
        last=_spelled(run[-1]),
        months=len(run),
        articles=sum(counts.get(month, 0) for month in run),
        usual=_usual(run, span, counts),
        missing=sum(lost.get(month, 0) for month in run),
    )


def _usual(run: list[int], span: range, counts: Mapping[int, int]) -> float:
    around = (*range(run[0] - AROUND, run[0]), *range(run[-1] + 1, run[-1] + 1 + AROUND))
    inside = [counts.get(month, 0) for month in around if month in span]
    return float(median(inside)) if inside else 0.0


def _index(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number) - 1


def _spelled(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"


class _Number(NamedTuple):
    number: int
    key: str


def id_runs(keys: Iterable[str]) -> IdRuns:
    """Return the runs of numbers that are missing between `keys`, such as `202012/1044`.

    The last digits of a key are its number, the rest its group. Memory: some hundred bytes for each key.
    """
    groups: dict[str, list[_Number]] = defaultdict(list)
    for key in keys:
        match = _KEY.fullmatch(key)
        if match is not None:
            groups[f"{match[1]}\0{match[3]}"].append(_Number(int(match[2]), key))
    known = sum(map(len, groups.values()))
    if not known:
        return IdRuns(counter="none", known=0, absent=0, runs=(), runs_in_all=0, jumps=0)
    counters = list(groups.values())
    different = {item.number for members in counters for item in members}
    shared = len(groups) > 1 and len(different) == known
    if shared:
        counters = [[item for members in counters for item in members]]
    found = [(run, _size(run) > WIDE * len(members)) for members in counters for run in _runs(members)]
    runs = sorted((run for run, wide in found if not wide), key=lambda run: (-_size(run), run.first, run.after))
    return IdRuns(
        counter="across groups" if shared else "by group",
        known=known,
        absent=sum(map(_size, runs)),
        runs=tuple(runs[:MOST_RUNS]),
        runs_in_all=len(runs),
        jumps=sum(wide for _, wide in found),
    )


def _size(run: IdRun) -> int:
    return run.last - run.first + 1


def _runs(members: list[_Number]) -> Iterator[IdRun]:
    for before, after in pairwise(sorted(members)):
        if after.number - before.number > 1:
            yield IdRun(first=before.number + 1, last=after.number - 1, after=before.key, before=after.key)
