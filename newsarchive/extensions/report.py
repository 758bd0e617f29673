"""Makes the report of a run from what was counted and what the collection holds afterwards."""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from newsarchive.errors import NewsarchiveError, StaleCatalogueError
from newsarchive.extensions.counts import Counts
from newsarchive.extensions.introduction import SOFTWARE
from newsarchive.parsers import PARSER_VERSION
from newsarchive.records.outcome import UrlClass
from newsarchive.records.run import RunReport
from newsarchive.records.site import Site
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.census import LooksGone, count_held, looking_gone
from newsarchive.store.collection import Collection
from newsarchive.store.guard import guarded
from newsarchive.store.recovery import Recovered

End = Literal["finished", "limit", "interrupted", "failed"]
ENDS: Mapping[str, End] = MappingProxyType(
    {"finished": "finished", "limit": "limit", "shutdown": "interrupted", "failed": "failed"}
)
"""How a run ended, by the reason for which Scrapy closed the spider."""


CLASSES = frozenset(outcome.value for outcome in UrlClass)


class State(NamedTuple):
    """What a collection holds after a run."""

    urls: Mapping[str, int] = MappingProxyType({})
    articles: int = 0
    duplicates: int = 0
    due_left: int = 0
    look_gone: tuple[LooksGone, ...] = ()


def close(collection: Collection, site: Site, publish: Callable[[], None]) -> tuple[State, NewsarchiveError | None]:
    """Close a collection and `publish` what changed. Return what it holds and the first error, None for none.

    What it holds is counted whatever went wrong, as far as its catalogue can be read.
    """
    now = int(time.time())
    error: NewsarchiveError | None = None
    state = State()
    try:
        with guarded(collection.layout.folder):
            collection.close()
    except NewsarchiveError as problem:
        error = problem
    try:
        with guarded(collection.layout.folder):
            state = _state_of(collection, site, now)
            if error is None:
                publish()
    except NewsarchiveError as problem:
        error = error or problem
    return state, error


def _state_of(collection: Collection, site: Site, now: int) -> State:
    """Return what a closed collection holds, and what the run left that was due.

    Raises `StaleCatalogueError` where a URL has got lost: every one is in one class, or due.
    """
    catalogue = Catalogue(collection.layout.catalogue, readonly=True)
    try:
        started = int(collection.started_at.timestamp())
        rechecks = not collection.frontier.rechecks_exhausted
        due = catalogue.count_due(site.visited_hosts, started, now, rechecks=rechecks)
        counts = catalogue.counts()
        if lost := catalogue.count_lost() + sum(counts[name] for name in set(counts) - CLASSES):
            raise StaleCatalogueError(
                f"{collection.layout.catalogue}: {lost} of {sum(counts.values())} URLs are in no class and never due; "
                f"run `newsarchive rebuild {site.name}`"
            )
        gone = tuple(looking_gone(catalogue))
        return State(counts, count_held(catalogue), catalogue.count_duplicates(), due, gone)
    finally:
        catalogue.close()


def report_of(  # noqa: PLR0913 - what a report is made of
    collection: Collection,
    site: Site,
    *,
    counts: Counts,
    state: State,
    recovered: Recovered,
    rests: dict[str, dt.datetime],
    reason: str,
    error: BaseException | None,
    ended_at: dt.datetime,
) -> RunReport:
    """Return the report of the run that filled `collection`."""
    return RunReport(
        run=collection.run,
        site=site.name,
        origin=site.origin,
        started_at=collection.started_at,
        ended_at=ended_at,
        ended="failed" if error else ENDS.get(reason, "interrupted"),
        error=str(error) if error else None,
        error_code=_code_of(error) if error else None,
        requests=counts.requests,
        outcomes=dict(sorted(counts.outcomes.items())),
        reasons=dict(sorted(counts.reasons.items())),
        articles_new=counts.new,
        articles_changed=counts.changed,
        articles_removed=collection.removed,
        articles_unchanged=counts.unchanged,
        revisits=counts.revisits,
        articles_held=state.articles,
        articles_duplicate=state.duplicates,
        look_gone={gone.url: gone.since + collection.removal_wait for gone in state.look_gone},
        urls_known=dict(sorted(state.urls.items())),
        due_left=0 if reason == "limit" else state.due_left,
        degraded=collection.degraded,
        rests=rests,
        robots_gone=dict(sorted(counts.robots_gone.items())),
        links_skipped=counts.links_skipped,
        recovered_records=recovered.outcomes + recovered.revisions,
        salvaged_bytes=recovered.salvaged_bytes,
        parser=PARSER_VERSION,
        software=SOFTWARE,
    )


def _code_of(error: BaseException) -> int:
    return error.exit_code if isinstance(error, NewsarchiveError) else NewsarchiveError.exit_code
