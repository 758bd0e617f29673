"""robots.txt: asked for first, judged by its status, followed where it moved (RFC 9309)."""

import json
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply
from tests.crawl.command import Place, wait_until
from tests.crawl.conftest import Serve
from tests.crawl.kept import Kept, read_json


@pytest.fixture
def server(serve: Serve) -> SampleServer:
    return serve(sample_site(12))


def test_robots_txt_that_fails_forbids_everything_for_now(server: SampleServer, place: Place) -> None:
    server.replies["/robots.txt"] = Reply(503, b"User-agent: *\nAllow: /\n", {"Content-Type": "text/plain"})
    ended = place.crawl(server)
    assert ended.code == 3
    assert [request.path for request in server.requests] == 3 * ["/robots.txt"]
    kept = place.kept()
    assert kept.report()["due_left"] == 1
    assert kept.classes[server.base_url] == "pending"
    del server.replies["/robots.txt"]
    assert place.crawl(server).code == 0
    assert {line["url"] for line in kept.articles} >= server.site.article_urls
    kept.assert_sound()


def test_robots_txt_that_fails_for_a_moment_is_asked_for_again(server: SampleServer, place: Place) -> None:
    server.replies["/robots.txt"] = Reply(502, b"", {"Content-Type": "text/plain"})
    crawl = place.start("crawl", "sample", "--base-url", server.base_url)
    wait_until(lambda: bool(server.requests), crawl)
    server.replies["/robots.txt"] = Reply(200, b"User-agent: *\nDisallow: /research\n", {"Content-Type": "text/plain"})
    ended = place.finish(crawl)
    assert ended.code == 0, ended
    asked = [request.path for request in server.requests]
    assert asked[:2] == 2 * ["/robots.txt"]
    assert asked.count("/robots.txt") == 2
    assert not [path for path in asked if path.startswith("/research")]
    kept = place.kept()
    assert len(kept.articles) > 0
    assert kept.report()["outcomes"]["failed"] == 1
    kept.assert_sound()


def test_robots_txt_that_asks_for_more_time_is_given_it(server: SampleServer, place: Place) -> None:
    server.replies["/robots.txt"] = Reply(503, b"", {"Content-Type": "text/plain", "Retry-After": "600"})
    ended = place.crawl(server)
    assert ended.code == 3
    assert [request.path for request in server.requests] == ["/robots.txt"]
    server.replies.clear()
    server.requests.clear()
    later = place.crawl(server)
    assert later.code == 3
    assert "asked to be left alone until" in later.out
    assert not server.requests, "the next run obeys, too"
    kept = place.kept()
    rests = [read_json(path)["rests"] for path in reports(kept)]
    assert len(rests) == 2
    assert rests[0] == rests[1] != {}, "and hands on what it was told"
    past_the_rest(kept)
    assert place.crawl(server).code == 0
    kept.assert_sound()


def test_a_host_that_asks_for_rest_again_and_again_is_given_it_by_later_runs_too(serve: Serve, place: Place) -> None:
    server = serve(sample_site(60))
    assert place.crawl(server, "--limit", 2).code == 0
    tired = Reply(429, b"", {"Content-Type": "text/html", "Retry-After": "3600"})
    server.replies.update({server.site.path(number): tired for number in server.site.numbers})
    assert place.crawl(server, "--full").code == 3
    kept = place.kept()
    assert list(kept.report()["rests"]) == [urlsplit(server.base_url).netloc]
    server.requests.clear()
    assert place.crawl(server, "--full").code == 3
    assert not server.requests
    server.replies.clear()
    past_the_rest(kept)
    assert place.crawl(server, "--full").code == 0
    kept.assert_sound()


def past_the_rest(kept: Kept) -> None:
    """Write into the reports of the runs that the rest they tell of is over."""
    for path in reports(kept):
        report = read_json(path)
        report["rests"] = dict.fromkeys(report["rests"], "2026-01-01T00:00:00Z")
        path.write_text(json.dumps(report), encoding="utf-8")


def reports(kept: Kept) -> list[Path]:
    return sorted((kept.folder / "runs").glob("*.json"))


def test_robots_txt_that_is_refused_allows_everything(server: SampleServer, place: Place) -> None:
    server.replies["/robots.txt"] = Reply(403, b"User-agent: *\nDisallow: /\n", {"Content-Type": "text/plain"})
    assert place.crawl(server, "--limit", 1).code == 0
    assert len(place.kept().revisions) == 1


def test_rules_behind_a_redirect_are_known_before_any_page_is_asked_for(server: SampleServer, place: Place) -> None:
    rules = "User-agent: *\nDisallow: /research\n"
    server.replies["/robots.txt"] = Reply(301, b"", {"Location": "/rules.txt"})
    server.replies["/rules.txt"] = Reply(200, rules.encode(), {"Content-Type": "text/plain"})
    for options in ((), ("--full",)):
        server.requests.clear()
        assert place.crawl(server, *options).code == 0
        asked = [request.path for request in server.requests]
        assert asked[:2] == ["/robots.txt", "/rules.txt"]
        assert not [path for path in asked if path.startswith("/research")]
        assert Counter(asked)["/rules.txt"] == 1
    # Rules that nothing leads to any more are no rules.
    del server.replies["/robots.txt"]
    server.requests.clear()
    assert place.crawl(server, "--full").code == 0
    assert "/rules.txt" not in {request.path for request in server.requests}
    assert "/research.htm" in {request.path for request in server.requests}


@pytest.mark.parametrize("target", ["/robots.txt", "/", "/round", "http://elsewhere.test/robots.txt"])
def test_a_redirect_of_robots_txt_that_leads_nowhere_is_none(server: SampleServer, place: Place, target: str) -> None:
    server.replies["/robots.txt"] = Reply(302, b"", {"Location": target})
    server.replies["/round"] = Reply(302, b"", {"Location": "/robots.txt"})
    assert place.crawl(server, "--limit", 1).code == 0
    assert len(place.kept().revisions) == 1
    assert sum(request.path in {"/robots.txt", "/round"} for request in server.requests) <= 2
