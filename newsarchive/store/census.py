"""What a collection holds, counted for people: withdrawn articles left out, articles that look gone by name."""

import datetime as dt
from typing import NamedTuple

from newsarchive.store.catalogue import Catalogue
from newsarchive.timestamps import utc

MAX_NAMED = 100
"""So many articles that look gone are named; a site with more of them is in trouble, which its verdict says."""


class LooksGone(NamedTuple):
    """An article that was gone when it was last asked for, and is not recorded as removed."""

    url: str
    since: dt.datetime
    """UTC instant of the first look that found it gone."""


def count_held(catalogue: Catalogue) -> int:
    """Return how many articles are held: removed ones too, withdrawn ones not."""
    total: int = catalogue.execute("SELECT count(*) FROM articles WHERE status <> 'withdrawn'").fetchone()[0]
    return total


def looking_gone(catalogue: Catalogue) -> list[LooksGone]:
    """Return the articles that look gone, by their first such look, at most a hundred: a second look decides."""
    query = (
        "SELECT u.url, u.gone_at FROM urls u JOIN articles a ON a.id = u.article AND a.url = u.url "
        "WHERE u.class = 'gone' AND u.gone_at IS NOT NULL AND a.status = 'published' ORDER BY u.gone_at, u.url LIMIT ?"
    )
    return [LooksGone(url, utc(at)) for url, at in catalogue.execute(query, (MAX_NAMED,))]
