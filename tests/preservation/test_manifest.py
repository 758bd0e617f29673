"""The manifest: what a closed segment came to, kept where no loss of the catalogue reaches it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from newsarchive.errors import DamageError
from newsarchive.records.segment import ClosedSegment
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.manifest import read_manifest
from newsarchive.warc.reader import iterate
from tests.preservation.keeper import URLS, Keeper, answer, page

SMALL = 20_000


@pytest.fixture
def filled(tmp_path: Path) -> Keeper:
    """Return a collection of two runs whose segments are small."""
    keeper = Keeper(tmp_path / "archive", SMALL)
    for urls in (URLS[:6], URLS[6:8]):
        for url in urls:
            keeper.run([(url, answer(page(url)))])
    return keeper


def lines_of(keeper: Keeper) -> list[dict[str, Any]]:
    return [json.loads(line) for line in keeper.layout.manifest.read_bytes().splitlines()]


def test_each_closed_segment_has_one_line_that_is_true(filled: Keeper) -> None:
    lines = lines_of(filled)
    assert [line["name"] for line in lines] == [path.name for path in filled.segments]
    for line, path in zip(lines, filled.segments, strict=True):
        data = path.read_bytes()
        assert (line["bytes"], line["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert line["records"] == len(list(iterate(path)))
    assert filled.damages() == []


def test_a_segment_that_is_rotated_within_a_run_has_its_line(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "archive", max_segment_bytes=1)
    opened = keeper.open()
    for url in URLS[:3]:
        visit = keeper.visit(opened.collection.catalogue, url, answer(page(url)))
        opened.collection._committer.commit([visit])  # noqa: SLF001 - one batch each, without the thread that joins them
    opened.collection.close()
    assert [line["name"][-13:] for line in lines_of(keeper)] == [f"{number:05}.warc.gz" for number in (1, 2, 3)]
    assert [line["records"] for line in lines_of(keeper)] == [4, 4, 4]
    assert keeper.damages() == []


def test_a_run_that_captured_nothing_leaves_no_line(keeper: Keeper) -> None:
    keeper.run([])
    assert not keeper.layout.manifest.exists()
    assert keeper.segments == []


def test_rebuild_leaves_the_manifest_byte_for_byte(filled: Keeper) -> None:
    before = filled.layout.manifest.read_bytes()
    files = filled.query("SELECT * FROM files ORDER BY name")
    filled.layout.catalogue.unlink()
    filled.rebuild()
    assert filled.layout.manifest.read_bytes() == before
    assert filled.query("SELECT * FROM files ORDER BY name") == files
    assert filled.damages() == []


def test_rebuild_makes_the_lines_of_a_collection_that_has_none(filled: Keeper) -> None:
    before = lines_of(filled)
    filled.layout.manifest.unlink()
    assert any("closed, and not in manifest.jsonl" in damage for damage in filled.damages())
    filled.rebuild()
    assert [{**line, "closed_at": None} for line in lines_of(filled)] == [
        {**line, "closed_at": None} for line in before
    ]
    assert filled.damages() == []


def test_rebuild_does_not_bless_a_segment_that_lost_its_last_record(filled: Keeper) -> None:
    path = filled.segments[0]
    records = list(iterate(path))
    path.write_bytes(path.read_bytes()[: records[-1].offset])
    filled.layout.catalogue.unlink()
    with pytest.raises(DamageError, match=f"{path.name}: not what the manifest says"):
        filled.rebuild()


def test_rebuild_does_not_forget_a_lost_segment(filled: Keeper) -> None:
    path = filled.segments[-1]
    path.unlink()
    with pytest.raises(DamageError, match=f"{path.name}: lost"):
        filled.rebuild()


def test_verify_finds_what_only_the_manifest_can_tell(filled: Keeper) -> None:
    """The catalogue agrees with the damaged file, as one made again from it would."""
    path = filled.segments[0]
    data = path.read_bytes()
    last = list(iterate(path))[1].offset
    path.write_bytes(data[:last])
    name = f"captures/{path.name}"
    catalogue = Catalogue(filled.layout.catalogue)
    with catalogue.transaction() as db:
        db.execute("DELETE FROM pieces WHERE name = ?", (name,))
        catalogue.add_piece(name, 0, last, hashlib.sha256(data[:last]).hexdigest())
        catalogue.set_length(name, last, closed=True)
    catalogue.close()
    assert any("1 whole records instead of 4" in damage for damage in filled.damages())


def test_verify_names_a_manifest_that_cannot_be_read(filled: Keeper) -> None:
    data = filled.layout.manifest.read_bytes()
    filled.layout.manifest.write_bytes(data.replace(b'"records"', b'"rekords"', 1))
    assert any("manifest.jsonl" in damage and "a line that is none" in damage for damage in filled.damages())


@pytest.mark.parametrize("torn", [False, True])
def test_a_kill_between_the_new_name_and_the_line_is_mended(filled: Keeper, *, torn: bool) -> None:
    """The catalogue has the segment as open, the manifest has no line of it, or half a line."""
    name = filled.segments[-1].name
    whole = filled.layout.manifest.read_bytes()
    without = whole[: whole.rindex(b"{")]
    filled.layout.manifest.write_bytes(whole[:-20] if torn else without)
    _reopen_in_catalogue(filled, name, len(without))
    filled.open().collection.close()
    assert [line["name"] for line in lines_of(filled)] == [path.name for path in filled.segments]
    assert lines_of(filled)[-1]["sha256"] == hashlib.sha256(filled.segments[-1].read_bytes()).hexdigest()
    assert filled.damages() == []


def test_a_kill_between_the_line_and_the_catalogue_writes_no_second_line(filled: Keeper) -> None:
    before = filled.layout.manifest.read_bytes()
    _reopen_in_catalogue(filled, filled.segments[-1].name, before.rindex(b"{"))
    filled.open().collection.close()
    assert filled.layout.manifest.read_bytes() == before
    assert filled.damages() == []


def test_a_kill_before_the_new_name_is_mended(filled: Keeper) -> None:
    path = filled.segments[-1]
    data = filled.layout.manifest.read_bytes()
    filled.layout.manifest.write_bytes(data[: data.rindex(b"{")])
    path.rename(path.with_name(f"{path.name}.open"))
    _reopen_in_catalogue(filled, path.name, data.rindex(b"{"))
    filled.open().collection.close()
    assert path.exists()
    assert lines_of(filled)[-1]["name"] == path.name
    assert filled.damages() == []


def test_of_two_lines_with_one_name_the_later_holds(keeper: Keeper) -> None:
    keeper.layout.captures.mkdir(parents=True)
    entry = ClosedSegment(name="a.warc.gz", bytes=1, records=1, sha256="0", closed_at=keeper.now)
    later = entry.model_copy(update={"records": 2})
    keeper.layout.manifest.write_text(f"{entry.to_json()}\n{later.to_json()}\n", encoding="utf-8")
    assert read_manifest(keeper.layout) == {"a.warc.gz": later}


def _reopen_in_catalogue(keeper: Keeper, segment: str, manifest_length: int) -> None:
    """Put the catalogue back to where it did not know that `segment` was closed."""
    catalogue = Catalogue(keeper.layout.catalogue)
    with catalogue.transaction() as db:
        db.execute("UPDATE files SET closed = 0 WHERE name = ?", (f"captures/{segment}",))
        db.execute("DELETE FROM pieces WHERE name = 'captures/manifest.jsonl' AND start >= ?", (manifest_length,))
        catalogue.set_length("captures/manifest.jsonl", manifest_length)
    catalogue.close()
