"""Visits that wait for their commit are bounded in number and in bytes, and so is what one commit takes."""

import gc
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, ModuleType

import pytest

from newsarchive.store.collection import MAX_BATCH, MAX_BATCH_BYTES, MAX_UNCOMMITTED, MAX_UNCOMMITTED_BYTES
from newsarchive.store.commit import Committed
from newsarchive.store.visit import Visit
from tests.preservation.keeper import ORIGIN, URLS, Keeper, answer, page

LARGE = answer(b"<p>x</p>" * 500_000)
SMALL = answer(b"short")


@pytest.mark.parametrize(
    ("received", "most"),
    [(LARGE, MAX_UNCOMMITTED_BYTES // (2 * len(LARGE)) + 1), (SMALL, MAX_UNCOMMITTED)],
    ids=["large answers", "small answers"],
)
def test_a_slow_disk_holds_the_crawl_back_before_memory_fills(received: bytes, most: int, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    collection = keeper.open().collection
    batches: list[list[int]] = []

    def note(visits: Sequence[Visit], _committed: Committed) -> None:
        batches.append([visit.held_bytes for visit in visits])

    collection.on_committed = note
    # Another connection holds the catalogue's write lock, as a disk does that takes its time.
    with closing(sqlite3.connect(keeper.layout.catalogue, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        count = 0
        while not collection.backed_up:
            url = f"{ORIGIN}/f/202001/{count}.html"
            collection.submit(keeper.visit(collection.catalogue, url, received))
            count += 1
        assert count <= most
        assert collection.uncommitted == count
        assert collection.uncommitted_bytes < MAX_UNCOMMITTED_BYTES + 3 * len(received)
        other.execute("ROLLBACK")
    deadline = time.monotonic() + 30
    while collection.uncommitted and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (collection.uncommitted, collection.uncommitted_bytes) == (0, 0)
    collection.close()
    assert sum(map(len, batches)) == count
    assert all(len(batch) <= MAX_BATCH and sum(batch) <= MAX_BATCH_BYTES for batch in batches)
    assert keeper.query("SELECT count(*) FROM urls WHERE class = 'pending' AND url LIKE '%/f/%'") == [(0,)]
    assert keeper.damages() == []


def test_an_answer_that_is_larger_than_a_batch_is_a_batch_of_its_own(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    body = b"<p>x</p>" * (MAX_BATCH_BYTES // 8)
    urls = [f"{ORIGIN}/f/202001/{number}.html" for number in range(2)]
    outcomes = keeper.run([(url, answer(body)) for url in urls])
    assert [outcome.url for outcome in outcomes] == urls
    assert keeper.damages() == []


def test_what_a_visit_is_said_to_hold_is_about_what_it_holds(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    collection = keeper.open().collection
    visits = [keeper.visit(collection.catalogue, url, answer(page(url))) for url in URLS]
    collection.close()
    said, held = sum(visit.held_bytes for visit in visits), _size(visits)
    assert held / 1.5 < said < held * 1.5, f"{held} bytes are held, {said} are counted"


def _size(*roots: object) -> int:
    """Return how many bytes there are in reach of `roots`, each object counted once."""
    seen: set[int] = set()
    size = 0
    left = list(roots)
    while left:
        thing = left.pop()
        if id(thing) in seen or isinstance(thing, (type, ModuleType, FunctionType, BuiltinFunctionType)):
            continue
        seen.add(id(thing))
        size += sys.getsizeof(thing)
        left += gc.get_referents(thing)
    return size
