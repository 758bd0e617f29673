"""How likely a count is, if the site is as it was. The one place that knows what an alarm is.

There is nothing to be set by hand: a count is an alarm where the past makes it so unlikely that all tests of all daily
runs together would give one false alarm in ten years.
"""

from collections.abc import Iterable, Iterator
from math import exp, fsum, lgamma
from typing import NamedTuple

YEARS = 10
"""One false alarm of one site in so many years of daily runs."""

PER_RUN = 1 / (365.25 * YEARS)
"""The chance of a false alarm that one run may have; its tests share it."""

DOUBT = 1 / 50
"""What is less likely is looked at a second time before it is believed. It costs requests, and is no alarm."""

Counted = tuple[float, float]
"""How many, and of how many."""


class Comparison(NamedTuple):
    """A count of this run beside that of the past."""

    found: int
    of: int
    before: Counted

    @property
    def chance(self) -> float:
        """Probability of `found` or more; 1 where there is no past, or no more than the past's share."""
        had, total = self.before
        if not total or self.found * total <= had * self.of:
            return 1.0
        return tail(self.found, self.of, self.before)

    @property
    def is_first(self) -> bool:
        """Tell whether nothing of the past had what this run has."""
        had, total = self.before
        return bool(self.found and total and not had)


def tail(count: int, of: int, before: Counted) -> float:
    """Return the probability that `count` or more of `of` have what `before[0]` of `before[1]` had.

    The beta-binomial: the share is not known, it is what the past leaves open (Jeffreys' prior, half a case of each).
    So two pages prove nothing beside ten, and five of five do beside a hundred; without a past nothing is unlikely.
    """
    if count <= 0:
        return 1.0
    if count > of:
        return 0.0
    had, total = before
    a, b = had + 0.5, total - had + 0.5
    start = lgamma(a + b) - lgamma(a) - lgamma(b) + lgamma(of + 1) - lgamma(a + b + of)
    upper = of - count + 1 <= count
    wanted = range(count, of + 1) if upper else range(count)
    terms = (exp(start - lgamma(j + 1) - lgamma(of - j + 1) + lgamma(a + j) + lgamma(b + of - j)) for j in wanted)
    found = fsum(terms)
    return min(1.0, max(0.0, found if upper else 1.0 - found))


def pooled(runs: Iterable[Counted]) -> Counted:
    """Return the past of several runs as one count, smaller where the runs differ more than chance makes them.

    Articles of one kind come in bunches: a week of reports that all have a photographer says less than as many pages
    of a year. The variance between runs over that of a binomial (at least 1) is what the numbers are divided by;
    neighbouring runs count as one until chance alone moves their count by one, since below that it says nothing.
    """
    counted = [(had, total) for had, total in runs if total]
    had, total = fsum(h for h, _ in counted), fsum(t for _, t in counted)
    if len(counted) < 2 or not 0 < had < total:  # noqa: PLR2004 - one run has no variance between runs
        return had, total
    share = had / total
    groups = list(_grouped(counted, 1 / (share * (1 - share))))
    spread = fsum((h - t * share) ** 2 / (t * share * (1 - share)) for h, t in groups) / max(1, len(groups) - 1)
    factor = max(1.0, spread)
    return had / factor, total / factor


def _grouped(runs: Iterable[Counted], least: float) -> Iterator[Counted]:
    """Yield neighbouring runs together, each time that they come to `least` pages; what is left at the end is none."""
    had = total = 0.0
    for run_had, run_total in runs:
        had, total = had + run_had, total + run_total
        if total >= least:
            yield had, total
            had = total = 0.0


def silence_chance(days: float, gaps: Iterable[float]) -> float:
    """Return the probability that nothing new comes for `days`, after `gaps` in days between news; 1 without any.

    Gaps are taken for exponential with a rate that they leave open (the Lomax distribution). Holidays are no accident:
    a silence that is no longer than one that was there before has the chance 1.
    """
    known = list(gaps)
    if not known or days <= max(known):
        return 1.0
    total = fsum(known)
    return (total / (total + days)) ** len(known) if total > 0 else 1.0
