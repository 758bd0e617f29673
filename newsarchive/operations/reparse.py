"""The revisions as today's parser reads them from the captures, beside those of the log, and what differs.

With the same parser under the pinned versions it gives the log's lines byte for byte: the proof that whatever is
right of a capture can be made again. With a newer one it shows what that reads differently before any of it is
published.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from newsarchive.dedupe.content import content_digest
from newsarchive.operations.access import Held
from newsarchive.operations.logged import Logged, Place, line_at
from newsarchive.operations.reread import Page, Reading, readings
from newsarchive.records.article import Article
from newsarchive.records.outcome import UrlClass
from newsarchive.records.revision import Revision
from newsarchive.store.ingest import read_outcomes
from newsarchive.verdicts.page import page_read
from newsarchive.verdicts.watch import held_fields

ANSWERED = frozenset({200, 203})
ANSWERED_CLASSES = frozenset({UrlClass.STORED, UrlClass.UNCHANGED})
NO_PAGES = frozenset({"robots", "sitemap", "feed", "file"})
COMPARED = tuple(name for name in Article.model_fields if name != "parser")
EVIDENCE = frozenset({"provenance"})
"""Says how something was read, not what: alone it is no difference to publish."""


@dataclass(slots=True)
class Reparsed:
    """What a reparse came to."""

    log: Path
    """The revisions as today's parser reads them."""
    differences: Path
    """One JSON line for each revision that differs, field by field."""
    read: int = 0
    """Captures that were read."""
    counts: Counter[str] = field(default_factory=Counter)
    """Revisions by what became of them: `same`, `evidence` (other provenance only), `changed`, `added`, `lost`."""
    fields: Counter[str] = field(default_factory=Counter)
    """Revisions by the fields that differ."""
    latest: dict[str, Place] = field(default_factory=dict)
    """Where each article's latest revision is in `log`."""


def reparse(held: Held, processes: int | None = None) -> Reparsed:
    """Read every capture of a collection again, and write what comes of it beside `revisions.jsonl`.

    Neither the log nor the catalogue is touched. Memory: some hundred bytes for each article and revision. Raises
    OSError, and ValueError at a line of a log that is none.
    """
    done = Reparsed(*held.layout.reparsed)
    with done.log.open("wb") as log, done.differences.open("wb") as differences:
        again = _Again(held, done, log, differences)
        for reading in readings(held, again.pages(), processes):
            again.take(reading)
        again.end()
    return done


def changed_fields(before: Article, after: Article) -> dict[str, tuple[object, object]]:
    """Return the fields in which two readings of an article differ, as JSON values; the parser's version is none."""
    old, new = (article.model_dump(mode="json", include=set(COMPARED)) for article in (before, after))
    return {name: (old[name], new[name]) for name in COMPARED if old[name] != new[name]}


@dataclass(frozen=True, slots=True)
class _Known:
    """An article's latest revision so far, as today's parser reads it."""

    url: str
    revision: int
    status: str
    digest: str
    first_seen_at: dt.datetime


