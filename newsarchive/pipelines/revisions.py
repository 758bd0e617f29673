"""An article that reads as before is no news."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from newsarchive.dedupe.content import content_digest
from newsarchive.extensions.collection import CollectionExtension
from newsarchive.pipelines.access import collection_extension
from newsarchive.records.article import Article


class UnchangedPipeline:
    """Article in, the same article out; drops one whose content digest is that of its last revision."""

    def __init__(self, extension: CollectionExtension) -> None:
        self._extension = extension

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline for the crawl's collection."""
        return cls(collection_extension(crawler))

    def process_item(self, item: Article) -> Article:
        """Return `item`. Raises DropItem if it is unchanged."""
        visit = self._extension.visit_of(item)
        row = visit.row
        visit.content_digest = content_digest(item)
        known = row.status == "published" and row.parser == item.parser
        if known and row.content_digest == visit.content_digest:
            visit.read(item, unchanged=True)
            raise DropItem(f"unchanged: {item.url}", log_level="DEBUG")
        return item
