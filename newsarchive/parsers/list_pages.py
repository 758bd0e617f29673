"""A list page as an inventory: what it lists, the other pages of its list, and how much the site says there is."""

import datetime as dt
import re
from typing import NamedTuple

from newsarchive.errors import PageError
from newsarchive.parsers.encoding import decode
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.listing import read_listing
from newsarchive.parsers.page import Page, open_page
from newsarchive.parsers.pagers import pager_urls
from newsarchive.parsers.surroundings import find_breadcrumb
from newsarchive.parsers.totals import stated_items, stated_pages
from newsarchive.records.listing import Entry
from newsarchive.records.site import Site

_LONGEST_TITLE = 300
_JOINT = re.compile(r"\s*[-_|·–—]+\s*")


class ListPage(NamedTuple):
    """What one list page says of its list."""

    name: str | None
    """What the list is called: the end of the path above it, or the first part of the page's title; None without."""
    entries: tuple[Entry, ...]
    """Its own entries, in page order."""
    pages: tuple[str, ...]
    """Absolute URLs of the list's other pages, as far as this one links to them."""
    stated_items: int | None
    """How many entries the site says that the whole list has (共 123 条); None where it does not say."""
    stated_pages: int | None
    """How many pages the site says that the list has (共 12 页, 1/12); None where it does not say."""


def read_list_page(
    html: bytes, url: str, site: Site, *, charset: str | None = None, captured_at: dt.datetime | None = None
) -> ListPage | None:
    """Return what a page that is known to be a list page says, None where no list can be read from it."""
    try:
        page = open_page(decode(html, charset), url, site, captured_at)
    except PageError:
        return None
    own = read_listing(page)
    if own is None:
        return None
    further = dict.fromkeys(pager_urls(page))
    if own.listing.next is not None:
        further[own.listing.next] = None
    return ListPage(
        _name(page, own.first), own.listing.entries, tuple(further), stated_items(page, own), stated_pages(page, own)
    )


def _name(page: Page, upto: int) -> str | None:
    crumbs = find_breadcrumb(page, "", upto, {})
    own = [crumb for crumb in crumbs if squeezed(crumb) not in word_set("crumbs", "home")]
    if own:
        return own[-1]
    return next((part for part in _JOINT.split(page.head.title[:_LONGEST_TITLE].strip()) if part), None)
