"""A small site whose template changes and comes back, crawled for real: what is published of it meanwhile."""

from collections.abc import Callable

import pytest

from newsarchive.sample import SampleServer, sample_site
from tests.crawl.command import ROOT, Ended, Place
from tests.watching.conftest import Declare, declare, place, serve

__all__ = ["declare", "place", "serve"]

pytestmark = pytest.mark.crawl
ARTICLES = 8
ON_DAY = ROOT / "tests" / "evolution" / "on_day.py"

Crawl = Callable[..., Ended]


@pytest.fixture
def server(serve: Callable[..., SampleServer]) -> SampleServer:
    return serve(sample_site(ARTICLES))


@pytest.fixture
def crawl(server: SampleServer, place: Place, declare: Declare) -> Crawl:
    declare(server, "oasis")

    def run(*options: str, code: int = 0) -> Ended:
        ended = place.run("crawl", "oasis", *options)
        assert ended.code == code, ended.out + ended.err
        return ended

    return run


def test_no_half_record_is_published_by_any_run_of_a_changed_template(
    server: SampleServer, place: Place, crawl: Crawl
) -> None:
    crawl()
    crawl("--full")
    kept, before = place.kept("oasis"), place.kept("oasis").revisions
    usual = server.site
    server.site = usual.with_redesign()
    for run in range(3):
        crawl("--full", code=7)
        assert kept.revisions == before, f"run {run + 1} after the change"
        told = {line["url"]: line["reason"] or "" for line in kept.outcomes(kept.runs[-1])}
        assert {told[usual.url(number)].partition(":")[0] for number in usual.numbers} == {"drifted"}
    server.site = usual
    crawl("--full")
    assert kept.revisions == before
    kept.assert_sound()


def test_what_only_another_version_of_the_parser_read_is_no_loss(
    server: SampleServer, place: Place, declare: Declare
) -> None:
    server.site = server.site.with_redesign()
    declare(server, "oasis")
    place.environment = {"NEWSARCHIVE_TEST_PARSER": "9.9"}  # it names a source where the page shows none
    first = place.finish(place.start_program(ON_DAY, 0, "crawl", "oasis"))
    assert first.code == 0, first.err
    kept = place.kept("oasis")
    assert all(line["source"] for line in kept.revisions)
    place.environment = {}
    again = place.run("crawl", "oasis", "--full")
    assert again.code in {0, 7}, again.err
    told = {line["url"]: line["reason"] for line in kept.outcomes(kept.runs[-1])}
    assert {told[server.site.url(number)] for number in server.site.numbers} == {None}
