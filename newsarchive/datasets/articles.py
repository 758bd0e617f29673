"""`articles.jsonl` after a crawl: whether it still says what the collection holds."""

from pathlib import Path

from newsarchive.datasets.owner import read_manifest
from newsarchive.store.layout import Layout


def articles_are_stale(layout: Layout, exports: Path) -> bool:
    """Tell whether the export was made of another state of the log: also where a killed run did not come to publish.

    To be asked while nobody writes the collection.
    """
    folder = exports / layout.folder.name
    path = folder / "articles.jsonl"
    entry = read_manifest(folder).get(path.name)
    if entry is None or not path.exists() or path.stat().st_size != entry["bytes"]:
        return True
    held = layout.revisions.stat().st_size if layout.revisions.exists() else 0
    return bool(entry["log_bytes"] != held)