class _Again:
    """Goes through the runs as they were, and has a revision where today's parser reads other content than before."""

    def __init__(self, held: Held, done: Reparsed, log: BinaryIO, differences: BinaryIO) -> None:
        self._runs = sorted(held.layout.runs.glob("*.jsonl"))
        self._done = done
        self._log = log
        self._differences = differences
        self._logged = Logged(held.layout.revisions)
        self._known: dict[str, _Known] = {}
        self._removals: dict[str, list[Revision]] = {}
        self._unread: dict[str, str] = {}

    def pages(self) -> Iterator[Page]:
        """Yield the captures that may show an article, but those with the bytes of the visit before."""
        last: dict[str, tuple[str | None, UrlClass]] = {}
        for path in self._runs:
            removals = self._removals[path.stem] = []
            for outcome in read_outcomes(path):
                if outcome.capture is None or outcome.kind in NO_PAGES:
                    continue
                payload, before = last.get(outcome.url, (None, UrlClass.PENDING))
                whole = outcome.status in ANSWERED and not (outcome.reason or "").startswith("truncated")
                last[outcome.url] = (outcome.capture.payload_digest if whole else payload, outcome.outcome)
                if outcome.outcome is UrlClass.GONE and (removal := self._logged.removal(outcome.capture.record_id)):
                    removals.append(removal)
                if whole and not (before in ANSWERED_CLASSES and payload == outcome.capture.payload_digest):
                    yield Page(path.stem, outcome.url, outcome.capture, tuple(held_fields(outcome.reason)))

    def take(self, reading: Reading) -> None:
        """Take the next reading."""
        self._remove_before(reading.page.run)
        self._done.read += 1
        article = _valid(reading.article)
        if article is None or reading.captured_at is None:
            self._unread[reading.page.capture.record_id] = reading.reason or "no valid record"
            return
        if missing := sorted(set(reading.page.lacking) - page_read(article).fields):
            self._unread[reading.page.capture.record_id] = f"held back: no {', '.join(missing)}"
            return
        known = self._known.get(article.id)
        digest = content_digest(article)
        if known and (known.url != article.url or (known.status == "published" and known.digest == digest)):
            return
        capture = reading.page.capture
        logged = self._logged.of_capture(article.id, capture.record_id)
        revision = Revision.model_construct(
            **{name: getattr(article, name) for name in Article.model_fields},
            aliases=logged.aliases if logged else (),
            status="published",
            revision=known.revision + 1 if known else 1,
            cause="site",
            content_digest=digest,
            first_seen_at=known.first_seen_at if known else reading.captured_at,
            captured_at=reading.captured_at,
            recorded_at=logged.recorded_at if logged else reading.captured_at,
            capture=capture,
        )
        self._write(revision)
        self._compare(logged, revision)

    def end(self) -> None:
        """Take the end of the last run."""
        self._remove_before("~")
        for logged in self._logged.unasked():
            reason = self._unread.get(logged.capture.record_id, "reads as the capture before it")
            self._differ("lost", logged, {"reason": reason})

    def _remove_before(self, run: str) -> None:
        """Write the removals of every run that ended before `run` began."""
        for ended in [name for name in self._removals if name < run]:
            for removal in self._removals.pop(ended):
                place = self._done.latest.get(removal.id)
                if place is None or self._known[removal.id].status == "removed":
                    continue
                self._log.flush()
                changes = {name: getattr(removal, name) for name in ("captured_at", "recorded_at", "capture")}
                number = self._known[removal.id].revision + 1
                self._write(
                    line_at(self._done.log, place).model_copy(
                        update={**changes, "status": "removed", "revision": number, "cause": "site"}
                    )
                )

    def _write(self, revision: Revision) -> None:
        line = revision.to_json().encode() + b"\n"
        self._done.latest[revision.id] = (self._log.tell(), len(line))
        self._log.write(line)
        self._known[revision.id] = _Known(
            revision.url, revision.revision, revision.status, revision.content_digest, revision.first_seen_at
        )

    def _compare(self, logged: Revision | None, revision: Revision) -> None:
        if logged is None:
            self._differ("added", revision, {})
            return
        fields = changed_fields(logged, revision)
        if not fields:
            self._done.counts["same"] += 1
            return
        self._done.fields.update(fields.keys())
        kind = "changed" if fields.keys() - EVIDENCE else "evidence"
        self._differ(kind, revision, {"fields": fields, "parser": [logged.parser, revision.parser]})

    def _differ(self, kind: str, revision: Revision, more: dict[str, object]) -> None:
        self._done.counts[kind] += 1
        line = {"change": kind, "id": revision.id, "revision": revision.revision,
                "capture": revision.capture.model_dump(mode="json"), **more}  # fmt: skip
        self._differences.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")


def _valid(article: str | None) -> Article | None:
    """Return an article as the pipeline lets it pass; None for what it drops."""
    try:
        return Article.model_validate_json(article) if article else None
    except ValidationError:
        return None
