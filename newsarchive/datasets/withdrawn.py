"""Datasets after a withdrawal: what was published of a collection is published again, without the page."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from newsarchive.datasets.export import FORMATS, Format, export_collection, refresh_articles
from newsarchive.datasets.owner import AS_OF, IDENTITY, MANIFEST, read_manifest, retract
from newsarchive.datasets.report.writing import NAME as REPORT
from newsarchive.datasets.search_index import NAME
from newsarchive.datasets.snapshot import SNAPSHOTS
from newsarchive.records.site import Site
from newsarchive.store.layout import Layout

_OF_NO_PAGE = frozenset({IDENTITY, MANIFEST, "README.md"})


def publish_without(layout: Layout, exports: Path, site: Site | None = None) -> dict[Path, str]:
    """Write anew every format that was published of a collection, and return what was taken away instead.

    With each of those goes the command that makes it again.
    The log is as long as it was, so nothing else would notice. Raises as `export_collection` does: then the index is
    gone and the old datasets still hold the page.
    """
    folder = exports / layout.folder.name
    again = {NAME: "newsarchive search", REPORT: f"newsarchive report {layout.folder.name}"}
    taken = {folder / name: command for name, command in again.items() if (folder / name).exists()}
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
    return taken


def leftovers(layout: Layout, exports: Path, places: Iterable[Path] = ()) -> list[Path]:
    """Return what may still hold a page that was withdrawn, since nothing makes it anew.

    That is: what lies among the collection's datasets and was not written by an export (snapshots, datasets as of
    earlier instants, packages), files beside them that are of several collections, the bytes in `salvage/`, and bags
    of the collection right below `exports` and `places`.
    """
    folder = exports / layout.folder.name
    anew = {*read_manifest(folder), AS_OF, SNAPSHOTS}
    frozen = [path for name in (AS_OF, SNAPSHOTS) for path in folder.glob(f"{name}/[!.]*") if path.is_dir()]
    others = [path for path in folder.glob("[!.]*") if path.name not in anew]
    beside = [path for path in exports.glob("[!.]*") if path.is_file()]
    found = {path for path in (*others, *beside) if path.name not in _OF_NO_PAGE and not path.name.endswith(".lock")}
    bags = {path.resolve(): path for place in (folder, exports, *places) for path in _bags(layout, place)}
    found -= {*bags.values()}
    return sorted({*frozen, *found, *bags.values(), *layout.salvage.glob("*")})


def _bags(layout: Layout, place: Path) -> Iterator[Path]:
    """Yield the bags right below `place` that `newsarchive deposit` made of the collection."""
    for mark in place.glob("*/bagit.txt"):
        try:
            identity = json.loads(mark.with_name("data").joinpath(layout.identity.name).read_bytes())
        except (OSError, ValueError):
            continue
        if identity == json.loads(layout.identity.read_bytes()):
            yield mark.parent
