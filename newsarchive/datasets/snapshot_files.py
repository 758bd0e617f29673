"""The files of a snapshot: written in one pass from what the archive recorded by an instant, and nothing else."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from newsarchive.datasets.documents import write_documents
from newsarchive.datasets.export import Format, Progress, write_datasets
from newsarchive.datasets.owner import entry_of
from newsarchive.datasets.release import Release, data_files
from newsarchive.datasets.selection import Selection
from newsarchive.datasets.since import SINCE_FILE, SinceWriter
from newsarchive.errors import DamageError
from newsarchive.records.snapshot import SnapshotNote
from newsarchive.store.events import withdrawals
from newsarchive.store.layout import Layout, sync_folder

NOTE = "snapshot.json"
SUMS = "SHA256SUMS"
MADE = "made"
"""Where a snapshot lies below a staging folder."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot on the disk."""

    folder: Path
    note: SnapshotNote
    files: tuple[str, ...]
    """Names of its files but for `SHA256SUMS`, which has the digest of each."""


def write_snapshot(layout: Layout, staged: Path, note: SnapshotNote, progress: Progress) -> Snapshot:
    """Write the snapshot that `note` describes into a folder below `staged`; its counts are made anew.

    Memory does not grow with the collection. Raises what an export raises.
    """
    made = staged / MADE
    made.mkdir()
    since = _since_writer(layout, staged, note)
    try:
        with Selection(layout, staged, note.as_of) as selection:
            written = write_datasets(selection, made, note.formats, progress, [since] if since else [])
    finally:
        if since is not None:
            since.close()
    rows, entries, changes = dict(written.rows), written.entries(made, 0), {}
    if since is not None:
        changes = dict(sorted(since.counts.items()))
        rows["since"] = since.counts.total()
        entries[SINCE_FILE] = entry_of(made / SINCE_FILE, rows["since"], 0)
    note = note.model_copy(
        update={"rows": rows, "changes": changes, "parsers": dict(sorted(written.coverage.parsers.items()))}
    )
    files = tuple(data_files(entries, note.site))
    documents = write_documents(made, Release(note.about, written.coverage, files, note.name, _since_told(note)))
    (made / NOTE).write_text(note.model_dump_json(indent=2) + "\n", encoding="utf-8", newline="\n")
    names = tuple(sorted((*entries, *documents, NOTE)))
    _write_sums(made, names)
    return Snapshot(made, note, names)


def _since_writer(layout: Layout, staged: Path, note: SnapshotNote) -> SinceWriter | None:
    if note.previous is None:
        return None
    before = note.previous.as_of
    withdrawn = {article for article, at in withdrawals(layout).items() if before < at <= note.as_of}
    return SinceWriter(staged / MADE / SINCE_FILE, staged / ".since.sqlite", before, withdrawn)


def versions(formats: Sequence[Format], software: str) -> dict[str, str]:
    """Return the versions of what the bytes of `formats` depend on; `software` is that of newsarchive."""
    found = {"newsarchive": software, "pydantic_core": version("pydantic_core")}
    if "parquet" in formats:
        found["pyarrow"] = version("pyarrow")
    if "sqlite" in formats:
        found["sqlite"] = sqlite3.sqlite_version
    return found


def read_note(folder: Path) -> SnapshotNote:
    """Return what a snapshot says of itself. Raises `DamageError` where it cannot be read."""
    try:
        return SnapshotNote.model_validate_json((folder / NOTE).read_bytes())
    except (OSError, ValueError) as error:
        raise DamageError(f"{folder / NOTE}: cannot be read ({type(error).__name__}); restore the snapshot") from error


def read_sums(folder: Path) -> dict[str, str]:
    """Return the digests (sha256, hex) that a snapshot gives for its files. Raises `DamageError`."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError) as error:
        raise DamageError(f"{folder / SUMS}: cannot be read ({type(error).__name__}); restore the snapshot") from error


def _since_told(note: SnapshotNote) -> str | None:
    if note.previous is None:
        return None
    told = ", ".join(f"{count} {change}" for change, count in note.changes.items()) or "nothing changed"
    return f"Since snapshot `{note.previous.name}`: {told} (`{SINCE_FILE}`)."


def _write_sums(folder: Path, names: Sequence[str]) -> None:
    """Write the digests as `sha256sum` does, and bring everything to the disk."""
    lines = [f"{entry_of(folder / name, None, 0)['sha256']}  {name}\n" for name in names]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")
    entry_of(folder / SUMS, None, 0)
    sync_folder(folder)
