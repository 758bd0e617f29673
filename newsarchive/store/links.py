"""Which URLs an answer leads to, as the catalogue enters them. Pure."""

from collections.abc import Iterable
from urllib.parse import urljoin

from newsarchive.parsers.feeds import read_feed, read_sitemap
from newsarchive.parsers.reading import Reading
from newsarchive.sites.robots import Robots
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import FoundUrl


def links_of(reading: Reading, scope: Scope) -> list[FoundUrl]:
    """Return the URLs that a page leads to, each once."""
    found: dict[str, FoundUrl] = {}
    if reading.article is not None and scope.site.requisites != "none":
        # First, since what an article offers is known as that, whatever links to it elsewhere on the page.
        offered = (item.url for item in reading.article.attachments)
        found = {item.url: item for item in found_among(offered, scope, kind="attachment")}
    for link in reading.links:
        linked = scope.linked(link.url)
        if linked is None or linked.url in found:
            continue
        url, kind, refusal = linked
        if link.rel == "feed":
            kind, refusal = "feed", scope.refusal(url, "feed")
        deep = reading.listing is not None and link.rel in {"next", "page"}
        found[url] = FoundUrl(url, kind, deep=deep, refusal=refusal)
    for item in found_among(reading.requisites, scope, kind="requisite"):
        found.setdefault(item.url, item)
    return list(found.values())


def found_among(urls: Iterable[str], scope: Scope, *, kind: str | None = None) -> list[FoundUrl]:
    """Return what `urls` lead to, each once; they are of `kind`, or of what each is by itself."""
    found: dict[str, FoundUrl] = {}
    for spelled in urls:
        url = scope.canonical(spelled)
        if url is not None:
            its_kind = kind or scope.kind(url)
            found[url] = FoundUrl(url, its_kind, refusal=scope.refusal(url, its_kind))
    return list(found.values())


def _robots_links(content: bytes, scope: Scope, url: str) -> list[FoundUrl]:
    return found_among((urljoin(url, named) for named in Robots.parsed(content).sitemaps), scope, kind="sitemap")


def _sitemap_links(content: bytes, scope: Scope, url: str) -> list[FoundUrl]:
    del url
    sitemap = read_sitemap(content)
    return [*found_among(sitemap.urls, scope), *found_among(sitemap.sitemaps, scope, kind="sitemap")]


def _feed_links(content: bytes, scope: Scope, url: str) -> list[FoundUrl]:
    return found_among((link.url for link in read_feed(content, url)), scope)


MACHINE_READ = {"robots": _robots_links, "sitemap": _sitemap_links, "feed": _feed_links}
"""What is written for machines, by kind, and what finds the links in it."""
