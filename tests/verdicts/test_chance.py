"""The arithmetic of alarms."""

from fractions import Fraction
from math import comb, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.verdicts.chance import PER_RUN, Comparison, pooled, silence_chance, tail

counts = st.integers(0, 60)


def rising(start: Fraction, steps: int) -> Fraction:
    product = Fraction(1)
    for step in range(steps):
        product *= start + step
    return product


def exact(count: int, of: int, had: int, total: int) -> Fraction:
    """Sum the beta-binomial in whole numbers."""
    a, b = Fraction(2 * had + 1, 2), Fraction(2 * (total - had) + 1, 2)
    return sum(
        (comb(of, j) * rising(a, j) * rising(b, of - j) / rising(a + b, of) for j in range(count, of + 1)), Fraction(0)
    )


@given(counts, counts, counts, counts)
def test_the_tail_is_the_exact_sum(count: int, of: int, had: int, total: int) -> None:
    count, had = min(count, of), min(had, total)
    assert isclose(tail(count, of, (had, total)), float(exact(count, of, had, total)), rel_tol=1e-6, abs_tol=1e-12)


@given(counts, counts, counts, counts)
def test_more_of_the_unusual_is_never_more_likely(count: int, of: int, had: int, total: int) -> None:
    count, had = min(count, of), min(had, total)
    assert tail(count + 1, of, (had, total)) <= tail(count, of, (had, total)) + 1e-12


def test_one_or_two_pages_prove_nothing_and_five_of_five_do() -> None:
    always = (0, 100)
    assert tail(1, 1, always) > PER_RUN
    assert tail(5, 5, always) < PER_RUN / 100


def test_without_a_past_nothing_is_unlikely() -> None:
    assert Comparison(50, 50, (0, 0)).chance == 1


@given(st.lists(st.tuples(counts, counts).map(lambda pair: (min(pair), max(pair)))))
def test_a_pooled_past_has_the_same_share_and_never_more_pages(runs: list[tuple[int, int]]) -> None:
    had, total = pooled(runs)
    plain = sum(h for h, _ in runs), sum(t for _, t in runs)
    assert total <= plain[1] + 1e-9
    assert isclose(had * plain[1], plain[0] * total, rel_tol=1e-9, abs_tol=1e-9)


def test_what_comes_in_bunches_says_less_than_as_many_pages_one_by_one() -> None:
    bunches = pooled([(10, 10), (0, 10)] * 5)
    steady = pooled([(5, 10)] * 10)
    assert bunches[1] < steady[1] / 5
    assert tail(10, 10, bunches) > 5 * tail(10, 10, steady)


@pytest.mark.parametrize(("days", "alarm"), [(3, False), (14, False), (60, True)])
def test_silence_is_measured_by_the_gaps_that_were(days: float, *, alarm: bool) -> None:
    gaps = [1.0, 2.0, 1.0, 3.0, 14.0, 1.0, 2.0] * 10
    assert (silence_chance(days, gaps) < PER_RUN) is alarm
