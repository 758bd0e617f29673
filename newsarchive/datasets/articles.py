"""`articles.jsonl`: the latest revision of every article, removed ones too, ordered by id."""

import errno
import json
import os
from pathlib import Path

from newsarchive.errors import ForeignOriginError, StorageError
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.layout import Layout, sync_folder, write_atomically
from newsarchive.timestamps import iso, utc

IDENTITY = "collection.json"


def articles_are_stale(layout: Layout, exports: Path) -> bool:
    """Tell whether a revision was written after the export; so is one that a killed run did not come to publish."""
    path = exports / layout.folder.name / "articles.jsonl"
    if not path.exists():
        return True
    return layout.revisions.exists() and layout.revisions.stat().st_mtime_ns > path.stat().st_mtime_ns


def check_exports(exports: Path, site: str, origin: str) -> None:
    """See, before anything is asked for, that the dataset of `site` from `origin` can be written below `exports`.

    Makes the folder. Raises as `refresh_articles` does.
    """
    folder = exports / site
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(folder, site, origin)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise _cannot_be_written(folder, error) from error


def refresh_articles(layout: Layout, exports: Path) -> Path:
    """Write `articles.jsonl` of a collection below `exports`, whole and atomically, and return its path.

    Read line by line, so memory does not grow with the collection. `last_checked_at` is as of this call. Raises
    `ForeignOriginError` if the folder holds the export of another collection, `StorageError` if it cannot be written;
    the old file is then as it was.
    """
    folder = exports / layout.folder.name
    path = folder / "articles.jsonl"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _claim(layout, folder)
        temporary = folder / f".articles.jsonl.{os.getpid()}.tmp"
        try:
            _write(layout, temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(folder)
    except OSError as error:
        raise _cannot_be_written(folder, error) from error
    return path


def _cannot_be_written(folder: Path, error: OSError) -> StorageError:
    return StorageError(f"{folder}: cannot be written ({error.strerror}); choose another --exports")


def _claim(layout: Layout, folder: Path) -> None:
    """Make sure that the folder is, or becomes, the export of this collection and no other."""
    identity = layout.read_identity()
    _refuse_foreign(folder, identity.site, identity.origin)
    note = folder / IDENTITY
    if not note.exists():
        write_atomically(note, identity.model_dump_json(indent=2).encode() + b"\n")


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


def _write(layout: Layout, path: Path) -> None:
    catalogue = Catalogue(layout.catalogue, readonly=True)
    try:
        with path.open("wb") as file:
            if layout.revisions.exists():
                with layout.revisions.open("rb") as log:
                    for article, offset, length, checked_at, first in catalogue.latest_lines():
                        log.seek(offset)
                        line = log.read(length)
                        # The line is JSON of our own making, so further fields go before its closing brace.
                        twin = None if first == article else first
                        further = {"last_checked_at": iso(utc(checked_at)), "duplicate_of": twin}
                        added = json.dumps(further, separators=(",", ":")).encode()
                        file.write(line.removesuffix(b"}\n") + b"," + added[1:] + b"\n")
            file.flush()
            os.fsync(file.fileno())
    finally:
        catalogue.close()
