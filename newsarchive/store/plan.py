"""What a run would do, found without asking or writing anything."""

from collections.abc import Iterator
from pathlib import Path

from newsarchive.errors import ForeignOriginError
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.census import count_held
from newsarchive.store.layout import Layout


def plan_of(archive: Path, scope: Scope, now: int) -> Iterator[str]:
    """Yield lines about the run that `scope`'s site would have at `now`, seconds since 1970.

    Raises `ForeignOriginError` where the run itself would, `DamageError` or `StaleCatalogueError` where the collection
    cannot be read.
    """
    site = scope.site
    layout = Layout(archive, site.name)
    yield f"{site.name}: {site.title}, {site.origin}"
    hosts = ", ".join(site.visited_hosts)
    yield f"  hosts: {hosts}; at least {site.delay_seconds:g} s between two requests to a live host"
    if not layout.identity.exists():
        yield f"  collection: new, in {layout.folder}"
        yield f"  would begin at {', '.join(scope.seeds())}"
        return
    identity = layout.read_identity()
    if identity.origin != site.origin:
        raise ForeignOriginError(
            f"{layout.folder}: holds pages from {identity.origin}, not from {site.origin}; give another --archive"
        )
    yield f"  collection: {layout.folder}, since {identity.made_at:%Y-%m-%d}"
    if not layout.catalogue.exists():
        yield "  no catalogue: `newsarchive rebuild` makes it again"
        return
    catalogue = Catalogue(layout.catalogue, readonly=True)
    try:
        # What every run looks at is due to a run that begins after its last visit: the next one.
        due = catalogue.count_due(site.visited_hosts, now + 1, now)
        known = sum(catalogue.counts().values())
        yield f"  known: {known} URLs, {count_held(catalogue)} articles"
        yield f"  due now: {due} URLs, and robots.txt"
    finally:
        catalogue.close()
