"""What the sample site answers to a path."""

import re
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from hashlib import sha256
from random import Random

from newsarchive.records.article import RelatedLink
from newsarchive.sample.feeds import feed, robots, sitemap
from newsarchive.sample.files import pdf, png
from newsarchive.sample.lists import find_list
from newsarchive.sample.markups import render_article
from newsarchive.sample.pages import (
    about_page,
    calendar_page,
    furniture,
    home_page,
    internal_page,
    list_page,
    missing_page,
)
from newsarchive.sample.site import SampleSite
from newsarchive.sample.templates import REDESIGN, TEMPLATES

_SESSION = re.compile(r";jsessionid=\w+|\?(?:sid|PHPSESSID)=\w+")
_ARTICLE = re.compile(r"/f/\d{6}/(\d+)\.html")
_FILE = re.compile(r"/upload/\d{4}/\d\d/(\d+)_\d\.(pdf|png)")
_CALENDAR = re.compile(r"/calendar/(\d{4})/(\d\d)")
_HTML = "text/html; charset=utf-8"
_COMPRESSED_EVERY, _CHUNKED_EVERY = 5, 7


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP response."""

    status: int = 200
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    chunked: bool = False
    """Sent in chunks, without a length."""
    compressible: bool = False
    """Sent in gzip to a client that accepts it."""
    withheld: bool = False
    """Never sent: the connection stays open, and the client waits."""


def reply_to(site: SampleSite, target: str, *, crawl_delay_seconds: float = 0, shuffle: int | None = None) -> Reply:
    """Return the site's answer to a GET of `target`, path and query.

    With `shuffle`, the side lists of articles come in an order that follows from that number.
    """
    path = _SESSION.sub("", target)
    article = _ARTICLE.fullmatch(path)
    if article is not None:
        return _article(site, path, int(article[1]), shuffle)
    file = _FILE.fullmatch(path)
    if file is not None:
        return _file(site, path, int(file[1]), file[2])
    page = _page(site, path)
    if page is not None:
        return Reply(200, page.replace("{charset}", "utf-8").encode(), {"Content-Type": _HTML})
    return _other(site, path, crawl_delay_seconds)


def _article(site: SampleSite, path: str, number: int, shuffle: int | None) -> Reply:
    if site.origin + path == site.traps.soft_missing:
        return _missing(site, 200)
    if number not in site:
        return _missing(site, 404)
    if path != site.path(number):
        former = f"/f/{site.headline(number).key}.html"
        return _redirect(site.path(number)) if path == former else _missing(site, 404)
    article = site.article(number)
    if shuffle is not None:
        article = replace(article, related=_shuffled(article.related, Random(shuffle)))  # noqa: S311 - no secret
    if site.redesigned:
        # What stands in the picture is no text: labels without values are all that is left of the info line.
        article = replace(article, date=None, published_at=None, source=None)
    markup = REDESIGN if site.redesigned else TEMPLATES[number % len(TEMPLATES)]
    rendered = render_article(article, markup, furniture(site))
    headers = {"Content-Type": f"text/html; charset={rendered.declared}" if number % 2 else "text/html"}
    if number % 3 == 0:
        headers["ETag"] = f'"{sha256(rendered.content).hexdigest()[:20]}"'
    elif number % 3 == 1:
        headers["Last-Modified"] = format_datetime(site.modified_at, usegmt=True)
    compressible, chunked = number % _COMPRESSED_EVERY == 0, number % _CHUNKED_EVERY == 0
    return Reply(200, rendered.content, headers, chunked=chunked, compressible=compressible)


def _shuffled(related: tuple[RelatedLink, ...], rng: Random) -> tuple[RelatedLink, ...]:
    lists: dict[str, list[RelatedLink]] = {}
    for link in related:
        lists.setdefault(link.list, []).append(link)
    for links in lists.values():
        rng.shuffle(links)
    return tuple(
        link.model_copy(update={"position": at}) for links in lists.values() for at, link in enumerate(links, 1)
    )


def _file(site: SampleSite, path: str, number: int, suffix: str) -> Reply:
    if number not in site:
        return _missing(site, 404)
    name = path.rpartition("/")[2]
    if suffix == "pdf":
        return Reply(200, pdf(name), {"Content-Type": "application/pdf"})
    return Reply(200, png(name), {"Content-Type": "image/png", "Cache-Control": "max-age=86400"})


def _page(site: SampleSite, path: str) -> str | None:
    if path == "/":
        return home_page(site)
    if path == "/about.html":
        return about_page(site)
    if site.origin + path in site.disallowed:
        return internal_page(site)
    found = find_list(site, path)
    if found is not None:
        return list_page(site, *found)
    month = _CALENDAR.fullmatch(path)
    if month is not None and 1 <= int(month[2]) <= 12 and int(month[1]) > 0:  # noqa: PLR2004 - months
        return calendar_page(site, int(month[1]), int(month[2]))
    return None


def _other(site: SampleSite, path: str, crawl_delay_seconds: float) -> Reply:
    if path == "/robots.txt":
        return Reply(200, robots(site, crawl_delay_seconds).encode(), {"Content-Type": "text/plain"})
    if path == "/sitemap.xml":
        return Reply(200, sitemap(site).encode(), {"Content-Type": "application/xml"})
    if path == "/rss.xml":
        return Reply(200, feed(site).encode(), {"Content-Type": "application/rss+xml"})
    target = site.traps.redirects.get(site.origin + path)
    if target is not None:
        return _redirect(target)
    return _missing(site, 404)


def _redirect(target: str) -> Reply:
    return Reply(301, b"", {"Location": target, "Content-Type": _HTML})


def _missing(site: SampleSite, status: int) -> Reply:
    return Reply(status, missing_page(site).replace("{charset}", "utf-8").encode(), {"Content-Type": _HTML})
