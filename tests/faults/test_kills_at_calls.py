"""SIGKILL at the N-th write, sync, rename, cut or removal: between any two of them a crawl can end (faults F2)."""

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

from newsarchive.sample import SampleServer
from tests.faults.books import Books, Essence
from tests.faults.form import LONG
from tests.faults.lives import Life, Nursery
from tests.faults.tracing import Fault, calls_made, files_of, inflict

Crawl = Callable[..., Life]
SHORT_FORM = 36
PARTS = 4 if LONG else 1
"""The long form is done in parts, side by side."""


class Moment(NamedTuple):
    """Where a crawl is killed: on what it begins, and at which call of which kind (each thread counts its own)."""

    begun: bool
    """Whether it goes on where a killed run left a collection, instead of with nothing."""
    call: str
    number: int


@pytest.fixture
def strace(tool: Callable[[str], str]) -> str:
    return tool("strace")


@pytest.fixture
def expected(nursery: Nursery, small: SampleServer) -> Essence:
    ended = nursery.run("crawl", "sample", "--base-url", small.base_url, "--archive", "whole", "--exports", "e")
    assert ended.code == 0, ended
    return Books(nursery.folder / "whole" / "sample").essence()


@pytest.fixture
def begun(crawl: Crawl, small: SampleServer, tmp_path: Path) -> Path:
    """Return an archive as a run leaves it that is killed in the middle."""
    life = crawl(small)
    enough = len(small.requests) + 12
    while len(small.requests) < enough and life.runs():
        time.sleep(0.001)
    life.kill()
    life.wait()
    return (tmp_path / "archive").rename(tmp_path / "begun")


@pytest.mark.parametrize("part", range(PARTS))
def test_a_crawl_killed_at_any_call_goes_on(  # noqa: PLR0913, PLR0917 - a fixture each
    part: int, crawl: Crawl, small: SampleServer, begun: Path, expected: Essence, books: Books, strace: str,
    dice: random.Random, tmp_path: Path, unable: Callable[[str], NoReturn],
    measured: Callable[[str, object], None],
) -> None:  # fmt: skip
    archive = tmp_path / "archive"
    every = list(_moments(crawl, small, begun, archive, strace))
    chosen = every[part::PARTS] if LONG else list(_some_of_each(every, dice))
    killed: Counter[str] = Counter()
    for moment in chosen:
        _start_from(begun if moment.begun else None, archive)
        life = crawl(small, traced=True)
        try:
            tracer = inflict(
                life, [Fault((moment.call,), moment.number, "signal=SIGKILL")], files_of(books.folder), strace
            )
        except PermissionError as error:
            unable(str(error))
        ended = life.wait()
        tracer.communicate()
        assert ended.code in {0, -9}, (moment, ended)
        killed[moment.call] += ended.code == -9
        after = crawl(small).wait()
        assert after.code == 0, (moment, after)
        assert books.faults() == [], moment
        assert books.essence().differences(expected) == [], moment
    measured("killed at", f"{dict(killed)} of {len(chosen)} moments, {len(every)} in the long form")
    # Batches differ from run to run, so the last calls of a kind are not always reached.
    assert killed.total() >= len(chosen) // 2


def _some_of_each(every: Sequence[Moment], dice: random.Random) -> Iterator[Moment]:
    """Yield as many moments as the short form has, no kind of call left out, and few that a run may not come to."""
    kinds: dict[tuple[bool, str], list[Moment]] = {}
    for moment in every:
        kinds.setdefault(moment[:2], []).append(moment)
    share = SHORT_FORM // len(kinds)
    for moments in kinds.values():
        likely = moments[: max(share, len(moments) * 2 // 3)]
        yield from dice.sample(likely, min(share, len(likely)))


def _moments(crawl: Crawl, server: SampleServer, begun: Path, archive: Path, strace: str) -> Iterator[Moment]:
    """Yield every moment of a crawl of `server`, counted in crawls that nobody kills."""
    for folder in (None, begun):
        _start_from(folder, archive)
        for call, count in calls_made(crawl(server, traced=True), archive, strace).items():
            yield from (Moment(folder is not None, call, number) for number in range(1, count + 1))


def _start_from(folder: Path | None, archive: Path) -> None:
    shutil.rmtree(archive, ignore_errors=True)
    if folder is not None:
        shutil.copytree(folder, archive)
