"""The catalogue: one SQLite file that says what is known, due and done. An index, made again by `rebuild`."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from newsarchive.errors import StaleCatalogueError
from newsarchive.records.capture import CaptureRef
from newsarchive.store.guard import catalogue_error
from newsarchive.store.medium import connect_copy
from newsarchive.timestamps import utc
from newsarchive.urls import host_of
from newsarchive.warc.writer import Original

SCHEMA_VERSION = 3

MAX_REMEMBERED = 2000
"""URLs known to be entered are remembered up to this many, half a megabyte; then anew.

Many more would fill memory for thousands of pages, and empty it in pieces, for the hundred that are asked for again.
"""

WRITER_CACHE_KB, READER_CACHE_KB = 8000, 2000
"""SQLite's page cache of a connection. It fills over the first thousands of pages of a crawl, and stays so.

The writer's holds what a batch changes several times over; what falls out of either is in the system's cache.
"""

ROBOTS, EVERY_RUN, FRESH, RECHECK = 0, 1, 2, 3
"""Queues, in the order in which they are taken."""


@dataclass(frozen=True, slots=True)
class Row:
    """One known URL, as the frontier hands it out."""

    id: int
    url: str
    host: str
    via: str | None
    depth: int
    deep: int
    """1: a list page reached through a pager."""
    kind: str
    outcome: str
    priority: int
    tries: int
    etag: str | None
    last_modified: str | None
    first_seen_at: int | None
    visited_at: int | None
    changed_at: int | None
    payload_digest: str | None
    gone_at: int | None
    article: str | None
    content_digest: str | None
    parser: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What the catalogue knows of an article's latest revision."""

    id: str
    url: str
    revision: int
    status: str
    content_digest: str
    parser: str
    shown_date: str | None
    first_seen_at: int
    log_offset: int
    log_length: int


@dataclass(frozen=True, slots=True)
class FoundUrl:
    """A URL to be entered if it is not known yet; `refusal` says why it will not be visited."""

    url: str
    kind: str = "unknown"
    deep: bool = False
    refusal: str | None = None


_ROW = """SELECT u.id, u.url, u.host, u.via, u.depth, u.deep, u.kind, u.class, u.priority, u.tries, u.etag,
 u.last_modified, u.first_seen_at, u.visited_at, u.changed_at, u.payload_digest, u.gone_at, u.article,
 a.content_digest, a.parser, a.status
 FROM urls u LEFT JOIN articles a ON a.id = u.article AND a.url = u.url """


