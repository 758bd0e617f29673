"""The one owner of a folder of datasets: whose it is, writing aside, and publishing in one step.

A dataset is written into a folder of its own below the site's, brought to the disk, and renamed into place while a
lock is held for the moment that takes. So two exports at once both end, and the folder holds the files of the later
one; a process that dies leaves the old files whole, and what it had written is cleared away by the next.
"""

import datetime as dt
import errno
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from newsarchive.errors import CollectionLockedError, ForeignOriginError
from newsarchive.store.guard import is_of_disk, unwritable
from newsarchive.store.layout import Layout, sync_folder, write_atomically

IDENTITY = "collection.json"
MANIFEST = "manifest.json"
AS_OF = "as-of"
STAGING = ".writing-"

PATIENCE_SECONDS = 60
"""Publishing is a few renames; who holds the lock for longer hangs."""

Entries = Mapping[str, Mapping[str, Any]]
"""What the manifest says of each file, by its name."""


def check_exports(exports: Path, site: str, origin: str) -> None:
    """See, before anything is asked for, that the dataset of `site` from `origin` can be written below `exports`.

    Makes the folder. Raises as `claimed` does.
    """
    folder = exports / site
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(folder, site, origin)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def claimed(layout: Layout, exports: Path, as_of: dt.datetime | None = None) -> Path:
    """Return the folder of a collection's datasets, which is, or becomes, of this collection and no other.

    Datasets as of an earlier instant have a folder of their own below it. Raises `ForeignOriginError` if the folder
    holds the datasets of another collection, `StorageError` if it cannot be written.
    """
    identity = layout.read_identity()
    folder = exports / layout.folder.name
    if as_of is not None:
        _refuse_foreign(folder, identity.site, identity.origin)
        folder = folder / AS_OF / as_of.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(folder, identity.site, identity.origin)
        note = folder / IDENTITY
        if not note.exists():
            write_atomically(note, identity.model_dump_json(indent=2).encode() + b"\n")
    return folder


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Give a new folder below `folder` to write into; it is gone afterwards, however that ends.

    What a process that died left there is cleared away first. Raises `StorageError` where the disk fails.
    """
    with _told(folder):
        _clear_dead(folder)
        made = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder))
        alive = FileLock(made / ".lock", timeout=0)
        alive.acquire()
        try:
            yield made
        finally:
            alive.release()
            shutil.rmtree(made, ignore_errors=True)


def publish(
    folder: Path, staged: Path, entries: Entries, seen: Entries, describe: Callable[[Entries], Entries] | None = None
) -> bool:
    """Move the files that `entries` name from `staged` into `folder`, and tell of them in its manifest.

    `seen` is what the manifest said when the export began. False, and nothing done, where the folder was given a later
    state of the collection since. `describe` is given the manifest as it will be, writes into `staged` what describes
    the files, those of earlier exports too, and returns the entries of that. Raises `CollectionLockedError` where
    another process hangs while it publishes, `StorageError` where the disk fails.
    """
    with _told(folder), _locked(folder):
        held = read_manifest(folder)
        changed = [name for name in entries if held.get(name) != seen.get(name)]
        if any(held.get(name, {}).get("log_bytes", 0) > entries[name]["log_bytes"] for name in changed):
            return False
        described = describe({**held, **entries}) if describe is not None else {}
        for name in (*entries, *described):
            (staged / name).replace(folder / name)
        _write_manifest(folder, {**held, **entries, **described})
    return True


def retract(folder: Path, name: str) -> None:
    """Take a published file away, and out of the manifest; nothing is done where there is none.

    Raises as `publish` does.
    """
    if not folder.joinpath(name).exists():
        return
    with _told(folder), _locked(folder):
        folder.joinpath(name).unlink(missing_ok=True)
        held = read_manifest(folder)
        _write_manifest(folder, {known: entry for known, entry in held.items() if known != name})


def read_manifest(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what the manifest says of each file: rows, bytes, sha256, log_bytes; nothing where there is none."""
    try:
        files = json.loads((folder / MANIFEST).read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return files if isinstance(files, dict) else {}


def entry_of(path: Path, rows: int | None, log_bytes: int) -> dict[str, Any]:
    """Bring a whole file to the disk, and return what the manifest says of it.

    That is: made of so many bytes of `revisions.jsonl`; nothing of the clock or the machine. `rows` is None for a file
    that has none, such as a document.
    """
    with path.open("r+b") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return {"rows": rows, "bytes": path.stat().st_size, "sha256": digest, "log_bytes": log_bytes}


def _write_manifest(folder: Path, files: Entries) -> None:
    text = json.dumps({"format": 1, "files": dict(sorted(files.items()))}, indent=2)
    write_atomically(folder / MANIFEST, text.encode() + b"\n")
    sync_folder(folder)


def _clear_dead(folder: Path) -> None:
    for left in folder.glob(f"{STAGING}*"):
        lock = FileLock(left / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            continue
        except OSError:  # cleared by another at the same moment
            continue
        lock.release()
        shutil.rmtree(left, ignore_errors=True)


def _refuse_foreign(folder: Path, site: str, origin: str) -> None:
    note = folder / IDENTITY
    if not note.exists():
        return
    held = json.loads(note.read_bytes())
    if (held.get("site"), held.get("origin")) != (site, origin):
        raise ForeignOriginError(
            f"{folder}: holds the export of {held.get('site')} from {held.get('origin')}, not from {origin}; give "
            "another --exports folder"
        )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / ".lock", timeout=PATIENCE_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise CollectionLockedError(f"{folder}: another export has not ended; stop it") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, sqlite3.Error) and not is_of_disk(error):
            raise
        raise unwritable(folder, error, "choose another --exports") from error
