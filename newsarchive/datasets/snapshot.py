"""Snapshots: a named release of a collection's datasets, frozen, which the archive gives again byte for byte.

A snapshot is a folder, `EXPORTS/SITE/snapshots/NAME`. It is made aside and renamed into place, so under its name there
is a whole one or nothing.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsarchive.datasets.export import Format, Progress, check_formats
from newsarchive.datasets.owner import claimed, staging
from newsarchive.datasets.publication import described
from newsarchive.datasets.snapshot_files import Snapshot, read_note, read_sums, versions, write_snapshot
from newsarchive.errors import ConfigurationError
from newsarchive.records.site import Site
from newsarchive.records.snapshot import SnapshotNote, SnapshotRef
from newsarchive.store.guard import unwritable
from newsarchive.store.layout import Layout, sync_folder

SNAPSHOTS = "snapshots"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A frozen snapshot beside what the archive gives for it today."""

    files: int
    altered: tuple[str, ...]
    """Files of the frozen one that are not what its `SHA256SUMS` says, or are missing."""
    different: tuple[str, ...]
    """Files that the archive gives otherwise, or only one of the two has."""
    versions: Mapping[str, tuple[str, str]]
    """What is of another version than when the frozen one was made: then, now."""


def make_snapshot(  # noqa: PLR0913 - what the command's options say
    layout: Layout,
    site: Site,
    exports: Path,
    as_of: dt.datetime,
    formats: Sequence[Format],
    *,
    name: str | None = None,
    software: str,
    progress: Progress = lambda _name, _rows: None,
) -> Snapshot:
    """Make the snapshot of what was recorded by `as_of`, an instant that `operations.sealed` gave.

    Raises `ConfigurationError` where there is one of that name, which is never overwritten; `DamageError` where an
    earlier one cannot be read; what an export raises.
    """
    check_formats(formats)
    name = checked_name(name or default_name(as_of))
    folder = claimed(layout, exports) / SNAPSHOTS
    _refuse_taken(folder / name)
    about = described(layout, site)
    note = SnapshotNote(
        site=about.site, origin=layout.read_identity().origin, name=name, as_of=as_of, formats=tuple(formats),
        previous=_previous(folder, as_of), about=about, rows={}, changes={}, parsers={},
        made_with=versions(formats, software),
    )  # fmt: skip
    with _aside(folder) as staged:
        made = write_snapshot(layout, staged, note, progress)
        _move(made.folder, folder / name)
    return Snapshot(folder / name, made.note, made.files)


def compare_snapshot(  # noqa: PLR0913 - what the command's options say
    layout: Layout,
    exports: Path,
    name: str,
    *,
    into: Path | None = None,
    software: str,
    progress: Progress = lambda _name, _rows: None,
) -> Comparison:
    """Make the snapshot `name` again, of the archive and its `snapshot.json`, and compare it with the frozen one.

    The new one stays in the folder `into`, which must not be there yet; None: it is removed. Raises
    `ConfigurationError` where there is no such snapshot, `DamageError` where it cannot be read.
    """
    folder = claimed(layout, exports) / SNAPSHOTS
    frozen = folder / checked_name(name)
    if not frozen.is_dir():
        raise ConfigurationError(f"{frozen}: no such snapshot; {_there_are(folder)}")
    if into is not None:
        _refuse_taken(into)
    note = read_note(frozen)
    check_formats(note.formats)
    then, now = note.made_with, versions(note.formats, software)
    with _aside(folder if into is None else into.absolute().parent) as staged:
        again = write_snapshot(layout, staged, note, progress)
        wanted, given = read_sums(frozen), read_sums(again.folder)
        if into is not None:
            _move(again.folder, into)
    return Comparison(
        files=len(wanted),
        altered=tuple(file for file, digest in wanted.items() if _digest(frozen / file) != digest),
        different=tuple(file for file in sorted({*wanted, *given}) if wanted.get(file) != given.get(file)),
        versions={part: (then[part], now[part]) for part in then if then[part] != now.get(part, then[part])},
    )


def default_name(as_of: dt.datetime) -> str:
    """Return the name of a snapshot that is given none: its instant (UTC), so one state of the archive has one name."""
    return as_of.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def checked_name(name: str) -> str:
    """Return the name. Raises `ConfigurationError` where it cannot be a folder's on every system."""
    if not _NAME.fullmatch(name) or name.endswith("."):
        raise ConfigurationError(
            f"{name!r}: no name for a snapshot; expected up to 64 letters, digits, . _ and -, such as 2026-11"
        )
    return name


def _previous(folder: Path, as_of: dt.datetime) -> SnapshotRef | None:
    notes = [read_note(path) for path in folder.iterdir() if _NAME.fullmatch(path.name)] if folder.is_dir() else []
    earlier = [SnapshotRef(name=note.name, as_of=note.as_of) for note in notes if note.as_of < as_of]
    return max(earlier, key=lambda one: (one.as_of, one.name), default=None)


def _refuse_taken(folder: Path) -> None:
    if folder.exists():
        raise ConfigurationError(f"{folder}: is there already, and a snapshot is never overwritten; give another name")


def _there_are(folder: Path) -> str:
    names = sorted(path.name for path in folder.iterdir() if _NAME.fullmatch(path.name)) if folder.is_dir() else []
    return f"there are {', '.join(names)}" if names else "there is none yet; `newsarchive snapshot SITE` makes one"


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        with staging(folder) as staged:
            yield staged
    except OSError as error:
        raise unwritable(folder, error, "give another folder") from error


def _move(made: Path, place: Path) -> None:
    try:
        made.rename(place)
    except OSError:
        _refuse_taken(place)  # by another process, meanwhile
        raise
    sync_folder(place.parent)


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
