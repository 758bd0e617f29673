"""A host's pace across processes: nobody asks sooner, whoever they are and whatever their clocks say."""

import json
from pathlib import Path
from threading import Thread

import pytest

from newsarchive.errors import StorageError
from newsarchive.store.turns import HostTurns


def test_turns_are_a_delay_apart(tmp_path: Path) -> None:
    ours, theirs = HostTurns(tmp_path), HostTurns(tmp_path)
    assert ours.take("a.test:80", 10, now=100.0) is None
    assert theirs.take("a.test:80", 10, now=100.0) == 110.0
    assert theirs.take("b.test", 10, now=100.0) is None
    assert theirs.take("a.test:80", 10, now=110.0) is None
    assert ours.take("a.test:80", 10, now=119.9) == 120.0


def test_who_looked_at_the_clock_first_and_comes_second_gets_no_turn(tmp_path: Path) -> None:
    ours, theirs = HostTurns(tmp_path), HostTurns(tmp_path)
    assert ours.take("a.test", 1, now=100.003) is None
    assert theirs.take("a.test", 1, now=100.0) == 101.003


def test_a_longer_delay_is_everybody_s(tmp_path: Path) -> None:
    ours, theirs = HostTurns(tmp_path), HostTurns(tmp_path)
    assert ours.take("a.test", 1, now=100.0) is None
    ours.put_off("a.test", 60, now=100.5)
    assert theirs.take("a.test", 1, now=101.5) == 160.5


def test_an_instant_noted_while_the_clock_was_wrong_does_not_count(tmp_path: Path) -> None:
    turns = HostTurns(tmp_path)
    assert turns.take("a.test", 10, now=1e9) is None
    assert turns.take("a.test", 10, now=1e9 - 86400) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"at": "x", "delay_seconds": 1}', "null"])
def test_a_file_that_is_damaged_is_begun_anew(text: str, tmp_path: Path) -> None:
    turns = HostTurns(tmp_path)
    assert turns.take("a.test", 10, now=100.0) is None
    (path,) = (tmp_path / ".newsarchive" / "hosts").glob("*.json")
    path.write_text(text, encoding="utf-8")
    assert turns.take("a.test", 10, now=101.0) is None
    assert json.loads(path.read_bytes()) == {"at": 111.0, "delay_seconds": 10}


def test_of_many_that_ask_at_once_one_gets_the_turn(tmp_path: Path) -> None:
    given: list[bool] = []

    def ask() -> None:
        turns = HostTurns(tmp_path)
        given.extend(turns.take("a.test", 1000, now=100.0) is None for _ in range(20))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given.count(True) == 1


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".newsarchive").write_text("a file", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written"):
        HostTurns(tmp_path).take("a.test", 1, now=100.0)
