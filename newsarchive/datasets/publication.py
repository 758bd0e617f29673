"""What is published beside the rows: whose they are, the documents that describe the files, the feeds."""

from pathlib import Path
from typing import Any

from newsarchive.datasets.coverage import Coverage
from newsarchive.datasets.documents import write_documents
from newsarchive.datasets.feed_entries import feed_of
from newsarchive.datasets.feeds import ATOM_NAME, FEEDS, JSON_NAME, atom_of, json_feed_of
from newsarchive.datasets.owner import Entries, entry_of
from newsarchive.datasets.release import Release, data_files
from newsarchive.datasets.selection import Selection
from newsarchive.records.description import Description
from newsarchive.records.site import Site
from newsarchive.store.layout import Layout
from newsarchive.urls import path_and_query


def described(layout: Layout, site: Site | None) -> Description:
    """Return whose pages a collection holds: by the site's file at the collection's origin or, without one, by name."""
    identity = layout.read_identity()
    if site is None:
        return Description.of_origin(identity.site, identity.origin)
    return Description.of(site).model_copy(update={"home": f"{identity.origin}{path_and_query(site.home)}"})


class Documents:
    """Writes what describes a folder's files, when it is known which those are."""

    def __init__(self, folder: Path, staged: Path, about: Description, coverage: Coverage, log_bytes: int) -> None:
        self.names: tuple[str, ...] = ()
        self._places = (folder, staged)
        self._staged = staged
        self._about = about
        self._coverage = coverage
        self._log_bytes = log_bytes

    def __call__(self, entries: Entries) -> Entries:
        """Write the documents of the files that `entries` name, and return what the manifest says of each."""
        there = {name: one for name, one in entries.items() if any((at / name).exists() for at in self._places)}
        release = Release(self._about, self._coverage, tuple(data_files(there, self._about.site)))
        self.names = write_documents(self._staged, release)
        return {name: entry_of(self._staged / name, None, self._log_bytes) for name in self.names}


def write_feeds(staged: Path, selection: Selection, about: Description) -> dict[str, dict[str, Any]]:
    """Write the feeds of all that is committed, and return what the manifest says of each."""
    feed = feed_of(selection, about)
    for name, write in ((ATOM_NAME, atom_of), (JSON_NAME, json_feed_of)):
        (staged / name).write_bytes(write(feed))
    return {name: entry_of(staged / name, len(feed.entries), selection.length) for name in FEEDS}
