"""Makes a collection's catalogue again from its captures, revisions and outcomes."""

from newsarchive.operations.access import Held, writing
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.erasure import carry_out, end
from newsarchive.store.layout import sync_folder
from newsarchive.store.recovery import Recovered, rebuild
from newsarchive.store.seal import break_seal, set_seal
from newsarchive.timestamps import utc

SIDE_FILES = ("-wal", "-shm")


def rebuild_catalogue(held: Held, now: float) -> Recovered:
    """Fill a new catalogue beside the old one and put it in its place, whole, at the end.

    `now`, seconds since 1970, is the instant that a second process is told. Restored: every URL with its class, kind,
    reason, target, validators, digests and due instants, every article. Not restored, since a run makes it anew:
    robots.txt rules, a host's failures in a row. A withdrawal that was interrupted is ended. Raises
    `CollectionLockedError`, or `DamageError` where a capture or a line that is needed cannot be read; the old
    catalogue is then as it was.
    """
    with writing(held.layout, now):
        return remake_catalogue(held, now)


def remake_catalogue(held: Held, now: float) -> Recovered:
    """Do what `rebuild_catalogue` does; whoever calls has the right to write."""
    layout = held.layout
    carry_out(layout)
    fresh = layout.catalogue.with_suffix(".rebuilt")
    for leftover in (fresh, *(fresh.with_name(fresh.name + ending) for ending in SIDE_FILES)):
        leftover.unlink(missing_ok=True)
    catalogue = Catalogue(fresh)
    try:
        done = rebuild(layout, catalogue, held.scope, utc(now))
    except BaseException:
        catalogue.close()
        fresh.unlink(missing_ok=True)
        raise
    catalogue.close()
    break_seal(layout)
    # The old write-ahead log must not be taken for the new file's.
    for ending in SIDE_FILES:
        layout.catalogue.with_name(layout.catalogue.name + ending).unlink(missing_ok=True)
    fresh.replace(layout.catalogue)
    sync_folder(layout.folder)
    end(layout)
    set_seal(layout)
    return done
