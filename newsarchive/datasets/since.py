"""Changes of a snapshot against the one before it, computed from the archive and not from that one's files."""

import datetime as dt
import sqlite3
from collections import Counter
from collections.abc import Set as AbstractSet
from pathlib import Path

from newsarchive.datasets.jsonl import line_of
from newsarchive.datasets.tables import Row

SINCE_FILE = "since.jsonl"

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000;
CREATE TABLE before (id TEXT PRIMARY KEY, revision INTEGER, digest TEXT, status TEXT) WITHOUT ROWID;
CREATE TABLE after (
    id TEXT PRIMARY KEY, revision INTEGER, digest TEXT, status TEXT, title TEXT, url TEXT
) WITHOUT ROWID;
"""


class SinceWriter:
    """Takes every revision in the order of the log, and writes the rows that differ.

    `before` is the instant of the snapshot before, `withdrawn` names the articles that were withdrawn since. Memory:
    that set and SQLite's cache; what is known of the articles lies in a temporary file.
    """

    def __init__(self, path: Path, notes: Path, before: dt.datetime, withdrawn: AbstractSet[str]) -> None:
        self.counts: Counter[str] = Counter()
        """Rows by what became of them; whole when it has finished."""
        self._path = path
        self._before = before
        self._withdrawn = withdrawn
        self._db = sqlite3.connect(notes, isolation_level=None)
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def write(self, line: bytes, values: Row) -> None:  # noqa: ARG002 - as every writer has it
        """Take one revision."""
        number, digest, status = (values[name] for name in ("revision", "content_digest", "status"))
        earlier = dt.datetime.fromisoformat(values["recorded_at"]) <= self._before
        withdrawn = values["id"] in self._withdrawn
        if earlier:
            # The lines of a withdrawn article are overwritten where they stand: what its digest was is not known.
            before = (values["id"], number, None if withdrawn else digest, "published" if withdrawn else status)
            self._db.execute("INSERT OR REPLACE INTO before VALUES (?, ?, ?, ?)", before)
        if withdrawn or not earlier:
            after = (values["id"], number, digest, status, values["title"], values["url"])
            self._db.execute("INSERT OR REPLACE INTO after VALUES (?, ?, ?, ?, ?, ?)", after)

    def finish(self) -> None:
        """Write the rows, by id."""
        query = (
            "SELECT after.id, before.revision, after.revision, before.digest, after.digest, before.status, "
            "after.status, title, url "
            "FROM after LEFT JOIN before USING (id) ORDER BY after.id"
        )
        with self._path.open("wb") as file:
            for article, number_before, number, digest_before, digest, *statuses, title, url in self._db.execute(query):
                change = _change(*statuses)
                self.counts[change] += 1
                row = {
                    "id": article, "change": change, "revision_before": number_before, "revision": number,
                    "digest_before": digest_before, "digest": digest, "title": title, "url": url,
                }  # fmt: skip
                file.write(line_of(row))

    def close(self) -> None:
        """Close the temporary file."""
        self._db.close()


def _change(status_before: str | None, status: str) -> str:
    if status not in {"published", status_before}:
        return status
    return "added" if status_before is None else "changed"
