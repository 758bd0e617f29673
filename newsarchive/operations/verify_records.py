"""One reading of every record of a collection, for what its parts say of one another."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from newsarchive.errors import NewsarchiveError
from newsarchive.operations.damage import Damage
from newsarchive.operations.verify_articles import ArticleCheck
from newsarchive.operations.verify_index import IndexCheck
from newsarchive.store.layout import Layout, is_segment
from newsarchive.warc.reader import iterate


def record_damages(
    layout: Layout, committed: Mapping[str, tuple[int, bool]], articles: ArticleCheck, doubtful: list[Damage] | None
) -> Iterator[Damage]:
    """Yield what is wrong between the committed records, the revisions in `articles`, and the index.

    What is wrong with the index goes into `doubtful`; without that, while a run is at work, the index is not looked at.
    """
    segments = {Path(name).name: entry for name, entry in committed.items() if is_segment(name)}
    index = None
    if doubtful is not None:
        index = IndexCheck(layout, {name: closed for name, (_, closed) in segments.items()})
    unread: set[str] = set()
    for name, (length, _) in segments.items():
        try:
            for record in iterate(layout.segment(name), end=length) if length else ():
                yield from articles.take(name, record)
                if index is not None:
                    index.take(name, record)
        except NewsarchiveError:
            unread.add(name)  # the walk has said what is wrong
    yield from articles.damages(unread)
    if index is not None and doubtful is not None:
        doubtful += index.damages(unread)
