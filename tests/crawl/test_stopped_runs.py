"""Runs that end before they are done, by a signal or by death, and what the next run makes of it."""

import json
import signal
import time
from collections import Counter

import pytest

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply
from tests.crawl.command import Ended, Place, wait_until
from tests.crawl.conftest import Serve
from tests.crawl.kept import Kept, Line, files_below
from tests.crawl.wire import record_at

ARTICLES = 50
KILLS = 3


@pytest.fixture
def server(serve: Serve) -> SampleServer:
    """Serve a site that asks for a little patience, so that a run can be caught at work."""
    return serve(sample_site(ARTICLES), crawl_delay_seconds=0.02)


def stopped_by(number: int, server: SampleServer, place: Place, after_requests: int) -> Ended:
    """Start a run and send it a signal once it has asked for so many pages."""
    server.requests.clear()
    running = place.start("crawl", "sample", "--base-url", server.base_url)
    wait_until(lambda: len(server.requests) >= after_requests, running)
    running.send_signal(number)
    return place.finish(running)


def assert_complete(kept: Kept, server: SampleServer) -> None:
    """Every article is there once, as if no run had been stopped."""
    kept.assert_sound()
    assert Counter(line["url"] for line in kept.revisions) == Counter(server.site.article_urls)
    assert Counter(line["url"] for line in kept.articles) == Counter(server.site.article_urls)
    for line in kept.revisions:
        record = record_at(kept.folder / "captures" / line["capture"]["warc"], line["capture"]["offset"])
        assert record.field("WARC-Record-ID") == f"<{line['capture']['record_id']}>"
    assert set(kept.classes.values()) <= {"stored", "unchanged", "gone", "redirected", "refused"}


def test_an_interrupted_run_keeps_what_it_has_and_the_next_goes_on(server: SampleServer, place: Place) -> None:
    ended = stopped_by(signal.SIGINT, server, place, after_requests=30)
    assert ended.code == 130
    assert "Traceback" not in ended.err
    kept = place.kept()
    first = kept.revisions
    assert 0 < len(first) < ARTICLES
    assert {line["id"] for line in kept.articles} == {line["id"] for line in first}
    assert kept.report()["ended"] == "interrupted"
    assert kept.report()["due_left"] > 0
    kept.assert_sound()

    server.requests.clear()
    assert place.crawl(server).code == 0
    assert kept.revisions[: len(first)] == first
    asked = {server.site.origin + request.path for request in server.requests}
    assert not asked & {line["url"] for line in first}, "what was committed is not asked for again"
    assert_complete(kept, server)


def test_an_interrupt_while_a_run_starts_ends_it_too(serve: Serve, place: Place) -> None:
    server = serve(sample_site(5), crawl_delay_seconds=0.02)
    for tenths in range(4, 20, 2):
        running = place.start("crawl", "sample", "--base-url", server.base_url)
        time.sleep(tenths / 10)
        running.send_signal(signal.SIGINT)
        ended = place.finish(running)
        if ended.code == -signal.SIGINT:
            # Python itself was still starting, where the machine is slow: nothing of ours had begun.
            assert not ended.out
            assert not place.archive.exists()
            continue
        # It may have been done before, where the machine is quick; it never goes on waiting.
        assert ended.code in {0, 130}


def test_an_interrupt_after_the_end_changes_no_exit_code(place: Place) -> None:
    # The summary is the last thing that a command prints; what comes after it is Python tidying up.
    program = (
        "import atexit, os, signal, sys\n"
        "atexit.register(os.kill, os.getpid(), signal.SIGINT)\n"
        "from newsarchive.cli.main import main\n"
        "sys.argv[1:] = ['sites']\n"
        "main()\n"
    )
    ended = place.finish(place.start_program("-c", program))
    assert (ended.code, ended.err) == (0, "")


def test_a_terminated_run_has_work_left(server: SampleServer, place: Place) -> None:
    ended = stopped_by(signal.SIGTERM, server, place, after_requests=30)
    assert ended.code == 3
    assert "still due" in ended.out
    assert place.kept().report()["ended"] == "interrupted"
    place.kept().assert_sound()
    assert place.crawl(server).code == 0
    assert_complete(place.kept(), server)


