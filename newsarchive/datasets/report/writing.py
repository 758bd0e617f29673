"""Writes the report of one collection: whole, then into place, as any dataset."""

from importlib.util import find_spec
from pathlib import Path

from newsarchive.datasets.extras import needs
from newsarchive.datasets.owner import claimed, entry_of, publish, read_manifest, staging
from newsarchive.datasets.report.facts import facts_of
from newsarchive.datasets.report.page import Told, page_of
from newsarchive.datasets.report.stories import stories_of
from newsarchive.datasets.selection import Selection
from newsarchive.errors import StorageError
from newsarchive.records.audit import Audit
from newsarchive.store.layout import Layout, write_atomically

NAME = "report.html"


def write_report(
    layout: Layout, exports: Path, told: Told, audit: Audit, *, output: Path | None = None, stories: bool = True
) -> Path | None:
    """Write the report of a collection, and return where it is: `output`, or `report.html` among its datasets.

    With `stories`, near-duplicates are looked for, if rensa is installed: the longest part of the work. None, and
    nothing done, where the folder was given a later state of the collection meanwhile. Raises `MissingExtraError`,
    `ForeignOriginError`, `StorageError`, `DamageError`, `StaleCatalogueError`; then the old file stays as it was.
    """
    needs("vl_convert", "report")
    needs("jinja2", "report")
    folder = claimed(layout, exports)
    seen = read_manifest(folder)
    with staging(folder) as staged, Selection(layout, staged) as selection:
        facts = facts_of(selection, audit.as_of.year if audit.as_of else 0)
        found = stories_of(layout, staged) if stories and find_spec("rensa") is not None else None
        html = page_of(told, facts, audit, found).encode("utf-8", "replace")
        if output is not None:
            try:
                write_atomically(output, html)
            except OSError as error:
                raise StorageError(f"{output}: cannot be written ({error.strerror}); give another --output") from error
            return output
        path = staged / NAME
        path.write_bytes(html)
        published = publish(folder, staged, {NAME: entry_of(path, facts.articles, selection.length)}, seen)
    return folder / NAME if published else None
