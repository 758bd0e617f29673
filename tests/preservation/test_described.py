"""The article beside its capture: the same line as in `revisions.jsonl`, and each names the other."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from newsarchive.records.revision import Revision
from newsarchive.warc.described import article_beside
from newsarchive.warc.members import packed_member
from newsarchive.warc.reader import StoredRecord, iterate
from tests.preservation.keeper import URLS, Keeper, answer, page

URL = URLS[0]
EDITED = page(URLS[2])
"""What the site serves at `URL` later."""


@pytest.fixture
def edited(keeper: Keeper) -> Keeper:
    """Return a collection of an article with two revisions, and of one that did not change."""
    keeper.run([(URL, answer(page(URL))), (URLS[1], answer(page(URLS[1])))])
    keeper.run([(URL, answer(EDITED)), (URLS[1], answer(page(URLS[1])))])
    return keeper


def articles_of(keeper: Keeper) -> list[StoredRecord]:
    return [record for path in keeper.segments for record in iterate(path) if record.type == "metadata"]


def lines_of(keeper: Keeper) -> list[bytes]:
    return keeper.layout.revisions.read_bytes().splitlines()


def test_each_revision_stands_beside_its_capture_to_the_byte(edited: Keeper) -> None:
    assert [record.block for record in articles_of(edited)] == lines_of(edited)
    assert len(lines_of(edited)) == 3
    for line in lines_of(edited):
        revision = Revision.model_validate_json(line)
        record = article_beside(edited.layout.segment(revision.capture.warc), revision.capture)
        assert record.block == line
        assert record.field("WARC-Refers-To") == f"<{revision.capture.record_id}>"
        assert record.field("WARC-Target-URI") == f"urn:article:{revision.url}"
        assert record.field("Content-Type") == "application/json"
        assert record.date == revision.captured_at
    assert edited.damages() == []


def test_what_was_read_can_be_had_from_the_segments_alone(edited: Keeper) -> None:
    lines = edited.layout.revisions.read_bytes()
    edited.layout.revisions.write_bytes(b"".join(record.block + b"\n" for record in articles_of(edited)))
    assert edited.layout.revisions.read_bytes() == lines


def test_a_removal_has_no_article_beside_its_evidence(keeper: Keeper) -> None:
    keeper.run([(URL, answer(page(URL)))])
    for _ in range(2):
        keeper.run([(URL, answer(b"", status="404 Gone"))])
    assert [json.loads(line)["status"] for line in lines_of(keeper)] == ["published", "removed"]
    assert len(articles_of(keeper)) == 1
    assert keeper.damages() == []


def test_an_article_whose_batch_died_before_its_line_is_no_damage(edited: Keeper) -> None:
    """The run is killed behind the captures: records without lines, which no outcome names."""
    *_, log = sorted(edited.layout.runs.glob("*.jsonl"))
    lines = lines_of(edited)
    edited.layout.revisions.write_bytes(b"\n".join(lines[:2]) + b"\n")
    log.write_bytes(b"")
    edited.layout.catalogue.unlink()
    edited.rebuild()
    assert edited.damages() == []
    edited.run([(URL, answer(EDITED))])
    assert [json.loads(line)["revision"] for line in lines_of(edited)] == [1, 1, 2]
    assert edited.damages() == []


def dropped(members: list[bytes], at: int) -> list[bytes]:
    return members[:at] + members[at + 1 :]


def another_content(members: list[bytes], at: int) -> list[bytes]:
    return [*members[:at], _changed(members[at], b'"title":"', b'"title":"x'), *members[at + 1 :]]


def another_answer(members: list[bytes], at: int) -> list[bytes]:
    return [*members[:at], _changed(members[at], b"WARC-Refers-To: <urn:uuid:", b"WARC-Refers-To: <urn:uuid:0"),
            *members[at + 1 :]]  # fmt: skip


def no_json(members: list[bytes], at: int) -> list[bytes]:
    return [*members[:at], _changed(members[at], b'"capture":', b'"kapture":'), *members[at + 1 :]]


@pytest.mark.parametrize("damage", [dropped, another_content, another_answer, no_json])
def test_an_article_that_is_not_its_revision_is_found_by_what_they_say_of_each_other(
    damage: Callable[[list[bytes], int], list[bytes]], edited: Keeper
) -> None:
    """Even where manifest, catalogue and index were made again from the damaged segment."""
    path = edited.segments[0]
    records = list(iterate(path))
    at = next(number for number, record in enumerate(records) if record.type == "metadata")
    path.write_bytes(b"".join(damage(_members(path), at)))
    said = ("beside its capture", "does not name the answer before it")
    assert [found for found in edited.damages() if any(what in found for what in said)]


def test_a_line_that_differs_from_its_article_is_found(edited: Keeper) -> None:
    data = edited.layout.revisions.read_bytes()
    edited.layout.revisions.write_bytes(data.replace(b'"clicks":null', b'"clicks":1234', 1))
    found = edited.damages()
    assert [damage for damage in found if "is not as it stands beside its capture" in damage]
    assert [damage for damage in found if "is not so in revisions.jsonl" in damage]


def _members(path: Path) -> list[bytes]:
    data = path.read_bytes()
    return [data[record.offset : record.offset + record.length] for record in iterate(path)]


def _changed(member: bytes, old: bytes, new: bytes) -> bytes:
    """Return a member whose content differs and whose header agrees with it."""
    content = gzip.decompress(member)
    assert old in content
    head, _, block = content.replace(old, new, 1).partition(b"\r\n\r\n")
    length = len(block) - len(b"\r\n\r\n")
    lines = [
        b"Content-Length: %d" % length if line.startswith(b"Content-Length") else line for line in head.split(b"\r\n")
    ]
    return packed_member(b"\r\n".join(lines) + b"\r\n\r\n" + block)
