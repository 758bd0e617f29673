"""Brings a collection that a process left at any instant back to a committed state, losing no whole record."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsarchive.errors import DamageError, StaleCatalogueError
from newsarchive.records.outcome import Outcome
from newsarchive.sites.scope import Scope
from newsarchive.store.capture_index import index_segment, make_index, mend_index
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.erasure import refuse_interrupted
from newsarchive.store.index import Indexer
from newsarchive.store.ingest import Ingester, read_outcomes, read_revisions
from newsarchive.store.layout import Layout, is_segment
from newsarchive.store.manifest import enter_closed, measured, read_manifest
from newsarchive.store.seal import break_seal
from newsarchive.store.segments import close_segment
from newsarchive.store.tails import RESTORE, Tail, enter, find_everything, find_tails, settle
from newsarchive.timestamps import run_instant
from newsarchive.warc.fixity import whole_records


@dataclass(frozen=True, slots=True)
class Recovered:
    """What opening a collection had to mend."""

    outcomes: int = 0
    revisions: int = 0
    salvaged_bytes: int = 0


def recover(layout: Layout, catalogue: Catalogue, scope: Scope, now: dt.datetime) -> Recovered:
    """Take whole records beyond the committed lengths into the catalogue, and move torn bytes into `salvage/`.

    With the torn bytes go lines that name what is torn. Segments that are still open are closed, at `now`.

    Raises `StaleCatalogueError` if the catalogue is older than the files, `DamageError` if a file is shorter than
    what was committed.
    """
    refuse_interrupted(layout)
    _refuse_stale(layout, catalogue.committed())
    tails = find_tails(layout, catalogue)
    # Nothing was written so far: a collection that is refused is left as it was.
    break_seal(layout)
    salvaged = sum(settle(layout, tail) for tail in tails)
    mend_index(layout)
    counts = (0, 0)
    with catalogue.transaction():
        outcomes = [tail for tail in tails if tail.path.parent == layout.runs]
        revisions = [tail for tail in tails if tail.path == layout.revisions]
        ingester = Ingester(layout, catalogue, Indexer(catalogue, scope.site.zone), scope)
        counts = ingester.ingest(
            _outcomes(outcomes), (line for tail in revisions for line in read_revisions(tail.path, tail.start))
        )
        for tail in tails:
            enter(layout, catalogue, tail)
    _close_segments(layout, catalogue, now)
    return Recovered(outcomes=counts[0], revisions=counts[1], salvaged_bytes=salvaged)


def rebuild(layout: Layout, catalogue: Catalogue, scope: Scope, now: dt.datetime) -> Recovered:
    """Fill an empty catalogue from captures, revisions and outcomes.

    Segments that the manifest does not have are entered in it, at `now`. Raises `DamageError` where a file cannot be
    read, or a segment is not what the manifest says; the catalogue is then left empty.
    """
    for name, closed in read_manifest(layout).items():
        path = layout.captures / name
        if not path.exists():
            raise DamageError(f"{path}: lost; the manifest has it; {RESTORE}")
        if path.stat().st_size != closed.bytes:
            raise DamageError(f"{path}: not what the manifest says; {RESTORE}")
    tails = find_everything(layout, catalogue)
    salvaged = sum(settle(layout, tail) for tail in tails)
    with catalogue.transaction():
        ingester = Ingester(layout, catalogue, Indexer(catalogue, scope.site.zone), scope)
        runs = [tail for tail in tails if tail.path.parent == layout.runs]
        try:
            if runs:
                ingester.enter_unnamed(_outcomes(runs), run_instant(runs[0].path.stem))
            counts = ingester.ingest(_outcomes(runs), read_revisions(layout.revisions))
        except ValueError as error:
            raise DamageError(f"{layout.folder}: a line of its logs cannot be read ({error}); {RESTORE}") from error
        for tail in tails:
            enter(layout, catalogue, tail)
    make_index(layout)
    _close_segments(layout, catalogue, now, indexed=True)
    return Recovered(outcomes=counts[0], revisions=counts[1], salvaged_bytes=salvaged)


def refuse_lost(layout: Layout) -> None:
    """Raise `StaleCatalogueError` where the catalogue of a filled collection is missing: call it before one is made."""
    if not layout.catalogue.exists() and _is_filled(layout):
        raise StaleCatalogueError(f"{layout.catalogue}: missing; run `newsarchive rebuild {layout.folder.name}`")


def _is_filled(layout: Layout) -> bool:
    has_revisions = layout.revisions.exists() and layout.revisions.stat().st_size > 0
    return has_revisions or any(layout.captures.glob("*.warc.gz*"))


def _refuse_stale(layout: Layout, committed: dict[str, tuple[int, bool]]) -> None:
    if not committed and _is_filled(layout):
        raise StaleCatalogueError(
            f"{layout.catalogue}: empty beside a filled collection; run `newsarchive rebuild {layout.folder.name}`"
        )
    for path in sorted(layout.captures.glob("*.warc.gz*")):
        if f"captures/{path.name.removesuffix('.open')}" not in committed:
            raise StaleCatalogueError(
                f"{path}: not known to the catalogue, which is an old one or of another collection; "
                "run `newsarchive rebuild`"
            )


def _outcomes(tails: Iterable[Tail]) -> Iterator[Outcome]:
    for tail in tails:
        yield from read_outcomes(tail.path, tail.start)


def _close_segments(layout: Layout, catalogue: Catalogue, now: dt.datetime, *, indexed: bool = False) -> None:
    left_open = {
        Path(name).name: length
        for name, (length, closed) in catalogue.committed().items()
        if is_segment(name) and not closed
    }
    in_manifest = read_manifest(layout) if left_open else {}
    for name, length in left_open.items():
        close_segment(layout, catalogue, name, length)
        if not length:
            continue
        path = layout.captures / name
        if not indexed:
            index_segment(layout, name)
        closed = measured(path, whole_records(path)[1], now)
        said = in_manifest.get(name)
        if said is None:
            enter_closed(layout, catalogue, closed)
            continue
        if said.model_copy(update={"closed_at": closed.closed_at}) != closed:
            raise DamageError(f"{path}: not what the manifest says; {RESTORE}")
        with catalogue.transaction():
            catalogue.set_length(f"captures/{name}", length, closed=True)
