"""What a site's lists, feeds and sitemaps promise: their last captures, read again, and put together by section."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from newsarchive.errors import NewsarchiveError
from newsarchive.operations.access import Held
from newsarchive.operations.reread import each
from newsarchive.parsers.list_pages import read_list_page
from newsarchive.records.capture import CaptureRef
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.interpret import charset_of, content_of, interpret
from newsarchive.urls import path_and_query
from newsarchive.warc.revisits import read_capture

Kind = Literal["list", "feed", "sitemap"]

_ORDER: tuple[Kind, ...] = ("list", "feed", "sitemap")

FEW_LISTS = 1500
"""So many lists are read by this process alone, in about two seconds; starting others would take as long."""

MAX_HOPS = 6
"""So many redirects are followed from the URL in a pager to its page."""


class Named(NamedTuple):
    """An item as a list names it."""

    url: str
    """Canonical URL."""
    title: str | None
    date: dt.date | None


class Source(NamedTuple):
    """A page, feed or sitemap that names items, and its last capture."""

    url: str
    kind: Kind
    capture: CaptureRef


class Inventory(NamedTuple):
    """What one source names; `problem` says why it could not be read."""

    source: Source
    problem: str | None = None
    name: str | None = None
    items: tuple[Named, ...] = ()
    pages: tuple[str, ...] = ()
    """Canonical URLs of the other pages of its list."""
    stated_items: int | None = None
    stated_pages: int | None = None


@dataclass(slots=True)
class Section:
    """A list with all its pages, a feed, or a sitemap."""

    kind: Kind
    url: str
    name: str
    read: list[Inventory] = field(default_factory=list)
    unread: dict[str, str | None] = field(default_factory=dict)
    """URLs of pages that could not be read, and what the capture's reader said, None where there was no capture."""
    items: dict[str, tuple[Named, str]] = field(default_factory=dict)
    """What it names, by URL, and the first of its pages that does."""

    @property
    def stated_items(self) -> int | None:
        """How many items its first page that says so says that there are."""
        return next((page.stated_items for page in self.read if page.stated_items is not None), None)

    @property
    def stated_pages(self) -> int | None:
        """How many pages its first page that says so says that there are."""
        return next((page.stated_pages for page in self.read if page.stated_pages is not None), None)


def sections_of(held: Held, catalogue: Catalogue) -> list[Section]:
    """Return the sections of a collection: lists, feeds, sitemaps, each in the order in which they were found.

    Memory: some hundred bytes for each item that a list names.
    """
    inventories = list(each(held, list(_sources(catalogue)), _inventory, few=FEW_LISTS))
    groups = _grouped(held, catalogue, inventories)
    sections = [_section(group) for group in groups]
    sections.sort(key=lambda section: _ORDER.index(section.kind))
    _name_apart(sections)
    return sections


def _sources(catalogue: Catalogue) -> Iterator[Source]:
    query = (
        'SELECT url, kind, warc, "offset", record_id, payload_digest FROM urls '
        "WHERE kind IN ('list', 'feed', 'sitemap') AND warc IS NOT NULL ORDER BY id"
    )
    for url, kind, warc, offset, record_id, digest in catalogue.execute(query):
        yield Source(url, kind, CaptureRef(warc=warc, offset=offset, record_id=record_id, payload_digest=digest))


def _inventory(held: Held, source: Source) -> Inventory:
    try:
        answer = read_capture(source.capture, held.layout.segment).response
        if source.kind != "list":
            meaning = interpret(answer, source.kind, held.scope, url=source.url, captured_at=answer.captured_at)
            urls = [found.url for found in meaning.found if found.kind != "sitemap"]
            return Inventory(source, items=tuple(Named(url, None, None) for url in urls))
        content = content_of(answer)
    except NewsarchiveError as error:
        return Inventory(source, f"capture cannot be read: {error}")
    page = read_list_page(
        content, source.url, held.scope.site, charset=charset_of(answer), captured_at=answer.captured_at
    )
    if page is None:
        return Inventory(source, "its last capture shows no list")
    canonical = held.scope.canonical
    items = ((canonical(entry.url), entry.title, entry.date) for entry in page.entries)
    pages = (canonical(url) for url in page.pages)
    return Inventory(
        source, None, page.name, tuple(Named(url, title, date) for url, title, date in items if url is not None),
        tuple(url for url in pages if url is not None), page.stated_items, page.stated_pages,
    )  # fmt: skip


class _Group(NamedTuple):
    pages: list[Inventory]
    further: list[str]
    """Pages to which its pagers lead, and which are none of `pages`."""


def _grouped(held: Held, catalogue: Catalogue, inventories: list[Inventory]) -> list[_Group]:
    """Put pages together that their pagers connect."""
    root: dict[str, str] = {inventory.source.url: inventory.source.url for inventory in inventories}

    def top(url: str) -> str:
        while root[url] != url:
            root[url] = root[root[url]]
            url = root[url]
        return url

    for inventory in inventories:
        for page in _pages(held, catalogue, inventory.pages):
            root.setdefault(page, page)
            one, two = top(inventory.source.url), top(page)
            root[two] = one
    order = {inventory.source.url: at for at, inventory in enumerate(inventories)}
    groups: dict[str, _Group] = {}
    for inventory in inventories:
        groups.setdefault(top(inventory.source.url), _Group([], [])).pages.append(inventory)
    for url in root:
        if url not in order:
            groups[top(url)].further.append(url)
    return list(groups.values())


def _pages(held: Held, catalogue: Catalogue, urls: Iterable[str]) -> Iterator[str]:
    """Yield where a pager's links lead, but for the home page and articles, to which 首页 and the like may lead."""
    for url in urls:
        row = catalogue.find(url)
        for _ in range(MAX_HOPS):
            target = _target(catalogue, url) if row is not None and row.outcome in {"redirected", "alias"} else None
            if target is None:
                break
            url, row = target, catalogue.find(target)  # noqa: PLW2901 - where it leads is the page
        if url not in held.scope.homes and (row is None or row.kind != "article"):
            yield url


def _target(catalogue: Catalogue, url: str) -> str | None:
    found: tuple[str | None] = catalogue.execute("SELECT target FROM urls WHERE url = ?", (url,)).fetchone()
    return found[0]


def _section(group: _Group) -> Section:
    first = group.pages[0]
    url = first.source.url
    section = Section(first.source.kind, url, _shown(first) or path_and_query(url))
    section.unread = dict.fromkeys(group.further)
    for inventory in group.pages:
        if inventory.problem is not None:
            section.unread[inventory.source.url] = inventory.problem
            continue
        section.read.append(inventory)
        for item in inventory.items:
            section.items.setdefault(item.url, (item, inventory.source.url))
    return section


def _shown(inventory: Inventory) -> str | None:
    if inventory.source.kind != "list":
        return f"{inventory.source.kind} {path_and_query(inventory.source.url)}"
    return inventory.name


def _name_apart(sections: list[Section]) -> None:
    seen: set[str] = set()
    for section in sections:
        if section.name in seen:
            section.name = f"{section.name} {path_and_query(section.url)}"
        seen.add(section.name)
