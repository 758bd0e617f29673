"""What a run brings up to date for those who read the collection: its articles, their feeds, the search index."""

from pathlib import Path

from newsarchive.datasets.articles import articles_are_stale
from newsarchive.datasets.export import refresh_articles
from newsarchive.datasets.search_index import SearchIndex
from newsarchive.extensions.counts import Counts
from newsarchive.records.site import Site
from newsarchive.store.layout import Layout


def publish(layout: Layout, exports: Path, counts: Counts, site: Site) -> None:
    """Publish what the collection holds, if anything was recorded since the last time, such as an unchanged article.

    Also what an earlier run that was killed did not come to. Raises `StorageError` where `exports` cannot be written.
    """
    # `last_checked_at` is news, too: a look that found nothing new changes it. So is what a fetched file was.
    if counts.revisions or counts.unchanged or counts.files or articles_are_stale(layout, exports):
        refresh_articles(layout, exports, site)
        with SearchIndex(layout, exports) as index:
            index.refresh()
