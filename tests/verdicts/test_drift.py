"""Fifty runs of an unchanged site raise no alarm; a changed one is caught on its first run. Sites drawn by chance."""

from dataclasses import replace

import pytest

from newsarchive.verdicts.past import Past
from newsarchive.verdicts.watch import PATIENCE, Watch
from tests.verdicts.runs import Drawn

SITES = range(6)
RUNS = 50


@pytest.mark.parametrize("seed", SITES)
def test_fifty_runs_of_an_unchanged_site_raise_no_alarm(seed: int) -> None:
    site = Drawn(seed)
    site.run(120)
    states = {site.run(site.rng.randint(0, 6)).verdict for _ in range(RUNS)}
    assert {verdict.state for verdict in states if verdict} <= {"healthy", "nothing-new"}


@pytest.mark.parametrize("seed", range(3))
def test_fields_that_come_and_go_in_bunches_raise_no_alarm(seed: int) -> None:
    bunched = {"author": 0.6, "tags": 0.6, "attachments": 0.3}
    site = Drawn(seed, bunched)
    site.run(120)
    for _ in range(RUNS):
        site.shares |= {name: site.rng.choice((0.0, 0.5, 1.0)) for name in bunched}
        report = site.run(site.rng.randint(0, 6))
        assert report.verdict
        assert report.verdict.against == ()


@pytest.mark.parametrize("seed", SITES)
@pytest.mark.parametrize("field", ["date", "source", "text"])
def test_a_field_that_is_gone_is_named_on_the_first_run(seed: int, field: str) -> None:
    site = Drawn(seed, {field: 0.99})
    site.run(120)
    for _ in range(site.rng.randint(1, 20)):
        site.run(site.rng.randint(0, 6))
    report = site.run(5, frozenset({field}))
    assert report.verdict
    found = [evidence for evidence in report.verdict.evidence if evidence.kind == "field-missing"]
    assert (report.verdict.state, [evidence.field for evidence in found]) == ("degraded", [field])
    assert found[0].since == report.started_at
    assert len(found[0].pages) == 5
    assert sum(tally.held for tally in report.page_classes.values()) >= 4


def test_what_broke_stays_broken_since_its_first_run_until_a_page_shows_the_field_again() -> None:
    site = Drawn(1, {"date": 1.0})
    site.run(100)
    first = site.run(6, frozenset({"date"}))
    quiet, one = site.run(0), site.run(1, frozenset({"date"}))
    mended = site.run(6)
    for report in (first, quiet, one):
        assert report.verdict
        assert (report.verdict.state, report.verdict.since) == ("degraded", first.started_at)
        assert "date" in {evidence.field for evidence in report.verdict.against}
    assert site.reports[2].page_classes == {}
    assert sum(tally.held for tally in one.page_classes.values()) == 1
    assert mended.verdict
    assert mended.verdict.state == "healthy"


def test_a_broken_field_does_not_become_usual_however_long_it_lasts() -> None:
    site = Drawn(2, {"date": 1.0})
    site.run(100)
    for _ in range(40):
        site.run(8, frozenset({"date"}))
    last = site.reports[-1]
    assert sum(tally.held for tally in last.page_classes.values()) == 8


def test_a_field_that_holds_nothing_back_becomes_unusual_if_its_lack_lasts() -> None:
    site = Drawn(7, {"author": 1.0, "date": 1.0, "source": 1.0, "text": 1.0})
    site.run(60)
    states = [site.run(6, frozenset({"author"})).verdict for _ in range(40)]
    assert states[0]
    assert [evidence.field for evidence in states[0].against] == ["author"]
    assert site.holds == []
    assert states[-1]
    assert states[-1].state == "healthy"


def test_a_single_page_without_a_field_is_looked_at_again_and_taken_in() -> None:
    site = Drawn(3, {"source": 1.0})
    site.run(100)
    site.run(1, frozenset({"source"}))
    assert site.holds == ["doubtful: source"] * 3
    assert site.reports[-1].verdict
    assert site.reports[-1].verdict.state == "healthy"
    # The next look stands among pages that show one, or is the last of its patience.
    watch = Watch(Past(site.reports))
    page = site.page(frozenset({"source"}))
    assert watch.look(page, PATIENCE - 1) is not None
    assert watch.look(page, PATIENCE) is None


def test_an_article_that_never_had_a_field_is_not_held_back_for_it_when_it_is_read_again() -> None:
    site = Drawn(3, {"source": 1.0})
    site.run(100)
    page = site.page(frozenset({"source"}))
    assert str(Watch(Past(site.reports)).look(page, 0)).startswith("doubtful")
    assert Watch(Past(site.reports)).look(page, 0, had=page.fields) is None


def test_what_a_run_proved_holds_the_first_page_of_the_next_and_is_over_when_a_page_shows_the_field() -> None:
    site = Drawn(4, {"date": 1.0, "source": 1.0, "text": 1.0})
    site.run(12)
    site.run(12, frozenset({"date"}))
    site.run(1, frozenset({"date"}))
    assert site.holds == ["drifted: date"]
    assert site.reports[-1].verdict
    assert site.reports[-1].verdict.state == "degraded", "one page proves nothing anew, and nothing else"
    lacking, whole = site.page(frozenset({"date"})), site.page(frozenset())
    watch = Watch(Past(site.reports))
    assert watch.look(lacking, PATIENCE) == "drifted: date", "whatever its patience"
    assert watch.look(whole, 0) is None
    assert watch.look(lacking, PATIENCE) is None, "it simply has none"


def test_in_a_small_site_the_first_page_that_lacks_what_none_ever_lacked_is_looked_at_again() -> None:
    site = Drawn(4, {"date": 1.0, "source": 1.0, "text": 1.0})
    site.run(5)
    lacking, whole = site.page(frozenset({"source"})), site.page(frozenset())
    watch = Watch(Past(site.reports))
    assert watch.look(lacking, 0) == "doubtful: source"
    assert watch.look(whole, 0) is None
    assert watch.look(lacking, 1) is None, "it stands among pages that show one"


def test_an_article_that_loses_what_it_had_is_held_however_small_the_site_and_taken_in_on_the_fifth_look() -> None:
    site = Drawn(4, {"date": 1.0, "source": 0.5, "text": 1.0})
    site.run(4)
    page = site.page(frozenset({"source"}))
    watch = Watch(Past(site.reports))
    looks = [watch.look(page, tries, had=page.fields | {"source"}) for tries in range(PATIENCE + 1)]
    assert looks == [*["doubtful: source"] * PATIENCE, None]


def test_a_page_without_a_field_among_many_that_show_it_is_taken_in_at_once() -> None:
    site = Drawn(4, {"source": 0.98, "date": 1.0, "text": 1.0, "author": 0.0})
    site.run(200)
    site.run(40)
    assert not [hold for hold in site.holds if hold.startswith("drifted")]


def test_before_a_run_has_been_through_the_whole_site_nothing_is_held_back() -> None:
    site = Drawn(6, {"source": 1.0})
    site.run(40, ended="limit")
    old = site.run(60, frozenset({"source"}), ended="interrupted")
    assert old.verdict
    assert (old.verdict.state, site.holds) == ("healthy", [])


def test_pages_of_a_shape_that_was_never_seen_are_judged_by_all_pages_together() -> None:
    site = Drawn(5, {"date": 1.0})
    site.run(100)
    watch = Watch(Past(site.reports))
    reasons = []
    for _ in range(5):
        page = site.page(frozenset({"date"}))
        reasons.append(watch.look(replace(page, page_class="article /new/0.html"), 0))
    assert str(reasons[-1]).startswith("drifted: date")
