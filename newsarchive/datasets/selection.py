"""What of a collection a dataset is made of: every revision recorded by an instant, and which is an article's latest.

Read from the logs up to their committed lengths, so a run that writes meanwhile changes nothing. What is known of the
articles is held in a temporary SQLite file and not in memory, which so does not grow with the collection.
"""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Self

from pydantic_core import from_json

from newsarchive.datasets.tables import COMPARED, Row
from newsarchive.errors import DamageError, StaleCatalogueError
from newsarchive.records.tables import change_kind
from newsarchive.store.backwards import lines_backwards
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.file_versions import FileVersion, last_file_version
from newsarchive.store.layout import Layout
from newsarchive.timestamps import iso, utc
from newsarchive.urls import canonical_url

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;
CREATE TABLE latest (
    id TEXT PRIMARY KEY, start INTEGER, length INTEGER, status TEXT, digest TEXT, first_seen_at TEXT, checked_at TEXT,
    url TEXT
) WITHOUT ROWID;
CREATE TABLE urls (url TEXT PRIMARY KEY, id TEXT) WITHOUT ROWID;
"""

_CONTENT_DIGEST = b'"content_digest":"'


class LatestLine(NamedTuple):
    """An article's latest revision."""

    id: str
    line: bytes
    """Its line of `revisions.jsonl`, with the line's end."""
    last_checked_at: str
    """RFC 3339, UTC."""
    duplicate_of: str | None


class RevisionLine(NamedTuple):
    """A revision, and what it did."""

    line: bytes
    """Its line of `revisions.jsonl`, with the line's end."""
    values: Row
    change: Row
    """The row of `changes`."""


