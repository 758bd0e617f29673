"""SQLite: every dataset of a site as a table of one file, with indexes, and a full-text index of the articles.

Rows go in in their order into a new file with a fixed page size and no journal, and what is unused is zeroed, so the
same rows give the same bytes, under one version of SQLite and another.
"""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from newsarchive.datasets.flat import FlatColumn, as_json, flat_columns, row_maker
from newsarchive.datasets.fulltext import CREATE_INDEX, index_words
from newsarchive.datasets.tables import CLUSTERS, TABLES, Row

PAGE_BYTES = 8192
"""The schema fits into the first page: where it is split, versions of SQLite leave other bytes in what is unused."""
APPLICATION_ID = 0x4E415243
"""`NARC`, in the header: what `file` and SQLite tell the file by."""

ROWS_IN_ONE_STATEMENT = 200

_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}

OWN_TABLES = {"articles": frozenset({"related", "attachments"})}
"""Fields that a table leaves out, since they are tables of their own."""

KEYS = {
    "articles": "PRIMARY KEY (id)",
    "revisions": "PRIMARY KEY (id, revision)",
    "links": "FOREIGN KEY (from_id) REFERENCES articles (id), FOREIGN KEY (to_id) REFERENCES articles (id)",
    "attachments": "PRIMARY KEY (id, position), FOREIGN KEY (id) REFERENCES articles (id)",
    "changes": "PRIMARY KEY (id, revision), FOREIGN KEY (id) REFERENCES articles (id)",
    "clusters": "PRIMARY KEY (id)",
}

INDEXES = {
    "articles": ("date", "section", "source", "duplicate_of"),
    "revisions": ("recorded_at",),
    "links": ("from_id", "to_id"),
    "attachments": ("type",),
    "changes": ("recorded_at",),
    "clusters": ("cluster",),
}

_VERSION_OF_LIBRARY = 96
"""Offset in the header of the version of the SQLite library that wrote the file (https://sqlite.org/fileformat.html);
information only, and the one thing in the file that would differ between two machines."""


class Database:
    """A new SQLite file that tables are written into, one writer for each.

    Memory: SQLite's cache, and the rows of one statement.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.unlink(missing_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            f"PRAGMA page_size = {PAGE_BYTES}; PRAGMA encoding = 'UTF-8'; PRAGMA auto_vacuum = 0; "
            "PRAGMA secure_delete = ON; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
            "PRAGMA cache_size = -32000; "
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;"
        )
        self._db.execute("BEGIN")
        self._writers: list[TableWriter] = []

    def writer(self, name: str) -> "TableWriter":
        """Return the writer of the table `name`, which is made."""
        model = {**TABLES, CLUSTERS.name: CLUSTERS}[name].row
        columns = database_columns(name, model)
        parts = [_declaration(column) for column in columns]
        self._db.execute(f"CREATE TABLE {name} ({', '.join([*parts, KEYS[name]])})")
        made = TableWriter(self._db, name, columns, indexed=name == "articles")
        self._writers.append(made)
        return made

    def finish(self) -> None:
        """Make the indexes and close the file."""
        for writer in self._writers:
            writer.flush()
            for column in INDEXES[writer.name]:
                self._db.execute(f"CREATE INDEX {writer.name}_{column} ON {writer.name} ({column})")
        self._db.execute("COMMIT")
        self._db.close()
        with self._path.open("r+b") as file:
            file.seek(_VERSION_OF_LIBRARY)
            file.write(bytes(4))

    def close(self) -> None:
        """Close the file, finished or not."""
        self._db.close()


class TableWriter:
    """Writes one dataset into its table; of articles the words are indexed, too."""

    def __init__(self, db: sqlite3.Connection, name: str, columns: Sequence[FlatColumn], *, indexed: bool) -> None:
        self.name = name
        self._db = db
        self._row = row_maker(columns, _stored)
        marks = ", ".join("?" * len(columns))
        self._insert = f"INSERT INTO {name} VALUES ({marks})"  # noqa: S608 - names of our own
        self._held: list[Sequence[Any]] = []
        self._words: list[tuple[int, str, str]] = []
        self._indexed = indexed
        self._count = 0
        if indexed:
            db.execute(CREATE_INDEX)

    def write(self, line: bytes, values: Row) -> None:  # noqa: ARG002 - as every writer has it
        """Write one row."""
        self._count += 1
        self._held.append(self._row(values))
        if self._indexed:
            self._words.append((self._count, *index_words(values["title"], values["text"])))
        if len(self._held) >= ROWS_IN_ONE_STATEMENT:
            self.flush()

    def flush(self) -> None:
        """Give what is held to SQLite."""
        self._db.executemany(self._insert, self._held)
        if self._words:
            self._db.executemany("INSERT INTO search (rowid, title, text) VALUES (?, ?, ?)", self._words)
        self._held.clear()
        self._words.clear()

    def finish(self) -> None:
        """Give what is held to SQLite; the file is finished as a whole."""
        self.flush()

    def close(self) -> None:
        """Do nothing: the file is closed as a whole."""


def database_columns(name: str, model: type[BaseModel]) -> tuple[FlatColumn, ...]:
    """Return the columns of a table."""
    return flat_columns(model, OWN_TABLES.get(name, frozenset()))


def _declaration(column: FlatColumn) -> str:
    return f'"{column.name}" {_TYPES.get(column.kind, "TEXT")}{"" if column.nullable else " NOT NULL"}'


def _stored(column: FlatColumn) -> Callable[[Any], Any] | None:
    return as_json if column.kind in {"texts", "records"} else None