class Catalogue:
    """A connection to the catalogue.

    The writer's connection belongs to one thread; readers open their own with `readonly=True` and never block it
    (write-ahead log). `synchronous=FULL`: a transaction that returned survives a power loss.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        # Every page of a site names the same hundred others: what was entered is not asked for again.
        self._entered: set[str] = set()
        try:
            if readonly:
                self._db = connect_copy(path) or sqlite3.connect(
                    f"file:{path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
                )
            else:
                self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
                self._prepare(path)
            self._db.execute(f"PRAGMA cache_size = -{READER_CACHE_KB if readonly else WRITER_CACHE_KB}")
        except sqlite3.Error as error:
            raise catalogue_error(path, error) from error

    def _prepare(self, path: Path) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            schema = files("newsarchive.store").joinpath("schema.sql").read_text(encoding="utf-8")
            self._db.executescript(f"BEGIN; {schema} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
        elif version != SCHEMA_VERSION:
            raise StaleCatalogueError(f"{path}: of format {version}, not {SCHEMA_VERSION}; run `newsarchive rebuild`")

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def execute(self, query: str, values: Sequence[str | int | None] = ()) -> sqlite3.Cursor:
        """Run one statement, for the rooms' own modules; values are always parameters."""
        return self._db.execute(query, values)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run a write transaction: all of it or nothing.

        Raises `sqlite3.Error`, as every method here: `guarded` tells what it means. Where the commit itself fails, the
        transaction may be there after a crash, or not.
        """
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._entered.clear()
            if self._db.in_transaction:  # on a full disk SQLite has rolled back by itself
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # Files

    def committed(self) -> dict[str, tuple[int, bool]]:
        """Return the committed length of each append-only file, and whether it is closed."""
        rows = self._db.execute("SELECT name, length, closed FROM files")
        return {name: (length, bool(closed)) for name, length, closed in rows}

    def set_length(self, name: str, length: int, *, closed: bool = False) -> None:
        """Enter a file's committed length."""
        self._db.execute(
            "INSERT INTO files VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET length = excluded.length, "
            "closed = excluded.closed",
            (name, length, int(closed)),
        )

    def add_piece(self, name: str, start: int, length: int, sha256: str) -> None:
        """Enter the digest of a committed piece of a file, and the file's new length."""
        if length:
            self._db.execute("INSERT OR REPLACE INTO pieces VALUES (?, ?, ?, ?)", (name, start, length, sha256))
        self.set_length(name, start + length)

    def pieces(self, name: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, length, sha256) of the committed pieces of a file, from its start on."""
        yield from self._db.execute("SELECT start, length, sha256 FROM pieces WHERE name = ? ORDER BY start", (name,))

    # URLs

    def add(self, found: Iterable[FoundUrl], *, via: str | None, depth: int, now: int) -> list[FoundUrl]:
        """Enter the URLs that are not known yet, and return those."""
        added = []
        for item in found:
            if item.kind == "attachment" and item.refusal is None:
                self._offer(item.url, now)
            if item.url in self._entered:
                continue
            self._entered.add(item.url)
            refused = item.refusal is not None
            cursor = self._db.execute(
                "INSERT INTO urls (url, host, via, depth, deep, kind, class, reason, priority, due_at, found_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO NOTHING",
                (
                    item.url, host_of(item.url), via, depth, int(item.deep), item.kind,
                    "refused" if refused else "pending", item.refusal,
                    None if refused else FRESH, None if refused else now, now,
                ),
            )  # fmt: skip
            if cursor.rowcount:
                added.append(item)
        if len(self._entered) > MAX_REMEMBERED:
            self._entered.clear()
        return added

    def _offer(self, url: str, now: int) -> None:
        """Know a URL as an attachment that was found before as a mere link, and was perhaps visited as that."""
        self._db.execute(
            "UPDATE urls SET kind = 'attachment', priority = ?, due_at = ? "
            "WHERE url = ? AND ((kind = 'unknown' AND class = 'pending') OR kind = 'file')",
            (FRESH, now, url),
        )

    def due(self, host: str, priority: int, before: int, limit: int) -> list[Row]:
        """Return up to `limit` rows of one host and queue due at `before` or earlier, the longest due first."""
        query = _ROW + "WHERE u.host = ? AND u.priority = ? AND u.due_at <= ? ORDER BY u.due_at, u.id LIMIT ?"
        return [_row(values) for values in self._db.execute(query, (host, priority, before, limit))]

    def next_due_at(self, host: str, priority: int) -> int | None:
        """Return the earliest due instant of one host and queue."""
        query = "SELECT min(due_at) FROM urls WHERE host = ? AND priority = ?"
        found: int | None = self._db.execute(query, (host, priority)).fetchone()[0]
        return found

    def count_due(self, hosts: Iterable[str], run_start: int, now: int, *, rechecks: bool = True) -> int:
        """Return how many rows the run that began at `run_start` should still visit, with or without rechecks."""
        total = 0
        for host in hosts:
            query = "SELECT count(*) FROM urls WHERE host = ? AND priority = ? AND due_at <= ?"
            queues = [(EVERY_RUN, run_start - 1), (FRESH, now)] + ([(RECHECK, run_start - 1)] if rechecks else [])
            for priority, before in queues:
                total += self._db.execute(query, (host, priority, before)).fetchone()[0]
        return total

    def find(self, url: str) -> Row | None:
        """Return the row of a canonical URL, if it is known."""
        values = self._db.execute(_ROW + "WHERE u.url = ?", (url,)).fetchone()
        return _row(values) if values else None

    def counts(self) -> dict[str, int]:
        """Return the number of URLs in each class; the sum is the number of URLs ever found."""
        return dict(self._db.execute("SELECT class, count(*) FROM urls GROUP BY class"))

    def count_lost(self) -> int:
        """Return how many URLs are neither ended nor ever due again; in a sound catalogue none is."""
        total: int = self._db.execute(
            "SELECT count(*) FROM urls WHERE class = 'pending' AND due_at IS NULL"
        ).fetchone()[0]
        return total

    def count_duplicates(self) -> int:
        """Return how many articles have the content of one that was seen before them."""
        query = "SELECT count(*) - count(DISTINCT content_digest) FROM articles"
        total: int = self._db.execute(query).fetchone()[0]
        return total

    def aliases(self, url: str) -> tuple[str, ...]:
        """Return the other URLs under which the page at `url` was found."""
        query = "SELECT url FROM urls WHERE target = ? AND class IN ('alias', 'redirected') AND url <> ? ORDER BY url"
        return tuple(found for (found,) in self._db.execute(query, (url, url)))

    def original(self, payload_digest: str) -> Original | None:
        """Return the first whole response with this payload, None where there is none."""
        query = 'SELECT warc, "offset", record_id, url, captured_at FROM payloads WHERE digest = ?'
        values = self._db.execute(query, (payload_digest,)).fetchone()
        if values is None:
            return None
        warc, offset, record_id, url, captured_at = values
        capture = CaptureRef(warc=warc, offset=offset, record_id=record_id, payload_digest=payload_digest)
        return Original(capture, url, utc(captured_at))

    def forget_original(self, payload_digest: str) -> None:
        """Forget the response with this payload: it is not what it was, and the next one takes its place."""
        self._db.execute("DELETE FROM payloads WHERE digest = ?", (payload_digest,))

    def keep_original(self, original: Original) -> None:
        """Enter a whole response as the one with its payload, unless an earlier one has it."""
        capture = original.capture
        self._db.execute(
            "INSERT OR IGNORE INTO payloads VALUES (?, ?, ?, ?, ?, ?)",
            (
                capture.payload_digest, capture.warc, capture.offset, capture.record_id, original.url,
                int(original.captured_at.timestamp()),
            ),
        )  # fmt: skip

    # Articles

    def article(self, article_id: str) -> KnownArticle | None:
        """Return what is known of an article's latest revision."""
        query = (
            "SELECT id, url, revision, status, content_digest, parser, shown_date, first_seen_at, log_offset, "
            "log_length FROM articles WHERE id = ?"
        )
        values = self._db.execute(query, (article_id,)).fetchone()
        return KnownArticle(*values) if values else None

    def count_articles(self) -> int:
        """Return how many articles are held, removed ones too."""
        total: int = self._db.execute("SELECT count(*) FROM articles").fetchone()[0]
        return total

    def latest_lines(self) -> Iterator[tuple[str, int, int, int, str]]:
        """Yield id, offset and length in revisions.jsonl, last check and first article of the same content, by id."""
        yield from self._db.execute(
            "SELECT id, log_offset, log_length, checked_at, (SELECT b.id FROM articles b "
            "WHERE b.content_digest = a.content_digest ORDER BY b.first_seen_at, b.id LIMIT 1) "
            "FROM articles a ORDER BY id"
        )

    # Traps

    def barren_shapes(self, limit: int) -> set[str]:
        """Return the shapes of which at least `limit` pages, and half of all, showed nothing that was new."""
        query = "SELECT shape FROM shapes WHERE barren >= ? AND barren * 2 >= pages"
        return {shape for (shape,) in self._db.execute(query, (limit,))}

    def meta(self, key: str) -> str | None:
        """Return a value of the catalogue's own, or None."""
        values = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return values[0] if values else None

    def set_meta(self, key: str, value: str) -> None:
        """Set a value of the catalogue's own."""
        self._db.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
        )


def _row(values: tuple[Any, ...]) -> Row:
    return Row(*values)
