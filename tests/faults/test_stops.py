"""SIGTERM and SIGINT, once and twice, and a death while the dataset is written (faults F4)."""

import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from newsarchive.sample import SampleServer
from tests.faults.books import Books
from tests.faults.form import LONG
from tests.faults.lives import Life, Nursery
from tests.faults.sites import served
from tests.faults.tracing import Fault, inflict

Crawl = Callable[..., Life]
INCOMPLETE, INTERRUPTED = 3, 130


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_stopped_run_goes_on_and_loses_nothing(  # noqa: PLR0913, PLR0917 - a fixture each
    number: signal.Signals, times: int, nursery: Nursery, crawl: Crawl, books: Books, dice: random.Random
) -> None:
    with served(100, calendar=True) as server:
        whole = nursery.run("crawl", "sample", "--base-url", server.base_url, "--archive", "whole", "--exports", "e")
        assert whole.code == 0
        for _ in range(25 if LONG else 3):
            shutil.rmtree(books.folder.parent, ignore_errors=True)
            server.requests.clear()
            life = crawl(server)
            enough = dice.randint(5, 150)
            while len(server.requests) < enough and life.runs():
                time.sleep(0.001)
            for _ in range(times):
                life.kill(number)
                time.sleep(dice.uniform(0, 0.02))
            ended = life.wait()
            assert ended.code in {0, INCOMPLETE, INTERRUPTED}, ended
            assert not [line for line in ended.complaints if "Error" in line or "Traceback" in line], ended
            if times == 1:
                assert books.faults() == [], "one signal ends a run well: nothing is left open"
            assert crawl(server).wait().code == 0
            assert books.faults() == []
            assert books.essence().differences(Books(nursery.folder / "whole" / "sample").essence()) == []


def test_a_run_killed_while_it_writes_the_dataset_leaves_the_old_or_the_new(
    crawl: Crawl, small: SampleServer, tmp_path: Path, tool: Callable[[str], str], unable: Callable[[str], NoReturn]
) -> None:
    strace = tool("strace")
    folder = tmp_path / "exports" / "sample"
    dataset = folder / "articles.jsonl"
    assert crawl(small).wait().code == 0
    held = len(dataset.read_bytes().splitlines())
    small.site = small.site.with_added(1)
    kept = [tmp_path / name for name in ("archive", "exports")]
    for path in kept:
        shutil.copytree(path, path.with_name(f"{path.name}-before"))
    seen = set()
    # The dataset is written into a folder whose name nobody knows before; what is opened and renamed around it has one.
    for call in ("openat", "write", "fsync", "rename"):
        for number in (1, 2):
            for path in kept:
                shutil.rmtree(path)
                shutil.copytree(path.with_name(f"{path.name}-before"), path)
            life = crawl(small, "--full", traced=True)
            paths = [folder, folder / ".lock", dataset, folder / f".manifest.json.{life.pid}.tmp"]
            try:
                tracer = inflict(life, [Fault((call,), number, "signal=SIGKILL")], paths, strace)
            except PermissionError as error:
                unable(str(error))
            code = life.wait().code
            tracer.communicate()
            lines = dataset.read_bytes()
            assert lines.endswith(b"\n")
            assert len(lines.splitlines()) in {held, held + 1}
            seen.add((code, len(lines.splitlines()) - held))
            assert crawl(small).wait().code == 0
            assert len(dataset.read_bytes().splitlines()) == held + 1
    assert (-signal.SIGKILL, 0) in seen
