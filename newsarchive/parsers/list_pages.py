"""A list page as an inventory: what it lists, the other pages of its list, and how much the site says there is."""

import datetime as dt
import re
from typing import NamedTuple

from newsarchive.errors import PageError
from newsarchive.parsers.encoding import decode
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.listing import OwnList, read_listing
from newsarchive.parsers.page import Page, open_page
from newsarchive.parsers.pagers import declared_total, pager_urls
from newsarchive.parsers.surroundings import find_breadcrumb
from newsarchive.records.listing import Entry
from newsarchive.records.site import Site

_LONGEST_PAGER = 160
_LONGEST_TITLE = 300
_PAGER_LINE = re.compile(r"页|頁|\d\s*/\s*\d|\bpages?\b|\bnext\b|[>»]", re.IGNORECASE)
"""What a line shows that tells of a list: a number of things alone may stand in any title."""
_ITEMS = re.compile(
    r"(?:共有?|总[计共数]|合计|\btotal)\s*[:：]?\s*(\d{1,7})\s*(?:条|篇|则|个?记录|items\b|records\b)", re.IGNORECASE
)
_PAGES = (
    re.compile(r"(?:共有?|总[计共数])\s*[:：]?\s*(\d{1,5})\s*[页頁]"),
    re.compile(r"(?:条|篇|记录|[页頁]码?)\s*[:：]?\s*\d{1,5}\s*/\s*(\d{1,5})(?![\d/-])"),
    re.compile(r"(?<![\d/-])\d{1,5}\s*/\s*(\d{1,5})\s*(?:[页頁]|首|上|下|尾|末|next\b|[>»])", re.IGNORECASE),
    re.compile(r"\bpage\s+\d{1,5}\s+of\s+(\d{1,5})\b", re.IGNORECASE),
)
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
        _name(page, own.first), own.listing.entries, tuple(further), _stated(page, own, _ITEMS),
        _stated(page, own, *_PAGES) or declared_total(page),
    )  # fmt: skip


def _name(page: Page, upto: int) -> str | None:
    crumbs = find_breadcrumb(page, "", upto, {})
    own = [crumb for crumb in crumbs if squeezed(crumb) not in word_set("crumbs", "home")]
    if own:
        return own[-1]
    return next((part for part in _JOINT.split(page.head.title[:_LONGEST_TITLE].strip()) if part), None)


def _stated(page: Page, own: OwnList, *patterns: re.Pattern[str]) -> int | None:
    """Return the number in the last line like a pager's, outside of the list itself."""
    lines = page.lines.lines
    for index in (*range(len(lines) - 1, own.last - 2, -1), *range(min(own.first, len(lines)) - 1, -1, -1)):
        line = lines[index]
        if line.hidden or not 0 < line.size <= _LONGEST_PAGER or not _PAGER_LINE.search(line.text):
            continue
        for pattern in patterns:
            if (match := pattern.search(line.text)) is not None:
                return int(match[1])
    return None
