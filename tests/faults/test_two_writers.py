"""Two runs at once on one collection: one writes, the other refuses at once; the dead hold nothing (faults F7)."""

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

from newsarchive.errors import CollectionLockedError
from newsarchive.sample import SampleServer
from newsarchive.sites import load_site
from newsarchive.sites.scope import Scope, rebased
from newsarchive.store.opening import open_collection
from tests.faults.books import Books
from tests.faults.form import LONG
from tests.faults.lives import Life
from tests.faults.sites import served

Crawl = Callable[..., Life]
LOCKED = 4


def _race(archive: Path, base_url: str, results: Connection, start: float) -> None:
    """Open the collection at `start`, hold it for a moment, and say when it was held; or how long a refusal took."""
    scope = Scope(rebased(load_site("sample"), base_url))
    time.sleep(max(0, start - time.time()))
    began = time.monotonic()
    try:
        opened = open_collection(archive, scope, warcinfo={}, clock=time.time, min_free_bytes=0)
    except CollectionLockedError:
        results.send(("refused", time.monotonic() - began, 0.0))
        return
    held_from = time.monotonic()
    time.sleep(0.02)
    held_until = time.monotonic()
    opened.collection.close()
    results.send(("held", held_from, held_until))


def test_of_runs_that_begin_together_one_writes_and_the_others_refuse(
    tmp_path: Path, measured: Callable[[str, object], None]
) -> None:
    spawn = multiprocessing.get_context("fork")
    slowest = 0.0
    with served(1) as server:
        for _ in range(100 if LONG else 34):
            start = time.time() + 0.05
            pairs = [spawn.Pipe(duplex=False) for _ in range(3)]
            racers = [
                spawn.Process(target=_race, args=(tmp_path, server.base_url, sending, start)) for _, sending in pairs
            ]
            for racer in racers:
                racer.start()
            said = [receiving.recv() for receiving, _ in pairs]
            for racer in racers:
                racer.join()
            held = sorted(times for what, *times in said if what == "held")
            assert held, said
            assert all(earlier[1] <= later[0] for earlier, later in pairwise(held)), held
            slowest = max([slowest, *(took for what, took, _ in said if what == "refused")])
    measured("slowest refusal in seconds", round(slowest, 3))


def test_a_second_crawl_is_refused_at_once_and_harms_nothing(crawl: Crawl, books: Books) -> None:
    with served(30) as server:
        for _ in range(10 if LONG else 3):
            first = crawl(server, "--full")
            while not (books.folder / ".lock.holder").exists() and first.runs():
                time.sleep(0.005)
            # However slow the second one is to begin, the first is still there.
            first.kill(signal.SIGSTOP)
            second = crawl(server).wait()
            assert second.code == LOCKED, second
            assert len(second.complaints) == 1
            assert f"process {first.pid} " in second.complaints[0]
            first.kill(signal.SIGCONT)
            assert first.wait().code == 0
        assert books.faults() == []


def test_verify_beside_runs_that_begin_and_end_finds_no_fault(crawl: Crawl, books: Books, small: SampleServer) -> None:
    assert crawl(small).wait().code == 0
    for _ in range(40 if LONG else 8):
        life = crawl(small, "--full")
        while life.runs():
            ended = life.nursery.run("verify", "sample")
            assert (ended.code, ended.out) == (0, "sample: sound\n"), ended
        assert life.wait().code == 0
    assert books.faults() == []


def test_the_lock_of_a_killed_run_is_taken_over(crawl: Crawl, books: Books, small: SampleServer) -> None:
    for _ in range(3):
        life = crawl(small, "--full")
        while not (books.folder / ".lock.holder").exists() and life.runs():
            time.sleep(0.002)
        life.kill()
        assert life.wait().code == -signal.SIGKILL
    assert (books.folder / ".lock").exists()
    assert crawl(small).wait().code == 0
    assert books.faults() == []


def test_the_lock_of_a_run_that_is_stopped_still_holds(crawl: Crawl, books: Books, small: SampleServer) -> None:
    life = crawl(small, "--full")
    while not (books.folder / ".lock.holder").exists() and life.runs():
        time.sleep(0.002)
    life.kill(signal.SIGSTOP)
    second = crawl(small).wait()
    assert second.code == LOCKED, second
    holder = json.loads((books.folder / ".lock.holder").read_text(encoding="utf-8"))
    assert holder["pid"] == life.pid
    assert holder["host"] == os.uname().nodename
    life.kill(signal.SIGCONT)
    assert life.wait().code == 0
    assert books.faults() == []
