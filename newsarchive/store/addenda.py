"""Revisions that no run wrote: appended to the log and entered in the catalogue, in the order of every commit."""

import datetime as dt
from collections.abc import Iterable
from itertools import islice

from newsarchive.records.revision import Revision
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.guard import guarded
from newsarchive.store.index import Indexer
from newsarchive.store.layout import Layout
from newsarchive.store.log import AppendFile
from newsarchive.store.recovery import recover
from newsarchive.store.seal import set_seal

BATCH = 128


def append_revisions(layout: Layout, scope: Scope, revisions: Iterable[Revision], now: dt.datetime) -> int:
    """Append `revisions`, each its article's next, and return how many; whoever calls has the right to write.

    A batch is on the disk before the catalogue counts it; what a process that dies leaves is taken in by the next
    opening. Raises `StorageError`, `StaleCatalogueError` or `DamageError`.
    """
    count = 0
    with guarded(layout.folder):
        catalogue = Catalogue(layout.catalogue)
        try:
            recover(layout, catalogue, scope, now)
            waiting = iter(revisions)
            while batch := list(islice(waiting, BATCH)):
                _append(layout, catalogue, Indexer(catalogue, scope.site.zone), batch)
                count += len(batch)
        finally:
            catalogue.close()
        set_seal(layout)
    return count


def _append(layout: Layout, catalogue: Catalogue, indexer: Indexer, batch: list[Revision]) -> None:
    file = AppendFile(layout.revisions)
    synced = False
    try:
        with catalogue.transaction():
            for revision in batch:
                line = revision.to_json().encode() + b"\n"
                indexer.revision(revision, file.append(line), len(line))
            file.sync()
            length = file.length - file.committed
            catalogue.add_piece(layout.relative(file.path), file.committed, length, file.piece_sha256)
            synced = True
    except BaseException:
        if not synced:
            file.cut_back()
        raise
    finally:
        file.close()
