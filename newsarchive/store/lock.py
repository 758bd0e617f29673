"""One writer per collection: a lock that the operating system takes back when its holder dies."""

import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from newsarchive.errors import CollectionLockedError, StorageError
from newsarchive.timestamps import iso, utc


class WriterLock:
    """The right to write one collection, held from construction to `release` or the process's death."""

    def __init__(self, path: Path, now: float) -> None:
        self._holder = path.with_suffix(".holder")
        self._lock = FileLock(path, timeout=0)
        try:
            self._lock.acquire()
        except Timeout:
            raise CollectionLockedError(
                f"{path.parent}: being written by {self._who()}; wait for it to end, or stop it"
            ) from None
        except OSError as error:
            raise StorageError(f"{path}: cannot be written ({error.strerror}); choose another --archive") from error
        note = {"pid": os.getpid(), "host": socket.gethostname(), "since": iso(utc(now))}
        try:
            self._holder.write_text(json.dumps(note), encoding="utf-8")
        except OSError as error:
            self.release()
            raise StorageError(f"{path}: cannot be written ({error.strerror}); choose another --archive") from error

    def release(self) -> None:
        """Let the next writer in."""
        with suppress(OSError):  # a note that stays behind is overwritten by the next holder
            self._holder.unlink(missing_ok=True)
        self._lock.release()

    def _who(self) -> str:
        note = _note(self._holder)
        return f"process {note['pid']} on {note['host']} since {note['since']}" if note else "another process"


def is_held(path: Path) -> bool:
    """Tell whether a living process seems to hold the lock at `path`; asks its note, so as to be in nobody's way."""
    note = _note(path.with_suffix(".holder"))
    if note is None:
        return False
    if note["host"] != socket.gethostname() or os.name == "nt":  # nobody to ask
        return True
    try:
        os.kill(note["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _note(holder: Path) -> dict[str, Any] | None:
    """Return what the holder of a lock wrote down, or None where nothing is, or nothing that can be read."""
    try:
        note = json.loads(holder.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(note, dict) and note.keys() >= {"pid", "host", "since"} and isinstance(note["pid"], int)
    return note if whole else None
