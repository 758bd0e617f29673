"""Power loss at any moment: what a commit reported is there, and the rest does no harm (faults F3)."""

import json
import random
import shutil
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import pytest

from newsarchive.sample import SampleServer
from newsarchive.sites import load_site
from newsarchive.sites.scope import Scope, rebased
from newsarchive.store.opening import open_collection
from tests.faults.books import Books
from tests.faults.form import LONG
from tests.faults.lives import Life
from tests.faults.powerloss import Call, Disk, calls_of
from tests.faults.tracing import Fault, record

Crawl = Callable[..., Life]
ACKNOWLEDGED = "acknowledged"
OURS = {"", "archive", "exports", ACKNOWLEDGED}
"""What lies in the folder besides is where the processes' output goes."""


def recorded(crawl: Crawl, server: SampleServer, strace: str, folder: Path, dice: random.Random) -> list[Call]:
    """Return every call of a crawl that is killed in the middle, goes on, and of another one after it.

    The kill comes before a sync: what was written by then lies in memory, is taken in by the next run, and the power
    may still take it.
    """
    calls: list[Call] = []
    killed = Fault(("fdatasync",), dice.randint(12, 24), "signal=SIGKILL")
    for faults in ([killed], [], []):
        log = folder.parent / f"{folder.name}.log"
        life = crawl(server, traced=True, acknowledge=folder / ACKNOWLEDGED)
        tracer = record(life, log, strace, *faults)
        ended = life.wait()
        assert ended.code in ({0, -9} if faults else {0}), ended
        tracer.communicate()
        ours = (call for call in calls_of(log, folder) if call.path.partition("/")[0] in OURS)
        calls += (call for call in ours if call.path != ACKNOWLEDGED or call.name == "write")
        log.unlink()
    return calls


@pytest.mark.parametrize("_again", range(10 if LONG else 3))
def test_power_loss_takes_nothing_that_a_commit_reported(  # noqa: PLR0913, PLR0917 - a fixture each
    _again: int, crawl: Crawl, small: SampleServer, tool: Callable[[str], str], dice: random.Random,
    tmp_path: Path, unable: Callable[[str], NoReturn], measured: Callable[[str, object], None],
) -> None:  # fmt: skip
    scope = Scope(rebased(load_site("sample"), small.base_url))
    try:
        calls = recorded(crawl, small, tool("strace"), tmp_path, dice)
    except PermissionError as error:
        unable(str(error))
    moments = _moments(calls, dice, 120 if LONG else 30)
    disk = Disk()
    reported: list[dict[str, Any]] = []
    for before, moment in pairwise([0, *moments]):
        for call in calls[before:moment]:
            if call.path == ACKNOWLEDGED:
                reported += json.loads(call.data)
            else:
                disk.apply(call)
        left = tmp_path / "left"
        left.mkdir()
        disk.lose_power(left, dice)
        lost = _lost_after_reopening(left, scope, reported)
        assert lost == [], f"power lost after call {moment} of {len(calls)}: {calls[moment - 1].name}"
        shutil.rmtree(left)
    assert reported
    measured("states", len(moments))


def _moments(calls: list[Call], dice: random.Random, count: int) -> list[int]:
    """Return numbers of calls after which power fails: half of them just after a commit was reported."""
    reports = [at + 1 for at, call in enumerate(calls) if call.path == ACKNOWLEDGED]
    return sorted(
        dice.choice(reports) if number % 2 else dice.randint(1, len(calls)) for number in range(count)
    )  # fmt: skip


def _lost_after_reopening(left: Path, scope: Scope, reported: list[dict[str, Any]]) -> list[str]:
    """Open what is left as the next run would, and return what is wrong or missing of what was reported."""
    exported = left / "exports" / "sample" / "articles.jsonl"
    if exported.exists():
        lines = exported.read_bytes()
        assert lines.endswith(b"\n")
        assert [json.loads(line) for line in lines.splitlines()]
    opened = open_collection(left / "archive", scope, warcinfo={}, clock=lambda: time.time() + 3600, min_free_bytes=0)
    opened.collection.close()
    books = Books(left / "archive" / "sample")
    there = {json.dumps(line, sort_keys=True) for line in books.outcomes}
    revisions = {(line["id"], line["revision"]) for line in books.revisions}
    return [
        *(line["url"] for line in reported if json.dumps(line, sort_keys=True) not in there),
        *(line["id"] for line in reported if line["revision"] and (line["id"], line["revision"]) not in revisions),
        *books.faults(),
    ]
