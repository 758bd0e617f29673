"""What lies beyond the committed lengths: the whole records that a dead run left, and bytes that are none."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from newsarchive.errors import DamageError, NewsarchiveError, StaleCatalogueError
from newsarchive.records.capture import CaptureRef
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.layout import Layout, is_segment, sync_folder, write_atomically
from newsarchive.warc.described import article_beside
from newsarchive.warc.fixity import whole_records

MAX_TAIL_CAPTURES = 128
"""More captures than a batch holds beyond the committed length mean that the catalogue is an old one."""

RECORDS_PER_CAPTURE = 3
"""An answer, its request, and the article that was read from it."""

OPEN_SUFFIX = ".open"

RESTORE = (
    "restore what is lost from a copy, or take the captures that are left into a new archive with `newsarchive import`"
)
"""What helps where a closed segment or a revision is lost: `rebuild` would bless the loss, and refuses."""

_REBUILD = "restore the file from a copy, or go on with what is left by `newsarchive rebuild`"


@dataclass(frozen=True, slots=True)
class Tail:
    """Bytes of one file beyond its committed length."""

    path: Path
    start: int
    whole_end: int
    """Where the records end that can be taken in."""
    end: int


def find_tails(layout: Layout, catalogue: Catalogue) -> list[Tail]:
    """Return the tail of every file that has one.

    Raises `StaleCatalogueError` if one is longer than a batch, `DamageError` if a file is shorter than what was
    committed.
    """
    files = catalogue.committed()
    committed = {name: length for name, (length, _) in files.items()}
    died = any(is_segment(name) and not closed for name, (_, closed) in files.items())
    for name, (length, closed) in files.items():
        path = layout.committed_file(name)
        size = path.stat().st_size if path.exists() else 0
        if size < length:
            # What a run that died has lost of its own, a rebuild sets aside.
            needed = closed or (path == layout.revisions and not died)
            remedy = RESTORE if needed else _REBUILD
            raise DamageError(f"{path}: {size} bytes, {length} were committed; {remedy}")
    segments = []
    for path in sorted(layout.captures.glob("*.warc.gz*")):
        tail, count = _segment_tail(path, committed.get(_name(layout, path), 0))
        if count > MAX_TAIL_CAPTURES * RECORDS_PER_CAPTURE + 1:
            raise StaleCatalogueError(
                f"{path}: {count} records beyond the catalogue's length, more than a batch; run `newsarchive rebuild`"
            )
        segments.append(tail)
    tails = [*segments, *_log_tails(layout, committed, segments, catalogue)]
    return [tail for tail in tails if tail.end > tail.start]


def find_everything(layout: Layout, catalogue: Catalogue) -> list[Tail]:
    """Return every file as a tail: what the empty `catalogue` of a rebuild has to take in.

    Only the last run can have left a torn end. Raises `DamageError` where a closed segment is not whole, or a line
    that is none, or that names what is not there, stands before lines of a closed segment.
    """
    segments = [_segment_tail(path, 0)[0] for path in sorted(layout.captures.glob("*.warc.gz*"))]
    closed = {tail.path.name for tail in segments if tail.path.suffix != OPEN_SUFFIX}
    for tail in segments:
        if tail.path.name in closed and tail.whole_end < tail.end:
            raise DamageError(f"{tail.path}: offset {tail.whole_end}: no whole record; {RESTORE}")
    logs = list(_log_tails(layout, {}, segments, catalogue))
    for tail in logs:
        for line in _whole_lines(tail.path, tail.whole_end):
            if (line.get("capture") or {}).get("warc") in closed:
                raise DamageError(
                    f"{tail.path}: offset {tail.whole_end}: a line that cannot be read, or whose capture or revision "
                    f"is lost, and not at the end; {RESTORE}"
                )
    return [tail for tail in [*segments, *logs] if tail.end]


def settle(layout: Layout, tail: Tail) -> int:
    """Move the torn bytes of a tail into `salvage/`, make the rest last, and return how many bytes were moved."""
    torn = tail.end - tail.whole_end
    with tail.path.open("r+b") as file:
        if torn > 0:
            layout.salvage.mkdir(exist_ok=True)
            file.seek(tail.whole_end)
            _set_aside(layout.salvage / f"{tail.path.name}-{tail.whole_end}", file.read())
            sync_folder(layout.folder)
            file.truncate(tail.whole_end)
        # The run that died may have come to write and not to sync.
        os.fsync(file.fileno())
    return max(torn, 0)


def _set_aside(path: Path, data: bytes) -> None:
    """Write torn bytes to `path`, with a number behind the name where others lie: runs may die at one place twice."""
    place, number = path, 1
    while place.exists() and place.read_bytes() != data:
        number += 1
        place = path.with_name(f"{path.name}.{number}")
    write_atomically(place, data)


def enter(layout: Layout, catalogue: Catalogue, tail: Tail) -> None:
    """Take the whole records of a settled tail as committed, with their digest."""
    with tail.path.open("rb") as file:
        file.seek(tail.start)
        digest = hashlib.sha256()
        left = tail.whole_end - tail.start
        while left and (data := file.read(min(left, 1 << 20))):
            digest.update(data)
            left -= len(data)
    catalogue.add_piece(_name(layout, tail.path), tail.start, tail.whole_end - tail.start, digest.hexdigest())


def _name(layout: Layout, path: Path) -> str:
    return layout.relative(path).removesuffix(OPEN_SUFFIX)


def _segment_tail(path: Path, start: int) -> tuple[Tail, int]:
    """Return the tail of a segment and the number of its whole records."""
    whole_end, count = whole_records(path, start)
    return Tail(path, start, whole_end, path.stat().st_size), count


def _log_tails(
    layout: Layout, committed: Mapping[str, int], segments: list[Tail], catalogue: Catalogue
) -> Iterator[Tail]:
    """Yield the tails of the logs, each up to the first line whose capture or revision is not there.

    After a power loss a line may be whole and what it names be torn: nothing of that batch was synced. Nor is a
    revision taken in that is not its article's next one, or not as it is beside its capture: no run writes such a line.
    """
    ends = {tail.path.name.removesuffix(OPEN_SUFFIX): tail.whole_end for tail in segments}
    written: dict[str, int] = {}

    def captured(line: dict[str, Any]) -> bool:
        capture = line.get("capture")
        return capture is None or capture["offset"] < ends.get(capture["warc"], 0)

    def latest(name: str) -> int:
        if name not in written:
            known = catalogue.article(name)
            written[name] = known.revision if known else 0
        return written[name]

    def next_one(line: dict[str, Any]) -> bool:
        name, revision = str(line.get("id")), line.get("revision")
        if not captured(line) or revision != latest(name) + 1 or not _stands_beside(layout, line):
            return False
        written[name] += 1
        return True

    def revised(line: dict[str, Any]) -> bool:
        revision = line.get("revision")
        return revision is None or revision <= latest(str(line.get("id")))

    if layout.manifest.exists():
        yield _log_tail(layout, layout.manifest, committed, lambda _: True)
    if layout.revisions.exists():
        yield _log_tail(layout, layout.revisions, committed, next_one)
    for path in sorted(layout.runs.glob("*.jsonl")):
        yield _log_tail(layout, path, committed, lambda line: captured(line) and revised(line))


def _stands_beside(layout: Layout, line: dict[str, Any]) -> bool:
    """Tell whether a revision's article is beside its capture; that of a removal or a reparse never was."""
    if (line.get("cause"), line.get("status")) != ("site", "published"):
        return True
    try:
        capture = CaptureRef.model_validate(line.get("capture"))
        article = json.loads(article_beside(layout.segment(capture.warc), capture).block)
    except (NewsarchiveError, ValueError):
        return False
    return bool(article == line)


def _log_tail(
    layout: Layout, path: Path, committed: Mapping[str, int], is_usable: Callable[[dict[str, Any]], bool]
) -> Tail:
    start = committed.get(_name(layout, path), 0)
    tail = Tail(path, start, start, path.stat().st_size)
    with path.open("rb") as file:
        file.seek(start)
        for data in file:
            line = _parsed(data)
            if line is None or not is_usable(line):
                break
            tail = replace(tail, whole_end=tail.whole_end + len(data))
    return tail


def _whole_lines(path: Path, start: int) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        file.seek(start)
        for data in file:
            line = _parsed(data)
            if line is not None:
                yield line


def _parsed(data: bytes) -> dict[str, Any] | None:
    """Return a line of a log, or None for bytes that are none."""
    if not data.endswith(b"\n"):
        return None
    try:
        line = json.loads(data)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None
