"""Brings a collection that a process left at any instant back to a committed state, losing no whole record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsarchive.errors import DamageError, StaleCatalogueError
from newsarchive.records.outcome import Outcome
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.index import Indexer
from newsarchive.store.ingest import Ingester, read_outcomes, read_revisions
from newsarchive.store.layout import Layout
from newsarchive.store.segments import close_segment
from newsarchive.store.tails import Tail, enter, find_everything, find_tails, settle


@dataclass(frozen=True, slots=True)
class Recovered:
    """What opening a collection had to mend."""

    outcomes: int = 0
    revisions: int = 0
    salvaged_bytes: int = 0


def recover(layout: Layout, catalogue: Catalogue, scope: Scope) -> Recovered:
    """Take whole records beyond the committed lengths into the catalogue, and move torn bytes into `salvage/`.

    With the torn bytes go lines that name what is torn.

    Raises `StaleCatalogueError` if the catalogue is older than the files, `DamageError` if a file is shorter than
    what was committed.
    """
    _refuse_stale(layout, catalogue.committed())
    tails = find_tails(layout, catalogue)
    salvaged = sum(settle(layout, tail) for tail in tails)
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
    _close_segments(layout, catalogue)
    return Recovered(outcomes=counts[0], revisions=counts[1], salvaged_bytes=salvaged)


def rebuild(layout: Layout, catalogue: Catalogue, scope: Scope) -> Recovered:
    """Fill an empty catalogue from captures, revisions and outcomes.

    Raises `DamageError` where one of them cannot be read; the catalogue is then left empty.
    """
    tails = find_everything(layout, catalogue)
    salvaged = sum(settle(layout, tail) for tail in tails)
    with catalogue.transaction():
        ingester = Ingester(layout, catalogue, Indexer(catalogue, scope.site.zone), scope)
        try:
            counts = ingester.ingest(
                _outcomes(tail for tail in tails if tail.path.parent == layout.runs), read_revisions(layout.revisions)
            )
        except ValueError as error:
            raise DamageError(
                f"{layout.folder}: a line of its logs cannot be read ({error}); run `newsarchive verify`"
            ) from error
        for tail in tails:
            enter(layout, catalogue, tail)
    _close_segments(layout, catalogue)
    return Recovered(outcomes=counts[0], revisions=counts[1], salvaged_bytes=salvaged)


def _refuse_stale(layout: Layout, committed: dict[str, tuple[int, bool]]) -> None:
    for path in sorted(layout.captures.glob("*.warc.gz*")):
        if f"captures/{path.name.removesuffix('.open')}" not in committed:
            raise StaleCatalogueError(
                f"{path}: not known to the catalogue, which is an old one or of another collection; "
                "run `newsarchive rebuild`"
            )
    if not committed and layout.revisions.exists() and layout.revisions.stat().st_size:
        raise StaleCatalogueError(f"{layout.catalogue}: empty beside a filled collection; run `newsarchive rebuild`")


def _outcomes(tails: Iterable[Tail]) -> Iterator[Outcome]:
    for tail in tails:
        yield from read_outcomes(tail.path, tail.start)


def _close_segments(layout: Layout, catalogue: Catalogue) -> None:
    for name, (length, closed) in catalogue.committed().items():
        if name.startswith("captures/") and not closed:
            close_segment(layout, catalogue, Path(name).name, length)
