"""What can go wrong before and between requests: one clear line, the right exit code, and nothing kept is lost."""

import json
import os
import re
import socket
from pathlib import Path

import pytest

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply
from tests.crawl.command import Place, wait_until
from tests.crawl.conftest import Serve
from tests.crawl.kept import files_below


@pytest.fixture
def server(serve: Serve) -> SampleServer:
    return serve(sample_site(12))


@pytest.fixture
def unwritable(place: Place) -> Path:
    """Return a folder that cannot be made, even by root: its parent is a file."""
    place.folder.mkdir(parents=True)
    (place.folder / "file").write_text("not a folder", encoding="utf-8")
    return place.folder / "file" / "folder"


def everything(place: Place) -> dict[Path, bytes]:
    """Return what is kept and published, but for what SQLite and the lock leave beside it."""
    beside = ("-shm", "-wal", ".lock", ".holder")
    return {path: data for path, data in files_below(place.archive, place.exports) if not path.name.endswith(beside)}


def test_a_live_site_without_a_contact_is_not_crawled(place: Place) -> None:
    ended = place.run("crawl", "icas")
    assert ended.code == 2
    assert "NEWSARCHIVE_CONTACT" in ended.complaint
    assert not place.archive.exists()


def test_an_unknown_site_is_named_with_its_neighbours(place: Place) -> None:
    ended = place.run("crawl", "sampel")
    assert ended.code == 2
    assert "'sampel'" in ended.complaint
    assert "did you mean sample?" in ended.complaint
    assert not place.archive.exists()


def test_no_site_is_a_usage_error(place: Place) -> None:
    ended = place.run("crawl")
    assert ended.code == 2
    assert "SITE" in ended.complaint


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


def test_a_collection_of_another_origin_is_refused_and_left_alone(
    server: SampleServer, serve: Serve, place: Place
) -> None:
    assert place.crawl(server, "--limit", 2).code == 0
    before = everything(place)
    other = serve(sample_site(3))
    for options in ((), ("--dry-run",)):
        ended = place.crawl(other, *options)
        assert ended.code == 2
        assert server.site.origin in ended.complaint
    assert other.requests == []
    assert everything(place) == before


def test_an_export_of_another_collection_is_not_overwritten(server: SampleServer, serve: Serve, place: Place) -> None:
    assert place.crawl(server, "--limit", 2).code == 0
    published = dict(files_below(place.exports))
    ended = place.crawl(serve(sample_site(3)), "--archive", "elsewhere")
    assert ended.code == 2
    assert "--exports" in ended.complaint
    assert dict(files_below(place.exports)) == published


def test_a_second_run_says_who_holds_the_collection(serve: Serve, place: Place) -> None:
    server = serve(sample_site(12), crawl_delay_seconds=0.2)
    running = place.start("crawl", "sample", "--base-url", server.base_url)
    wait_until(lambda: len(server.requests) > 3, running)
    ended = place.crawl(server)
    assert ended.code == 4
    assert f"process {running.pid} " in ended.complaint
    running.terminate()
    assert place.finish(running).code == 3
    place.kept().assert_sound()
    assert len(place.kept().runs) == 1


def test_robots_txt_that_fails_forbids_everything_for_now(server: SampleServer, place: Place) -> None:
    server.replies["/robots.txt"] = Reply(503, b"User-agent: *\nAllow: /\n", {"Content-Type": "text/plain"})
    ended = place.crawl(server)
    assert ended.code == 3
    assert {request.path for request in server.requests} == {"/robots.txt"}
    kept = place.kept()
    assert kept.report()["due_left"] == 1
    assert kept.classes[server.base_url] == "pending"
    del server.replies["/robots.txt"]
    assert place.crawl(server).code == 0
    assert {line["url"] for line in kept.articles} >= server.site.article_urls
    kept.assert_sound()


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_robots_txt_that_is_not_there_allows_everything(serve: Serve, place: Place, status: int) -> None:
    server = serve(sample_site(3))
    server.replies["/robots.txt"] = Reply(status, b"User-agent: *\nDisallow: /\n", {"Content-Type": "text/plain"})
    assert place.crawl(server, "--limit", 1).code == 0
    assert len(place.kept().revisions) == 1


