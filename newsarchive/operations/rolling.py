"""Fixity on a rolling schedule: each time a share of the collection, what was looked at longest ago first."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsarchive.errors import NewsarchiveError
from newsarchive.operations.access import Held, reading
from newsarchive.operations.damage import Damage
from newsarchive.operations.verify import piece_damages
from newsarchive.records.event import PreservationEvent
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.events import append_events, read_events
from newsarchive.store.guard import guarded
from newsarchive.store.layout import Layout, is_segment
from newsarchive.store.manifest import read_manifest
from newsarchive.timestamps import iso, utc
from newsarchive.warc.fixity import Expectation, walk


@dataclass(frozen=True, slots=True)
class Sampled:
    """What one look came to."""

    events: tuple[PreservationEvent, ...]
    """One for each file that was looked at."""
    damages: tuple[Damage, ...]
    files: int
    """Committed files of the collection."""


def verify_sample(held: Held, share: float, clock: Callable[[], float], agent: str) -> Sampled:
    """Look at the files that were looked at longest ago, up to `share` (0 to 1) of all bytes and at least one file.

    Every file's length is looked at each time. The outcome is logged in `events.jsonl`; nothing else is changed.
    Raises `StaleCatalogueError` where there is no catalogue, `StorageError` if the log cannot be written.
    """
    layout = held.layout
    events: list[PreservationEvent] = []
    damages: list[Damage] = []
    with reading(layout) as catalogue, guarded(layout.folder):
        committed = {name: length for name, (length, _) in catalogue.committed().items() if length}
        short = {name for name, length in committed.items() if _size(layout.committed_file(name)) < length}
        for name in dict.fromkeys([*sorted(short), *_chosen(layout, committed, share)]):
            found = list(_file_damages(layout, catalogue, name, committed[name]))
            damages += found
            events.append(
                PreservationEvent(
                    event=f"urn:uuid:{uuid.uuid4()}",
                    type="fixity check",
                    at=utc(clock()),
                    detail=_detail(name),
                    outcome="fail" if found else "pass",
                    note=str(found[0]) if found else None,
                    agent=agent,
                    object=f"{layout.folder.name}/{name}",
                )
            )
        append_events(layout, events)
    return Sampled(tuple(events), tuple(damages), len(committed))


def _chosen(layout: Layout, committed: dict[str, int], share: float) -> Iterator[str]:
    """Yield names of files, those that were looked at longest ago first, until they come to the share."""
    last: dict[str, str] = {}
    for event in read_events(layout):
        if event.type == "fixity check":
            last[event.object.partition("/")[2]] = iso(event.at)
    wanted = share * sum(committed.values())
    taken = 0
    for name in sorted(committed, key=lambda name: (last.get(name, ""), name)):
        yield name
        taken += committed[name]
        if taken >= wanted:
            return


def _file_damages(layout: Layout, catalogue: Catalogue, name: str, length: int) -> Iterator[Damage]:
    path = layout.committed_file(name)
    size = _size(path)
    if size < length:
        where = path if path.exists() else layout.folder / name
        yield Damage(where, size, f"lost: {length} bytes were committed" if size else "lost")
        return
    yield from piece_damages(path, catalogue.pieces(name), length)
    if is_segment(name):
        try:
            said = read_manifest(layout).get(path.name)
        except NewsarchiveError as error:
            yield Damage(layout.manifest, None, str(error))
            return
        expected = Expectation(said.bytes, said.records, said.sha256) if said else None
        yield from (Damage(path, problem.offset, problem.what) for problem in walk(path, expected))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _detail(name: str) -> str:
    if is_segment(name):
        return "every record's digests, and length, record count and sha256 of the file against the manifest"
    return "sha256 of every committed piece"
