"""A package (WACZ) of what was captured in a range of days: it replays alone, and the same range gives the same bytes.

The records of the range are copied as they lie on the disk; where one of them is a revisit of an older payload, the
record that holds it is copied too.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from newsarchive.errors import ConfigurationError
from newsarchive.operations.access import Held
from newsarchive.operations.page_list import write_pages
from newsarchive.store.manifest import read_manifest
from newsarchive.timestamps import iso
from newsarchive.warc.cdxj import line_of_record
from newsarchive.warc.reader import StoredRecord, iterate
from newsarchive.warc.wacz import ARCHIVE, MemberWriter, PackageWriter

CAPTURES = frozenset({"response", "revisit"})
_PIECE = 1024**2
_NOT_MODIFIED = 304
_NOTES = """
CREATE TABLE lines (line BLOB NOT NULL);
CREATE TABLE needed (record_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE captured (record_id TEXT PRIMARY KEY, url TEXT NOT NULL, date TEXT NOT NULL) WITHOUT ROWID;
"""


class Range(NamedTuple):
    """From an instant on, up to another and without it; None: no limit."""

    since: dt.datetime | None
    until: dt.datetime | None

    def holds(self, instant: dt.datetime) -> bool:
        """Tell whether `instant` lies in the range."""
        return (self.since is None or instant >= self.since) and (self.until is None or instant < self.until)


class Signer(Protocol):
    """Signs the digest of a `datapackage.json`."""

    def __call__(self, *, digest: str, created: str, software: str) -> dict[str, str]:
        """Return the `signedData`."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """What a package holds."""

    captures: int
    """Answers of the range, revisits among them."""
    originals: int
    """Older answers, which are there because revisits of the range refer to them."""
    articles: int
    """Articles of which it shows a revision or several."""
    first: dt.datetime
    last: dt.datetime


def write_package(
    held: Held, output: BinaryIO, chosen: Range, *, software: str, sign: Signer | None = None
) -> Packaged:
    """Write the package of what was captured in the range `chosen` to `output`, which can be sought in.

    `software` is what the package says that made it.
    Segments that are still written are left out. Memory: one record; what has to be sorted is kept in a temporary
    file. Raises `ConfigurationError` where nothing was captured, `DamageError` where a segment is not whole.
    """
    with closing(sqlite3.connect("")) as notes:
        notes.executescript(_NOTES)
        with PackageWriter(output) as package:
            return _Packing(held, chosen, notes, package, software).write(sign)


class _Packing:
    """One package in the making. State: counts, and what `notes` holds on the disk."""

    def __init__(
        self, held: Held, chosen: Range, notes: sqlite3.Connection, package: PackageWriter, software: str
    ) -> None:
        self._held = held
        self._layout = held.layout
        self._range = chosen
        self._notes = notes
        self._package = package
        self._software = software
        self._captures = self._originals = 0
        self._first = self._last = dt.datetime.min.replace(tzinfo=dt.UTC)

    def write(self, sign: Signer | None) -> Packaged:
        segments = [(name, segment.bytes) for name, segment in sorted(read_manifest(self._layout).items())]
        if self._range.since is not None:
            for name, _ in segments:
                self._note_needed(name)
        for name, size in segments:
            self._copy(name, size)
        if not self._captures:
            raise ConfigurationError(f"{self._layout.folder}: nothing was captured in that range")
        everything = sum(size for _, size in segments)
        lines = self._notes.execute("SELECT line FROM lines ORDER BY line")
        self._package.write_index((line for (line,) in lines), expected_bytes=everything)
        pages = write_pages(self._package, self._held, self._notes, expected_bytes=everything)
        created = iso(self._last)
        digest = self._package.finish(self._description(created))
        self._package.write_digest(
            digest, sign(digest=digest, created=created, software=self._software) if sign else None
        )
        return Packaged(self._captures, self._originals, pages, self._first, self._last)

    def _description(self, created: str) -> dict[str, object]:
        identity, site = self._layout.read_identity(), self._held.scope.site
        about: dict[str, object] = {
            "title": f"{site.title}: {iso(self._first)[:10]} – {created[:10]}",
            "description": f"News of {site.title}, {identity.origin}, as captured by {self._software}",
            "created": created,
            "software": self._software,
            "newsarchive": {"site": identity.site, "origin": identity.origin},
        }
        home = self._notes.execute(
            "SELECT url, date FROM captured WHERE url = ? ORDER BY date DESC LIMIT 1", (site.home,)
        ).fetchone()
        return about | ({"mainPageURL": home[0], "mainPageDate": home[1]} if home else {})

    def _note_needed(self, name: str) -> None:
        """Note which older records the revisits of the range refer to."""
        for record in iterate(self._layout.segment(name)):
            if record.type == "revisit" and self._range.holds(record.date):
                refers_to = (record.field("WARC-Refers-To") or "").strip("<>")
                self._notes.execute("INSERT OR IGNORE INTO needed VALUES (?)", (refers_to,))

    def _copy(self, name: str, size: int) -> None:
        """Copy what belongs into the package from one segment; a segment of which nothing does is left out."""
        path = self._layout.segment(name)
        chosen = self._chosen(path)
        first = next(chosen, None)
        if first is None:
            return
        warcinfo, *records = [first] if first.type != "warcinfo" else [first, *_next(chosen)]
        if warcinfo.type == "warcinfo" and not records:
            return
        with path.open("rb") as source, self._package.member(ARCHIVE + name, expected_bytes=size) as target:
            for record in (warcinfo, *records):
                self._copy_record(record, name, source, target)
            for record in chosen:
                self._copy_record(record, name, source, target)

    def _chosen(self, path: Path) -> Iterator[StoredRecord]:
        for record in iterate(path):
            if record.type == "warcinfo" or self._range.holds(record.date):
                yield record
            elif self._is_needed(record.record_id) or self._is_needed(record.concurrent_to):
                self._originals += record.type in CAPTURES
                yield record

    def _is_needed(self, record_id: str | None) -> bool:
        query = "SELECT 1 FROM needed WHERE record_id = ?"
        return record_id is not None and self._notes.execute(query, (record_id,)).fetchone() is not None

    def _copy_record(self, record: StoredRecord, name: str, source: BinaryIO, target: MemberWriter) -> None:
        line = line_of_record(replace(record, offset=target.length), name)
        # A player that lands on a 304 has nothing to show: it finds what was there before, which is in the package.
        unmodified = record.type == "revisit" and record.head.status == _NOT_MODIFIED
        if line is not None and not unmodified:
            self._notes.execute("INSERT INTO lines VALUES (?)", (line,))
        if record.type in CAPTURES and self._range.holds(record.date):
            self._note_capture(record)
        source.seek(record.offset)
        left = record.length
        while left:
            piece = source.read(min(left, _PIECE))
            target.write(piece)
            left -= len(piece)

    def _note_capture(self, record: StoredRecord) -> None:
        self._first = record.date if not self._captures else min(self._first, record.date)
        self._last = max(self._last, record.date)
        self._captures += 1
        values = (record.record_id, record.url, iso(record.date))
        self._notes.execute("INSERT OR IGNORE INTO captured VALUES (?, ?, ?)", values)


def _next(records: Iterator[StoredRecord]) -> list[StoredRecord]:
    following = next(records, None)
    return [following] if following is not None else []
