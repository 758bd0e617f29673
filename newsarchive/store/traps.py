"""Sites without end: told from what their pages contain, never by a list of names. State: two tables of the catalogue.

Three things give a trap away. A *shape* of URLs whose pages go on without showing a link, or on a page that reads like
an article a text, that an earlier page of the shape had not. A shape whose pages name each other, and never one that is
known: pages of a site are named more than once. And *copies*, pages that show what another URL showed already: what
only copies name is then not asked for.
"""

from collections.abc import Sequence

from newsarchive.records.outcome import REQUISITE_KINDS
from newsarchive.store.catalogue import Catalogue, FoundUrl, Row
from newsarchive.urls import shape

BARREN_LIMIT = 90
"""So many pages of one shape that show nothing new are a trap; with those under way it stays well under 200."""

SUSPICIOUS = BARREN_LIMIT // 2
"""From so many on, pages of the shape are asked for a few at a time, until more is known of it."""

COPIES_LIMIT = 60
"""So many copies on one host are made by a loop; print versions and moved pages stay below."""

MAX_DEPTH = 200
"""So many links away from a seed, those to the next page of a list not counted, nobody clicks."""

_COPIES = "copies on "
_NO_PAGES = frozenset({"article", "robots", *REQUISITE_KINDS})
"""Kinds of URLs that lead into no trap."""


class Traps:
    """What the pages of each shape have shown. Writes in the caller's transaction."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.refresh()

    def refresh(self) -> None:
        """Look again which shapes are traps, and which hosts are full of copies."""
        self._suspicious = self._catalogue.barren_shapes(SUSPICIOUS)
        self._barren = self._catalogue.barren_shapes(BARREN_LIMIT)
        self._copying = {found.removeprefix(_COPIES) for found in self._catalogue.barren_shapes(COPIES_LIMIT)}

    def refusal(self, row: Row) -> str | None:
        """Return why a URL that was never visited leads nowhere, or None where it may be asked for."""
        if row.visited_at is not None or not row.depth or row.kind in _NO_PAGES:
            return None
        if (found := shape(row.url)) in self._barren:
            return f"trap: {BARREN_LIMIT} pages like {found} showed nothing new"
        if row.host in self._copying and row.via is not None and self._is_copy(row.via):
            return f"trap: named by a copy only, after {COPIES_LIMIT} pages of {row.host} that repeat others"
        return None

    def is_suspicious(self, row: Row) -> bool:
        """Tell whether a URL that was never visited looks like many that showed nothing new."""
        return row.visited_at is None and bool(self._suspicious) and shape(row.url) in self._suspicious

    def visited(
        self, row: Row, found: Sequence[FoundUrl], new: Sequence[FoundUrl], *, is_article: bool, gist: str | None
    ) -> None:
        """Count the first visit of a page: whether it shows anything that its like had not.

        `new` are those of `found` that nothing had named before.
        """
        own = shape(row.url)
        barren = self._catalogue.barren_shapes(BARREN_LIMIT)
        unknown = {item.url for item in new}
        fruitful = False
        feeds_itself = None
        for item in found:
            if item.refusal is not None:
                continue
            if (other := shape(item.url)) == own:
                feeds_itself = feeds_itself is not False and item.url in unknown
            elif other not in barren:
                fruitful = self._enter(own, item.url) or fruitful
        if is_article and gist is not None and self._enter(own, f"gist:{gist}"):
            fruitful = fruitful or not feeds_itself
        self._count(own, barren=not fruitful)
        if gist is not None and not self._enter(_COPIES + row.host, gist):
            self._enter("copy", row.url)
            self._count(_COPIES + row.host, barren=True)

    def _is_copy(self, url: str) -> bool:
        query = "SELECT 1 FROM shape_links WHERE shape = 'copy' AND link = ?"
        return self._catalogue.execute(query, (url,)).fetchone() is not None

    def _enter(self, own: str, what: str) -> bool:
        """Note what a page of a shape shows, and tell whether that is new."""
        return self._catalogue.execute("INSERT OR IGNORE INTO shape_links VALUES (?, ?)", (own, what)).rowcount > 0

    def _count(self, own: str, *, barren: bool) -> None:
        self._catalogue.execute(
            "INSERT INTO shapes VALUES (?, 1, ?) ON CONFLICT (shape) DO UPDATE SET pages = pages + 1, "
            "barren = barren + excluded.barren",
            (own, int(barren)),
        )


def within_depth(found: Sequence[FoundUrl], depth: int) -> Sequence[FoundUrl]:
    """Return `found`, refused where a page at `depth` names what lies too deep."""
    if depth < MAX_DEPTH:
        return found
    refusal = f"too deep: more than {MAX_DEPTH} links from a seed"
    return [
        item if item.refusal or item.deep or item.kind == "article" else FoundUrl(item.url, item.kind, refusal=refusal)
        for item in found
    ]
