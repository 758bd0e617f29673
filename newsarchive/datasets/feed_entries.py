"""What the feeds of a collection say: the articles that changed last, one entry for each."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from pydantic_core import from_json

from newsarchive.datasets.citation import authors_of
from newsarchive.datasets.selection import Selection
from newsarchive.datasets.tables import Row
from newsarchive.errors import DamageError
from newsarchive.records.description import Description
from newsarchive.store.events import withdrawals
from newsarchive.timestamps import iso

MOST_ENTRIES = 100
LONGEST_TITLE = 300
LONGEST_EXCERPT = 280

FeedKind = Literal["added", "changed", "removed", "withdrawn"]

_REREAD, _FIRST = b'"cause":"reparse"', b'"revision":1,"cause":"reparse"'
"""In a line of the log: what a newer parser reads differently, and what it is the first to read. Inside a text the
quotes are escaped."""
# What neither XML 1.0 (production 2) nor UTF-8 has.
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AUTHORITY = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An article and what became of it. Texts hold nothing that XML cannot."""

    uri: str
    """A tag URI (RFC 4151), the same for ever."""
    id: str
    kind: FeedKind
    title: str
    """The article's, or its id where it was withdrawn."""
    excerpt: str
    """The beginning of the text; empty where it was withdrawn."""
    url: str
    first_seen_at: str
    """RFC 3339, UTC, as the next."""
    updated_at: str
    """When this was recorded."""
    authors: tuple[str, ...]
    """Persons or offices that the page names; empty where it names none."""
    section: str | None
    language: str | None
    row: Row
    """The revision, as its line says it."""


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed of a collection."""

    uri: str
    about: Description
    updated_at: str
    """RFC 3339, UTC: when its newest entry was recorded; without one, when the collection was made."""
    entries: tuple[FeedEntry, ...]


def feed_of(selection: Selection, about: Description, most: int = MOST_ENTRIES) -> Feed:
    """Return the feed: the `most` articles that were added, changed, removed or withdrawn last, the newest first.

    Read from the end of the log, so its cost does not grow with the collection. What a newer parser reads differently
    is no news, and passed over. Memory: the entries.
    """
    layout = selection.layout
    identity = layout.read_identity()
    host = urlsplit(identity.origin).hostname or ""
    withdrawn = withdrawals(layout)
    found: dict[str, FeedEntry] = {}
    for row in _latest_rows(selection):
        if len(found) >= most:
            break
        if row["id"] not in found and row["status"] != "withdrawn":
            found[row["id"]] = _entry(row, host, about.title)
    for article, at in list(withdrawn.items())[-most:]:
        if line := selection.latest_line_of(article):
            found[article] = _entry(_row(line, selection), host, about.title, iso(at))
    newest = sorted(found.values(), key=lambda entry: entry.updated_at, reverse=True)[:most]
    made_at = iso(identity.made_at)
    return Feed(
        _tag(host, made_at, f"newsarchive/{identity.site}"), about, newest[0].updated_at if newest else made_at,
        tuple(newest),
    )  # fmt: skip


def clean(text: str) -> str:
    """Return `text` with U+FFFD for what is no character of XML."""
    return _NO_CHARACTER.sub("\ufffd", text)


def _latest_rows(selection: Selection) -> Iterator[Row]:
    for line in selection.latest_lines():
        if _REREAD not in line or _FIRST in line:
            yield _row(line, selection)


def _row(line: bytes, selection: Selection) -> Row:
    try:
        values: Row = from_json(line)
    except ValueError as error:
        raise DamageError(f"{selection.layout.revisions}: no JSON ({error}); run `newsarchive verify`") from error
    return values


def _entry(row: Row, host: str, institute: str, withdrawn_at: str | None = None) -> FeedEntry:
    kind: FeedKind = "added" if row["revision"] == 1 else "changed"
    if row["status"] == "removed":
        kind = "removed"
    return FeedEntry(
        uri=_tag(host, row["first_seen_at"], f"newsarchive/{row['id']}"),
        id=clean(row["id"]),
        kind="withdrawn" if withdrawn_at else kind,
        title=_cut(row["title"], LONGEST_TITLE) or clean(row["id"]),
        excerpt=_cut(row["text"], LONGEST_EXCERPT),
        url=clean(row["url"]),
        first_seen_at=row["first_seen_at"],
        updated_at=withdrawn_at or row["recorded_at"],
        authors=tuple(_cut(name, LONGEST_TITLE) for name in authors_of(row["author"], row["source"], institute)),
        section=_cut(row["section"] or "", LONGEST_TITLE) or None,
        language=row["language"],
        row=row,
    )


def _cut(text: str, length: int) -> str:
    shown = " ".join(clean(text).split())
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"


def _tag(host: str, instant: str, specific: str) -> str:
    """Return a tag URI of the site's host and a day; a host that RFC 4151 has no form for is spelt as a name."""
    spelt = re.sub("[^a-z0-9]+", "-", host).strip("-") or "site"
    authority = host if _AUTHORITY.fullmatch(host) else f"{spelt}.invalid"
    day = dt.datetime.fromisoformat(instant).date().isoformat()
    return f"tag:{authority},{day}:{quote(specific, safe='/-._~', errors='replace')}"
