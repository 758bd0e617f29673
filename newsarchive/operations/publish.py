"""Publishes what a reparse reads differently: a revision with cause `reparse`, so that it never looks like an edit."""

import datetime as dt
from collections.abc import Iterator

from newsarchive.operations.access import Held, writing
from newsarchive.operations.logged import Logged, line_at
from newsarchive.operations.reparse import EVIDENCE, Reparsed, changed_fields, reparse
from newsarchive.records.revision import Revision
from newsarchive.store.addenda import append_revisions
from newsarchive.timestamps import utc


def publish(held: Held, now: float, processes: int | None = None) -> tuple[Reparsed, int]:
    """Reparse, and append a revision for each article whose latest one today's parser reads differently.

    Returns what the reparse came to, and how many were appended. Earlier revisions stay as they were read, and so do
    articles of which today's parser reads nothing. `now` is seconds since 1970. Raises `CollectionLockedError` while a
    run is at work, `StorageError` if the disk fails.
    """
    with writing(held.layout, now):
        done = reparse(held, processes)
        logged = Logged(held.layout.revisions)
        count = append_revisions(held.layout, held.scope, _different(held, done, logged, utc(now)), utc(now))
    return done, count


def _different(held: Held, done: Reparsed, logged: Logged, recorded_at: dt.datetime) -> Iterator[Revision]:
    for article, place in done.latest.items():
        today = line_at(done.log, place)
        before = line_at(held.layout.revisions, logged.latest[article]) if article in logged.latest else None
        if before is not None and not changed_fields(before, today).keys() - EVIDENCE:
            continue
        changes: dict[str, object] = {"cause": "reparse", "recorded_at": recorded_at, "revision": 1}
        if before is not None:
            changes |= {name: getattr(before, name) for name in ("aliases", "status", "first_seen_at")}
            changes["revision"] = before.revision + 1
            if before.status == "removed":
                changes |= {name: getattr(before, name) for name in ("captured_at", "capture")}
        yield today.model_copy(update=changes)
