"""A new or changed article goes into the collection with its visit."""

from typing import Self

from scrapy.crawler import Crawler

from newsarchive.extensions.collection import CollectionExtension
from newsarchive.pipelines.access import collection_extension
from newsarchive.records.article import Article


class StorePipeline:
    """Article in, the same article out; the visit that read it carries it to the commit."""

    def __init__(self, extension: CollectionExtension) -> None:
        self._extension = extension

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline for the crawl's collection."""
        return cls(collection_extension(crawler))

    def process_item(self, item: Article) -> Article:
        """Return `item`."""
        self._extension.visit_of(item).read(item, unchanged=False)
        return item
