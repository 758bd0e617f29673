"""The full-text index of a collection's latest revisions: a file of its own, brought up to date by what the log adds.

An index and nothing else: the articles stay in `revisions.jsonl`, and a lost or outdated file is made again. The row
number of an article begins with its day, so FTS5, which gives rows in their order, gives the newest first, and a range
of days is a range of rows.
"""

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

from pydantic_core import from_json

from newsarchive.datasets.fulltext import CREATE_INDEX, index_words
from newsarchive.datasets.owner import claimed
from newsarchive.errors import DamageError, StaleCatalogueError
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.guard import unwritable
from newsarchive.store.layout import Layout

NAME = "search.sqlite"

VERSION = 2
"""Of the tokens and the tables; an index of another version is made again."""

ROWS_OF_A_DAY = 1 << 22
"""Row numbers that one day has; articles without a date have those of day 0, and come last."""

PATIENCE_SECONDS = 60

MARK_BYTES = 4096
"""So much of the log before the end of what was taken in tells whether it is that log: every line names a record."""

_SCHEMA = f"""
CREATE TABLE entries (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, section TEXT, source TEXT, start INTEGER NOT NULL,
    length INTEGER NOT NULL
);
CREATE INDEX entries_section ON entries (section);
CREATE INDEX entries_source ON entries (source);
CREATE TABLE state (origin TEXT NOT NULL, log_bytes INTEGER NOT NULL, mark TEXT NOT NULL);
{CREATE_INDEX};
"""


class SearchIndex:
    """The index of one collection, open; `refresh` brings it up to date."""

    def __init__(self, layout: Layout, exports: Path) -> None:
        """Open or make the index. Raises `ForeignOriginError` or `StorageError` as every dataset does."""
        self.layout = layout
        folder = claimed(layout, exports)
        self.path = folder / NAME
        self._origin = layout.read_identity().origin
        self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def execute(self, query: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        """Run one statement on the index, for the search."""
        return self._db.execute(query, values)

    def refresh(self, progress: Callable[[str, int], None] = lambda _part, _rows: None) -> int:
        """Take in the revisions that were committed since the last time, and return how many.

        All of them or none: a process that dies leaves the index as it was. Raises `StorageError` where the disk fails.
        """
        if not self.layout.catalogue.exists():
            raise StaleCatalogueError(
                f"{self.layout.catalogue}: missing; run `newsarchive rebuild {self.layout.folder.name}`"
            )
        catalogue = Catalogue(self.layout.catalogue, readonly=True)
        try:
            end = catalogue.committed().get("revisions.jsonl", (0, False))[0]
        finally:
            catalogue.close()
        try:
            if self._state() != (self._origin, end, self._mark(end)):
                return self._take_in(end, progress)
        except sqlite3.DatabaseError as error:
            raise unwritable(self.path, error, "remove it, or choose another --exports") from error
        return 0

    def line(self, start: int, length: int) -> dict[str, Any]:
        """Return the revision whose line begins at `start`."""
        with self.layout.revisions.open("rb") as log:
            log.seek(start)
            return _revision(log.read(length), self.layout.revisions, start)

    def _open(self) -> None:
        self._db = _connected(self.path)
        try:
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError:
            version = None
        if version not in {0, VERSION}:
            self._db.close()
            self.path.unlink(missing_ok=True)
            self._db = _connected(self.path)

    def _state(self) -> tuple[str, int, str]:
        if not self._db.execute("PRAGMA user_version").fetchone()[0]:
            return "", 0, ""
        origin, log_bytes, mark = self._db.execute("SELECT origin, log_bytes, mark FROM state").fetchone()
        return origin, log_bytes, mark

    def _mark(self, end: int) -> str:
        """Return the digest of what the log has before byte `end`; a collection crawled anew has others."""
        if not end:
            return ""
        with self.layout.revisions.open("rb") as log:
            log.seek(max(0, end - MARK_BYTES))
            return hashlib.sha256(log.read(min(end, MARK_BYTES))).hexdigest()

    def _take_in(self, end: int, progress: Callable[[str, int], None]) -> int:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.execute("PRAGMA cache_size = -32000")
            origin, start, mark = self._state()  # another process may have been here meanwhile
            if origin != self._origin or start > end or mark != self._mark(start):
                self._make_anew()
                start = 0
            count = 0
            with self.layout.revisions.open("rb") as log:
                for line, at in _lines(log, start, end, self.layout.revisions):
                    self._enter(_revision(line, self.layout.revisions, at), at, len(line))
                    count += 1
                    progress("search index", count)
            self._db.execute("UPDATE state SET log_bytes = ?, mark = ?", (end, self._mark(end)))
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        return count

    def _make_anew(self) -> None:
        for table in ("entries", "state", "search"):
            self._db.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in _SCHEMA.split(";"):
            self._db.execute(statement)
        self._db.execute("INSERT INTO state VALUES (?, 0, '')", (self._origin,))
        self._db.execute(f"PRAGMA user_version = {VERSION}")

    def _enter(self, revision: dict[str, Any], start: int, length: int) -> None:
        known = self._db.execute("SELECT row, start, length FROM entries WHERE id = ?", (revision["id"],)).fetchone()
        if known is not None:
            before = self.line(known[1], known[2])
            words = index_words(before["title"], before["text"])
            # An index without contents is told what it is to forget.
            self._db.execute(
                "INSERT INTO search (search, rowid, title, text) VALUES ('delete', ?, ?, ?)", (known[0], *words)
            )
            self._db.execute("DELETE FROM entries WHERE row = ?", (known[0],))
        row = self._row_of(revision["date"])
        self._db.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)",
            (row, revision["id"], revision["section"], revision["source"], start, length),
        )
        words = index_words(revision["title"], revision["text"])
        self._db.execute("INSERT INTO search (rowid, title, text) VALUES (?, ?, ?)", (row, *words))

    def _row_of(self, date: str | None) -> int:
        first = first_row(dt.date.fromisoformat(date) if date else None)
        query = "SELECT max(row) FROM entries WHERE row >= ? AND row < ?"
        last = self._db.execute(query, (first, first + ROWS_OF_A_DAY)).fetchone()[0]
        return first if last is None else int(last) + 1


def first_row(day: dt.date | None) -> int:
    """Return the first row number of a day."""
    return (day.toordinal() if day else 0) * ROWS_OF_A_DAY


def _connected(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(path, isolation_level=None, timeout=PATIENCE_SECONDS)
    except sqlite3.OperationalError as error:
        raise unwritable(path, error, "choose another --exports") from error


def _lines(log: Any, start: int, end: int, path: Path) -> Iterator[tuple[bytes, int]]:  # noqa: ANN401 - a file
    log.seek(start)
    while start < end:
        line = log.readline()
        if not line.endswith(b"\n"):
            raise DamageError(f"{path}: offset {start}: ends before its committed length; run `newsarchive verify`")
        yield line, start
        start += len(line)


def _revision(line: bytes, path: Path, start: int) -> dict[str, Any]:
    try:
        found: dict[str, Any] = from_json(line)
    except ValueError as error:
        raise DamageError(f"{path}: offset {start}: no JSON ({error}); run `newsarchive verify`") from error
    return found
