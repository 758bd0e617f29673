"""One writer per collection, one watcher per archive: a lock that the system takes back when its holder dies."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from newsarchive.errors import CollectionLockedError, StoreError
from newsarchive.store.guard import unwritable
from newsarchive.timestamps import iso, utc

if sys.platform == "win32":
    fcntl = None
else:
    import fcntl


class WriterLock:
    """The right to write one collection, held from construction to `release` or the process's death.

    `refusal` and `what` are for rights of other kinds: what is raised where another holds it, and how that begins.
    """

    def __init__(
        self, path: Path, now: float, *, refusal: type[StoreError] = CollectionLockedError, what: str | None = None
    ) -> None:
        self._holder = path.with_suffix(".holder")
        self._lock = FileLock(path, timeout=0)
        try:
            self._lock.acquire()
        except Timeout:
            doing = what or f"{path.parent}: being written"
            raise refusal(f"{doing} by {_who(self._holder)}; wait for it to end, or stop it") from None
        except OSError as error:
            raise unwritable(path, error, "choose another --archive") from error
        pid = os.getpid()
        note = {"pid": pid, "host": socket.gethostname(), "since": iso(utc(now)), "started": _started(pid)}
        try:
            # Renamed into place: whoever looks meanwhile sees the note of nobody, and never half a note.
            written = self._holder.with_suffix(".note")
            written.write_text(json.dumps(note), encoding="utf-8")
            written.replace(self._holder)
        except OSError as error:
            self.release()
            raise unwritable(path, error, "choose another --archive") from error

    def release(self) -> None:
        """Let the next writer in."""
        with suppress(OSError):  # a note that stays behind is overwritten by the next holder
            self._holder.unlink(missing_ok=True)
        self._lock.release()


@contextmanager
def no_writer(path: Path) -> Iterator[None]:
    """Keep writers out by the lock at `path` where nothing can be written: it is shared, and no note is made.

    Where there is no lock there is no writer: whoever writes makes one. Raises `CollectionLockedError` while another
    process, by another way to the same disk, holds it.
    """
    if fcntl is None or not path.exists():
        yield
        return
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            raise CollectionLockedError(
                f"{path.parent}: being written by {_who(path.with_suffix('.holder'))}; wait for it to end, or stop it"
            ) from error
        yield


def is_held(path: Path) -> bool:
    """Tell whether a living process seems to hold the lock at `path`; asks its note, so as to be in nobody's way."""
    note = _note(path.with_suffix(".holder"))
    if note is None:
        return False
    if note["host"] != socket.gethostname() or os.name == "nt":
        return _is_locked(path)  # nobody to ask: another machine, or a container that is no more
    try:
        os.kill(note["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    # Another process may have the number by now, in a container almost certainly.
    return note.get("started") is None or _started(note["pid"]) in {None, note["started"]}


def _is_locked(path: Path) -> bool:
    """Ask the lock itself, which is in the way of a run that begins in this very moment."""
    if fcntl is None or not path.exists():
        return True
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        fcntl.flock(file, fcntl.LOCK_UN)
    return False


def _started(pid: int) -> int | None:
    """Return when a process began, in ticks since the machine was booted; None where nobody can say (proc(5))."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def _who(holder: Path) -> str:
    note = _note(holder)
    return f"process {note['pid']} on {note['host']} since {note['since']}" if note else "another process"


def _note(holder: Path) -> dict[str, Any] | None:
    """Return what the holder of a lock wrote down, or None where nothing is, or nothing that can be read."""
    try:
        note = json.loads(holder.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(note, dict) and note.keys() >= {"pid", "host", "since"} and isinstance(note["pid"], int)
    return note if whole else None
