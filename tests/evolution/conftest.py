"""The fixtures of the crawls: a place to crawl in, and sites to serve."""

from tests.crawl.conftest import place, serve

__all__ = ["place", "serve"]
