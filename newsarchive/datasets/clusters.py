"""`clusters`: articles whose texts nearly agree, within a site and across sites; the first seen names the cluster.

A dataset of its own and no field of the articles: it depends on which other collections there are.
"""

import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

from pydantic_core import from_json

from newsarchive.datasets.database import Database
from newsarchive.datasets.export import Exported, Format, Output, Progress, writers_of
from newsarchive.datasets.jsonl import line_of
from newsarchive.datasets.owner import entry_of, publish, read_manifest, staging
from newsarchive.datasets.selection import Selection
from newsarchive.datasets.tables import CLUSTERS, Row
from newsarchive.dedupe.near import (
    FEWEST_SHINGLES,
    NEAR,
    SLACK,
    bands,
    guessed_likeness,
    likeness,
    shingles,
    signer,
)
from newsarchive.extras import needs
from newsarchive.store.layout import Layout

TEXTS_IN_MEMORY = 256
"""Shingles of the texts compared last are kept: reprints come close to each other."""

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000;
CREATE TABLE texts (id TEXT, first_seen_at TEXT, site TEXT, title TEXT, url TEXT, date TEXT, text TEXT);
CREATE TABLE members (
    row INTEGER PRIMARY KEY, id TEXT, first_seen_at TEXT, site TEXT, title TEXT, url TEXT, date TEXT, text TEXT,
    signature BLOB
);
CREATE TABLE bands (band INTEGER PRIMARY KEY, first INTEGER, last INTEGER);
"""


def export_clusters(
    layouts: Sequence[Layout], exports: Path, formats: Sequence[Format], progress: Progress = lambda _name, _rows: None
) -> Exported:
    """Write the clusters of the collections' articles below `exports`, in each of `formats`, and publish them together.

    Memory: sixteen bytes for each article, besides what SQLite and the texts compared last take. Raises
    `MissingExtraError` without rensa, and as `export_collection` does.
    """
    needs("rensa", "dedupe")
    if "parquet" in formats:
        needs("pyarrow", "export")
    exports.mkdir(parents=True, exist_ok=True)
    seen = read_manifest(exports)
    with staging(exports) as staged, ExitStack() as opened:
        output = Output(CLUSTERS, progress)
        output.writers += writers_of(staged, CLUSTERS, formats)
        database = Database(staged / "clusters.sqlite") if "sqlite" in formats else None
        if database is not None:
            output.writers.append(database.writer(CLUSTERS.name))
            opened.callback(database.close)
        for writer in output.writers:
            opened.callback(writer.close)
        stories = Stories(staged / ".stories.sqlite")
        opened.callback(stories.close)
        log_bytes = sum(stories.add(layout, staged) for layout in layouts)
        stories.compare(lambda count: progress("texts compared", count))
        for row in stories.rows():
            output.write(line_of(row), row)
        output.finish()
        if database is not None:
            database.finish()
        names = [f"clusters.{suffix}" for suffix in formats]
        entries = {name: entry_of(staged / name, output.rows, log_bytes) for name in names}
        published = publish(exports, staged, entries, seen)
    return Exported(exports, tuple(names), {CLUSTERS.name: output.rows}, published)


class Stories:
    """Articles in the order in which they were first seen, and which of them are one story."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(_SCHEMA)
        self._above = array("q")
        """For each article one that was seen earlier and is the same story, or itself."""
        self._likeness = array("d")
        self._shingles = lru_cache(TEXTS_IN_MEMORY)(self._shingles_of)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def add(self, layout: Layout, folder: Path) -> int:
        """Take in the latest revisions of a collection, and return the length of its log."""
        with Selection(layout, folder) as selection:
            selection.select_latest()
            self._db.execute("BEGIN")
            for latest in selection.articles():
                row = from_json(latest.line)
                self.add_text(row, row["text"])
            self._db.execute("COMMIT")
            return selection.length

    def add_text(self, row: Row, text: str) -> None:
        """Take in one article."""
        values = (row["id"], row["first_seen_at"], row["site"], row["title"], row["url"], row["date"], text)
        self._db.execute("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def compare(self, told: Callable[[int], None] = lambda _count: None) -> None:
        """Find the stories: each text against those that were seen before it and share a band of its signature."""
        self._db.execute("INSERT INTO members SELECT NULL, *, NULL FROM texts ORDER BY first_seen_at, id")
        self._db.execute("DROP TABLE texts")
        total = self._db.execute("SELECT count(*) FROM members").fetchone()[0]
        self._above = array("q", range(total + 1))
        self._likeness = array("d", bytes(8 * (total + 1)))
        sign = signer()
        self._db.execute("BEGIN")
        for row in range(1, total + 1):
            found = self._shingles(row)
            if len(found) >= FEWEST_SHINGLES:
                signature = array("I", sign(found))
                self._db.execute("UPDATE members SET signature = ? WHERE row = ?", (signature.tobytes(), row))
                for other in sorted(self._met(row, signature)):
                    self._join(row, other, signature)
            told(row)
        self._db.execute("COMMIT")

    def rows(self) -> Iterator[Row]:
        """Yield a row for each member of each cluster, cluster by cluster, in the order of first sight."""
        first = array("q", (self._root(row) for row in range(len(self._above))))
        sizes = array("q", bytes(8 * len(first)))
        for root in first:
            sizes[root] += 1
        self._db.execute("CREATE TABLE clusters (root INTEGER, row INTEGER, PRIMARY KEY (root, row)) WITHOUT ROWID")
        joined = ((root, row) for row, root in enumerate(first) if sizes[root] > 1)
        self._db.executemany("INSERT INTO clusters VALUES (?, ?)", joined)
        query = (
            "SELECT row, (SELECT id FROM members m WHERE m.row = root), id, site, title, url, date, first_seen_at "
            "FROM clusters JOIN members USING (row) ORDER BY root, row"
        )
        for row, *values in self._db.execute(query):
            names = ("cluster", "id", "site", "title", "url", "date", "first_seen_at")
            yield {**dict(zip(names, values, strict=True)), "likeness": round(self._likeness[row], 3)}

    def _met(self, row: int, signature: Sequence[int]) -> set[int]:
        """Return the first and the last article that shared a band with this one: never more than two for a band."""
        met: set[int] = set()
        for band in bands(tuple(signature)):
            known = self._db.execute("SELECT first, last FROM bands WHERE band = ?", (band,)).fetchone()
            if known is None:
                self._db.execute("INSERT INTO bands VALUES (?, ?, ?)", (band, row, row))
            else:
                met.update(known)
                self._db.execute("UPDATE bands SET last = ? WHERE band = ?", (row, band))
        return met

    def _join(self, row: int, other: int, signature: Sequence[int]) -> None:
        blob = self._db.execute("SELECT signature FROM members WHERE row = ?", (other,)).fetchone()[0]
        if guessed_likeness(signature, array("I", blob)) < NEAR - SLACK:
            return
        found = likeness(self._shingles(row), self._shingles(other))
        if found < NEAR:
            return
        for member in (row, other):
            self._likeness[member] = max(self._likeness[member], found)
        one, two = self._root(row), self._root(other)
        self._above[max(one, two)] = min(one, two)

    def _root(self, row: int) -> int:
        while self._above[row] != row:
            self._above[row] = self._above[self._above[row]]
            row = self._above[row]
        return row

    def _shingles_of(self, row: int) -> frozenset[str]:
        return shingles(self._db.execute("SELECT text FROM members WHERE row = ?", (row,)).fetchone()[0])
