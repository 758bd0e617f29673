"""Datasets after a withdrawal: what was published of a collection is published again, without the page."""

from pathlib import Path

from newsarchive.datasets.export import FORMATS, Format, export_collection, refresh_articles
from newsarchive.datasets.owner import AS_OF, read_manifest, retract
from newsarchive.datasets.report.writing import NAME as REPORT
from newsarchive.datasets.search_index import NAME
from newsarchive.datasets.snapshot import SNAPSHOTS
from newsarchive.records.site import Site
from newsarchive.store.layout import Layout


def publish_without(layout: Layout, exports: Path, site: Site | None = None) -> tuple[Format, ...]:
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
        export_collection(layout, exports, formats, site=site)
    if "jsonl" not in formats:
        refresh_articles(layout, exports, site)
    return formats


def frozen_datasets(layout: Layout, exports: Path) -> list[Path]:
    """Return the snapshots of a collection and its datasets as of earlier instants: nothing makes these anew."""
    folder = exports / layout.folder.name
    return sorted(path for name in (AS_OF, SNAPSHOTS) for path in folder.glob(f"{name}/[!.]*") if path.is_dir())
