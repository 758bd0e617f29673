"""What an answer means: the one judgement shared by a crawl, by recovery and by `rebuild`. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urljoin

from newsarchive.codings import decode_content
from newsarchive.errors import (
    EmptyPageError,
    NewsarchiveError,
    NotAnArticleError,
    NotHtmlError,
    PageError,
    SoftNotFoundError,
)
from newsarchive.parsers.feeds import read_feed, read_sitemap
from newsarchive.parsers.reading import Reading, read_page
from newsarchive.records.article import Article
from newsarchive.records.listing import Link
from newsarchive.records.outcome import UrlClass
from newsarchive.sites.robots import Robots
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import FoundUrl

MAX_CONTENT_BYTES = 8 * 1024**2
"""A page may be this long once its content coding is undone; institute pages are a hundredth of it."""

NOT_FOUND = frozenset({404, 410})
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Answer(Protocol):
    """An HTTP answer, live from the wire or read back from a capture."""

    @property
    def status(self) -> int:
        """HTTP status code."""

    @property
    def payload(self) -> bytes:
        """Body without chunked framing, content coding kept."""

    @property
    def truncated(self) -> str | None:
        """Why the body is not whole; None where it is."""

    def header(self, name: str) -> str | None:
        """Return the first header field of that name, in any case."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an answer means for the URL that was asked for."""

    outcome: UrlClass
    kind: str
    reason: str | None = None
    target: str | None = None
    article: Article | None = None
    found: Sequence[FoundUrl] = ()
    transient: bool = False
    skipped_links: int = 0


def interpret(  # noqa: PLR0913, PLR0911 - everything a page is read from; one return for each class of answer
    answer: Answer, kind: str, scope: Scope, *, url: str, captured_at: dt.datetime, asked_if_changed: bool = False
) -> Meaning:
    """Return what `answer` means for `url`, which was expected to be of `kind`.

    `asked_if_changed` says that the request carried validators: only then is a 304 an answer.
    """
    status = answer.status
    if answer.truncated is not None:
        return Meaning(UrlClass.FAILED, kind, f"truncated: {answer.truncated}", transient=answer.truncated != "length")
    if status in {200, 203}:
        return _content(answer, kind, scope, url, captured_at)
    if status == 304:  # noqa: PLR2004
        if asked_if_changed:
            return Meaning(UrlClass.UNCHANGED, kind)
        return Meaning(UrlClass.FAILED, kind, "http 304 that was not asked for")
    if status in REDIRECTS:
        return _redirect(answer, kind, scope, url)
    if status in NOT_FOUND:
        return Meaning(UrlClass.GONE, kind, f"http {status}")
    return Meaning(UrlClass.FAILED, kind, f"http {status}", transient=status in BUSY)


