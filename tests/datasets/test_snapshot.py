"""A snapshot is named, frozen, whole, and made again from the archive byte for byte."""

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import newsarchive as package
from newsarchive.datasets.snapshot_files import read_sums
from newsarchive.operations.access import Held, collection_of, writing
from newsarchive.operations.sealed import sealed_instant
from newsarchive.records.event import PreservationEvent
from newsarchive.records.revision import Revision
from newsarchive.records.snapshot import SnapshotChange, SnapshotNote
from newsarchive.store.events import append_events
from newsarchive.store.layout import Layout
from tests.conftest import Ran, RunNewsarchive
from tests.datasets.conftest import Keep
from tests.datasets.test_owner import changed, other

ROOT = Path(__file__).parents[2]

WITHDRAWN_AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)

Snapshot = Callable[..., Ran]


@pytest.fixture
def snapshot(newsarchive: RunNewsarchive, tmp_path: Path) -> Snapshot:
    """Run `newsarchive snapshot sample` on the archive of the test."""
    places = ("--archive", tmp_path / "archive", "--exports", tmp_path / "exports")
    return lambda *options: newsarchive("snapshot", "sample", *options, *places)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the snapshots."""
    return tmp_path / "exports" / "sample" / "snapshots"


@pytest.fixture
def one_article(kept: Keep, revision: Revision, folder: Path) -> Path:
    """Keep an article, and return the folder of the snapshots."""
    kept(revision)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def note_of(folder: Path) -> SnapshotNote:
    return SnapshotNote.model_validate_json((folder / "snapshot.json").read_bytes())


def withdrawal(article: str) -> PreservationEvent:
    return PreservationEvent(
        event="urn:uuid:0", type="deaccession", at=WITHDRAWN_AT, detail="", outcome="pass", agent="x", object=article
    )


def rows_of(path: Path) -> list[dict[str, Any]]:
    with path.open("rb") as lines:
        return [json.loads(line) for line in lines]


def test_a_snapshot_is_made_again_from_the_archive_byte_for_byte(
    snapshot: Snapshot, kept: Keep, revision: Revision, folder: Path, tmp_path: Path
) -> None:
    kept(revision, other(revision, "a"))
    assert snapshot("--name", "one", "--format", "all").code == 0
    kept(changed(revision, 2, 1, title="后来"), changed(other(revision, "b"), 1, 2))
    ran = snapshot("--again", "one", "--into", tmp_path / "again" / "one")
    assert ran.code == 0, ran.err
    files = len(list((folder / "one").iterdir())) - 1
    assert ran.out.strip() == f"one: made again from the archive: {files} files, equal byte for byte"
    assert bytes_of(tmp_path / "again" / "one") == bytes_of(folder / "one")
    assert sorted(path.name for path in folder.iterdir()) == ["one"]


def test_another_machine_gives_the_same_bytes(
    snapshot: Snapshot, kept: Keep, revision: Revision, folder: Path, tmp_path: Path
) -> None:
    kept(revision)
    assert snapshot("--name", "one", "--format", "all").code == 0
    command = [sys.executable, "-m", "newsarchive.cli.main", "snapshot", "sample", "--name", "one", "--format", "all",
               "--archive", str(tmp_path / "archive"), "--exports", "elsewhere"]  # fmt: skip
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LANG": "C", "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert bytes_of(tmp_path / "elsewhere/sample/snapshots/one") == bytes_of(folder / "one")


def test_sha256sum_checks_every_file(
    snapshot: Snapshot, kept: Keep, revision: Revision, folder: Path, tool: Callable[[str], str]
) -> None:
    kept(revision)
    assert snapshot("--name", "one").code == 0
    command = [tool("sha256sum"), "--check", "--strict", "SHA256SUMS"]
    ran = subprocess.run(command, cwd=folder / "one", check=True, capture_output=True, text=True)
    checked = {line.removesuffix(": OK") for line in ran.stdout.splitlines()}
    assert checked == {path.name for path in (folder / "one").iterdir()} - {"SHA256SUMS"}


def test_a_snapshot_says_what_changed_since_the_one_before(
    snapshot: Snapshot, kept: Keep, revision: Revision, folder: Path
) -> None:
    same, edited, gone, back = (other(revision, key) for key in ("same", "edited", "gone", "back"))
    kept(same, edited, gone, back, changed(back, 2, 0.5, status="removed"))
    assert snapshot("--name", "one").code == 0
    assert not (folder / "one" / "since.jsonl").exists()
    new = changed(other(revision, "new"), 1, 1)
    kept(
        new,
        changed(edited, 2, 1, title="改"),
        changed(edited, 3, 2, title="又改"),
        changed(gone, 2, 2, status="removed"),
    )
    kept(changed(back, 3, 2, status="published"))
    ran = snapshot("--name", "two")
    assert ran.code == 0, ran.err
    assert "  since one: 1 added, 2 changed, 1 removed" in ran.out
    rows = rows_of(folder / "two" / "since.jsonl")
    assert [(row["id"], row["change"], row["revision_before"], row["revision"]) for row in rows] == [
        ("sample/back", "changed", 2, 3), ("sample/edited", "changed", 1, 3), ("sample/gone", "removed", 1, 2),
        ("sample/new", "added", None, 1),
    ]  # fmt: skip
    frozen = {row["id"]: row["content_digest"] for row in rows_of(folder / "one" / "articles.jsonl")}
    today = {row["id"]: row["content_digest"] for row in rows_of(folder / "two" / "articles.jsonl")}
    for row in rows:
        SnapshotChange.model_validate(row)
        assert (row["digest_before"], row["digest"]) == (frozen.get(row["id"]), today[row["id"]])
    note = note_of(folder / "two")
    assert note.previous is not None
    assert (note.previous.name, note.changes) == ("one", {"added": 1, "changed": 2, "removed": 1})
    assert "Since snapshot `one`: 1 added, 2 changed, 1 removed" in (folder / "two" / "README.md").read_text("utf-8")
    assert snapshot("--again", "two").code == 0


def test_the_note_says_what_it_takes_to_make_it_again(
    snapshot: Snapshot, kept: Keep, revision: Revision, folder: Path
) -> None:
    kept(revision)
    assert snapshot("--format", "all").code == 0
    (made,) = folder.iterdir()
    note = note_of(made)
    assert made.name == note.name == note.as_of.strftime("%Y%m%dT%H%M%SZ")
    assert note.as_of == revision.recorded_at
    assert note.parsers == {"1.0": 1}
    assert set(note.made_with) == {"newsarchive", "pydantic_core", "pyarrow", "sqlite"}
    assert note.rows["articles"] == 1
    assert package.load(made, kind="arrow").num_rows == 1


def test_one_state_is_one_snapshot_and_no_name_is_taken_twice(
    snapshot: Snapshot, kept: Keep, revision: Revision, folder: Path
) -> None:
    kept(revision)
    assert snapshot("--name", "one").code == 0
    before = bytes_of(folder / "one")
    kept(changed(revision, 2, 1))
    ran = snapshot("--name", "one")
    assert ran.code == 2
    assert "never overwritten" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert bytes_of(folder / "one") == before
    assert snapshot().code == 0
    assert snapshot().code == 2


def test_as_of_freezes_what_was_known_then(snapshot: Snapshot, kept: Keep, revision: Revision, folder: Path) -> None:
    kept(revision, changed(revision, 2, 10, title="后来"))
    assert snapshot("--as-of", "2026-01-05", "--name", "early").code == 0
    (row,) = rows_of(folder / "early" / "articles.jsonl")
    assert row["title"] == revision.title
    assert note_of(folder / "early").as_of == dt.datetime(2026, 1, 5, 15, 59, 59, tzinfo=dt.UTC)
    assert snapshot("--name", "late").code == 0
    assert [row["change"] for row in rows_of(folder / "late" / "since.jsonl")] == ["changed"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--name ../up", "no name for a snapshot"),
        ("--name .hidden", "no name for a snapshot"),
        ("--again nowhere", "no such snapshot; there is none yet"),
        ("--again one --format csv", "leave --name, --as-of and --format out"),
        ("--into x", "goes with --again"),
        ("--as-of 3026-01-01", "is not over yet"),
        ("--as-of 2020-01-01", "nothing was recorded by then"),
        ("--format xlsx", "expected one or several of jsonl"),
    ],
)
def test_what_cannot_be_frozen_is_one_line(options: str, told: str, snapshot: Snapshot, one_article: Path) -> None:
    ran = snapshot(*options.split())
    assert ran.code == 2
    assert told in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not one_article.exists()


def test_damage_to_a_frozen_file_is_named(snapshot: Snapshot, kept: Keep, revision: Revision, folder: Path) -> None:
    kept(revision)
    assert snapshot("--name", "one").code == 0
    with (folder / "one" / "articles.csv").open("ab") as file:
        file.write(b"x")
    ran = snapshot("--again", "one")
    assert ran.code == 6
    assert "articles.csv: not what its SHA256SUMS says" in ran.err
    (folder / "one" / "snapshot.json").write_text("{}", encoding="utf-8")
    for options in (("--again", "one"), ("--name", "two")):
        ran = snapshot(*options)
        assert ran.code == 6
        assert "snapshot.json: cannot be read" in ran.err


def test_an_archive_that_gives_other_bytes_is_named(
    snapshot: Snapshot, kept: Keep, revision: Revision, folder: Path
) -> None:
    kept(revision)
    assert snapshot("--name", "one").code == 0
    kept(changed(other(revision, "late"), 1, 0))  # recorded under an instant that was over
    ran = snapshot("--again", "one")
    assert ran.code == 6
    assert "the archive gives other bytes; run `newsarchive verify sample`" in ran.err
    assert read_sums(folder / "one")


def test_a_withdrawal_is_a_change_and_a_state_of_its_own(
    snapshot: Snapshot, kept: Keep, revision: Revision, folder: Path
) -> None:
    staying = changed(other(revision, "staying"), 1, 0.5)
    layout = kept(revision, staying)
    assert snapshot("--name", "one").code == 0
    shutil.rmtree(layout.folder)  # what a withdrawal leaves: the lines are overwritten where they stand
    emptied = {"status": "withdrawn", "title": "", "body": (), "text": "", "content_digest": f"withdrawn:{revision.id}"}
    kept(revision.model_copy(update=emptied), staying)
    append_events(layout, [withdrawal(revision.id)])
    ran = snapshot("--name", "two")
    assert ran.code == 0, ran.err
    (row,) = rows_of(folder / "two" / "since.jsonl")
    told = (row["id"], row["change"], row["revision_before"], row["digest_before"])
    assert told == (revision.id, "withdrawn", 1, None)
    SnapshotChange.model_validate(row)
    assert note_of(folder / "two").as_of == WITHDRAWN_AT
    assert snapshot("--again", "two").code == 0
    ran = snapshot("--again", "one")
    assert ran.code == 6
    assert f"articles that were withdrawn are in no dataset that is made since: {revision.id}" in ran.err


def test_no_snapshot_is_made_while_a_run_is_at_work(
    snapshot: Snapshot, kept: Keep, revision: Revision, folder: Path
) -> None:
    layout = kept(revision)
    with writing(layout, time.time()):
        assert snapshot().code == 4
    assert not folder.exists()
    with layout.revisions.open("ab") as log:  # a run died before its commit
        log.write(other(revision, "torn").to_json().encode() + b"\n")
    ran = snapshot()
    assert ran.code == 6
    assert "run `newsarchive rebuild sample`" in ran.err


def held_of(layout: Layout) -> Held:
    return collection_of(layout.folder.parent, "sample")


def test_an_instant_is_sealed_when_its_second_is_over(kept: Keep, revision: Revision) -> None:
    held = held_of(kept(revision))
    last = revision.recorded_at.timestamp()
    now = [last + 0.2]

    def wait(seconds: float) -> None:
        now[0] += seconds

    assert sealed_instant(held, None, lambda: now[0], wait) == revision.recorded_at
    assert now[0] >= last + 1
    with pytest.raises(Exception, match="the clock has not reached"):
        sealed_instant(held, None, lambda: last - 60, wait)


def test_a_kill_leaves_nothing_under_the_name(snapshot: Snapshot, made: Layout, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "archive").symlink_to(made.folder.parent)
    command = [sys.executable, "-m", "newsarchive.cli.main", "snapshot", "sample", "--name", "one", "--format", "all",
               "--archive", str(tmp_path / "archive"), "--exports", str(tmp_path / "exports")]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    while True:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        while not list(folder.glob(".writing-*/made/revisions.jsonl")) and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            break
        shutil.rmtree(folder / "one")  # it was quicker
    assert not (folder / "one").exists()
    assert snapshot("--name", "one").code == 0
    assert [path.name for path in folder.iterdir()] == ["one"]
    assert snapshot("--again", "one").code == 0
