"""Writes the report of one collection: whole, then into place, as any dataset."""

import tempfile
from importlib.util import find_spec
from pathlib import Path

from newsarchive.datasets.owner import STAGING, claimed, entry_of, publish, read_manifest, staging
from newsarchive.datasets.report.facts import facts_of
from newsarchive.datasets.report.page import Told, page_of
from newsarchive.datasets.report.stories import stories_of
from newsarchive.datasets.selection import Selection
from newsarchive.extras import needs
from newsarchive.records.audit import Audit
from newsarchive.store.guard import unwritable
from newsarchive.store.layout import Layout, write_atomically

NAME = "report.html"


def write_report(layout: Layout, exports: Path, told: Told, audit: Audit, *, stories: bool = True) -> Path | None:
    """Write the report of a collection among its datasets, and return its path.

    With `stories`, near-duplicates are looked for, if rensa is installed: the longest part of the work. None, and
    nothing done, where the folder was given a later state of the collection meanwhile. Raises `MissingExtraError`,
    `ForeignOriginError`, `StorageError`, `DamageError`, `StaleCatalogueError`; then the old file stays as it was.
    """
    _need()
    folder = claimed(layout, exports)
    seen = read_manifest(folder)
    with staging(folder) as staged, Selection(layout, staged) as selection:
        path = staged / NAME
        path.write_bytes(_html(selection, staged, told, audit, stories=stories))
        entries = {NAME: entry_of(path, selection.count(), selection.length)}
        return folder / NAME if publish(folder, staged, entries, seen) else None


def write_report_to(output: Path, layout: Layout, told: Told, audit: Audit, *, stories: bool = True) -> None:
    """Write the report of a collection as the file `output`, which belongs to no folder of datasets.

    Raises as `write_report` does, but for `ForeignOriginError`.
    """
    _need()
    try:
        with tempfile.TemporaryDirectory(prefix=STAGING, dir=output.parent) as folder:
            with Selection(layout, Path(folder)) as selection:
                html = _html(selection, Path(folder), told, audit, stories=stories)
            write_atomically(output, html)
    except OSError as error:
        raise unwritable(output, error, "give another --output") from error


def _need() -> None:
    needs("vl_convert", "report")
    needs("jinja2", "report")


def _html(selection: Selection, scratch: Path, told: Told, audit: Audit, *, stories: bool) -> bytes:
    facts = facts_of(selection, audit.as_of.year if audit.as_of else 0)
    found = stories_of(selection.layout, scratch) if stories and find_spec("rensa") is not None else None
    return page_of(told, facts, audit, found).encode("utf-8", "replace")
