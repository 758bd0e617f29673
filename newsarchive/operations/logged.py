"""`revisions.jsonl` by capture: which line was read from which."""

from collections.abc import Iterator
from pathlib import Path

from newsarchive.records.revision import Revision
from newsarchive.store.ingest import read_revisions

Place = tuple[int, int]
"""Where a line begins in its file, and how long it is."""


def line_at(path: Path, place: Place) -> Revision:
    """Return the revision that stands at `place`. Raises ValueError where there is none."""
    with path.open("rb") as file:
        file.seek(place[0])
        return Revision.model_validate_json(file.read(place[1]))


class Logged:
    """The lines of a log. Memory: some hundred bytes for each. Raises ValueError at a line that is none."""

    def __init__(self, path: Path) -> None:
        self.latest: dict[str, Place] = {}
        """The last line of each article."""
        self._path = path
        self._read: dict[tuple[str, str], Place] = {}
        self._removals: dict[str, Place] = {}
        self._seen: set[tuple[str, str]] = set()
        for revision, offset, length in read_revisions(path):
            place = (offset, length)
            self.latest[revision.id] = place
            if revision.status == "published":
                # A reparse may have given a later line of the same capture: that is what stands.
                self._read[revision.id, revision.capture.record_id] = place
            elif revision.status == "removed" and revision.cause == "site":
                self._removals[revision.capture.record_id] = place

    def of_capture(self, article: str, record_id: str) -> Revision | None:
        """Return what was read from a capture, as it stands now; None where no line was."""
        key = (article, record_id)
        self._seen.add(key)
        return line_at(self._path, self._read[key]) if key in self._read else None

    def removal(self, record_id: str) -> Revision | None:
        """Return the removal whose evidence is that capture; None where there is none."""
        return line_at(self._path, self._removals[record_id]) if record_id in self._removals else None

    def unasked(self) -> Iterator[Revision]:
        """Yield the lines of captures that `of_capture` was not asked for."""
        for key, place in self._read.items():
            if key not in self._seen:
                yield line_at(self._path, place)
