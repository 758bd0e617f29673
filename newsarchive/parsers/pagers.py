"""The ways between the pages of one list: the link on, the numbering of a family of systems, the call of a script."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit

from newsarchive.parsers.markup import attribute
from newsarchive.parsers.next_links import counted_next, linked_next, pager_anchors
from newsarchive.parsers.page import Page
from newsarchive.records.site import Pager
from newsarchive.urls import compiled, path_and_query

_OPTION = re.compile(r"<(option [^<>]*)>")
_CREATE_PAGE = re.compile(
    rb"createPage\w*\s*\(\s*(?:['\"][\w\-#.]*['\"]\s*,\s*)?['\"]?(?P<total>\d{1,5})['\"]?\s*,\s*['\"]?(?P<now>\d{1,5})['\"]?\s*,"
    rb"\s*['\"](?P<name>[\w\-./]{1,80})['\"]\s*,\s*['\"]\.?(?P<ext>s?html?|jsp|php|aspx?)['\"]"
)


def next_page(page: Page, entries: Collection[str] = (), after: int = 0) -> str | None:
    """Return the absolute URL of the next page of the list of `entries`, which ends before line `after`; or None.

    The link that says so comes first, then the numbering that the site's family declares, then what the pager's
    script would write, then the number after the page's own.
    """
    return (
        linked_next(page, entries) or _numbered_next(page) or _scripted_next(page) or counted_next(page, entries, after)
    )


def pager_urls(page: Page) -> list[str]:
    """Return the URLs of the list's other pages: what the pager links to, and every URL numbered as its pages are."""
    linked = (page.resolve(anchor.href) for anchor in pager_anchors(page))
    numbered = (url for place in _places(page) for url, _ in place.linked)
    found = dict.fromkeys(url for url in chain(linked, numbered) if url is not None and url != page.url)
    return list(found)


def declared_total(page: Page) -> int | None:
    """Return how many pages the list has, where the source of the page says so in the way of the site's family."""
    totals = (_total(place.pager, page) for place in _places(page))
    return next((total for total in totals if total is not None), None)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page stands among those of its list."""

    pager: Pager
    groups: Mapping[str, str]
    """What is the same on all pages."""
    number: int | None
    """None on a first page without a number."""
    linked: tuple[tuple[str, int], ...]
    """Other pages that the page names, with their numbers."""


def _places(page: Page) -> Iterator[_Place]:
    """Yield the page's place by every numbering of the site that fits its URL."""
    here = path_and_query(page.url)
    targets: list[str] | None = None
    for pager in page.site.pagers:
        numbered = compiled(pager.page).search(here)
        match = numbered or (compiled(pager.first).search(here) if pager.first else None)
        if match is None:
            continue
        if targets is None:
            targets = _targets(page)
        groups = {name: value for name, value in match.groupdict().items() if name != "number" and value is not None}
        number = int(numbered["number"]) if numbered else None
        linked = tuple(_linked(pager, groups, targets))
        if linked and numbered is None:
            more = compiled(pager.page).search(path_and_query(linked[0][0]))
            groups = {**(more.groupdict() if more else {}), **groups}
            groups.pop("number", None)
        yield _Place(pager, groups, number, linked)


def _targets(page: Page) -> list[str]:
    """Return what the page links to and what its drop-down pagers offer, on the page's host."""
    hrefs = (anchor.href for anchor in page.lines.anchors)
    options = (attribute(tag, "value") for tag in _OPTION.findall(page.markup.body))
    host = urlsplit(page.url).netloc
    found = dict.fromkeys(page.resolve(href) for href in chain(hrefs, options))
    return [url for url in found if url is not None and urlsplit(url).netloc == host and url != page.url]


def _linked(pager: Pager, groups: Mapping[str, str], targets: list[str]) -> Iterator[tuple[str, int]]:
    pattern = compiled(pager.page)
    for url in targets:
        match = pattern.search(path_and_query(url))
        if match is not None and all(groups.get(name, value) == value for name, value in match.groupdict().items()
                                     if name != "number"):  # fmt: skip
            yield url, int(match["number"])


def _numbered_next(page: Page) -> str | None:
    for place in _places(page):
        number = _next_number(place, page)
        if number is not None:
            try:
                return page.resolve(place.pager.write.format(**{**place.groups, "number": number}))
            except KeyError:  # The first page's URL does not tell how the others begin, and it names none of them.
                continue
    return None


def _next_number(place: _Place, page: Page) -> int | None:
    """Return the number of the next page; None on the last one, and where nothing says that there is another."""
    numbers = [number for _, number in place.linked]
    if place.pager.counts == "down":
        if place.number is not None:
            return place.number - 1 if place.number > 1 else None
        total = _total(place.pager, page)
        number = total - 1 if total is not None else max(numbers, default=0)
        return number if number > 0 else None
    second = place.pager.second
    number = place.number if place.number is not None else second - 1
    total = _total(place.pager, page)
    last = second + total - 2 if total is not None else max(numbers, default=0)
    return number + 1 if number < last else None


def _total(pager: Pager, page: Page) -> int | None:
    """Return how many pages the list has, where the page's source says it."""
    if not pager.totals:
        return None
    source = page.decoded.utf8.decode("utf-8", "replace")
    matches = (compiled(pattern).search(source) for pattern in pager.totals)
    total = next((match["total"] for match in matches if match is not None), None)
    return int(total) if total is not None and len(total) <= _MOST_DIGITS else None


_MOST_DIGITS = 5


def _scripted_next(page: Page) -> str | None:
    """Read `createPageHTML(total, current, name, extension)`, as TRS and its relatives call it."""
    match = _CREATE_PAGE.search(page.decoded.utf8)
    if match is None:
        return _written_next(page)
    total, now = int(match["total"]), int(match["now"])
    # Pages are counted from 0 where the first is `name.html`, from 1 elsewhere; both call the next one current + 1.
    last = total - 1 if now == 0 or f"_{now}." in page.url else total
    if now >= last:
        return None
    return page.resolve(f"{match['name'].decode()}_{now + 1}.{match['ext'].decode()}")


_COUNT_PAGE = re.compile(rb"countPage\s*=\s*(\d{1,5})")
_CURRENT_PAGE = re.compile(rb"currentPage\s*=\s*(\d{1,5})")
_NEXT_NAME = re.compile(
    rb"""['"](?:<a\s[^'"<>]{0,80}href=\\?['"])?(?P<name>[\w\-./]{1,80}_)\\?['"]\s*\+\s*\(?\s*(?:nextPage|currentPage\s*\+\s*1)\)?\s*\+\s*"""
    rb"""\\?['"]\.(?P<ext>s?html?)"""
)

_JOINT = re.compile(rb"""["']\s*\+\s*["']""")
"""Where a script joins two strings: `"index" + "_"`."""
_LONGEST_SCRIPT = 4000


def _written_next(page: Page) -> str | None:
    """Read the script in the page that older TRS templates write their pager with, counting pages from 0."""
    source = page.decoded.utf8
    if b"countPage" not in source:
        return None
    total, now = _COUNT_PAGE.search(source), _CURRENT_PAGE.search(source)
    written = source[total.start() : total.start() + _LONGEST_SCRIPT] if total is not None else b""
    name = _NEXT_NAME.search(_JOINT.sub(b"", written))
    if total is None or now is None or name is None or int(now[1]) + 1 >= int(total[1]):
        return None
    return page.resolve(f"{name['name'].decode()}{int(now[1]) + 1}.{name['ext'].decode()}")
