"""What is said where a file of a collection is lost, and that what it says can be done."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.packages.evolved import Evolved, command, lines_of, run

pytestmark = pytest.mark.crawl

DAMAGED = 6
IMPORT = "`newsarchive import`"


def drop_line(path: Path, at: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:at], *lines[at + 1 :]]))


def refusal(copy: Evolved, name: str) -> str:
    """Return the one line with which a command, in a process of its own, refuses the collection."""
    ran = command(copy.folder, name, "sample")
    assert (ran.returncode, len(ran.stderr.splitlines())) == (DAMAGED, 1), ran
    return ran.stderr


def revision_key(line: dict[str, Any]) -> tuple[str, str]:
    return line["id"], line["content_digest"]


def segment_is_lost(copy: Evolved) -> Path:
    path = min(copy.collection.glob("captures/*.warc.gz"))
    path.unlink()
    return path


def segment_is_cut(copy: Evolved) -> Path:
    path = min(copy.collection.glob("captures/*.warc.gz"))
    path.write_bytes(path.read_bytes()[:-100])
    return path


def revision_is_lost(copy: Evolved) -> Path:
    path = copy.collection / "revisions.jsonl"
    drop_line(path, 2)
    return path


def log_is_lost(copy: Evolved) -> Path:
    path = copy.collection / "revisions.jsonl"
    path.unlink()
    return path


@pytest.mark.parametrize("loss", [segment_is_lost, segment_is_cut, revision_is_lost, log_is_lost])
def test_what_is_left_comes_into_a_new_archive_and_the_old_one_stays(
    evolved: Evolved, copy: Evolved, tmp_path: Path, loss: Callable[[Evolved], Path]
) -> None:
    lost = loss(copy)
    before = {path: path.read_bytes() for path in copy.collection.rglob("*") if path.suffix in {".gz", ".jsonl"}}
    said = refusal(copy, "crawl")
    assert str(lost.relative_to(copy.folder)) in said
    assert IMPORT in said
    assert "rebuild" not in said
    assert IMPORT in refusal(copy, "rebuild")
    assert {path: path.read_bytes() for path in before} == before
    segments = [path for path in copy.collection.glob("captures/*.warc.gz") if path != lost]
    options = ("--archive", tmp_path / "new", "--exports", tmp_path / "exports", "--base-url", copy.origin)
    ran = run("import", *segments, "--site", "sample", *options)
    assert ran.code == 0, ran.err
    assert run("verify", "sample", "--archive", tmp_path / "new").out == "sample: sound\n"
    taken = {revision_key(line) for line in lines_of(tmp_path / "new" / "sample" / "revisions.jsonl")}
    if lost.suffix == ".jsonl":  # the captures are whole, so every revision is read again
        assert taken == {revision_key(line) for line in evolved.revisions}
    assert len({name for name, _ in taken}) >= 23


@pytest.mark.parametrize("which", ["runs/*.jsonl", "captures/manifest.jsonl"])
def test_what_rebuild_can_go_on_without_it_does(copy: Evolved, which: str) -> None:
    path = min(copy.collection.glob(which))
    drop_line(path, 1)
    said = refusal(copy, "crawl")
    assert str(path.relative_to(copy.folder)) in said
    assert "`newsarchive rebuild`" in said
    assert copy.run("rebuild", "sample").code == 0


@pytest.mark.parametrize("name", ["package", "verify", "rebuild", "crawl"])
def test_a_segment_that_is_lost_is_named_as_it_was(copy: Evolved, name: str) -> None:
    lost = segment_is_lost(copy)
    ran = command(copy.folder, name, "sample")
    assert ran.returncode == DAMAGED, ran
    assert f"{lost.relative_to(copy.folder)}: " in ran.stdout + ran.stderr
    assert ".open" not in ran.stdout + ran.stderr
    assert list(copy.folder.glob("exports/**/*.wacz*")) == []


@pytest.mark.parametrize("name", ["crawl", "withdraw", "import"])
def test_a_lost_catalogue_is_called_missing_and_none_is_begun(copy: Evolved, tmp_path: Path, name: str) -> None:
    words = {
        "crawl": ["sample"],
        "withdraw": [copy.revisions[0]["id"], "--yes"],
        "import": ["captures", "--site", "sample"],
    }
    assert copy.run("package", "sample", "--output", tmp_path / "captures" / "all.wacz").code == 0
    shutil.copytree(tmp_path / "captures", copy.folder / "captures")
    for path in copy.collection.glob("catalogue.sqlite*"):
        path.unlink()
    ran = command(copy.folder, name, *words[name])
    assert ran.returncode == DAMAGED, ran
    assert "catalogue.sqlite: missing; run `newsarchive rebuild sample`" in ran.stderr
    assert not (copy.collection / "catalogue.sqlite").exists()
    assert copy.run("rebuild", "sample").code == 0
