"""Gaps in months and in numbers: what is told, and what is not."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from newsarchive.operations.gaps import MOST_RUNS, id_runs, month_gaps


def months(first_year: int, counts: list[int]) -> dict[str, int]:
    """Return `counts` by month, from January of `first_year` on."""
    return {f"{first_year + at // 12}-{at % 12 + 1:02}": count for at, count in enumerate(counts)}


def test_months_without_articles_are_one_gap() -> None:
    (gap,) = month_gaps(months(2020, [10, 12, 0, 0, 0, 11, 9]), {"2020-04": 2, "2020-06": 5}, 2024)
    assert (gap.kind, gap.first, gap.last, gap.months, gap.articles) == ("empty", "2020-03", "2020-05", 3, 0)
    assert gap.usual == 10.5
    assert gap.missing == 2, "only what is missing of these months explains them"


def test_what_lies_before_the_first_and_after_the_last_article_is_no_gap() -> None:
    assert month_gaps(months(2020, [0, 0, 8, 8, 0, 0]), {}, 2024) == ()
    assert month_gaps({}, {"2020-01": 3}, 2024) == ()


def test_a_month_far_below_the_usual_is_thin() -> None:
    (gap,) = month_gaps(months(2020, [12, 12, 12, 12, 2, 12, 12, 12]), {}, 2024)
    assert (gap.kind, gap.first, gap.articles, gap.usual) == ("thin", "2020-05", 2, 12)


def test_a_quarter_of_the_usual_is_not_thin() -> None:
    assert month_gaps(months(2020, [12, 12, 12, 3, 12, 12]), {}, 2024) == ()


def test_a_month_that_is_thin_every_year_is_none() -> None:
    year = [12, 1, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12]
    assert month_gaps(months(2016, year * 5), {}, 2024) == ()
    with_a_full_february = [12, 12, *year[2:]]
    (gap,) = month_gaps(months(2016, with_a_full_february * 4 + year), {}, 2024)
    assert (gap.kind, gap.first) == ("thin", "2020-02")


def test_a_misprinted_year_is_no_gap_of_centuries() -> None:
    counts = {**months(2020, [8, 0, 8]), "1012-12": 1, "2205-01": 1}
    assert [(gap.first, gap.last) for gap in month_gaps(counts, {}, 2024)] == [("2020-02", "2020-02")]


def test_few_articles_are_thin_nowhere() -> None:
    assert [gap.kind for gap in month_gaps(months(2020, [3, 4, 3, 1, 0, 5, 4]), {}, 2024)] == ["empty"]


@given(st.lists(st.integers(0, 30), max_size=80))
def test_every_empty_month_between_two_articles_is_in_exactly_one_gap(counts: list[int]) -> None:
    gaps = [gap for gap in month_gaps(months(2000, counts), {}, 2024) if gap.kind == "empty"]
    held = [at for at, count in enumerate(counts) if count]
    inside = counts[held[0] : held[-1]] if held else []
    assert sum(gap.months for gap in gaps) == inside.count(0)
    assert all(before.last < after.first for before, after in pairwise(gaps))


def test_numbers_that_one_counter_gives_are_compared_across_groups() -> None:
    found = id_runs(["202011/1040", "202012/1044", "202012/1047", "202101/1048"])
    assert (found.counter, found.absent, found.runs_in_all) == ("across groups", 5, 2)
    assert [(run.first, run.last, run.after, run.before) for run in found.runs] == [
        (1041, 1043, "202011/1040", "202012/1044"),
        (1045, 1046, "202012/1044", "202012/1047"),
    ]


def test_numbers_that_come_twice_are_compared_by_group() -> None:
    found = id_runs(["news/1", "news/4", "notices/1", "notices/2"])
    assert (found.counter, found.absent) == ("by group", 2)
    assert [(run.first, run.last, run.after) for run in found.runs] == [(2, 3, "news/1")]


def test_what_follows_the_number_belongs_to_the_group() -> None:
    assert [run.first for run in id_runs(["a1-1", "a3-1", "a1-9"]).runs] == [2], "the last digits are the number"
    assert [run.first for run in id_runs(["n1x", "n3x", "n2y", "n1y"]).runs] == [2]


def test_numbers_that_are_far_apart_say_nothing() -> None:
    found = id_runs(["20260102123456", "20260305101010", "20260406111111"])
    assert (found.known, found.jumps, found.runs) == (3, 2, ())


def test_one_odd_number_hides_no_run_of_the_others() -> None:
    found = id_runs(["202011/1040", "202012/1044", "20260102123456"])
    assert [(run.first, run.last) for run in found.runs] == [(1041, 1043)]
    assert found.jumps == 1


def test_a_number_of_thousands_of_digits_is_read_by_its_end() -> None:
    found = id_runs(["9" * 5000 + "1", "9" * 5000 + "4"])
    assert (found.known, found.absent) == (2, 2)


def test_keys_without_numbers_have_no_runs() -> None:
    assert id_runs(["about", "history"]).counter == "none"


def test_only_the_longest_runs_are_listed_and_all_are_counted() -> None:
    numbers = [number for number in range(1, 3 * MOST_RUNS) if number % 2] + [3 * MOST_RUNS + 10]
    found = id_runs(map(str, numbers))
    assert len(found.runs) == MOST_RUNS
    assert found.runs_in_all == len(numbers) - 1
    assert found.runs[0].last - found.runs[0].first + 1 == 10
    assert found.absent == numbers[-1] - numbers[0] + 1 - len(numbers)


@given(st.sets(st.integers(0, 400), min_size=1))
def test_known_and_absent_numbers_are_all_there_are(numbers: set[int]) -> None:
    found = id_runs(map(str, numbers))
    if not found.jumps:
        assert found.known + found.absent == max(numbers) - min(numbers) + 1
