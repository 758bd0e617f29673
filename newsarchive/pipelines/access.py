"""How a pipeline reaches the collection."""

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newsarchive.extensions.collection import CollectionExtension


def collection_extension(crawler: Crawler) -> CollectionExtension:
    """Return the extension that keeps the crawl. Raises NotConfigured where the spider crawls no site."""
    extension = crawler.get_extension(CollectionExtension)
    if extension is None:
        raise NotConfigured("the spider crawls no site")
    return extension
