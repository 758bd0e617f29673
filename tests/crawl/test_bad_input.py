"""What can go wrong before and between requests: one clear line, the right exit code, and nothing kept is lost."""

import gzip
import re
import socket
from collections import Counter
from pathlib import Path

import pytest

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply, reply_to
from tests.conftest import RunNewsarchive
from tests.crawl.command import Place, wait_until
from tests.crawl.conftest import Serve


@pytest.fixture
def server(serve: Serve) -> SampleServer:
    return serve(sample_site(12))


@pytest.fixture
def unwritable(place: Place) -> Path:
    """Return a folder that cannot be made, even by root: its parent is a file."""
    place.folder.mkdir(parents=True)
    (place.folder / "file").write_text("not a folder", encoding="utf-8")
    return place.folder / "file" / "folder"


def test_a_live_site_without_a_contact_is_not_crawled(place: Place) -> None:
    ended = place.run("crawl", "icas")
    assert ended.code == 2
    assert "NEWSARCHIVE_CONTACT" in ended.complaint
    assert not place.archive.exists()


def test_an_unknown_site_is_named_with_its_neighbours(newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    ran = newsarchive("crawl", "sampel", "--archive", tmp_path / "archive")
    assert ran.code == 2
    assert "'sampel'; did you mean sample?" in ran.err
    assert not (tmp_path / "archive").exists()


def test_no_site_is_a_usage_error(newsarchive: RunNewsarchive) -> None:
    ran = newsarchive("crawl")
    assert (ran.code, ran.out) == (2, "")
    assert "name a SITE" in ran.err


def test_a_base_url_that_is_none_is_named(place: Place) -> None:
    ended = place.run("crawl", "sample", "--base-url", "not a url")
    assert ended.code == 2
    assert "'not a url'" in ended.complaint


def test_an_archive_that_cannot_be_written_is_told_before_any_request(
    server: SampleServer, place: Place, unwritable: Path
) -> None:
    ended = place.crawl(server, "--archive", unwritable)
    assert ended.code == 5
    assert str(unwritable) in ended.complaint
    assert "--archive" in ended.complaint
    assert server.requests == []


def test_exports_that_cannot_be_written_are_told_before_any_request(
    server: SampleServer, place: Place, unwritable: Path
) -> None:
    ended = place.crawl(server, "--exports", unwritable)
    assert ended.code == 5
    assert str(unwritable) in ended.complaint
    assert "--exports" in ended.complaint
    assert server.requests == []


def test_exports_that_become_unwritable_cost_nothing_that_was_kept(server: SampleServer, place: Place) -> None:
    assert place.crawl(server, "--limit", 3).code == 0
    dataset = place.kept().dataset
    dataset.unlink()
    dataset.mkdir()
    ended = place.crawl(server)
    assert ended.code == 5
    assert "exports/sample" in ended.complaint
    kept = place.kept()
    assert (kept.report()["ended"], kept.report()["articles_held"]) == ("failed", 12)
    assert "exports/sample" in kept.report()["error"]
    assert len(kept.revisions) == 12
    kept.assert_sound()
    dataset.rmdir()
    assert place.crawl(server).code == 0
    assert len(place.kept().articles) == 12


def test_a_refused_connection_is_a_site_that_cannot_be_reached(place: Place) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        ended = place.run("crawl", "sample", "--base-url", f"http://127.0.0.1:{port}/")
    assert ended.code == 7
    assert f"127.0.0.1:{port}" in ended.complaint
    assert place.kept().classes[f"http://127.0.0.1:{port}/"] == "pending"


def test_a_site_that_was_down_is_crawled_when_it_is_back(place: Place) -> None:
    with SampleServer(sample_site(3)) as server:
        port = int(server.base_url.rstrip("/").rpartition(":")[2])
    assert place.run("crawl", "sample", "--base-url", f"http://127.0.0.1:{port}/").code == 7
    with SampleServer(sample_site(3), port=port) as server:
        assert place.crawl(server).code == 0
    assert {line["url"] for line in place.kept().articles} >= server.site.article_urls
    place.kept().assert_sound()


def test_a_second_run_says_who_holds_the_collection(serve: Serve, place: Place) -> None:
    server = serve(sample_site(50), crawl_delay_seconds=0.3)
    running = place.start("crawl", "sample", "--base-url", server.base_url)
    wait_until(lambda: len(server.requests) > 3, running)
    ended = place.crawl(server)
    assert ended.code == 4
    assert f"process {running.pid} " in ended.complaint
    running.terminate()
    assert place.finish(running).code == 3
    place.kept().assert_sound()
    assert len(place.kept().runs) == 1


def test_a_site_file_with_an_error_is_told_by_file_line_and_field(place: Place) -> None:
    (place.folder / "sites").mkdir(parents=True)
    text = 'name = "harbour"\ntitle = "Harbour"\nhome = "harbour.test"\n'
    (place.folder / "sites" / "harbour.toml").write_text(text, encoding="utf-8")
    ended = place.run("crawl", "harbour")
    assert ended.code == 2
    assert re.search(r"sites/harbour\.toml:3: home: expected a URL", ended.complaint)


def test_bad_answers_are_tried_again_and_replace_nothing(server: SampleServer, place: Place) -> None:
    assert place.crawl(server).code == 0
    kept = place.kept()
    before = kept.log.read_bytes()
    busy, patient, empty, cut = (server.site.path(number) for number in server.site.numbers[3:7])
    html = {"Content-Type": "text/html"}
    server.replies[busy] = Reply(503, b"busy", html)
    server.replies[patient] = Reply(503, b"busy", {**html, "Retry-After": "3600"})
    server.replies[empty] = Reply(200, b"", html)
    zipped = gzip.compress(reply_to(server.site, cut).content)
    server.replies[cut] = Reply(200, zipped[: len(zipped) // 2], {**html, "Content-Encoding": "gzip"})
    server.requests.clear()
    ended = place.crawl(server, "--full")
    assert ended.code == 0, "the next try is due on a later day"

    times = Counter(request.path for request in server.requests)
    assert times[busy] == 3, "twice more in the same run"
    assert times[patient] == 1, "not before the instant that it names"
    told = {line["url"]: line for line in kept.outcomes(kept.runs[-1])}
    found = {path: told[server.site.origin + path] for path in (busy, patient, empty, cut)}
    outcomes = {path: line["outcome"] for path, line in found.items()}
    assert outcomes == {busy: "failed", patient: "pending", empty: "failed", cut: "failed"}
    reasons = {path: line["reason"].partition(":")[0] for path, line in found.items()}
    assert reasons == {busy: "http 503", patient: "http 503", empty: "empty-page", cut: "truncated"}
    assert kept.log.read_bytes() == before
    kept.assert_sound()
