"""What `status` and `runs` say after runs that say nothing of the site: imports, and runs that failed."""

import datetime as dt
import json
import re
from collections.abc import Callable

import pytest

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply
from tests.crawl.command import Ended, Place
from tests.crawl.kept import Line
from tests.watching.conftest import Declare, declare, place, serve

__all__ = ["declare", "place", "serve"]

pytestmark = pytest.mark.crawl
ARTICLES = 4


@pytest.fixture
def server(serve: Callable[..., SampleServer]) -> SampleServer:
    return serve(sample_site(ARTICLES))


@pytest.fixture
def crawled(server: SampleServer, place: Place, declare: Declare) -> Place:
    """Return a place with a site that was crawled once and is healthy."""
    declare(server, "oasis")
    ended = place.run("crawl", "oasis")
    assert ended.code == 0, ended.err
    return place


def status_of(place: Place) -> tuple[int, Line]:
    ended = place.run("status", "oasis", "--json")
    line: Line = json.loads(ended.out)
    return ended.code, line


def failed_crawl(place: Place) -> Ended:
    place.environment = {"NEWSARCHIVE_MIN_FREE_MB": "999999999"}
    ended = place.run("crawl", "oasis")
    place.environment = {}
    assert ended.code == 5, ended.err
    return ended


def test_an_import_leaves_the_verdict_of_the_last_crawl_as_it_is(server: SampleServer, crawled: Place) -> None:
    server.replies["/"] = Reply(404)
    assert crawled.run("crawl", "oasis").code == 7
    before = status_of(crawled)
    assert (before[0], before[1]["verdict"]) == (7, "degraded")
    package = crawled.run("package", "oasis", "--output", crawled.folder / "oasis.wacz")
    assert package.code == 0, package.err
    taken = crawled.run("import", crawled.folder / "oasis.wacz")
    assert (taken.code, "0 captures taken in" in taken.out) == (0, True), taken.err
    code, after = status_of(crawled)
    assert (code, after["verdict"], after["since"], after["against"]) == (
        7, "degraded", before[1]["since"], before[1]["against"],
    )  # fmt: skip
    assert "degraded since" in crawled.run("runs", "oasis").out
    # Nor does the next crawl take what stands for new: the home page is lost since then.
    assert crawled.run("crawl", "oasis").code == 7
    assert status_of(crawled)[1]["since"] == before[1]["since"]
    del server.replies["/"]
    assert crawled.run("crawl", "oasis", "--full").code == 0
    assert status_of(crawled)[0] == 0


def test_a_run_that_failed_has_no_good_verdict_true_counts_and_a_status_that_is_not_0(crawled: Place) -> None:
    before = status_of(crawled)[1]
    ended = failed_crawl(crawled)
    report = crawled.kept("oasis").report()
    assert (report["ended"], report["error_code"], report["verdict"]) == ("failed", 5, None)
    assert (report["articles_held"], sum(report["urls_known"].values())) == (ARTICLES, _known(crawled))
    assert f"{ARTICLES} held" in ended.out
    assert "verdict" not in ended.out
    code, line = status_of(crawled)
    assert (code, line["verdict"], line["since"]) == (5, before["verdict"], before["since"])
    assert "failed" in line["against"][0]
    assert "are to stay free" in line["against"][0]
    told = crawled.run("runs", "oasis").out
    assert "byte for byte" not in told.partition("failed: ")[0]
    assert "are to stay free" in told
    assert crawled.run("crawl", "oasis").code == 0
    assert status_of(crawled)[0] == 0


def test_an_import_after_a_run_that_failed_does_not_hide_it(crawled: Place) -> None:
    package = crawled.run("package", "oasis", "--output", crawled.folder / "oasis.wacz")
    assert package.code == 0, package.err
    failed_crawl(crawled)
    assert crawled.run("import", crawled.folder / "oasis.wacz").code == 0
    assert status_of(crawled)[0] == 5


def test_an_article_that_looks_gone_is_named_until_a_second_look_decides(server: SampleServer, crawled: Place) -> None:
    number = server.site.numbers[0]
    server.replies[server.site.path(number)] = Reply(404)
    ended = crawled.run("crawl", "oasis", "--full")
    report, url = crawled.kept("oasis").report(), server.site.url(number)
    first = next(line for line in crawled.kept("oasis").outcomes(report["run"]) if line["url"] == url)["at"]
    day = dt.datetime.fromisoformat(report["look_gone"][url]) - dt.datetime.fromisoformat(first)
    assert dt.timedelta(hours=20) < day < dt.timedelta(hours=24)
    assert report["articles_removed"] == 0
    assert f"  1 article looks gone: {url}; a look from {report['look_gone'][url]} on may confirm it" in ended.out
    assert status_of(crawled) == (0, status_of(crawled)[1] | {"look_gone": [url]})
    assert f"oasis: 1 article looks gone: {url}\n" in crawled.run("status", "oasis").out
    del server.replies[server.site.path(number)]
    assert "gone" not in crawled.run("crawl", "oasis", "--full").out.partition("verdict")[0].partition("URLs")[0]
    assert status_of(crawled)[1]["look_gone"] == []


def test_a_host_without_robots_txt_has_no_page_that_is_gone_and_the_classes_are_said_to_be_of_all_runs(
    server: SampleServer, crawled: Place
) -> None:
    before = crawled.run("crawl", "oasis").out
    server.replies["/robots.txt"] = Reply(404)
    ended = crawled.run("crawl", "oasis")
    report = crawled.kept("oasis").report()
    assert report["robots_gone"] == {"http 404": 1}
    (known,) = [line for line in ended.out.splitlines() if "all URLs known so far: " in line]
    usual = _number(before, "gone")
    assert (report["urls_known"]["gone"], _number(ended.out, "gone")) == (usual + 1, usual)
    assert _number(known, "stored") == report["urls_known"]["stored"]
    reasons = [line for line in ended.out.splitlines() if "reasons" in line]
    assert _number("".join(reasons), "http 404") == report["reasons"]["http 404"] - 1


def test_a_withdrawn_article_is_not_counted_as_held(crawled: Place) -> None:
    article = crawled.kept("oasis").revisions[0]["id"]
    assert crawled.run("withdraw", article, "--yes").code == 0
    assert status_of(crawled)[1]["articles"] == ARTICLES - 1
    ended = crawled.run("crawl", "oasis")
    assert f"{ARTICLES - 1} held" in ended.out
    assert crawled.kept("oasis").report()["articles_held"] == ARTICLES - 1


def test_runs_counts_a_url_that_failed_once_however_often_it_was_tried(server: SampleServer, crawled: Place) -> None:
    path = server.site.path(server.site.numbers[0])
    server.replies[path] = Reply(503)
    crawled.run("crawl", "oasis", "--full")
    report = crawled.kept("oasis").report()
    assert (report["outcomes"]["failed"], report["urls_failed"]) == (3, {"http 503": 1})
    line = next(line for line in crawled.run("runs", "oasis").out.splitlines() if line.startswith(report["run"]))
    assert line.split()[-2:] == ["1", "finished"]


def _number(text: str, what: str) -> int:
    found = re.search(rf"(\d+) {what}", text)
    return int(found[1]) if found else 0


def _known(place: Place) -> int:
    return len(place.kept("oasis").classes)
