"""Whether revisions and the articles beside their captures are the same, looked at from both sides."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsarchive.operations.damage import Damage
from newsarchive.records.revision import Revision
from newsarchive.store.ingest import read_outcomes
from newsarchive.store.layout import Layout
from newsarchive.warc.described import is_article, refers_to
from newsarchive.warc.reader import StoredRecord


@dataclass(frozen=True, slots=True)
class _Unmatched:
    """An article that is no revision's line."""

    path: Path
    offset: int
    answer_id: str
    name: str


class ArticleCheck:
    """Compares `revisions.jsonl` with the `metadata` records; give it all lines first, then all records in order.

    A batch whose run died may have left records and no lines: then no outcome names the capture, and nothing is
    claimed of it. Memory: the articles that match no line; the lines are in a temporary file.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._answer: tuple[str, int, str] | None = None
        self._unmatched: list[_Unmatched] = []
        self._lines = sqlite3.connect("")
        self._lines.execute(
            "CREATE TABLE lines (id TEXT, revision INTEGER, digest BLOB, offset INTEGER, warc TEXT, found INTEGER, "
            "PRIMARY KEY (id, revision)) WITHOUT ROWID"
        )

    def close(self) -> None:
        """Let the temporary file go."""
        self._lines.close()

    def add(self, revision: Revision, line: bytes, offset: int) -> None:
        """Take a line of `revisions.jsonl`; those of a removal or a reparse are of captures that were kept before."""
        if revision.cause == "site" and revision.status == "published":
            self._lines.execute(
                "INSERT OR REPLACE INTO lines VALUES (?, ?, ?, ?, ?, 0)",
                (revision.id, revision.revision, _digest(line.rstrip(b"\n")), offset, revision.capture.warc),
            )

    def take(self, name: str, record: StoredRecord) -> Iterator[Damage]:
        """Take a record of the segment `name`, and yield what is wrong between it and its answer."""
        if record.type in {"response", "revisit"}:
            self._answer = (name, record.offset, record.record_id)
        if not is_article(record):
            return
        path = self._layout.segment(name)
        try:
            article = json.loads(record.block)
            named, revision, capture = article["id"], article["revision"], article["capture"]
            answer = (capture["warc"], capture["offset"], capture["record_id"])
        except (ValueError, KeyError, TypeError):
            yield Damage(path, record.offset, "holds an article that cannot be read")
            return
        if answer != self._answer or refers_to(record) != answer[2]:
            yield Damage(path, record.offset, f"holds {named}, which does not name the answer before it")
        found = self._lines.execute(
            "UPDATE lines SET found = 1 WHERE id = ? AND revision = ? AND digest = ?",
            (named, revision, _digest(record.block)),
        )
        if not found.rowcount:
            self._unmatched.append(_Unmatched(path, record.offset, answer[2], f"revision {revision} of {named}"))

    def damages(self, unread: set[str]) -> Iterator[Damage]:
        """Yield what one side has and the other has not; of the segments that are `unread` nothing is known."""
        missing = self._lines.execute("SELECT id, revision, offset, warc FROM lines WHERE NOT found ORDER BY offset")
        for named, revision, offset, warc in missing:
            if warc not in unread:
                what = f"revision {revision} of {named} is not as it stands beside its capture in {warc}"
                yield Damage(self._layout.revisions, offset, what)
        if self._unmatched:
            revised = self._revised()
            for article in self._unmatched:
                if article.answer_id in revised:
                    yield Damage(article.path, article.offset, f"{article.name} is not so in revisions.jsonl")

    def _revised(self) -> set[str]:
        """Return the captures that outcomes name as those of a revision, out of those that match no line."""
        wanted = {article.answer_id for article in self._unmatched}
        found = set()
        for path in self._layout.runs.glob("*.jsonl"):
            try:
                for outcome in read_outcomes(path):
                    if outcome.capture and outcome.revision is not None and outcome.capture.record_id in wanted:
                        found.add(outcome.capture.record_id)
            except ValueError:
                continue  # said of the log already
        return found


def _digest(line: bytes) -> bytes:
    return hashlib.blake2b(line, digest_size=16).digest()
