"""Bytes in, article out: no network, no clock, no file, no Scrapy."""

import datetime as dt

from newsarchive.parsers.article import PARSER_VERSION
from newsarchive.parsers.reading import error_of, read_page
from newsarchive.records.article import Article
from newsarchive.records.site import Site

__all__ = ["GENERIC_SITE", "PARSER_VERSION", "parse"]

GENERIC_SITE = Site(name="generic", title="any site", home="http://generic.invalid/")
"""The site of pages whose host no site file declares."""


def parse(
    html: bytes | str,
    url: str,
    *,
    charset: str | None = None,
    captured_at: dt.datetime | None = None,
    site: Site | None = None,
) -> Article:
    """Return the article that the page at `url` shows.

    `charset` is what the HTTP header declared, None if it did not; `captured_at` (aware) is the instant against
    which relative dates are read; without `site` the generic one is used. Raises the `PageError` that names what
    the page is instead.
    """
    reading = read_page(html, url, site or GENERIC_SITE, charset=charset, captured_at=captured_at)
    error = error_of(reading)
    if error is not None:
        raise error
    assert reading.article is not None  # noqa: S101 - a reading without error and list holds an article
    return reading.article
