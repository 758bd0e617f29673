"""How an operation reaches a collection: its folder, the site file that it is read with, the right to write it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsarchive.errors import StaleCatalogueError
from newsarchive.sites import load_site
from newsarchive.sites.scope import Scope, rebased
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.layout import Layout
from newsarchive.store.lock import WriterLock, no_writer
from newsarchive.store.seal import check_identity


@dataclass(frozen=True, slots=True)
class Held:
    """A collection as an operation sees it."""

    layout: Layout
    scope: Scope


def collection_of(archive: Path, name: str) -> Held:
    """Return the collection of the site `name` below `archive`, read with the site's file at the collection's origin.

    Raises `UnknownSiteError`, `ConfigurationError` where there is no collection, `DamageError` where its identity
    cannot be read.
    """
    layout = Layout(archive, name)
    identity = layout.read_identity()
    check_identity(layout)
    site = load_site(name)
    if site.origin != identity.origin:
        site = rebased(site, identity.origin + "/")
    return Held(layout, Scope(site))


def held_sites(archive: Path) -> list[str]:
    """Return the names of the collections below `archive`."""
    marks = ("collection.json", "catalogue.sqlite")  # one of the two may be what is lost
    return sorted({path.parent.name for mark in marks for path in archive.glob(f"*/{mark}")})


@contextmanager
def reading(layout: Layout) -> Iterator[Catalogue]:
    """Open the catalogue to read. Raises `StaleCatalogueError` where there is none."""
    if not layout.catalogue.exists():
        raise StaleCatalogueError(f"{layout.catalogue}: missing; run `newsarchive rebuild {layout.folder.name}`")
    catalogue = Catalogue(layout.catalogue, readonly=True)
    try:
        yield catalogue
    finally:
        catalogue.close()


@contextmanager
def writing(layout: Layout, now: float) -> Iterator[None]:
    """Hold the right to write a collection. Raises `CollectionLockedError` while another process does."""
    lock = WriterLock(layout.lock, now)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def resting(layout: Layout, now: float) -> Iterator[None]:
    """Keep writers out of a collection that is only read, also where its folder cannot be written.

    Raises `CollectionLockedError` while another process writes it.
    """
    # Not by trying: a lock that cannot be made for another reason is told as what it is.
    with writing(layout, now) if os.access(layout.folder, os.W_OK) else no_writer(layout.lock):
        yield
