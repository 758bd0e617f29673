"""Datasets after a withdrawal: what was published of a collection is published again, without the page."""

from pathlib import Path

from newsarchive.datasets.export import FORMATS, Format, export_collection, refresh_articles
from newsarchive.datasets.owner import read_manifest, retract
from newsarchive.datasets.report.writing import NAME as REPORT
from newsarchive.datasets.search_index import NAME
from newsarchive.store.layout import Layout


def publish_without(layout: Layout, exports: Path) -> tuple[Format, ...]:
    """Write anew every format that was published of a collection, and return those.

    The search index is made again when it is asked for, a report by `newsarchive report`: both are taken away.

    The log is as long as it was, so nothing else would notice. Raises as `export_collection` does: then the index is
    gone and the old datasets still hold the page.
    """
    folder = exports / layout.folder.name
    for ending in ("", "-wal", "-shm", "-journal"):
        folder.joinpath(NAME + ending).unlink(missing_ok=True)
    retract(folder, REPORT)
    published = set(read_manifest(folder))
    formats: tuple[Format, ...] = tuple(
        one for one in FORMATS if any(name.endswith(f".{one}") for name in published - {"articles.jsonl"})
    )
    if formats:
        export_collection(layout, exports, formats)
    if "jsonl" not in formats:
        refresh_articles(layout, exports)
    return formats
