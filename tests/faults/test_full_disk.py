"""A disk that is full, failing or read-only, or no handles left: stop, say so, lose nothing, go on later (F5, F6)."""

import fcntl
import json
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest

from newsarchive.sample import SampleServer
from tests.faults.books import Books, Essence
from tests.faults.form import LONG
from tests.faults.lives import Ended, Life, Nursery, mounted, remount
from tests.faults.sites import served
from tests.faults.tracing import CHANGES, NAMES, SYNCS, Fault, calls_made, files_of, inflict

Crawl = Callable[..., Life]
HANG_SECONDS = 30
STORAGE = 5


@pytest.fixture
def expected(nursery: Nursery, small: SampleServer) -> Essence:
    ended = nursery.run("crawl", "sample", "--base-url", small.base_url, "--archive", "whole", "--exports", "e")
    assert ended.code == 0, ended
    return Books(nursery.folder / "whole" / "sample").essence()


def assert_stopped_for_storage(ended: Ended) -> None:
    assert ended.code == STORAGE, ended
    assert [line.partition(": ")[0] for line in ended.complaints] == ["newsarchive"], ended
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("size", ["400k", "700k", "1m", "2m"])
def test_a_full_disk_stops_the_run_and_room_lets_it_go_on(
    size: str, nursery: Nursery, tmp_path: Path, unable: Callable[[str], NoReturn]
) -> None:
    with served(160) as server:
        whole = ("crawl", "sample", "--base-url", server.base_url, "--exports", tmp_path / "exports", "--archive")
        assert nursery.run(*whole, tmp_path / "whole").code == 0
        try:
            with mounted(tmp_path / "disk", size) as disk:
                first = nursery.start(*whole, disk).wait(HANG_SECONDS)
                assert_stopped_for_storage(first)
                again = nursery.start(*whole, disk).wait(HANG_SECONDS)
                assert_stopped_for_storage(again)
                remount(disk, "size=64m")
                assert nursery.start(*whole, disk).wait().code == 0
                books = Books(disk / "sample")
                assert books.faults() == []
                assert books.essence().differences(Books(tmp_path / "whole" / "sample").essence()) == []
        except PermissionError as error:
            unable(str(error))


def test_a_run_stops_by_itself_before_the_disk_is_full(
    nursery: Nursery, tmp_path: Path, unable: Callable[[str], NoReturn]
) -> None:
    # Several times what may be filled, however the batches fall.
    with served(240) as server:
        command = ("crawl", "sample", "--base-url", server.base_url, "--exports", tmp_path / "exports")
        try:
            with mounted(tmp_path / "disk", "8m") as disk:
                life = nursery.start(*command, "--archive", disk, settings={"NEWSARCHIVE_MIN_FREE_MB": 7})
                assert_stopped_for_storage(life.wait(HANG_SECONDS))
                assert shutil.disk_usage(disk).free > 5 * 1024**2
                remount(disk, "size=64m")
                assert nursery.run(*command, "--archive", disk).code == 0
                assert Books(disk / "sample").faults() == []
        except PermissionError as error:
            unable(str(error))


def test_a_read_only_disk_is_refused_and_left_as_it_is(
    nursery: Nursery, small: SampleServer, tmp_path: Path, unable: Callable[[str], NoReturn]
) -> None:
    command = ("crawl", "sample", "--base-url", small.base_url, "--exports", tmp_path / "exports", "--archive")
    try:
        with mounted(tmp_path / "disk", "8m") as disk:
            remount(disk, "ro")
            assert_stopped_for_storage(nursery.start(*command, disk).wait(HANG_SECONDS))
            remount(disk, "rw")
            assert nursery.run(*command, disk).code == 0
            before = {path: path.read_bytes() for path in disk.rglob("*") if path.is_file()}
            remount(disk, "ro")
            assert_stopped_for_storage(nursery.start(*command, disk).wait(HANG_SECONDS))
            assert {path: path.read_bytes() for path in disk.rglob("*") if path.is_file()} == before
            remount(disk, "rw")
            assert nursery.run(*command, disk).code == 0
            assert Books(disk / "sample").faults() == []
    except PermissionError as error:
        unable(str(error))


