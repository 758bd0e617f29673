"""Every link of a page: where it leads, and what it is to the page."""

import datetime as dt
import re
from collections.abc import Iterable
from functools import partial
from itertools import islice

from newsarchive.parsers.markup import attribute, plain
from newsarchive.parsers.page import Page
from newsarchive.parsers.pagers import pager_urls
from newsarchive.parsers.targets import script_target, written_target
from newsarchive.parsers.walk import MAX_LINKS
from newsarchive.records.article import Article, RelatedLink
from newsarchive.records.listing import Entry, Link, Listing, Rel

_Days = dict[str | None, dt.date]


def page_links(page: Page, listing: Listing | None, article: Article | None) -> tuple[Link, ...]:
    """Return every link with what it is to the page (an entry of its lists, the next page, a feed) and its day.

    In page order, each once, at most `MAX_LINKS`; what is left out is counted in `page.resolve.skipped`.
    """
    links = _targets(page)
    days: _Days = {}
    if listing is not None:
        links.update((url, "page") for url in pager_urls(page) if links.get(url, "link") == "link")
        links.update((entry.url, "entry") for entry in listing.entries if links.get(entry.url) != "feed")
        days = _days(listing.entries)
        if listing.next is not None:
            links[listing.next] = "next"
    elif article is not None:
        links.update({link.url: "entry" for link in article.related if link.url is not None})
        days = _days(article.related)
    dates = map(days.get, links)
    return tuple(islice(map(_link, zip(links, links.values(), dates, strict=True)), MAX_LINKS))


def _days(entries: Iterable[Entry | RelatedLink]) -> _Days:
    return {entry.url: entry.date for entry in entries if entry.date is not None}


_link = partial(tuple.__new__, Link)
"""Makes links of their parts: a call of the class would take three times as long, and a page has hundreds."""

_NOWHERE = "#jJ"
"""What hrefs begin with that may lead nowhere by themselves: `#`, `javascript:`."""


def _targets(page: Page) -> dict[str, Rel]:
    """Return every link of the page in its order, and whether it is a feed: feeds, anchors, frames, areas, scripts."""
    resolve = page.resolve
    found: dict[str, Rel] = {}
    for feed in page.head.feeds:
        if (url := resolve(feed)) is not None:
            found[url] = "feed"
    for anchor in page.lines.anchors:
        href = anchor.href
        if not href or href[0] in _NOWHERE:
            href = written_target(anchor)
        if (url := resolve(href)) is not None:
            found.setdefault(url, "link")
    for href in (*(attribute(frame, "src") for frame in page.lines.frames), *_rare_targets(page)):
        if href and (url := resolve(href)) is not None and url not in found:
            found[url] = "link"
    resolve.skipped += page.lines.skipped_anchors + max(0, len(found) - MAX_LINKS)
    return found


_AREA = re.compile(r"<(area [^<>]*)>").findall
_ONCLICK = re.compile(r' onclick="([^"]{0,500})"')
_OPENS = re.compile("open|href|location|navigate|goto").search


def _rare_targets(page: Page) -> list[str]:
    """Return what image maps and the scripts of other elements than links lead to."""
    found: list[str] = []
    if "<area " in page.markup.body:
        found.extend(attribute(tag, "href") or "" for tag in _AREA(page.markup.body))
    shown = page.markup.seen
    for match in _ONCLICK.finditer(shown) if ' onclick="' in shown else ():
        start = shown.rfind("<", 0, match.start()) + 1
        if _OPENS(match[1], 0, 90) is not None and not shown.startswith("a ", start):
            target = script_target(plain(match[1]))
            if target is not None:
                found.append(target)
    return found[:MAX_LINKS]
