"""The catalogue made again from the truth, and copies taken while a run writes (faults F9, F10)."""

import random
import shutil
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newsarchive.sample import SampleServer
from tests.faults.books import Books
from tests.faults.form import LONG
from tests.faults.lives import Life, Nursery
from tests.faults.sites import served, without_calendar

Crawl = Callable[..., Life]
DAMAGED = 6
Row = dict[str, Any]

URL_COLUMNS = (
    "url, host, via, depth, deep, kind, class, reason, target, priority, due_at, first_seen_at, visited_at, "
    'changed_at, tries, gone_at, etag, last_modified, payload_digest, article, warc, "offset", record_id'
)
REMOVED = 3
EVERY_RUN = 1
"""Queues up to this one are made due anew by each run, whatever the catalogue says."""


def rows_of(catalogue: Path) -> dict[str, dict[str, Row]]:
    """Return everything that matters in a catalogue, by its keys."""
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as opened:
        opened.row_factory = sqlite3.Row
        urls = {row["url"]: dict(row) for row in opened.execute(f"SELECT {URL_COLUMNS} FROM urls")}  # noqa: S608
        articles = {row["id"]: dict(row) for row in opened.execute("SELECT * FROM articles")}
        shapes = {row["shape"]: dict(row) for row in opened.execute("SELECT * FROM shapes")}
        files = {row["name"]: dict(row) for row in opened.execute("SELECT * FROM files WHERE length > 0")}
    for row in urls.values():
        if row["priority"] is not None and row["priority"] <= EVERY_RUN:
            row["due_at"] = None
    return {"urls": urls, "articles": articles, "shapes": shapes, "files": files}


def differences(before: dict[str, dict[str, Row]], after: dict[str, dict[str, Row]]) -> list[str]:
    """Say which values of which rows are not the same."""
    found = []
    for table, rows in before.items():
        for key in sorted(rows.keys() | after[table].keys()):
            old, new = rows.get(key, {}), after[table].get(key, {})
            found += [
                f"{table} {key}: {name}: {old.get(name)!r}, rebuilt {new.get(name)!r}"
                for name in old.keys() | new.keys()
                if old.get(name) != new.get(name)
            ]
    return found


def changing_runs(crawl: Crawl, server: SampleServer, kills: int, dice: random.Random) -> None:
    """Crawl a site that changes between the runs; some of them are killed."""
    for number in range(4 + kills):
        life = crawl(server, *(["--full"] if number % 2 else []))
        if number < kills:
            enough = len(server.requests) + dice.randint(3, 40)
            while len(server.requests) < enough and life.runs():
                time.sleep(0.001)
            life.kill()
        assert life.wait().code in {0, -signal.SIGKILL}
        numbers = server.site.numbers
        # More than a few removed at once, and the site would pass for broken.
        site = server.site if number >= REMOVED else server.site.with_removed(numbers[-2 - number])
        server.site = (
            site.with_added(1)
            .with_edited(numbers[number], title=f"第{number}次改题")
            .with_moved(numbers[10 + number], f"20190{number + 1}")
        )
        without_calendar(server)


@pytest.mark.parametrize("kills", [0, 4])
def test_a_rebuilt_catalogue_is_the_one_that_was_lost(
    kills: int, nursery: Nursery, crawl: Crawl, books: Books, dice: random.Random
) -> None:
    with served(40) as server:
        changing_runs(crawl, server, kills, dice)
        path = books.folder / "catalogue.sqlite"
        before = rows_of(path)
        assert {row["class"] for row in before["urls"].values()} >= {"stored", "unchanged", "gone", "redirected"}
        path.unlink()
        assert crawl(server).wait().code == DAMAGED, "without its catalogue a collection is not crawled into"
        path.unlink(missing_ok=True)
        ended = nursery.run("rebuild", "sample")
        assert ended.code == 0, ended
        found = differences(before, rows_of(path))
        assert not found, f"{len(found)} differences:\n" + "\n".join(found[:40])
        assert nursery.run("verify", "sample").out == "sample: sound\n"
        assert crawl(server, "--full").wait().code == 0
        assert books.faults() == []


