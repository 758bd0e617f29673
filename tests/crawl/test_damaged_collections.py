"""A collection that is another's, old or damaged: told on one line before any request, and left as it is."""

import json
import os
from pathlib import Path

import pytest

from tests.crawl.command import Ended, Place
from tests.crawl.conftest import FirstCrawl

OTHER = "http://127.0.0.1:9/"


@pytest.fixture
def copy(first_crawl: FirstCrawl, tmp_path: Path) -> Place:
    """Return a copy of the first crawl. Nothing serves the site: a request would end in exit code 7."""
    return first_crawl.copied_to(tmp_path / "copy")


def crawl(first_crawl: FirstCrawl, place: Place, *options: object) -> Ended:
    return place.run("crawl", "sample", "--base-url", first_crawl.site.origin, *options)


def everything(place: Place, *but: str) -> dict[str, bytes]:
    """Return what is kept and published, without what SQLite and the lock leave beside it and the files named."""
    beside = ("-shm", "-wal", ".lock", ".holder", *but)
    paths = [path for folder in (place.archive, place.exports) for path in folder.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in paths if not path.name.endswith(beside)}


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["run", "dry run"])
def test_a_collection_of_another_origin_is_refused(
    first_crawl: FirstCrawl, copy: Place, options: tuple[str, ...]
) -> None:
    before = everything(copy)
    ended = copy.run("crawl", "sample", "--base-url", OTHER, *options)
    assert ended.code == 2
    assert first_crawl.site.origin in ended.complaint
    assert everything(copy) == before


def test_an_export_of_another_collection_is_not_overwritten(copy: Place) -> None:
    before = everything(copy)
    ended = copy.run("crawl", "sample", "--base-url", OTHER, "--archive", "elsewhere")
    assert ended.code == 2
    assert "--exports" in ended.complaint
    assert everything(copy) == before


def test_a_deleted_catalogue_is_told_again_and_again(first_crawl: FirstCrawl, copy: Place) -> None:
    for path in copy.kept().folder.glob("catalogue.sqlite*"):
        path.unlink()
    before = everything(copy)
    for _ in range(2):
        ended = crawl(first_crawl, copy)
        assert ended.code == 6
        assert "`newsarchive rebuild" in ended.complaint
    assert everything(copy, "catalogue.sqlite") == before


def test_a_catalogue_that_is_no_database_is_told(first_crawl: FirstCrawl, copy: Place) -> None:
    for path in copy.kept().folder.glob("catalogue.sqlite*"):
        path.unlink()
    (copy.kept().folder / "catalogue.sqlite").write_bytes(b"no database, however long it is" * 999)
    before = everything(copy)
    ended = crawl(first_crawl, copy)
    assert ended.code == 6
    assert "`newsarchive rebuild" in ended.complaint
    assert everything(copy) == before


def test_a_log_that_lost_committed_bytes_is_damage(first_crawl: FirstCrawl, copy: Place) -> None:
    log = copy.kept().log
    os.truncate(log, log.stat().st_size - 1)
    before = everything(copy)
    ended = crawl(first_crawl, copy)
    assert ended.code == 6
    assert "revisions.jsonl" in ended.complaint
    assert everything(copy) == before


def test_a_segment_that_is_gone_is_damage(first_crawl: FirstCrawl, copy: Place) -> None:
    (segment,) = copy.kept().segments
    segment.unlink()
    before = everything(copy)
    ended = crawl(first_crawl, copy)
    assert ended.code == 6
    assert segment.name in ended.complaint
    assert everything(copy) == before


def test_an_identity_that_cannot_be_read_is_damage(first_crawl: FirstCrawl, copy: Place) -> None:
    path = copy.kept().folder / "collection.json"
    path.write_text(json.dumps({"format": 99}), encoding="utf-8")
    before = everything(copy)
    ended = crawl(first_crawl, copy)
    assert ended.code == 6
    assert "collection.json" in ended.complaint
    assert everything(copy) == before
