"""What other archives take: bags that their tools find valid, TimeMaps that say when a page was captured."""

import re
import shutil
from pathlib import Path

import bagit
import pytest

from tests.packages.evolved import Evolved, run

pytestmark = pytest.mark.crawl


def test_a_bag_is_valid_and_its_data_is_the_collection(evolved: Evolved, tmp_path: Path) -> None:
    folder = tmp_path / "bag"
    ran = evolved.run("deposit", "sample", folder)
    assert ran.code == 0, ran.err
    bag = bagit.Bag(str(folder))
    bag.validate(processes=1)
    assert bag.info["Payload-Oxum"].split(".")[1] == str(len(list((folder / "data").rglob("*.*"))))
    shutil.copytree(folder / "data", tmp_path / "archive" / "sample")
    assert run("verify", "sample", "--archive", tmp_path / "archive").out == "sample: sound\n"


@pytest.mark.parametrize("complete", [True, False])
def test_a_bag_that_is_complete_and_not_valid_is_told_from_one_that_is_not_complete(
    evolved: Evolved, tmp_path: Path, *, complete: bool
) -> None:
    folder = tmp_path / "bag"
    assert evolved.run("deposit", "sample", folder).code == 0
    log = folder / "data" / "revisions.jsonl"
    if complete:
        log.write_bytes(log.read_bytes().replace(b"sample", b"s4mple", 1))
    else:
        log.unlink()
    with pytest.raises(bagit.BagValidationError) as caught:
        bagit.Bag(str(folder)).validate(completeness_only=not complete)
    kinds = {type(detail).__name__ for detail in caught.value.details} or {type(caught.value).__name__}
    assert kinds & ({"ChecksumMismatch"} if complete else {"FileMissing", "BagValidationError"})
    if complete:
        bagit.Bag(str(folder)).validate(completeness_only=True)


def test_a_folder_that_is_there_is_left_alone(evolved: Evolved, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    ran = evolved.run("deposit", "sample", tmp_path)
    assert (ran.code, "is there already" in ran.err) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize("which", ["captures/*.warc.gz", "revisions.jsonl", "runs/*.jsonl", "catalogue.sqlite"])
def test_a_damaged_collection_is_not_certified(copy: Evolved, tmp_path: Path, which: str) -> None:
    path = min(copy.collection.glob(which))
    data = path.read_bytes()
    at = len(data) // 2
    path.write_bytes(data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1 :])
    ran = copy.run("deposit", "sample", tmp_path / "bag")
    assert (ran.code, len(ran.err.splitlines())) == (6, 1), ran
    assert str(path) in ran.err
    assert "no bag was made" in ran.err
    assert [left.name for left in tmp_path.iterdir() if "bag" in left.name] == []


@pytest.mark.parametrize("which", ["captures/*.warc.gz", "revisions.jsonl", "runs/*.jsonl"])
def test_a_collection_that_has_lost_a_file_is_not_certified(copy: Evolved, tmp_path: Path, which: str) -> None:
    path = min(copy.collection.glob(which))
    path.unlink()
    ran = copy.run("deposit", "sample", tmp_path / "bag")
    assert (ran.code, str(path) in ran.err) == (6, True), ran
    assert ".open" not in ran.err
    assert not (tmp_path / "bag").exists()


def test_a_timemap_names_every_capture_and_the_public_archives(evolved: Evolved) -> None:
    edited = next(line for line in evolved.revisions if line["revision"] == 3)
    ran = evolved.run("timemap", edited["id"])
    assert ran.code == 0, ran.err
    links = re.findall(r'<([^>]+)>; rel="([^"]+)"(?:; datetime="([^"]+)")?', ran.out)
    assert links[0] == (edited["url"], "original", "")
    mementos = [(target, when) for target, rel, when in links if rel.endswith("memento")]
    assert len(mementos) == 3
    assert all(target.endswith(f"/{edited['url']}") and when.endswith("GMT") for target, when in mementos)
    assert [rel for _, rel, _ in links if "first" in rel or "last" in rel] == ["first memento", "last memento"]
    assert f'<https://web.archive.org/web/timemap/link/{edited["url"]}>; rel="timemap"' in ran.out
    assert evolved.run("timemap", "sample/none").code == 2
