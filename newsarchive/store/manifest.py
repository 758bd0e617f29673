"""The manifest: one line for each closed segment, so that a lost catalogue takes no proof with it.

Append-only and truth, like the logs: without it a segment that was cut between two captures would show nowhere once
the catalogue is made again from what is left.
"""

import datetime as dt
import hashlib
from pathlib import Path

from newsarchive.errors import DamageError
from newsarchive.records.segment import ClosedSegment
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.layout import Layout
from newsarchive.store.log import AppendFile


def measured(path: Path, records: int, closed_at: dt.datetime) -> ClosedSegment:
    """Return the line for a segment of `records` records, its length and digest as the disk has it."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        length = file.tell()
    return ClosedSegment(name=path.name, bytes=length, records=records, sha256=sha256, closed_at=closed_at)


def read_manifest(layout: Layout) -> dict[str, ClosedSegment]:
    """Return the closed segments by name; none where nothing was closed yet.

    Raises `DamageError` at a line that is none; a torn end is left to recovery.
    """
    segments: dict[str, ClosedSegment] = {}
    if not layout.manifest.exists():
        return segments
    with layout.manifest.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            try:
                segment = ClosedSegment.model_validate_json(line)
            except ValueError as error:
                raise DamageError(f"{layout.manifest}: a line that is none; restore the file from a copy") from error
            segments[segment.name] = segment
    return segments


def enter_closed(layout: Layout, catalogue: Catalogue, segment: ClosedSegment) -> None:
    """Write the segment's line, bring it to the disk, and only then enter both in the catalogue.

    A line that the catalogue does not count is taken in when the collection is opened next.
    """
    file = AppendFile(layout.manifest)
    try:
        start = file.append(segment.to_json().encode() + b"\n")
        file.sync()
        with catalogue.transaction():
            catalogue.add_piece(layout.relative(file.path), start, file.length - start, file.piece_sha256)
            catalogue.set_length(f"captures/{segment.name}", segment.bytes, closed=True)
    finally:
        file.close()
