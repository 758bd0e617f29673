"""Opens a collection for its one writer: identity, lock, recovery, seeds."""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from newsarchive.errors import StorageError
from newsarchive.parsers import parse
from newsarchive.records.article import Article
from newsarchive.records.capture import CaptureRef
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import EVERY_RUN, RECHECK, ROBOTS, Catalogue, FoundUrl
from newsarchive.store.collection import Collection
from newsarchive.store.commit import Committer
from newsarchive.store.frontier import Frontier
from newsarchive.store.guard import guarded
from newsarchive.store.index import Indexer
from newsarchive.store.interpret import charset_of, content_of
from newsarchive.store.layout import Layout
from newsarchive.store.lock import WriterLock
from newsarchive.store.recovery import Recovered, recover, refuse_lost
from newsarchive.store.removal import CONFIRM_DAYS
from newsarchive.store.segments import MAX_SEGMENT_BYTES, SegmentWriter
from newsarchive.timestamps import run_name, utc
from newsarchive.warc.revisits import read_capture

MIN_FREE_BYTES = 100 * 1024**2
"""A run stops by itself before the disk has less room than this."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A collection that is ready for a run, and what had to be mended before."""

    collection: Collection
    recovered: Recovered


def open_collection(  # noqa: PLR0913 - one argument for each thing the run decides
    archive: Path,
    scope: Scope,
    *,
    warcinfo: Mapping[str, str],
    clock: Callable[[], float],
    max_segment_bytes: int = MAX_SEGMENT_BYTES,
    min_free_bytes: int = MIN_FREE_BYTES,
    recheck_budget: int | None = None,
    confirm_days: float = CONFIRM_DAYS,
    full: bool = False,
) -> Opened:
    """Open, or make, the collection of a site below `archive` for one run.

    `clock` gives seconds since 1970. `min_free_bytes` stay free on the disk. At most `recheck_budget` known articles
    and deeper list pages are looked at again (None: as many as are due). `full` makes all of them due. An article that
    is gone is recorded as removed once a look `confirm_days` after the first finds it gone, too.

    Raises `ForeignOriginError`, `CollectionLockedError`, `StorageError`, `StaleCatalogueError` or `DamageError`; the
    collection is then as it was.
    """
    site = scope.site
    layout = Layout(archive, site.name)
    with guarded(layout.folder), ExitStack() as undo:
        layout.make(site, utc(clock()))
        lock = WriterLock(layout.lock, clock())
        undo.callback(lock.release)
        refuse_lost(layout)
        catalogue = Catalogue(layout.catalogue)
        undo.callback(catalogue.close)
        recovered = recover(layout, catalogue, scope, utc(clock()))
        started_at = start_of_run(layout, clock)
        run = run_name(started_at)
        now = int(started_at.timestamp())
        enter_seeds(catalogue, scope, now, full=full)
        segments = SegmentWriter(layout, catalogue, f"{site.name}-{run}", warcinfo, max_segment_bytes)
        committer = Committer(
            layout=layout,
            catalogue=catalogue,
            segments=segments,
            run=run,
            indexer=Indexer(catalogue, site.zone),
            reread=Reread(layout, scope),
            clock=clock,
            min_free_bytes=min_free_bytes,
            confirm_days=confirm_days,
        )
        reader = Catalogue(layout.catalogue, readonly=True)
        frontier = Frontier(reader, site.visited_hosts, now, None if full else recheck_budget)
        undo.pop_all()
    collection = Collection(
        layout=layout, lock=lock, catalogue=catalogue, reader=reader, committer=committer, frontier=frontier,
        run=run, started_at=started_at,
    )  # fmt: skip
    return Opened(collection, recovered)


def start_of_run(layout: Layout, clock: Callable[[], float]) -> dt.datetime:
    """Return the run's instant: now, or the next second if this second has had a run.

    A run's visits must not be older than the run: what is due in every run would be due again at once.
    """
    deadline = time.monotonic() + 2
    while layout.run_log(run_name(utc(clock()))).exists():
        if time.monotonic() > deadline:
            raise StorageError(f"{layout.runs}: the clock stands still at a run that is there already")
        time.sleep(0.05)
    return utc(clock())


def enter_seeds(catalogue: Catalogue, scope: Scope, now: int, *, full: bool) -> None:
    """Enter the site's seeds, and make due what every run looks at; all of it by index, however much is known."""
    scheme = scope.site.home.partition("://")[0]
    hosts = scope.site.visited_hosts
    robots = [FoundUrl(f"{scheme}://{host}/robots.txt", "robots") for host in hosts]
    seeds = [FoundUrl(url, scope.seed_kind(url)) for url in scope.seeds()]
    with catalogue.transaction() as db:
        catalogue.add([*robots, *seeds], via=None, depth=0, now=now)
        for found in robots:
            db.execute("UPDATE urls SET priority = ?, due_at = ? WHERE url = ?", (ROBOTS, now - 1, found.url))
        for host in hosts:
            due = "UPDATE urls SET due_at = ? WHERE host = ? AND priority = ? AND due_at >= ?"
            db.execute(due, (now - 1, host, EVERY_RUN, now))
            if full:
                db.execute(due, (now - 1, host, RECHECK, now))


class Reread:
    """Reads a kept capture again with today's parser."""

    def __init__(self, layout: Layout, scope: Scope) -> None:
        self._layout = layout
        self._scope = scope

    def __call__(self, capture: CaptureRef, url: str) -> Article:
        answer = read_capture(capture, self._layout.segment).response
        return parse(
            content_of(answer), url, charset=charset_of(answer), captured_at=answer.captured_at, site=self._scope.site
        )