@pytest.fixture
def archive(nursery: Nursery) -> Path:
    """Return an archive with the sample's collection, whose datasets come to some megabytes."""
    with served(160) as server:
        ended = nursery.run(
            "crawl", "sample", "--base-url", server.base_url, "--archive", "archive", "--exports", "exports"
        )
        assert ended.code == 0, ended
    return nursery.folder / "archive"


@pytest.mark.parametrize(
    "command",
    [
        ("export", "sample", "--format", "sqlite"),
        ("export", "sample", "--format", "all"),
        ("export", "sample", "--format", "jsonl", "--clusters"),
        ("snapshot", "sample", "--format", "sqlite"),
        ("package", "sample"),
        ("search", "学术"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("size", ["64k", "300k", "1m"])
def test_a_disk_that_is_full_of_datasets_is_told_and_room_helps(
    command: tuple[str, ...], size: str, nursery: Nursery, archive: Path, unable: Callable[[str], NoReturn]
) -> None:
    options = ("--archive", archive, "--exports")
    try:
        with mounted(nursery.folder / "disk", size) as disk:
            ended = nursery.run(*command, *options, disk)
            if ended.code:
                assert_stopped_for_storage(ended)
                assert "make room" in ended.err
                assert list(disk.rglob("*.wacz")) + list(disk.rglob("sample.sqlite")) == []
            remount(disk, "size=64m")
            assert nursery.run(*command, *options, disk).code == 0
    except PermissionError as error:
        unable(str(error))


def test_a_collection_on_a_read_only_disk_is_read_by_every_command_that_only_reads_it(
    nursery: Nursery, archive: Path, unable: Callable[[str], NoReturn]
) -> None:
    elsewhere = ("--exports", nursery.folder / "elsewhere")
    article = Books(archive / "sample").revisions[0]["id"]
    commands = [
        *((name, "sample") for name in ("verify", "runs", "audit", "changes")),
        ("deposit", "sample", nursery.folder / "bag"),
        *((name, "sample", *elsewhere) for name in ("snapshot", "export", "package")),
        ("snapshot", "sample", "--again", "first", *elsewhere),
        ("search", "学术", *elsewhere),
        ("status",),
        ("timemap", article),
        ("cite", article),
    ]
    try:
        with mounted(nursery.folder / "disk", "64m") as disk:
            shutil.copytree(archive, disk, dirs_exist_ok=True)
            assert nursery.run("snapshot", "sample", "--name", "first", "--archive", disk, *elsewhere).code == 0
            for left in disk.rglob("catalogue.sqlite-*"):
                left.unlink()  # as the last writer leaves it
            remount(disk, "ro")
            for command in commands:
                ended = nursery.run(*command, "--archive", disk)
                assert ended.code == 0, (command, ended)
            captures = disk / "sample" / "captures"
            origin = json.loads((disk / "sample" / "collection.json").read_bytes())["origin"]
            ended = nursery.run("import", captures, "--base-url", origin, "--site", "sample", "--archive", "new")
            assert ended.code == 0, ended
            with (disk / "sample" / ".lock").open("rb") as lock:  # as who writes by another way to the disk
                fcntl.flock(lock, fcntl.LOCK_EX)
                for command in (("deposit", "sample", "bag-2"), ("snapshot", "sample", *elsewhere)):
                    assert nursery.run(*command, "--archive", disk).code == 4
    except PermissionError as error:
        unable(str(error))


def test_a_disk_without_any_room_asks_for_room(
    nursery: Nursery, archive: Path, unable: Callable[[str], NoReturn]
) -> None:
    try:
        with mounted(nursery.folder / "disk", "1m") as disk:
            with suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
            for words in (
                ("deposit", "sample", disk / "bag", "--archive", archive),
                ("crawl", "sample", "--base-url", "http://127.0.0.1:9/", "--archive", disk, "--exports", "other"),
                ("crawl", "sample", "--base-url", "http://127.0.0.1:9/", "--archive", "new", "--exports", disk),
            ):
                ended = nursery.run(*words)
                assert_stopped_for_storage(ended)
                assert "make room" in ended.err, ended
    except PermissionError as error:
        unable(str(error))


FAULTS = [
    (("write",), "error=ENOSPC", 9),
    (("write",), "error=EIO", 9),
    (("pwrite64",), "error=ENOSPC", 80),
    (("pwrite64",), "error=EIO", 80),
    (SYNCS, "error=EIO", 12),
    (SYNCS, "error=ENOSPC", 12),
    (NAMES, "error=EIO", 3),
    (CHANGES, "error=EROFS", 60),
]
"""Calls, what becomes of them, and how far in a run of some 30 pages it may begin; the long form counts that anew."""

EVERY_FOURTH = "error=EROFS"
"""In the long form, too: the calls are those of the other effects together."""


@pytest.mark.parametrize(
    ("calls", "effect", "last"), FAULTS, ids=[f"{effect}-{calls[0]}" for calls, effect, _ in FAULTS]
)
@pytest.mark.parametrize("lasting", ["once", "from-then-on"])
def test_a_disk_that_fails_at_any_call_stops_the_run_and_loses_nothing(  # noqa: PLR0913, PLR0917 - a fixture each
    calls: tuple[str, ...], effect: str, last: int, lasting: str, crawl: Crawl, small: SampleServer,
    expected: Essence, books: Books, tool: Callable[[str], str], dice: random.Random,
    unable: Callable[[str], NoReturn], measured: Callable[[str, object], None],
) -> None:  # fmt: skip
    strace = tool("strace")
    if LONG:
        made = calls_made(crawl(small, traced=True), books.folder.parent, strace)
        last = sum(made.get(call, 0) for call in calls)
    step = 4 if effect == EVERY_FOURTH else 1
    numbers = range(1, last + 1, step) if LONG else sorted(dice.sample(range(1, last + 1), min(3, last)))
    stopped = 0
    for number in numbers:
        shutil.rmtree(books.folder.parent, ignore_errors=True)
        fault = Fault(calls, number, effect, lasting=lasting != "once")
        life = crawl(small, traced=True)
        try:
            tracer = inflict(life, [fault], files_of(books.folder), strace)
        except PermissionError as error:
            unable(str(error))
        ended = life.wait(HANG_SECONDS)
        tracer.communicate()
        assert ended.code in {0, STORAGE}, (str(fault), ended)
        if ended.code:
            assert_stopped_for_storage(ended)
            stopped += 1
        after = crawl(small).wait()
        assert after.code == 0, (str(fault), after)
        assert books.faults() == [], str(fault)
        assert books.essence().differences(expected) == [], str(fault)
    measured("stopped", f"{stopped} of {len(numbers)}")
    assert stopped or max(numbers) > last // 2


@pytest.mark.parametrize("spare", range(0, 14, 2))
def test_a_run_without_handles_stops_and_says_so(
    spare: int, crawl: Crawl, small: SampleServer, expected: Essence, books: Books
) -> None:
    ended = crawl(small, limits={"RLIMIT_NOFILE": 10 + spare}).wait(HANG_SECONDS)
    assert ended.code in {0, STORAGE}, ended
    if ended.code:
        # The event loop, if it is what finds no handle, says so in a line of its own.
        assert sum(line.startswith("newsarchive: ") for line in ended.complaints) == 1, ended
        assert "Traceback" not in ended.err
    assert crawl(small).wait().code == 0
    assert books.faults() == []
    assert books.essence().differences(expected) == []
