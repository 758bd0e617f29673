"""Who holds a collection: a note says it, and is not believed where its writer is no more."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newsarchive.errors import CollectionLockedError
from newsarchive.store.lock import WriterLock, is_held, no_writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".lock"


def leave_note(path: Path, **changed: Any) -> None:  # noqa: ANN401 - what a note may say
    """Leave the note of a process that took this lock and died."""
    lock = WriterLock(path, 0.0)
    note = json.loads(path.with_suffix(".holder").read_text(encoding="utf-8"))
    lock.release()
    path.with_suffix(".holder").write_text(json.dumps(note | changed), encoding="utf-8")


def test_a_lock_is_held_until_it_is_released(path: Path) -> None:
    assert not is_held(path)
    lock = WriterLock(path, 0.0)
    assert is_held(path)
    with pytest.raises(CollectionLockedError, match=f"process {os.getpid()} on {socket.gethostname()} since 1970"):
        WriterLock(path, 0.0)
    lock.release()
    assert not is_held(path)


def test_the_note_of_a_dead_process_is_not_believed(path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    leave_note(path, pid=dead.pid)
    assert not is_held(path)


def test_a_living_process_with_the_number_of_the_dead_one_holds_nothing(path: Path) -> None:
    leave_note(path, started=1)
    assert not is_held(path)


def test_of_another_machine_the_lock_itself_is_asked(path: Path) -> None:
    leave_note(path, host="elsewhere.test")
    assert not is_held(path)
    lock = WriterLock(path, 0.0)
    note = path.with_suffix(".holder")
    note.write_text(note.read_text(encoding="utf-8").replace(socket.gethostname(), "elsewhere.test"), encoding="utf-8")
    assert is_held(path)
    lock.release()


def test_who_only_reads_shares_the_lock_and_keeps_writers_out(path: Path) -> None:
    with no_writer(path):  # nobody has ever written there
        pass
    assert not path.exists()
    lock = WriterLock(path, 0.0)
    with pytest.raises(CollectionLockedError, match=f"process {os.getpid()} on"), no_writer(path):
        pass
    lock.release()
    with no_writer(path), no_writer(path), pytest.raises(CollectionLockedError):
        WriterLock(path, 0.0)
    WriterLock(path, 0.0).release()