def test_a_run_after_a_rebuild_asks_for_what_it_would_have_asked_for(
    nursery: Nursery, crawl: Crawl, small: SampleServer, tmp_path: Path
) -> None:
    assert crawl(small, "--limit", 7).wait().code == 0
    shutil.copytree(tmp_path / "archive", tmp_path / "kept")
    asked = []
    for rebuilt in (False, True):
        shutil.rmtree(tmp_path / "archive")
        shutil.copytree(tmp_path / "kept", tmp_path / "archive")
        if rebuilt:
            for path in (tmp_path / "archive" / "sample").glob("catalogue.sqlite*"):
                path.unlink()
            assert nursery.run("rebuild", "sample").code == 0
        small.requests.clear()
        assert crawl(small).wait().code == 0
        asked.append(Counter((request.path, request.headers.get("if-none-match")) for request in small.requests))
    assert asked[0] == asked[1]


def test_a_rebuild_that_is_killed_leaves_the_old_catalogue_or_the_new(
    nursery: Nursery, crawl: Crawl, small: SampleServer, books: Books, dice: random.Random
) -> None:
    assert crawl(small).wait().code == 0
    before = rows_of(books.folder / "catalogue.sqlite")
    for _ in range(30 if LONG else 6):
        life = nursery.start("rebuild", "sample")
        time.sleep(dice.uniform(0, 0.25))
        life.kill()
        assert life.wait().code in {0, -signal.SIGKILL}
        assert differences(before, rows_of(books.folder / "catalogue.sqlite")) == []
        assert nursery.run("verify", "sample").out == "sample: sound\n"
    assert nursery.run("rebuild", "sample").code == 0
    assert crawl(small, "--full").wait().code == 0
    assert books.faults() == []


@pytest.mark.parametrize("way", ["plain", "catalogue-by-backup"])
def test_a_copy_taken_during_a_crawl_is_restored(
    way: str, nursery: Nursery, crawl: Crawl, dice: random.Random, tmp_path: Path
) -> None:
    """The way back is the one that is documented: `verify`, and `rebuild` if it, or the run, says so."""
    with served(70) as server:
        whole = nursery.run("crawl", "sample", "--base-url", server.base_url, "--archive", "whole", "--exports", "e")
        assert whole.code == 0
        expected = Books(tmp_path / "whole" / "sample").essence()
        for _ in range(20 if LONG else 3):
            shutil.rmtree(tmp_path / "archive", ignore_errors=True)
            server.requests.clear()
            life = crawl(server)
            enough = dice.randint(10, 80)
            while len(server.requests) < enough and life.runs():
                time.sleep(0.001)
            copy = tmp_path / "copies"
            _copy(tmp_path / "archive" / "sample", copy / "sample", backup=way != "plain")
            life.kill()
            life.wait()
            _restore(nursery, copy)
            again = ("crawl", "sample", "--base-url", server.base_url, "--exports", "e", "--archive", copy)
            ended = nursery.run(*again)
            assert ended.code == 0, ended
            books = Books(copy / "sample")
            assert books.faults() == []
            assert books.essence().differences(expected) == []
            assert nursery.run("verify", "sample", "--archive", copy).out == "sample: sound\n"
            shutil.rmtree(copy)


def _restore(nursery: Nursery, archive: Path) -> None:
    ended = nursery.run("verify", "sample", "--archive", archive)
    if ended.code == DAMAGED:
        rebuilt = nursery.run("rebuild", "sample", "--archive", archive)
        assert rebuilt.code == 0, (ended, rebuilt)
    else:
        assert ended.code == 0, ended


def _copy(folder: Path, target: Path, *, backup: bool) -> None:
    """Copy a collection file by file, as `cp -r` does; files that go away meanwhile are left out."""
    target.mkdir(parents=True)
    if backup:
        with closing(sqlite3.connect(f"file:{folder / 'catalogue.sqlite'}?mode=ro", uri=True)) as source, closing(
            sqlite3.connect(target / "catalogue.sqlite")
        ) as copy:  # fmt: skip
            source.backup(copy)
    for path in sorted(folder.rglob("*")):
        other = target / path.relative_to(folder)
        if path.is_dir():
            other.mkdir(exist_ok=True)
        elif not (backup and path.name.startswith("catalogue.sqlite")):
            try:
                shutil.copyfile(path, other)
            except FileNotFoundError:
                continue
