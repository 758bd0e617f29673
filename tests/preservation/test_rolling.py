"""Fixity on a schedule: a share at a time, all of it after so many times, logged in the terms of PREMIS."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsarchive.operations.rolling import Sampled, verify_sample
from newsarchive.records.event import PreservationEvent
from newsarchive.store.events import append_events, read_events
from tests.conftest import RunNewsarchive
from tests.preservation.keeper import URLS, Keeper, answer, page


@pytest.fixture
def filled(keeper: Keeper) -> Keeper:
    for url in URLS[:6]:
        keeper.run([(url, answer(page(url)))])
    return keeper


def sampled(keeper: Keeper, share: float, times: Iterator[int] | None = None) -> Sampled:
    times = times or iter(range(1, 1000))
    return verify_sample(keeper.held, share, lambda: keeper.now.timestamp() + next(times), "newsarchive test")


def test_a_share_at_a_time_all_of_it_is_looked_at(filled: Keeper) -> None:
    times = iter(range(1, 1000))
    names = {name for (name,) in filled.query("SELECT name FROM files WHERE length > 0")}
    seen: list[str] = []
    while len(seen) < len(names):
        done = sampled(filled, 0.1, times)
        assert done.damages == ()
        assert 1 <= len(done.events) < len(names)
        seen += [event.object.removeprefix("sample/") for event in done.events]
    assert set(seen[: len(names)]) == names
    # Then again from what was looked at longest ago.
    oldest = min(names, key=lambda name: len(seen) - seen[::-1].index(name))
    assert sampled(filled, 0.1, times).events[0].object.removeprefix("sample/") == oldest


def test_the_outcome_is_logged_in_terms_of_premis(filled: Keeper) -> None:
    sampled(filled, 1)
    lines = [json.loads(line) for line in filled.layout.events.read_bytes().splitlines()]
    for line in lines:
        assert line.keys() == {"event", "type", "at", "detail", "outcome", "note", "agent", "object"}
        assert (line["type"], line["outcome"], line["agent"]) == ("fixity check", "pass", "newsarchive test")
    assert {line["object"] for line in lines} >= {f"sample/captures/{path.name}" for path in filled.segments}
    assert filled.damages() == []


@pytest.mark.parametrize("lost", [False, True])
def test_damage_is_found_named_and_logged(lost: bool, filled: Keeper) -> None:  # noqa: FBT001 - a parameter
    path = filled.segments[2]
    if lost:
        path.unlink()
        done = sampled(filled, 0.01)  # a lost file is found each time, whichever the share
    else:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        done = sampled(filled, 1)
    assert {damage.path for damage in done.damages} == {path}
    (failed,) = [event for event in read_events(filled.layout) if event.outcome == "fail"]
    assert failed.object == f"sample/captures/{path.name}"
    assert str(path) in (failed.note or "")


def test_a_torn_line_of_the_log_costs_that_line(filled: Keeper) -> None:
    done = sampled(filled, 1)
    with filled.layout.events.open("ab") as file:
        file.write(b'{"event": "urn:uu')
    append_events(filled.layout, done.events[:1])
    assert list(read_events(filled.layout)) == [*done.events, done.events[0]]
    assert all(isinstance(event, PreservationEvent) for event in read_events(filled.layout))


def test_the_command_says_how_much_was_looked_at(filled: Keeper, newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    ran = newsarchive("verify", "sample", "--sample", "5%", "--archive", filled.archive)
    assert (ran.code, ran.err) == (0, "")
    assert "files looked at: sound" in ran.out
    filled.segments[0].write_bytes(b"")
    assert newsarchive("verify", "--sample", "100%", "--archive", filled.archive).code == 6
    for wrong in ("five", "0%", "101%"):
        assert newsarchive("verify", "--sample", wrong, "--archive", filled.archive).code == 2
    assert newsarchive("verify", "--sample", "5%", "--archive", tmp_path / "none").code == 2
