"""Takes a page out of a collection: out of its captures, index and revisions; a tombstone stays in each place."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from newsarchive.errors import ConfigurationError, StorageError
from newsarchive.operations.access import Held, reading, writing
from newsarchive.operations.rebuild import remake_catalogue
from newsarchive.records.article import EncodingEvidence
from newsarchive.records.outcome import UrlClass
from newsarchive.records.revision import Revision
from newsarchive.records.withdrawal import Withdrawal, WithdrawnLine, WithdrawnRecord
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.erasure import lay_down, refuse_interrupted
from newsarchive.store.guard import guarded
from newsarchive.store.ingest import read_outcomes, read_revisions
from newsarchive.store.layout import Layout
from newsarchive.store.recovery import recover, refuse_lost
from newsarchive.timestamps import utc
from newsarchive.warc.described import is_article, refers_to
from newsarchive.warc.reader import StoredRecord, iterate
from newsarchive.warc.writer import ARTICLE_URI

CONTENT = frozenset({0, 200, 203, 206, 304})
"""Statuses of answers that show the page, or stand for one that does; 0: no status line, so anything may be in it."""

KEPT = (
    "record", "id", "site", "url", "revision", "cause", "parser", "first_seen_at", "captured_at", "recorded_at",
    "capture",
)  # fmt: skip
"""What a revision still says when its content is gone: that it was there, when, and in which record."""

WITHOUT_PAGE = frozenset({UrlClass.GONE, UrlClass.REDIRECTED})


@dataclass(slots=True)
class _Found:
    """What belongs to the page, as far as it was looked for."""

    articles: set[str]
    urls: set[str]
    answers: set[str] = field(default_factory=set)
    records: dict[tuple[str, int], WithdrawnRecord] = field(default_factory=dict)


def withdraw(held: Held, article_id: str, reason: str, now: float, agent: str) -> Withdrawal:
    """Take an article out of a collection, and with it every capture of its page and every page of the same bytes.

    Neither it nor its URLs are asked for again. `now` is seconds since 1970. Raises `ConfigurationError` where there is
    no such article, `CollectionLockedError` while a run is at work, `StorageError` if the disk fails; an interrupted
    withdrawal is ended by `rebuild`.
    """
    layout = held.layout
    with writing(layout, now), guarded(layout.folder):
        refuse_interrupted(layout)
        refuse_lost(layout)
        catalogue = Catalogue(layout.catalogue)
        try:
            recover(layout, catalogue, held.scope, utc(now))
        finally:
            catalogue.close()
        at = utc(now)
        if layout.run_log(f"{at:%Y%m%d%H%M%S}").exists():
            raise StorageError(f"{layout.runs}: a run began in this second; try again")
        found = _closure(layout, article_id)
        withdrawal = Withdrawal(
            at=at, reason=reason, agent=agent, articles=tuple(sorted(found.articles)), urls=tuple(sorted(found.urls)),
            records=tuple(found.records[place] for place in sorted(found.records)),
            lines=tuple(_tombstones(layout, found.articles)),
        )  # fmt: skip
        lay_down(layout, withdrawal)
        remake_catalogue(held, now)
    return withdrawal


def _closure(layout: Layout, article_id: str) -> _Found:
    """Return everything of the page; looks again as long as pages of other articles turn out to be the same bytes."""
    found = _Found({article_id}, set())
    while True:
        before = len(found.articles)
        _add_urls(layout, found)
        gone = _captures_without_page(layout, found.urls)
        for path in sorted(layout.captures.glob("*.warc.gz")):
            for record in iterate(path):
                if record.record_id not in gone and _belongs(record, found):
                    _add(path.name, record, found)
        found.articles |= {
            revision.id
            for revision, _, _ in read_revisions(layout.revisions)
            if revision.status == "published" and revision.capture.record_id in found.answers
        }
        if len(found.articles) == before:
            return found


def _add_urls(layout: Layout, found: _Found) -> None:
    with reading(layout) as catalogue:
        for name in found.articles:
            known = catalogue.article(name)
            if known is None:
                raise ConfigurationError(f"{name}: no such article in {layout.folder}; its id is SITE/KEY")
            if known.status == "withdrawn":
                raise ConfigurationError(f"{name}: is withdrawn already")
            found.urls |= {known.url, *catalogue.aliases(known.url)}


def _captures_without_page(layout: Layout, urls: set[str]) -> set[str]:
    """Return the captures of the URLs that show something else: that the page is gone, or elsewhere."""
    return {
        outcome.capture.record_id
        for path in layout.runs.glob("*.jsonl")
        for outcome in read_outcomes(path)
        if outcome.capture is not None and outcome.url in urls and outcome.outcome in WITHOUT_PAGE
    }


def _belongs(record: StoredRecord, found: _Found) -> bool:
    if is_article(record):
        return (record.url or "").removeprefix(ARTICLE_URI) in found.urls or refers_to(record) in found.answers
    if record.type not in {"response", "revisit", "metadata"}:
        return False
    return refers_to(record) in found.answers or (record.url in found.urls and record.head.status in CONTENT)


def _add(segment: str, record: StoredRecord, found: _Found) -> None:
    found.answers.add(record.record_id)
    found.records[segment, record.offset] = WithdrawnRecord(
        warc=segment, offset=record.offset, length=record.length, record_id=record.record_id, captured_at=record.date
    )


def _tombstones(layout: Layout, articles: Iterable[str]) -> Iterator[WithdrawnLine]:
    """Yield the lines of the articles without what they said, filled with blanks to their length."""
    for revision, offset, length in read_revisions(layout.revisions):
        if revision.id in articles:
            line = _without_content(revision).to_json().encode()
            if len(line) >= length:
                raise RuntimeError(f"{revision.id}: its revision {revision.revision} is shorter than its tombstone")
            # Blanks before the brace: whoever adds fields to a line looks for it at the end.
            yield WithdrawnLine(offset=offset, line=(line[:-1].ljust(length - 2) + b"}\n").decode())


def _without_content(revision: Revision) -> Revision:
    said = json.loads(revision.to_json())
    encoding = EncodingEvidence(declared=None, used="utf-8", undecoded=0).model_dump()
    emptied = {"title": "", "body": [], "text": "", "encoding": encoding, "status": "withdrawn"}
    digest = {"content_digest": f"withdrawn:{revision.id}"}
    return Revision.model_validate({name: said[name] for name in KEPT} | emptied | digest)