class Selection:
    """The revisions of a collection that were recorded by an instant.

    `as_of` None: all that are committed. Raises `StaleCatalogueError` where there is no catalogue to say what is.
    """

    def __init__(self, layout: Layout, folder: Path, as_of: dt.datetime | None = None) -> None:
        self.layout = layout
        self._as_of = as_of
        if not layout.catalogue.exists():
            raise StaleCatalogueError(f"{layout.catalogue}: missing; run `newsarchive rebuild {layout.folder.name}`")
        self._catalogue = Catalogue(layout.catalogue, readonly=True)
        self._catalogue.execute("BEGIN")  # one state of it, to the end
        self._committed = self._catalogue.committed()
        path = folder / ".selection.sqlite"
        path.unlink(missing_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(_SCHEMA)
        self._log = layout.revisions.open("rb") if self.length else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._catalogue.close()
        self._db.close()
        if self._log is not None:
            self._log.close()

    @property
    def length(self) -> int:
        """Committed length of `revisions.jsonl`, in bytes: the state that a dataset was made of."""
        return self._committed.get("revisions.jsonl", (0, False))[0]

    def select_latest(self) -> None:
        """Find the latest revisions by the catalogue, which is quick, and only right for all that is committed."""
        rows = self._catalogue.execute(
            "SELECT id, log_offset, log_length, checked_at, first_seen_at, url FROM articles"
        )
        self._db.execute("BEGIN")
        for article, start, length, checked_at, first_seen_at, url in rows:
            digest = _digest_in(self._read(start, length))
            values = (article, start, length, None, digest, iso(utc(first_seen_at)), iso(utc(checked_at)), url)
            self._db.execute("INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        self._db.execute("COMMIT")
        self._index_contents()

    def revisions(self) -> Iterator[RevisionLine]:
        """Yield every revision in the order of the log, and find each article's latest on the way."""
        self._db.execute("BEGIN")
        for line, start in self._lines(self.layout.revisions, self.length):
            values = _parsed(line, self.layout.revisions, start)
            if self._is_later(values["recorded_at"]):
                continue
            yield RevisionLine(line, values, self._enter(values, start, len(line)))
        self._db.execute("COMMIT")
        self._enter_checks()
        self._index_contents()

    def articles(self) -> Iterator[LatestLine]:
        """Yield the latest revision of every article, by id; after `select_latest`, or after all of `revisions`."""
        rows = self._db.execute(
            "SELECT id, start, length, checked_at, (SELECT b.id FROM latest b WHERE b.digest = a.digest "
            "ORDER BY b.first_seen_at, b.id LIMIT 1) FROM latest a ORDER BY id"
        )
        for article, start, length, checked_at, first in rows:
            twin = None if first == article else first
            yield LatestLine(article, self._read(start, length), checked_at, twin)

    def latest_lines(self) -> Iterator[bytes]:
        """Yield the lines of the log from the last one back, as long as they are asked for."""
        if self._log is not None:
            yield from lines_backwards(self._log, self.length)

    def latest_line_of(self, article: str) -> bytes | None:
        """Return the last committed line of an article, None where there is none."""
        known = self._catalogue.execute(
            "SELECT log_offset, log_length FROM articles WHERE id = ?", (article,)
        ).fetchone()
        return self._read(*known) if known else None

    def file(self, url: str) -> FileVersion | None:
        """Return what was fetched at the URL of an attachment by the instant, None where nothing was."""
        return last_file_version(self._catalogue, url, int(self._as_of.timestamp()) if self._as_of else None)

    def count(self) -> int:
        """Return the number of articles."""
        total: int = self._db.execute("SELECT count(*) FROM latest").fetchone()[0]
        return total

    def finder(self) -> Callable[[str], str | None]:
        """Return the function that gives the id of the article at a URL, or at another of its URLs, None without one.

        Only after all of `revisions`. Memory: as many of the last URLs as the side columns of a site name.
        """

        @lru_cache(maxsize=65_536)
        def find(url: str) -> str | None:
            row = self._db.execute("SELECT id FROM urls WHERE url = ?", (_address(url),)).fetchone()
            return row[0] if row else None

        return find

    def _is_later(self, recorded_at: str) -> bool:
        return self._as_of is not None and dt.datetime.fromisoformat(recorded_at) > self._as_of

    def _enter(self, values: Row, start: int, length: int) -> Row:
        before = self._db.execute("SELECT start, length, status FROM latest WHERE id = ?", (values["id"],)).fetchone()
        fields = (
            _differing(_parsed(self._read(*before[:2]), self.layout.revisions, before[0]), values) if before else []
        )
        self._db.execute(
            "INSERT OR REPLACE INTO latest VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                values["id"], start, length, values["status"], values["content_digest"], values["first_seen_at"],
                values["captured_at"], values["url"],
            ),
        )  # fmt: skip
        for url in (values["url"], *values["aliases"]):
            self._db.execute("INSERT OR IGNORE INTO urls VALUES (?, ?)", (_address(url), values["id"]))
        return {
            "recorded_at": values["recorded_at"],
            "site": values["site"],
            "id": values["id"],
            "revision": values["revision"],
            "change": change_kind(values["status"], values["cause"], before[2] if before else None),
            "fields": fields,
            "title": values["title"],
            "url": values["url"],
        }

    def _enter_checks(self) -> None:
        """Set when each article was last answered: by the catalogue or, for an earlier instant, by the runs' logs."""
        self._db.execute("BEGIN")
        for article, url, at in self._checks():
            self._db.execute(
                "UPDATE latest SET checked_at = max(checked_at, ?) WHERE id = ? AND url = ?", (at, article, url)
            )
        self._db.execute("COMMIT")

    def _checks(self) -> Iterator[tuple[str, str, str]]:
        if self._as_of is None:
            for article, url, at in self._catalogue.execute("SELECT id, url, checked_at FROM articles"):
                yield article, url, iso(utc(at))
            return
        for name in sorted(name for name in self._committed if name.startswith("runs/")):
            path = self.layout.folder / name
            for line, start in self._lines(path, self._committed[name][0]):
                outcome = _parsed(line, path, start)
                answered = outcome["id"] is not None and outcome["outcome"] in {"stored", "unchanged"}
                if answered and not self._is_later(outcome["at"]):
                    yield outcome["id"], outcome["url"], outcome["at"]

    def _index_contents(self) -> None:
        self._db.execute("CREATE INDEX contents ON latest (digest, first_seen_at, id)")

    def _read(self, start: int, length: int) -> bytes:
        if self._log is None:
            raise DamageError(f"{self.layout.revisions}: lost; run `newsarchive verify`")
        self._log.seek(start)
        line = self._log.read(length)
        if len(line) != length or not line.endswith(b"\n"):
            raise DamageError(f"{self.layout.revisions}: offset {start}: no whole line; run `newsarchive verify`")
        return line

    @staticmethod
    def _lines(path: Path, end: int) -> Iterator[tuple[bytes, int]]:
        if not end:
            return
        start = 0
        with path.open("rb") as file:
            for line in file:
                if start >= end:
                    return
                yield line, start
                start += len(line)
        if start < end:
            raise DamageError(f"{path}: offset {start}: ends before its committed length; run `newsarchive verify`")


def _parsed(line: bytes, path: Path, start: int) -> dict[str, Any]:
    try:
        values = from_json(line)
    except ValueError as error:
        raise DamageError(f"{path}: offset {start}: no JSON ({error}); run `newsarchive verify`") from error
    if not isinstance(values, dict):
        raise DamageError(f"{path}: offset {start}: no JSON object; run `newsarchive verify`")
    return values


def _digest_in(line: bytes) -> str:
    """Return the content digest of a line without reading all of it: inside a text the name's quotes are escaped."""
    start = line.rindex(_CONTENT_DIGEST) + len(_CONTENT_DIGEST)
    return line[start : line.index(b'"', start)].decode()


def _differing(before: Row, after: Row) -> list[str]:
    return [name for name in COMPARED if before[name] != after[name]]


def _address(url: str) -> str:
    """Return what two spellings of one page's URL share: the canonical URL without its scheme."""
    return (canonical_url(url) or url).partition("://")[2]