def test_a_deleted_catalogue_is_told_and_nothing_is_touched(server: SampleServer, place: Place) -> None:
    assert place.crawl(server, "--limit", 2).code == 0
    for path in place.kept().folder.glob("catalogue.sqlite*"):
        path.unlink()
    before, asked = everything(place), len(server.requests)
    for _ in range(2):
        ended = place.crawl(server)
        assert ended.code == 6
        assert "`newsarchive rebuild`" in ended.complaint
    after = everything(place)
    after.pop(place.kept().folder / "catalogue.sqlite", None)
    assert after == before
    assert len(server.requests) == asked


def test_a_catalogue_that_is_none_is_told(server: SampleServer, place: Place) -> None:
    assert place.crawl(server, "--limit", 2).code == 0
    for path in place.kept().folder.glob("catalogue.sqlite*"):
        path.unlink()
    (place.kept().folder / "catalogue.sqlite").write_bytes(b"no database, and long enough to be taken for one" * 99)
    ended = place.crawl(server)
    assert ended.code == 6
    assert "`newsarchive rebuild`" in ended.complaint


def test_a_log_that_lost_committed_bytes_is_damage(server: SampleServer, place: Place) -> None:
    assert place.crawl(server, "--limit", 2).code == 0
    log = place.kept().log
    os.truncate(log, log.stat().st_size - 1)
    before = everything(place)
    ended = place.crawl(server)
    assert ended.code == 6
    assert "revisions.jsonl" in ended.complaint
    assert everything(place) == before


def test_a_site_file_with_an_error_is_told_by_file_line_and_field(place: Place) -> None:
    (place.folder / "sites").mkdir(parents=True)
    text = 'name = "harbour"\ntitle = "Harbour"\nhome = "harbour.test"\n'
    (place.folder / "sites" / "harbour.toml").write_text(text, encoding="utf-8")
    ended = place.run("crawl", "harbour")
    assert ended.code == 2
    assert re.search(r"sites/harbour\.toml:3: home: expected a URL", ended.complaint)


def test_an_identity_that_cannot_be_read_is_damage(server: SampleServer, place: Place) -> None:
    assert place.crawl(server, "--limit", 1).code == 0
    path = place.kept().folder / "collection.json"
    path.write_text(json.dumps({"format": 99}), encoding="utf-8")
    ended = place.crawl(server)
    assert ended.code == 6
    assert str(path.name) in ended.complaint


def test_a_busy_server_is_asked_again_and_then_left(server: SampleServer, place: Place) -> None:
    url = server.site.url(server.site.numbers[4])
    path = url.removeprefix(server.site.origin)
    server.replies[path] = Reply(503, b"busy", {"Content-Type": "text/html"})
    ended = place.crawl(server)
    times = sum(request.path == path for request in server.requests)
    kept = place.kept()
    assert kept.classes[url] == "failed"
    assert 1 < times <= 3
    assert {line["reason"] for line in kept.outcomes() if line["url"] == url} == {"http 503"}
    assert ended.code == 0, "its next try is due on a later day"
    assert url not in {line["url"] for line in kept.articles}
    kept.assert_sound()


def test_a_server_that_says_when_to_come_back_is_not_asked_before(server: SampleServer, place: Place) -> None:
    url = server.site.url(server.site.numbers[4])
    path = url.removeprefix(server.site.origin)
    server.replies[path] = Reply(503, b"busy", {"Content-Type": "text/html", "Retry-After": "3600"})
    assert place.crawl(server).code == 0
    assert sum(request.path == path for request in server.requests) == 1


def test_an_empty_or_cut_page_replaces_nothing(server: SampleServer, place: Place) -> None:
    assert place.crawl(server).code == 0
    kept = place.kept()
    before = kept.log.read_bytes()
    first, second = (server.site.path(number) for number in server.site.numbers[3:5])
    server.replies[first] = Reply(200, b"", {"Content-Type": "text/html"})
    server.replies[second] = Reply(200, b"<html><body><p>", {"Content-Type": "text/html", "Content-Length": "9000"})
    assert place.crawl(server, "--full").code == 0
    assert kept.log.read_bytes() == before
    outcomes = {line["url"]: line for line in kept.outcomes(kept.runs[-1])}
    reasons = {outcomes[server.site.origin + path]["reason"].partition(":")[0] for path in (first, second)}
    assert {outcomes[server.site.origin + path]["outcome"] for path in (first, second)} == {"failed"}
    assert reasons <= {"empty-page", "truncated", "unread"}
    kept.assert_sound()
