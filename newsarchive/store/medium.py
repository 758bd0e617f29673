"""A catalogue where nothing can be written: on a medium, in a bag, in a folder that is mounted to be read.

SQLite reads a write-ahead log through a file beside it, which the last writer takes away and a reader cannot make
there. Read as immutable, the catalogue could change underneath: by another way to the same disk a run may begin. So a
copy is read, which nobody else knows.
"""

import os
import shutil
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

from newsarchive.store.guard import unwritable


def connect_copy(path: Path) -> sqlite3.Connection | None:
    """Return a connection to a copy of the catalogue at `path`; None where it can be read in place, or is at work.

    The copy has no name any more: it goes with the connection. Raises `StorageError` where there is no room for it.
    """
    if os.access(path.parent, os.W_OK):
        return None
    before = _state(path)
    if before is None:
        return None
    handle, name = tempfile.mkstemp(prefix="newsarchive-", suffix=".sqlite")
    copy = Path(name)
    try:
        with os.fdopen(handle, "wb") as target, path.open("rb") as source:
            shutil.copyfileobj(source, target, 1 << 20)
        if _state(path) != before:
            return None
        db = sqlite3.connect(f"file:{copy}?immutable=1", uri=True, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA schema_version")  # opens the file, which may then lose its name
    except OSError as error:
        raise unwritable(copy.parent, error, "give another folder for temporary files (TMPDIR)") from error
    else:
        return db
    finally:
        with suppress(PermissionError):  # Windows keeps the name of what is open
            copy.unlink(missing_ok=True)


def _state(path: Path) -> tuple[int, int] | None:
    """Return what changes when the catalogue does; None where a writer is at work, or readers of one are."""
    shared, ahead = (path.with_name(path.name + ending) for ending in ("-shm", "-wal"))
    try:
        if shared.exists() or (ahead.exists() and ahead.stat().st_size):
            return None
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
