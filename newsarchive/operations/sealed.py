"""An instant of a collection up to which nothing more will be recorded: what a snapshot may be made of for good."""

import datetime as dt
from collections.abc import Callable

from pydantic_core import from_json

from newsarchive.errors import ConfigurationError, StaleCatalogueError
from newsarchive.operations.access import Held, reading, resting
from newsarchive.store.backwards import lines_backwards
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.events import withdrawals
from newsarchive.store.layout import Layout
from newsarchive.timestamps import iso, utc

_MOST_SECONDS_AHEAD = 2


def sealed_instant(
    held: Held, as_of: dt.datetime | None, clock: Callable[[], float], wait: Callable[[float], None]
) -> dt.datetime:
    """Return an instant up to which nothing more will be recorded: `as_of` (aware, past), or that of the last record.

    Instants are whole seconds, so it waits until that second is over. Raises `CollectionLockedError` while a run is at
    work, since what it has in hand will bear an instant that is over; `StaleCatalogueError` where one died, and left
    records that are not taken in; `ConfigurationError` where nothing was recorded by then, or the clock is behind.
    """
    with resting(held.layout, clock()):
        with reading(held.layout) as catalogue:
            _refuse_tails(held.layout, catalogue)
            first, last = _instants(held.layout, catalogue)
        until = int(as_of.timestamp()) if as_of else last
        if first is None or until is None or until < first:
            raise ConfigurationError(f"{held.layout.folder}: nothing was recorded by then; crawl the site first")
        if until - clock() > _MOST_SECONDS_AHEAD:
            raise ConfigurationError(
                f"{held.layout.folder}: the last record is of {iso(utc(until))}, which the clock has not reached; set "
                "the clock right, or give --as-of"
            )
        while clock() < until + 1:
            wait(0.05)
    return utc(until)


def _instants(layout: Layout, catalogue: Catalogue) -> tuple[int | None, int | None]:
    """Return the first and the last instant that anything of the datasets was recorded at, seconds since 1970."""
    first, checked, fetched = catalogue.execute(
        "SELECT min(first_seen_at), max(checked_at), (SELECT coalesce(max(at), 0) FROM file_versions) FROM articles"
    ).fetchone()
    if first is None:
        return None, None
    with layout.revisions.open("rb") as log:
        line = next(lines_backwards(log, layout.revisions.stat().st_size))
    recorded = dt.datetime.fromisoformat(from_json(line)["recorded_at"])
    withdrawn = (int(at.timestamp()) for at in withdrawals(layout).values())
    return first, max(checked, fetched, int(recorded.timestamp()), *withdrawn)


def _refuse_tails(layout: Layout, catalogue: Catalogue) -> None:
    """Raise where a run that died left records that the next one will take in, under the instants that they bear."""
    for name, (length, _) in catalogue.committed().items():
        path = layout.committed_file(name)
        if name.endswith(".jsonl") and path.exists() and path.stat().st_size > length:
            raise StaleCatalogueError(
                f"{path}: a run that died left records here; run `newsarchive rebuild {layout.folder.name}`, or crawl, "
                "and then make the snapshot"
            )
