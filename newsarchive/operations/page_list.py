"""The list of pages in a package: what a reader looks through, with titles, and texts to search in."""

import json
import sqlite3
from collections.abc import Iterator

from newsarchive.operations.access import Held
from newsarchive.records.outcome import Outcome, UrlClass
from newsarchive.store.ingest import read_outcomes, read_revisions
from newsarchive.warc.wacz import EXTRA_PAGES, PAGES, PackageWriter

OTHER_PAGES = frozenset({"list", "page"})
ANSWERED = frozenset({UrlClass.STORED, UrlClass.UNCHANGED})
_OK = 200
_NOTES = """
CREATE TABLE current (id TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE shown (
    id TEXT NOT NULL, revision INTEGER NOT NULL, url TEXT NOT NULL, date TEXT NOT NULL, PRIMARY KEY (id, revision)
) WITHOUT ROWID;
CREATE TABLE others (url TEXT PRIMARY KEY, date TEXT NOT NULL) WITHOUT ROWID;
"""


def write_pages(package: PackageWriter, held: Held, notes: sqlite3.Connection, *, expected_bytes: int = 0) -> int:
    """Write the lists of pages, and return how many articles they name, however many revisions of each.

    Of the captures in the table `captured` of `notes`: each revision of an article where it was first captured, with
    title and text, and each list and other page once, by its URL. What has to be remembered is kept in `notes`.
    """
    notes.executescript(_NOTES)
    for run in sorted(held.layout.runs.glob("*.jsonl")):
        for outcome in read_outcomes(run):
            _note(outcome, notes)
    with package.member(PAGES, expected_bytes=expected_bytes) as target:
        target.write(_line({"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}))
        for entry in _articles(held, notes):
            target.write(_line(entry))
    with package.member(EXTRA_PAGES) as target:
        target.write(_line({"format": "json-pages-1.0", "id": "extra-pages", "title": "Other pages"}))
        for url, date in notes.execute("SELECT url, date FROM others ORDER BY url"):
            target.write(_line({"id": f"page-{url}", "url": url, "ts": date}))
    count: int = notes.execute("SELECT count(DISTINCT id) FROM shown").fetchone()[0]
    return count


def _note(outcome: Outcome, notes: sqlite3.Connection) -> None:
    if outcome.id is not None and outcome.revision is not None:
        notes.execute("INSERT OR REPLACE INTO current VALUES (?, ?)", (outcome.id, outcome.revision))
    if outcome.capture is None or outcome.outcome not in ANSWERED or outcome.status != _OK:
        return
    found = notes.execute("SELECT url, date FROM captured WHERE record_id = ?", (outcome.capture.record_id,)).fetchone()
    if found is None:
        return
    if outcome.kind in OTHER_PAGES:
        notes.execute("INSERT OR IGNORE INTO others VALUES (?, ?)", found)
    elif outcome.id is not None:
        known = notes.execute("SELECT revision FROM current WHERE id = ?", (outcome.id,)).fetchone()
        if known is not None:
            notes.execute("INSERT OR IGNORE INTO shown VALUES (?, ?, ?, ?)", (outcome.id, known[0], *found))


def _articles(held: Held, notes: sqlite3.Connection) -> Iterator[dict[str, object]]:
    for revision, _, _ in read_revisions(held.layout.revisions):
        query = "SELECT url, date FROM shown WHERE id = ? AND revision = ?"
        found = notes.execute(query, (revision.id, revision.revision)).fetchone()
        if found is not None:
            yield {
                "id": f"{revision.id}#{revision.revision}",
                "url": found[0],
                "ts": found[1],
                "title": revision.title,
                "text": revision.text,
            }


def _line(entry: dict[str, object]) -> bytes:
    return json.dumps(entry, ensure_ascii=False).encode() + b"\n"
