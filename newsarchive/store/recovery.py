"""Brings a collection that a process left at any instant back to a committed state, losing no whole record."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsarchive.errors import DamageError, StaleCatalogueError
from newsarchive.records.outcome import Outcome
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.index import Indexer
from newsarchive.store.ingest import Ingester, read_outcomes, read_revisions
from newsarchive.store.layout import Layout, sync_folder, write_atomically
from newsarchive.store.segments import close_segment
from newsarchive.warc.fixity import whole_records

MAX_TAIL_CAPTURES = 128
"""More captures than a batch holds beyond the committed length mean that the catalogue is an old one."""

RECORDS_PER_CAPTURE = 2


@dataclass(frozen=True, slots=True)
class Tail:
    """Bytes of one file beyond its committed length."""

    path: Path
    start: int
    whole_end: int
    end: int


@dataclass(frozen=True, slots=True)
class Recovered:
    """What opening a collection had to mend."""

    outcomes: int = 0
    revisions: int = 0
    salvaged_bytes: int = 0


def recover(layout: Layout, catalogue: Catalogue, scope: Scope) -> Recovered:
    """Take whole records beyond the committed lengths into the catalogue, and move torn bytes into `salvage/`.

    Raises `StaleCatalogueError` if the catalogue is older than the files, `DamageError` if a file is shorter than
    what was committed.
    """
    committed = catalogue.committed()
    _refuse_stale(layout, committed)
    tails = [tail for tail in _tails(layout, committed) if tail.end > tail.start]
    salvaged = sum(_salvage(layout, tail) for tail in tails)
    counts = (0, 0)
    with catalogue.transaction():
        outcomes = [tail for tail in tails if tail.path.parent == layout.runs]
        revisions = [tail for tail in tails if tail.path == layout.revisions]
        ingester = Ingester(layout, catalogue, Indexer(catalogue, scope.site.zone), scope)
        counts = ingester.ingest(
            _outcomes(outcomes), (line for tail in revisions for line in read_revisions(tail.path, tail.start))
        )
        for tail in tails:
            _enter(layout, catalogue, tail)
    _close_segments(layout, catalogue)
    return Recovered(outcomes=counts[0], revisions=counts[1], salvaged_bytes=salvaged)


def rebuild(layout: Layout, catalogue: Catalogue, scope: Scope) -> Recovered:
    """Fill an empty catalogue from captures, revisions and outcomes.

    Raises `DamageError` where one of them cannot be read; the catalogue is then left empty.
    """
    tails = [tail for tail in _tails(layout, {}, bounded=False) if tail.end]
    salvaged = sum(_salvage(layout, tail) for tail in tails)
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
            _enter(layout, catalogue, tail)
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


def _tails(layout: Layout, committed: dict[str, tuple[int, bool]], *, bounded: bool = True) -> Iterator[Tail]:
    known = {name: length for name, (length, _) in committed.items()}
    for name, length in known.items():
        path = layout.segment(Path(name).name) if name.startswith("captures/") else layout.folder / name
        size = path.stat().st_size if path.exists() else 0
        if size < length:
            raise DamageError(f"{path}: {size} bytes, {length} were committed; restore the file from a copy")
    segments = sorted(layout.captures.glob("*.warc.gz*"))
    for path in segments:
        start = known.get(f"captures/{path.name.removesuffix('.open')}", 0)
        whole_end, count = whole_records(path, start)
        if bounded and count > MAX_TAIL_CAPTURES * RECORDS_PER_CAPTURE + 1:
            raise StaleCatalogueError(
                f"{path}: {count} records beyond the catalogue's length, more than a batch; run `newsarchive rebuild`"
            )
        yield Tail(path, start, whole_end, path.stat().st_size)
    logs = [layout.revisions] if layout.revisions.exists() else []
    for path in [*logs, *sorted(layout.runs.glob("*.jsonl"))]:
        start = known.get(layout.relative(path), 0)
        yield Tail(path, start, _whole_lines_end(path, start), path.stat().st_size)


def _whole_lines_end(path: Path, start: int) -> int:
    """Return the end of the last line from `start` on that is whole and is JSON; a cut is always the last line."""
    end = start
    with path.open("rb") as file:
        file.seek(start)
        for line in file:
            if not line.endswith(b"\n"):
                break
            try:
                json.loads(line)
            except ValueError:
                break
            end += len(line)
    return end


def _salvage(layout: Layout, tail: Tail) -> int:
    torn = tail.end - tail.whole_end
    if torn <= 0:
        return 0
    layout.salvage.mkdir(exist_ok=True)
    with tail.path.open("r+b") as file:
        file.seek(tail.whole_end)
        write_atomically(layout.salvage / f"{tail.path.name}-{tail.whole_end}", file.read())
        file.truncate(tail.whole_end)
    sync_folder(layout.salvage)
    return torn


def _enter(layout: Layout, catalogue: Catalogue, tail: Tail) -> None:
    """Take the whole records of a tail as committed, with their digest."""
    with tail.path.open("rb") as file:
        file.seek(tail.start)
        digest = hashlib.sha256()
        left = tail.whole_end - tail.start
        while left and (data := file.read(min(left, 1 << 20))):
            digest.update(data)
            left -= len(data)
    name = layout.relative(tail.path).removesuffix(".open")
    catalogue.add_piece(name, tail.start, tail.whole_end - tail.start, digest.hexdigest())


def _outcomes(tails: Iterable[Tail]) -> Iterator[Outcome]:
    for tail in tails:
        yield from read_outcomes(tail.path, tail.start)


def _close_segments(layout: Layout, catalogue: Catalogue) -> None:
    for name, (length, closed) in catalogue.committed().items():
        if name.startswith("captures/") and not closed:
            close_segment(layout, catalogue, Path(name).name, length)
