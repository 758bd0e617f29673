"""Every row of the table at concurrency 16 among 200 good pages: nothing that a server says hurts the crawl."""

import json
import re
from collections import Counter
from collections.abc import Callable

import pytest

from tests.crawl.kept import read_lines
from tests.hostile.crawls import HostileRun, crawl
from tests.hostile.form import LONG
from tests.hostile.rows import cases
from tests.hostile.server import GOOD_PAGES

ROWS = sorted({case.row for case in cases(9) if LONG or case.where != "slow"}, key=lambda row: int(row[1:]))


def test_every_good_page_is_stored(hostile_run: HostileRun) -> None:
    assert hostile_run.good_stored == GOOD_PAGES


@pytest.mark.parametrize("row", ROWS)
def test_each_url_ends_in_its_wanted_class(hostile_run: HostileRun, row: str) -> None:
    verdicts = [hostile_run.verdict(case) for case in hostile_run.server.cases if case.row == row]
    assert verdicts
    assert [(one.case.path, one.case.wanted, one.happened, one.asked) for one in verdicts if not one.right] == []


def test_the_run_ends_by_itself_and_says_what_is_left(hostile_run: HostileRun) -> None:
    # A host whose robots.txt fails is left alone: its pages stay due.
    assert hostile_run.ended.code == 3, hostile_run.ended.err
    assert hostile_run.place.kept("hostile").report()["ended"] == "finished"


def test_nothing_broke_in_the_crawl(hostile_run: HostileRun) -> None:
    assert "Traceback" not in hostile_run.ended.err
    reasons = Counter(line["reason"] for lines in hostile_run.outcomes.values() for line in lines if line["reason"])
    assert [reason for reason in reasons if reason.startswith("reading broke")] == []


def test_the_process_stays_small_and_awake(
    hostile_run: HostileRun, record_property: Callable[[str, object], None]
) -> None:
    measured = hostile_run.measured
    for name, value in measured.items():
        record_property(name, f"{value:.2f}")
    assert measured["rss_mib"] <= 512
    assert measured["stall_seconds"] <= 1.0
    assert measured["busy_seconds"] <= 1.0


def test_nobody_is_contacted_that_the_site_does_not_name(hostile_run: HostileRun) -> None:
    assert hostile_run.server.logs["canary"].connections == 0


def test_no_door_is_open_while_it_crawls(hostile_run: HostileRun) -> None:
    assert hostile_run.measured["listening"] == 0


def test_no_cookie_comes_back(hostile_run: HostileRun) -> None:
    heads = [head.lower() for log in hostile_run.server.logs.values() for head in log.heads]
    assert len(heads) > GOOD_PAGES
    assert [head for head in heads if b"cookie" in head or b"referer" in head or b"authorization" in head] == []


def test_a_host_whose_robots_txt_fails_is_asked_for_nothing_else(hostile_run: HostileRun) -> None:
    closed = ["robots-503", "robots-silent"] if LONG else ["robots-503"]
    for name in closed:
        assert set(hostile_run.server.logs[name].paths) == {"/robots.txt"}


def test_of_a_robots_txt_that_is_too_large_the_beginning_counts(hostile_run: HostileRun) -> None:
    asked = hostile_run.server.logs["robots-large"].paths
    assert set(asked) == {"/robots.txt", "/page.html"}


def test_every_answer_is_kept_as_evidence_and_every_record_is_sound(hostile_run: HostileRun) -> None:
    kept = hostile_run.place.kept("hostile")
    kept.assert_sound()
    verified = hostile_run.place.run("verify", "hostile")
    assert verified.code == 0, verified.out + verified.err
    answered = [line for lines in hostile_run.outcomes.values() for line in lines if line["status"] is not None]
    assert [line["url"] for line in answered if line["capture"] is None] == []


def test_a_rebuilt_catalogue_judges_every_answer_as_the_run_did(hostile_run: HostileRun) -> None:
    kept = hostile_run.place.kept("hostile")
    rows = "SELECT url, kind, class, reason, target, tries, priority, due_at, depth FROM urls ORDER BY url"
    traps = "SELECT shape, pages, barren FROM shapes ORDER BY shape"
    before = kept.query(rows), kept.query(traps)
    rebuilt = hostile_run.place.run("rebuild", "hostile")
    assert rebuilt.code == 0, rebuilt.err
    assert kept.query(rows) == before[0]
    assert kept.query(traps) == before[1]


def test_no_control_character_reaches_a_terminal_a_log_or_a_record(hostile_run: HostileRun) -> None:
    place = hostile_run.place
    raw = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
    shown = [hostile_run.ended.out, hostile_run.ended.err]
    for command in (("changes", "hostile"), ("verify", "hostile"), ("sites",)):
        ran = place.run(*command)
        shown += [ran.out, ran.err]
    assert [text[max(0, found.start() - 80) :][:160] for text in shown if (found := raw.search(text))] == []
    records = (place.exports / "hostile" / "articles.jsonl").read_text(encoding="utf-8")
    assert raw.search(records) is None
    for line in records.splitlines():
        assert json.loads(line, parse_constant=pytest.fail)


def test_what_a_page_names_beyond_5000_links_is_counted(hostile_run: HostileRun) -> None:
    found = hostile_run.place.kept("hostile").query(
        "SELECT count(*) FROM urls WHERE url LIKE 'http://elsewhere.test/l/%'"
    )
    assert found == [(5000,)]
    assert hostile_run.place.kept("hostile").report()["links_skipped"] >= 15_000


def test_a_second_run_asks_for_nothing_that_wants_to_be_left_alone(hostile_run: HostileRun) -> None:
    waiting = [case for case in hostile_run.server.cases if case.row == "H33"]
    before = [hostile_run.server.asked(case) for case in waiting]
    crawl(hostile_run.place, hostile_run.server, "--limit", 1)
    assert [hostile_run.server.asked(case) for case in waiting] == before
    classes = hostile_run.place.kept("hostile").classes
    assert {classes[hostile_run.server.url(case)] for case in waiting} == {"pending"}
    lines = read_lines(hostile_run.place.exports / "hostile" / "articles.jsonl")
    assert len(lines) >= GOOD_PAGES
