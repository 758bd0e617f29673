"""What the system and SQLite say of a disk, told as the store's errors: who has to act, and how."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsarchive.errors import StaleCatalogueError, StorageError, StoreError

_DISK = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
"""Primary result codes (https://sqlite.org/rescode.html) that are about the disk, not about what is on it."""

_PRIMARY = 0xFF

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """Raise `StorageError` where the disk fails, `StaleCatalogueError` where the catalogue of `folder` is damaged."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{folder}: cannot be written ({error.strerror or error}); "
            "nothing kept was lost: make room or mend the disk, then run the same command again"
        ) from error
    except sqlite3.Error as error:
        raise catalogue_error(folder / "catalogue.sqlite", error) from error


def is_of_disk(error: sqlite3.Error) -> bool:
    """Tell whether an error of SQLite is about the disk, and not about what is on it."""
    return _primary(error) in _DISK


def unwritable(place: object, error: OSError | sqlite3.Error, otherwise: str) -> StorageError:
    """Return the error for a place that cannot be written; on a full disk room helps, `otherwise` everywhere."""
    if isinstance(error, OSError):
        full, why = error.errno in _FULL, error.strerror or str(error)
    else:
        full, why = _primary(error) == sqlite3.SQLITE_FULL, str(error)
    return StorageError(f"{place}: cannot be written ({why}); {'make room, or ' if full else ''}{otherwise}")


def _primary(error: sqlite3.Error) -> int:
    return (getattr(error, "sqlite_errorcode", 0) or 0) & _PRIMARY


def catalogue_error(path: Path, error: sqlite3.Error) -> StoreError:
    """Return what an error of SQLite means for the catalogue at `path`."""
    if is_of_disk(error):
        return StorageError(
            f"{path}: cannot be read or written ({error}); "
            "nothing kept was lost: make room or mend the disk, then run the same command again"
        )
    return StaleCatalogueError(f"{path}: not a sound catalogue ({error}); run `newsarchive rebuild {path.parent.name}`")
