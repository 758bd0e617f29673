"""A payload that is served again is not left to a record that is damaged: it is kept again while it is at hand."""

import logging
from pathlib import Path

import pytest

from newsarchive.warc.reader import iterate
from tests.preservation.keeper import URLS, Keeper, answer, page


@pytest.mark.parametrize("damage", ["a flipped bit", "lost and found again"])
def test_a_damaged_payload_is_kept_again_and_the_next_visit_refers_to_the_new_one(
    damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Keeper(tmp_path)
    url, body = URLS[0], page(URLS[0])
    keeper.run([(url, answer(body))])
    (segment,) = keeper.segments
    data = segment.read_bytes()
    (response,) = (record for record in iterate(segment) if record.type == "response")
    at = response.offset + response.length // 2
    broken = bytes([data[at] ^ 1]) if damage == "a flipped bit" else b"\0"
    segment.write_bytes(data[:at] + broken + data[at + 1 :])
    with caplog.at_level(logging.ERROR):
        keeper.run([(url, answer(body))])
    assert f"{segment}: offset {response.offset}: " in caplog.text
    kept_again = [record.type for record in iterate(keeper.segments[1])]
    assert kept_again == ["warcinfo", "response", "request"]
    caplog.clear()
    keeper.run([(url, answer(body))])
    assert caplog.text == ""
    revisit = next(record for record in iterate(keeper.segments[2]) if record.type == "revisit")
    assert revisit.field("WARC-Refers-To-Filename") == keeper.segments[1].name
    assert all(segment.name in told for told in keeper.damages())


def test_torn_bytes_at_one_place_are_set_aside_side_by_side(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    keeper.run([(URLS[0], answer(page(URLS[0])))])
    whole = keeper.layout.revisions.read_bytes()
    for torn in (b'{"torn": 1', b'{"torn": 2', b'{"torn": 2'):
        keeper.layout.revisions.write_bytes(whole + torn)
        keeper.open().collection.close()
        assert keeper.layout.revisions.read_bytes() == whole
    assert sorted(path.read_bytes() for path in keeper.layout.salvage.iterdir()) == [b'{"torn": 1', b'{"torn": 2']
