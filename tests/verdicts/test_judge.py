"""Each verdict with its evidence, from reports."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.records.run import RunReport
from newsarchive.records.site import Expectations
from newsarchive.records.verdict import ClassTally, ListTally, Verdict
from newsarchive.verdicts.judge import judge as judge_run
from newsarchive.verdicts.past import Past
from tests.verdicts.runs import NOTHING, report

HOME = "http://drawn.test/"


def judge(run: RunReport, past: Past, expect: Expectations, **how: bool) -> Verdict:
    """Return the verdict on a run that has one: all but such as failed or were stopped."""
    verdict = judge_run(run, past, expect, **how)
    assert verdict is not None
    return verdict


def past_of(*runs: RunReport) -> Past:
    """Return a past whose runs have their verdicts, as on the disk."""
    judged: list[RunReport] = []
    for run in runs:
        judged.append(run.model_copy(update={"verdict": judge_run(run, Past(judged), NOTHING)}))
    return Past(judged)


def days(count: int, **fields: object) -> Past:
    return past_of(*(report(day, **fields) for day in range(count)))


def kinds(verdict: Verdict) -> list[str]:
    return [evidence.kind for evidence in verdict.against]


def lists(**named: Any) -> dict[str, ListTally]:  # noqa: ANN401 - whatever a tally takes
    return {HOME: ListTally(**named)}


def tally(pages: int, **hits: int) -> dict[str, ClassTally]:
    return {"article /f/0.html": ClassTally(pages=pages, hits={"title": pages, "date": pages, **hits})}


def test_nothing_new_is_said_with_the_lists_that_still_name_what_is_held() -> None:
    verdict = judge(report(1), days(1), NOTHING)
    assert (verdict.state, verdict.against) == ("nothing-new", ())
    assert "1 read, which name 20 articles, 20 of them held before" in verdict.evidence[0].text


@pytest.mark.parametrize("what", ["articles_new", "articles_changed", "articles_removed"])
def test_a_run_that_brought_something_is_healthy(what: str) -> None:
    assert judge(report(1, **{what: 1}), days(1), NOTHING).state == "healthy"


def test_a_list_that_names_nothing_any_more_is_degraded_and_no_list_that_does_is_broken() -> None:
    other = {"http://drawn.test/news/": ListTally(named=12, known=12)}
    one = judge(report(1, lists=lists() | other), days(1), NOTHING)
    assert (one.state, kinds(one), one.against[0].pages) == ("degraded", ["list-empty"], (HOME,))
    every = judge(report(1, lists=lists()), days(1), NOTHING)
    assert (every.state, kinds(every)) == ("broken", ["lists-empty", "list-empty"])


def test_a_list_of_strangers_is_degraded_unless_they_are_news() -> None:
    strangers = lists(named=20, known=0)
    assert kinds(judge(report(1, lists=strangers), days(1), NOTHING)) == ["list-strange"]
    assert judge(report(40, lists=strangers, articles_new=20), days(1), NOTHING).state == "healthy"


def test_a_list_that_says_it_grew_and_gave_nothing_new_is_degraded() -> None:
    before = past_of(report(0, lists=lists(named=20, known=20, stated=120)))
    grown = lists(named=20, known=20, stated=125)
    assert kinds(judge(report(1, lists=grown), before, NOTHING)) == ["list-total"]
    assert judge(report(1, lists=grown, articles_new=5), before, NOTHING).state == "healthy"
    shrunk = lists(named=20, known=20, stated=40)
    assert kinds(judge(report(1, lists=shrunk), before, NOTHING)) == ["list-total"]


def test_a_list_page_that_is_gone_is_named_since_when() -> None:
    lost = {"lists_lost": {HOME: "http 404"}}
    again = past_of(report(0), report(1, **lost), report(2, **lost)).reports[-1]
    assert again.verdict
    assert [(item.kind, item.since) for item in again.verdict.against] == [("list-lost", report(1).started_at)]


def test_errors_are_weighed_by_class_beside_the_past() -> None:
    past = days(20, urls_asked=50, urls_failed={"http 500": 1, "http 404": 9})
    usual = report(21, urls_asked=50, urls_failed={"http 503": 2, "http 404": 12})
    assert judge(usual, past, NOTHING).state == "nothing-new"
    verdict = judge(report(21, urls_asked=50, urls_failed={"http 500": 9, "http 502": 6}), past, NOTHING)
    assert (verdict.state, verdict.against[0].field, verdict.against[0].count) == ("degraded", "http 5xx", 15)


def test_a_robots_txt_that_forbids_more_than_it_did_is_degraded() -> None:
    past = days(20, requests=12, robots_forbidden=0)
    assert judge(report(21, requests=12, robots_forbidden=1), past, NOTHING).state == "nothing-new"
    assert kinds(judge(report(21, requests=9, robots_forbidden=6), past, NOTHING)) == ["robots"]


def test_a_run_without_a_single_page_is_broken() -> None:
    run = report(1, requests=4, outcomes={"stored": 1, "failed": 3}, urls_failed={"no answer": 3}, robots_read=1)
    verdict = judge(run, days(3), NOTHING)
    assert (verdict.state, verdict.against[0].kind) == ("broken", "nothing-read")
    assert judge(report(1), Past(), NOTHING, answered=False).state == "broken"


def test_too_many_gone_is_degraded_for_a_copy_at_another_origin_too() -> None:
    run = report(1, degraded="9 of 40 known articles looked gone", lists=lists())
    verdict = judge(run, days(1), NOTHING, compared=False)
    assert (verdict.state, kinds(verdict)) == ("degraded", ["gone"])


def test_silence_is_degraded_where_the_site_never_was_so_quiet() -> None:
    news = past_of(*(report(day, articles_new=int(day % 2 == 0)) for day in range(100)))
    assert judge(report(104), news, NOTHING).state == "nothing-new"
    assert kinds(judge(report(160), news, NOTHING)) == ["quiet"]


def test_a_site_file_may_expect_news_and_fields() -> None:
    news = past_of(*(report(day, articles_new=int(day % 10 == 0)) for day in range(100)))
    assert kinds(judge(report(104), news, Expectations(max_silence_days=10))) == ["quiet"]
    assert kinds(judge(report(104), news, Expectations(articles_per_month=5))) == ["expectation"]
    assert judge(report(104), news, Expectations(articles_per_month=2)).state == "nothing-new"
    wanted = judge(report(104, page_classes=tally(4, source=3)), news, Expectations(fields=("source", "date")))
    assert [(e.kind, e.field, e.count, e.of) for e in wanted.against] == [("expectation", "source", 1, 4)]


def test_pages_that_no_template_explains_are_degraded_and_broken_when_all_are() -> None:
    past = past_of(report(0, page_classes=tally(120), articles_new=120))
    some = {
        "article /f/0.html": ClassTally(pages=3, unread=4, hits={"title": 3, "date": 3}, examples={"unread": (HOME,)})
    }
    verdict = judge(report(1, page_classes=some, articles_new=3), past, NOTHING)
    assert (verdict.state, kinds(verdict), verdict.against[0].pages) == ("degraded", ["unexplained"], (HOME,))
    assert judge(report(1, page_classes={"article /f/0.html": ClassTally(unread=4)}), past, NOTHING).state == "broken"


def test_a_date_from_another_place_is_degraded_and_another_place_of_a_title_is_a_note() -> None:
    def page_classes(rule: str, pages: int) -> dict[str, ClassTally]:
        found = tally(pages)["article /f/0.html"]
        return {"article /f/0.html": found.model_copy(update={"rules": {rule: pages}})}

    past = past_of(report(0, page_classes=page_classes("date info-line", 120)))
    moved = judge(report(1, page_classes=page_classes("date line-below-body", 5)), past, NOTHING)
    assert (kinds(moved), moved.against[0].field) == (["field-moved"], "date")
    note = judge(report(1, page_classes=page_classes("title heading", 5)), past, NOTHING)
    assert note.state == "nothing-new"
    assert "field-moved" in [evidence.kind for evidence in note.evidence]


def test_a_newer_parser_that_names_other_rules_is_no_change_of_the_site() -> None:
    old = {"article /f/0.html": tally(120)["article /f/0.html"].model_copy(update={"rules": {"date old": 120}})}
    new = {"article /f/0.html": tally(9)["article /f/0.html"].model_copy(update={"rules": {"date new": 9}})}
    past = past_of(report(0, page_classes=old))
    assert judge(report(1, page_classes=new, parser="2"), past, NOTHING).state == "nothing-new"


def test_pages_that_are_held_back_are_told_where_nothing_is_proved() -> None:
    held = {"article /f/0.html": ClassTally(pages=3, held=3, missed={"date": 3})}
    verdict = judge(report(1, page_classes=held), past_of(report(0, page_classes=tally(3), articles_new=3)), NOTHING)
    assert (verdict.state, verdict.against) == ("nothing-new", ())
    assert [evidence.count for evidence in verdict.evidence if evidence.kind == "held-back"] == [3]


def test_a_run_that_failed_has_a_verdict_only_where_something_speaks_against_the_site() -> None:
    ended = {"ended": "failed", "error": "disk full"}
    assert judge_run(report(1, articles_new=3, **ended), days(1), NOTHING) is None
    assert judge_run(report(1, requests=0, **ended), days(1), NOTHING, answered=False) is None
    empty = judge(report(1, lists=lists(), lists_unchanged=4, **ended), days(1), NOTHING)
    assert (empty.state, [evidence.kind for evidence in empty.evidence]) == ("degraded", ["list-empty", "ended"])


def test_imports_and_runs_that_failed_leave_what_stands() -> None:
    lost = {"lists_lost": {HOME: "http 404"}}
    before = past_of(report(0), report(1, **lost))
    taken_in = report(2, requests=0, outcomes={})
    failed = report(3, ended="failed", error="disk full")
    verdict = judge(report(4, **lost), Past([*before.reports, taken_in, failed]), NOTHING)
    assert verdict.since == verdict.against[0].since == report(1).started_at


def test_an_import_is_no_run_through_the_whole_site() -> None:
    part = report(1, ended="limit", page_classes=tally(5), articles_new=5)
    assert Past([report(0, requests=0), part]).reading == ()


def test_a_verdict_remembers_since_when() -> None:
    broken = {"requests": 4, "outcomes": {"failed": 4}, "urls_failed": {"no answer": 4}}
    past = past_of(report(0), report(1, **broken), report(2, **broken))
    verdict = judge(report(3, **broken), past, NOTHING)
    assert verdict.since == verdict.against[0].since == past.reports[1].started_at
    assert judge(report(3), past, NOTHING).since == report(3).started_at


def test_a_run_that_was_stopped_lifts_no_alarm() -> None:
    gone = report(1, degraded="9 of 40 known articles looked gone", lists=lists())
    past = past_of(report(0), gone)
    assert judge_run(report(2, ended="interrupted"), past, NOTHING) is None
    assert judge(report(2), past, NOTHING).state == "nothing-new"
    assert judge(report(1, ended="interrupted"), days(1), NOTHING).state == "nothing-new"


numbers = st.integers(0, 50)
tallies = st.builds(
    lambda named, known, stated: ListTally(named=named, known=min(named, known), stated=stated),
    numbers, numbers, st.none() | numbers,
)  # fmt: skip
classes = st.builds(
    lambda pages, held, unread, hits: ClassTally(
        pages=pages, held=min(held, pages), unread=unread,
        hits={name: min(count, pages - min(held, pages)) for name, count in hits.items()},
        missed=dict.fromkeys(("date",), min(held, pages)),
    ),
    numbers, numbers, numbers, st.fixed_dictionaries({"date": numbers, "source": numbers, "title": numbers}),
)  # fmt: skip
reports = st.builds(
    lambda day, new, requests, reasons, found, named, ended: report(
        day, articles_new=new, requests=requests, urls_asked=requests, urls_failed=reasons, page_classes=found,
        lists=named, ended=ended,
    ),
    st.integers(0, 400), st.integers(0, 5), numbers,
    st.dictionaries(st.sampled_from(["http 500", "http 404", "no answer", "drifted"]), numbers),
    st.dictionaries(st.sampled_from(["article /a/0", "article /b/0"]), classes),
    st.dictionaries(st.sampled_from([HOME, "http://drawn.test/news/"]), tallies),
    st.sampled_from(["finished", "limit", "interrupted"]),
)  # fmt: skip


@given(past=st.lists(reports, max_size=6), run=reports, compared=st.booleans())
def test_of_any_reports_a_verdict_follows_from_its_evidence(
    past: list[RunReport], run: RunReport, *, compared: bool
) -> None:
    before = past_of(*sorted(past, key=lambda it: it.started_at))
    verdict = judge_run(run, before, NOTHING, compared=compared)
    assert verdict == judge_run(run, before, NOTHING, compared=compared)
    if verdict is None:
        assert run.ended == "interrupted"
        assert before.verdict is not None
        assert before.verdict.against
        return
    assert Verdict.model_validate_json(verdict.to_json()) == verdict
    assert (verdict.state in {"degraded", "broken"}) == bool(verdict.against)
    if not verdict.against:
        assert (verdict.state == "healthy") == bool(run.articles_new)
    for evidence in verdict.evidence:
        assert evidence.text
        assert evidence.chance is None or 0 <= evidence.chance <= 1
        assert len(evidence.pages) <= 10
