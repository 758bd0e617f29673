"""Watchers that are killed, and what the next one makes of their crawls; two crawls of one host."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from newsarchive.sample import sample_site
from tests.crawl.command import Place, wait_until
from tests.crawl.conftest import Serve, place, serve
from tests.watching.conftest import Declare, declare
from tests.watching.test_watch import SLOW, runs_of

__all__ = ["declare", "place", "serve"]

DELAY_SECONDS = 0.1


@pytest.fixture
def ending() -> Iterator[Callable[[int], None]]:
    """End processes that a killed watcher left."""
    numbers: list[int] = []
    yield numbers.append
    for number in numbers:
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_a_crawl_that_outlives_a_killed_watcher_is_not_joined_by_another(
    serve: Serve, place: Place, declare: Declare, ending: Callable[[int], None]
) -> None:
    server = serve(sample_site(6), crawl_delay_seconds=SLOW)
    declare(server, "one")
    watching = place.start("watch", "one", "--every", "6h")
    holder = place.archive / "one" / ".lock.holder"
    wait_until(lambda: holder.exists() and holder.stat().st_size > 0 and len(server.requests) > 3, watching)
    crawling = json.loads(holder.read_bytes())["pid"]
    ending(crawling)
    watching.kill()
    place.finish(watching)
    again = place.start("watch", "one", "--every", "6h")
    wait_until(lambda: not holder.exists() and bool(runs_of(place, "one")), again)
    again.send_signal(signal.SIGINT)
    assert place.finish(again).code == 130
    assert place.run("watch", "one", "--every", "6h", "--once").code == 0
    assert len(runs_of(place, "one")) == 1, "it came to its end, and nothing was due"


def test_a_crawl_that_died_with_its_watcher_is_made_up_for_once(serve: Serve, place: Place, declare: Declare) -> None:
    declare(serve(sample_site(4)), "one")
    state = place.archive / ".newsarchive" / "watch.json"
    state.parent.mkdir(parents=True)
    died = {"format": 1, "sites": {"one": {"watched_at": 1e9, "started_at": time.time() - 60, "ended": False}}}
    state.write_text(json.dumps(died), encoding="utf-8")
    for _ in range(2):
        assert place.run("watch", "one", "--every", "1d", "--once").code == 0
    assert len(runs_of(place, "one")) == 1


def test_two_crawls_of_one_host_ask_no_faster_together_than_one_alone(
    serve: Serve, place: Place, declare: Declare
) -> None:
    server = serve(sample_site(3), crawl_delay_seconds=DELAY_SECONDS)
    declare(server, "one", "two")
    crawls = [place.start("crawl", name, "--limit", "3") for name in ("one", "two")]
    assert [place.finish(crawl).code for crawl in crawls] == [0, 0]
    # Nobody knows the delay before robots.txt was read; on this machine there is none by default.
    told = [request.at for request in server.requests if request.path == "/robots.txt"]
    paced = [request.at for request in server.requests if request.at > max(told)]
    assert len(told) == 2
    assert len(paced) > 10
    # A turn is taken when a request is handed out; how long it is then on its way differs on a busy machine, so five
    # turns are looked at together.
    spans = [later - earlier for earlier, later in zip(paced, paced[5:], strict=False)]
    assert min(spans) > 5 * DELAY_SECONDS * 0.6
    # The first may have been late by nearly a turn, and the last in time.
    assert paced[-1] - paced[0] > (len(paced) - 2) * DELAY_SECONDS
    assert len({request.headers["user-agent"] for request in server.requests}) == 1
