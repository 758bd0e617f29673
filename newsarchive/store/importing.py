"""Captures that others made, taken into a collection: judged, numbered and committed as if the crawl had made them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Literal

from newsarchive.records.outcome import IMPORT_URN, UrlClass
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import Catalogue, FoundUrl
from newsarchive.store.commit import Committer
from newsarchive.store.guard import guarded
from newsarchive.store.index import Indexer
from newsarchive.store.interpret import interpret, retry_after
from newsarchive.store.layout import Layout
from newsarchive.store.lock import WriterLock
from newsarchive.store.opening import MIN_FREE_BYTES, Reread, enter_seeds, start_of_run
from newsarchive.store.recovery import recover, refuse_lost
from newsarchive.store.removal import CONFIRM_DAYS, Rechecks
from newsarchive.store.seal import set_seal
from newsarchive.store.segments import MAX_SEGMENT_BYTES, SegmentWriter
from newsarchive.store.visit import Visit
from newsarchive.timestamps import run_name, utc
from newsarchive.warc.exchange import Exchange

BATCH = 64
BATCH_BYTES = 32 * 1024**2

Taken = Literal["taken", "older"]


@dataclass(slots=True)
class ImportCounts:
    """What came into the collection."""

    captures: int = 0
    new: int = 0
    changed: int = 0
    removed: int = 0
    older: int = 0
    """Captures that were left out since the collection has a newer one of the URL, or the same."""
    outcomes: dict[str, int] = field(default_factory=dict)


class Importer:
    """Takes captures in, one after the other, oldest first for each URL. Made by `importing`."""

    def __init__(self, catalogue: Catalogue, committer: Committer, scope: Scope, run: str) -> None:
        self.catalogue = catalogue
        self.run = run
        self.counts = ImportCounts()
        self._committer = committer
        self._scope = scope
        self._waiting: dict[str, Visit] = {}
        self._bytes = 0

    def take(self, exchange: Exchange, url: str, kind: str, source: str) -> Taken:
        """Take in the capture of the canonical `url`; `source` is the WARC file that it is from.

        `kind` is what the URL is taken for where the collection does not know it. A capture that is not newer than
        the last one of its URL is left out: revisions are numbered in the order of their captures.
        """
        if url in self._waiting:
            self.flush()
        row = self.catalogue.find(url)
        captured_at = int(exchange.started_at.timestamp())
        if row is not None and row.visited_at is not None and captured_at <= row.visited_at:
            self.counts.older += 1
            return "older"
        if row is None:
            with self.catalogue.transaction():
                self.catalogue.add([FoundUrl(url, kind)], via=IMPORT_URN + source, depth=1, now=captured_at)
            row = self.catalogue.find(url)
            assert row is not None  # noqa: S101 - it was entered in the line before
        known = row.kind if row.kind != "unknown" else kind
        visit = Visit(row=row, exchange=exchange)
        self._judge(visit, exchange, known)
        self._waiting[url] = visit
        self._bytes += len(exchange.response) + len(exchange.payload)
        if len(self._waiting) >= BATCH or self._bytes >= BATCH_BYTES:
            self.flush()
        return "taken"

    def flush(self) -> None:
        """Commit what waits. Raises as `Committer.commit` does."""
        if not self._waiting:
            return
        committed = self._committer.commit(list(self._waiting.values()))
        for outcome in committed.outcomes:
            self.counts.outcomes[outcome.outcome] = self.counts.outcomes.get(outcome.outcome, 0) + 1
            self.counts.captures += outcome.capture is not None
            self.counts.new += outcome.revision == 1
            self.counts.changed += (outcome.revision or 0) > 1
        self._waiting.clear()
        self._bytes = 0

    def end_of_crawl(self) -> None:
        """Record what the captures so far, which are those of one crawl, confirmed as removed."""
        self.flush()
        self.counts.removed += self._committer.record_removals()
        self._committer.rechecks = Rechecks()

    def _judge(self, visit: Visit, exchange: Exchange, kind: str) -> None:
        row = visit.row
        meaning = interpret(
            exchange, kind, self._scope, url=row.url, captured_at=exchange.started_at, asked_if_changed=True
        )
        visit.kind = meaning.kind
        visit.found = tuple(meaning.found)
        visit.transient = meaning.transient
        visit.not_before = retry_after(exchange, exchange.started_at)
        outcome, reason = meaning.outcome, meaning.reason
        if meaning.article is not None and outcome is UrlClass.STORED:
            visit.read(meaning.article, unchanged=False)
        elif outcome is UrlClass.UNCHANGED:
            visit.article_id = row.article
        same = exchange.payload_digest == row.payload_digest and row.outcome in {UrlClass.STORED, UrlClass.UNCHANGED}
        if same and outcome is UrlClass.STORED and meaning.article is None:
            outcome = UrlClass.UNCHANGED
        visit.finish(outcome, exchange.started_at, reason=reason, target=meaning.target)


@contextmanager
def importing(
    layout: Layout, scope: Scope, *, warcinfo: Mapping[str, str], clock: Callable[[], float]
) -> Iterator[Importer]:
    """Open, or make, the collection of a site as its one writer, to take captures in; close it at the end.

    An error ends it as a kill would: what was committed stays. Raises as `open_collection` does.
    """
    site = scope.site
    with guarded(layout.folder), ExitStack() as undo:
        layout.make(site, utc(clock()))
        lock = WriterLock(layout.lock, clock())
        undo.callback(lock.release)
        refuse_lost(layout)
        catalogue = Catalogue(layout.catalogue)
        undo.callback(catalogue.close)
        recover(layout, catalogue, scope, utc(clock()))
        started_at = start_of_run(layout, clock)
        run = run_name(started_at)
        enter_seeds(catalogue, scope, int(started_at.timestamp()), full=False)
        segments = SegmentWriter(layout, catalogue, f"{site.name}-{run}", warcinfo, MAX_SEGMENT_BYTES)
        committer = Committer(
            layout=layout, catalogue=catalogue, segments=segments, run=run, indexer=Indexer(catalogue, site.zone),
            reread=Reread(layout, scope), clock=clock, min_free_bytes=MIN_FREE_BYTES, confirm_days=CONFIRM_DAYS,
        )  # fmt: skip
        importer = Importer(catalogue, committer, scope, run)
        try:
            yield importer
            importer.end_of_crawl()
        except BaseException:
            committer.abandon()
            raise
        committer.close()
        catalogue.close()
        set_seal(layout)