def test_a_run_killed_again_and_again_loses_nothing_and_writes_nothing_twice(
    server: SampleServer, place: Place
) -> None:
    kept = place.kept()
    before: list[str] = []
    for kill in range(KILLS):
        ended = stopped_by(signal.SIGKILL, server, place, after_requests=12 + 3 * kill)
        assert ended.code == -signal.SIGKILL
        found = [line["id"] for line in whole_lines(kept)]
        assert found[: len(before)] == before, "what was there stays there, in its order"
        before = found
    assert before
    assert place.crawl(server).code == 0
    assert len(kept.runs) == KILLS + 1
    assert_complete(kept, server)
    assert not (kept.folder / "salvage").exists() or kept.report()["salvaged_bytes"] > 0


def whole_lines(kept: Kept) -> list[Line]:
    """Revisions of a log that may end in a torn line."""
    whole, _, _ = (kept.log.read_bytes() if kept.log.exists() else b"").rpartition(b"\n")
    return [json.loads(line) for line in whole.split(b"\n") if line]


def test_torn_tails_are_set_aside_and_whole_records_are_taken_in(server: SampleServer, place: Place) -> None:
    stopped_by(signal.SIGKILL, server, place, after_requests=25)
    kept = place.kept()
    (segment,) = kept.segments
    torn = {
        segment: segment.read_bytes()[:150],
        kept.log: b'{"record":1,"id":"sample/torn","site":"sam',
        kept.folder / "runs" / f"{kept.runs[-1]}.jsonl": b'{"at":"2026-11-22T00:00:00Z","url":"http://torn',
    }
    for path, tail in torn.items():
        with path.open("ab") as file:
            file.write(tail)
    assert place.crawl(server).code == 0
    salvaged = [path.read_bytes() for path in sorted((kept.folder / "salvage").iterdir())]
    for tail in torn.values():
        assert any(data.endswith(tail) for data in salvaged)
    assert kept.report()["salvaged_bytes"] == sum(map(len, salvaged))
    assert_complete(kept, server)


def test_an_old_catalogue_is_told_and_nothing_is_touched(server: SampleServer, place: Place) -> None:
    assert place.crawl(server, "--limit", 5).code == 0
    kept = place.kept()
    old = {path: path.read_bytes() for path in kept.folder.glob("catalogue.sqlite*")}
    assert place.crawl(server, "--limit", 3).code == 0
    for path in kept.folder.glob("catalogue.sqlite*"):
        path.unlink()
    for path, data in old.items():
        path.write_bytes(data)
    before = {path: data for path, data in files_below(kept.folder) if path.suffix in {".jsonl", ".gz"}}
    ended = place.crawl(server)
    assert ended.code == 6
    assert "`newsarchive rebuild" in ended.complaint
    assert {path: data for path, data in files_below(kept.folder) if path.suffix in {".jsonl", ".gz"}} == before


def test_the_lock_dies_with_its_holder(server: SampleServer, place: Place) -> None:
    stopped_by(signal.SIGKILL, server, place, after_requests=10)
    assert place.crawl(server, "--limit", 1).code == 0
    assert place.kept().report()["ended"] == "limit"


def test_what_a_killed_run_did_not_publish_the_next_one_publishes_at_its_start(serve: Serve, place: Place) -> None:
    server = serve(sample_site(12))
    assert place.crawl(server).code == 0
    kept = place.kept()
    before = kept.dataset.read_bytes()
    kept.dataset.unlink()  # killed between its last commit and this
    server.replies["/robots.txt"] = Reply(200, b"User-agent: *\nCrawl-delay: 60\n", {"Content-Type": "text/plain"})
    server.requests.clear()
    running = place.start("crawl", "sample", "--base-url", server.base_url)
    wait_until(kept.dataset.exists, running)
    assert len(server.requests) <= 2, "published before the site was asked for more than robots.txt and a page"
    assert len(kept.dataset.read_bytes().splitlines()) == len(before.splitlines()) == 12
    running.kill()
    assert place.finish(running).code == -signal.SIGKILL