def retry_after(answer: Answer, now: dt.datetime) -> int | None:
    """Return the instant, in seconds since 1970, before which the server asks not to be asked again; at most a day on.

    RFC 9110, section 10.2.3: seconds or an HTTP date; anything else is no wish.
    """
    value = (answer.header("retry-after") or "").strip()
    if not value:
        return None
    try:
        seconds = int(value) if value.isdigit() else (parsedate_to_datetime(value) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return int(now.timestamp() + min(max(seconds, 0), 86_400))


def content_of(answer: Answer) -> bytes:
    """Return the body with its content coding undone.

    Raises a NewsarchiveError where the coding is unknown, broken, cut or too large.
    """
    return decode_content(answer.payload, answer.header("content-encoding"), MAX_CONTENT_BYTES)


def charset_of(answer: Answer) -> str | None:
    """Return the charset that the Content-Type header names, or None."""
    for part in (answer.header("content-type") or "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _content(answer: Answer, kind: str, scope: Scope, url: str, captured_at: dt.datetime) -> Meaning:
    try:
        content = content_of(answer)
    except NewsarchiveError as error:
        return Meaning(UrlClass.FAILED, kind, f"content coding: {error}", transient=True)
    if kind == "robots":
        return Meaning(
            UrlClass.STORED,
            kind,
            found=_found((urljoin(url, named) for named in Robots.parsed(content).sitemaps), scope, kind="sitemap"),
        )
    if kind == "sitemap":
        try:
            sitemap = read_sitemap(_gunzipped(content))
        except NewsarchiveError as error:
            return Meaning(UrlClass.FAILED, kind, f"content coding: {error}")
        found = [*_found(sitemap.urls, scope), *_found(sitemap.sitemaps, scope, kind="sitemap")]
        return Meaning(UrlClass.STORED, kind, found=found)
    if kind == "feed":
        return Meaning(UrlClass.STORED, kind, found=_found((link.url for link in read_feed(content, url)), scope))
    reading = read_page(content, url, scope.site, charset=charset_of(answer), captured_at=captured_at)
    return _page(reading, kind, scope, url)


def _page(  # noqa: PLR0911 - one return for each kind of page
    reading: Reading, kind: str, scope: Scope, url: str
) -> Meaning:
    found = _links(reading.links, scope, of_list=reading.listing is not None)
    skipped = reading.skipped_links
    if reading.article is not None:
        undated = scope.site.article_url and scope.kind(url) != "article" and reading.article.date is None
        if undated or url in scope.homes:
            # The site says how its article URLs look, and the page shows no date: what remains is a page with text.
            # So is the home page, whatever it shows: it has no content of its own to keep revisions of.
            return Meaning(UrlClass.STORED, "page", NotAnArticleError.name, found=found, skipped_links=skipped)
        canonical = scope.canonical(reading.canonical) if reading.canonical else None
        if (
            canonical
            and canonical != url
            and scope.refusal(canonical) is None
            and scope.kind(canonical) == scope.kind(url)
        ):
            return Meaning(UrlClass.ALIAS, "article", target=canonical, found=found, skipped_links=skipped)
        return Meaning(UrlClass.STORED, "article", article=reading.article, found=found, skipped_links=skipped)
    if reading.listing is not None:
        return Meaning(UrlClass.STORED, "list", found=found, skipped_links=skipped)
    error = reading.error or PageError("nothing was read")
    match error:
        case SoftNotFoundError():
            return Meaning(UrlClass.GONE, kind, error.name)
        case EmptyPageError():
            return Meaning(UrlClass.FAILED, kind, error.name, transient=True)
        case NotHtmlError():
            return Meaning(UrlClass.STORED, "file", error.name)
    if kind == "article":
        # The site file says that this is an article and the parser cannot read it: a changed template shows here.
        return Meaning(UrlClass.FAILED, kind, f"unread: {error.name}", found=found, skipped_links=skipped)
    return Meaning(UrlClass.STORED, "page", error.name, found=found, skipped_links=skipped)


def _redirect(answer: Answer, kind: str, scope: Scope, url: str) -> Meaning:
    location = answer.header("location")
    try:
        target = scope.canonical(urljoin(url, location.strip())) if location else None
    except ValueError:
        target = None
    if target is None:
        return Meaning(UrlClass.FAILED, kind, f"http {answer.status} without a usable Location")
    if target == url:
        return Meaning(UrlClass.FAILED, kind, "redirects to itself")
    if kind == "article" and target in scope.homes:
        return Meaning(UrlClass.GONE, kind, "redirects to the home page")
    refusal = scope.refusal(target)
    if refusal is not None and not refusal.startswith("file"):
        return Meaning(UrlClass.REFUSED, kind, f"redirects away ({refusal})", target=target)
    return Meaning(UrlClass.REDIRECTED, kind, target=target)


def _links(links: Sequence[Link], scope: Scope, *, of_list: bool) -> list[FoundUrl]:
    found: dict[str, FoundUrl] = {}
    for link in links:
        url = scope.canonical(link.url)
        if url is None or url in found:
            continue
        kind = "feed" if link.rel == "feed" else scope.kind(url)
        deep = of_list and link.rel in {"next", "page"}
        found[url] = FoundUrl(url, kind, deep=deep, refusal=scope.refusal(url))
    return list(found.values())


def _found(urls: Iterable[str], scope: Scope, *, kind: str | None = None) -> list[FoundUrl]:
    found: dict[str, FoundUrl] = {}
    for spelled in urls:
        url = scope.canonical(spelled)
        if url is not None:
            found[url] = FoundUrl(url, kind or scope.kind(url), refusal=scope.refusal(url))
    return list(found.values())


def _gunzipped(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    return decode_content(content, "gzip", MAX_CONTENT_BYTES)
