"""What an answer means: the one judgement shared by a crawl, by recovery and by `rebuild`. Pure."""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urljoin

from newsarchive.codings import decode_content
from newsarchive.collector import resting
from newsarchive.errors import (
    ContentTooLargeError,
    EmptyPageError,
    NewsarchiveError,
    NotAnArticleError,
    NotHtmlError,
    PageError,
    PageTooLargeError,
    SoftNotFoundError,
    TruncatedContentError,
)
from newsarchive.parsers.feeds import machine_kind
from newsarchive.parsers.reading import Reading, read_page
from newsarchive.records.article import Article
from newsarchive.records.outcome import REQUISITE_KINDS, UrlClass
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import FoundUrl
from newsarchive.store.files import file_of, further_requisites, is_page
from newsarchive.store.links import MACHINE_READ, found_among, links_of
from newsarchive.store.wholeness import may_be_cut

MAX_CONTENT_BYTES = 8 * 1024**2
"""A page may be this long once its content coding is undone; institute pages are a hundredth of it."""

HEAVY_BYTES = 256 * 1024
HEAVY_TAGS = 6000
"""What is longer, or has more tags, is read where a reader that runs wild harms nothing: in a worker process."""

PARSE_LIMITED = "parse-limited"
"""Stable word of the reason for which a page was not read: its answer is kept, and reading it took too much."""

READING_BROKE = "reading broke"
"""Stable word of the reason for which a page was not read: a fault of ours."""

GZIP = b"\x1f\x8b"
NOT_FOUND = frozenset({404, 410})
WITHOUT_CONTENT = frozenset({204, 205})
LONGEST_WISH_SECONDS = 86_400
"""A server that asks to be left alone for longer (Retry-After) is asked again after a day."""

ASKING_TO_WAIT = frozenset({429, 503})
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Answer(Protocol):
    """An HTTP answer, live from the wire or read back from a capture."""

    @property
    def status(self) -> int:
        """HTTP status code."""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Header fields in their order, repeats kept."""

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
    gist: str | None = None
    """What the page shows, in short; None where it is not asked whether the page is a copy of another."""
    stated: int | None = None
    """How many entries a list page says that its list has; None where it says nothing."""


class HeavyPageError(Exception):
    """Reading this page may take long, and is left to a worker process (`store.worker`)."""


def interpret(  # noqa: PLR0913, PLR0911, PLR0912, C901 - all that a page is read from; one return for each class of answer
    answer: Answer,
    kind: str,
    scope: Scope,
    *,
    url: str,
    captured_at: dt.datetime,
    asked_if_changed: bool = False,
    same_as_last: bool = False,
    light_only: bool = False,
) -> Meaning:
    """Return what `answer` means for `url`, which was expected to be of `kind`.

    `asked_if_changed` says that the request carried validators: only then is a 304 an answer. `same_as_last` says that
    the payload is that of the last capture of the URL. With `light_only`, raises `HeavyPageError` where reading the
    page may take long.
    """
    status = answer.status
    if answer.truncated is not None:
        return _not_whole(answer, kind)
    if status in {200, 203} and kind in REQUISITE_KINDS:
        return _requisite(answer, kind, scope, url)
    if status in {200, 203}:
        content = _content(answer, kind)
        if isinstance(content, Meaning):
            return content
        if light_only and is_heavy(content):
            raise HeavyPageError(url)
        if kind != "robots":
            kind = machine_kind(content) or kind  # what is served decides, whatever named the URL
        if kind in MACHINE_READ:
            return Meaning(UrlClass.STORED, kind, found=MACHINE_READ[kind](content, scope, url))
        doubtful = may_be_cut(answer, content)
        if doubtful and not same_as_last:
            return Meaning(UrlClass.FAILED, kind, f"{MAYBE_CUT}: nothing says where it ends", transient=True)
        with resting():
            # All that a page is made of dies with its reading, if the collector does not hold it up to walk it.
            reading = read_page(content, url, scope.site, charset=charset_of(answer), captured_at=captured_at)
            meaning = replace(_page(reading, kind, scope, url), gist=reading.gist)
            del reading
        return _doubted(meaning) if doubtful else meaning
    if status == 304:  # noqa: PLR2004
        if asked_if_changed:
            return Meaning(UrlClass.UNCHANGED, kind)
        return Meaning(UrlClass.FAILED, kind, "http 304 that was not asked for")
    if status in REDIRECTS:
        return _redirect(answer, kind, scope, url)
    if status in NOT_FOUND:
        return Meaning(UrlClass.GONE, kind, f"http {status}")
    if status in WITHOUT_CONTENT:
        return Meaning(UrlClass.FAILED, kind, f"{EmptyPageError.name}: http {status}", transient=True)
    if status in ASKING_TO_WAIT and answer.header("retry-after") and kind != "robots":
        return Meaning(UrlClass.PENDING, kind, f"http {status}: asked to come back later", transient=True)
    return Meaning(UrlClass.FAILED, kind, f"http {status}", transient=status in BUSY)


def limited(kind: str, what: str) -> Meaning:
    """Return what a page means that could not be read within its limits; `what` says which."""
    return Meaning(UrlClass.FAILED, kind, f"{PARSE_LIMITED}: {what}")


def is_heavy(content: bytes) -> bool:
    """Tell whether reading `content` may take longer than a crawl may stand still."""
    return len(content) > HEAVY_BYTES or (len(content) > HEAVY_TAGS and content.count(b"<") > HEAVY_TAGS)


def _not_whole(answer: Answer, kind: str) -> Meaning:
    if answer.truncated == "length":
        return Meaning(UrlClass.REFUSED, kind, "too-large: cut where it became longer than an answer may be")
    lengths = {value for name, value in answer.headers if name.lower() == "content-length"}
    odd = len(lengths) > 1 or any(not (value.isascii() and value.isdigit()) for value in lengths)
    if answer.truncated == "unspecified" and (answer.status == 0 or odd):
        return Meaning(UrlClass.REFUSED, kind, "not-http: the answer is no HTTP/1 message")
    return Meaning(UrlClass.FAILED, kind, f"truncated: {answer.truncated}", transient=True)


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
    return int(now.timestamp() + min(max(seconds, 0), LONGEST_WISH_SECONDS))


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


def _content(answer: Answer, kind: str) -> bytes | Meaning:
    """Return the body with its codings undone, or what it means that they cannot be."""
    try:
        content = content_of(answer)
        return _gunzipped(content) if kind == "sitemap" else _unpacked(content)
    except ContentTooLargeError as error:
        return Meaning(UrlClass.REFUSED, kind, f"too-large: {error}")
    except TruncatedContentError as error:
        return Meaning(UrlClass.FAILED, kind, f"truncated: {error}", transient=True)
    except NewsarchiveError as error:
        return Meaning(UrlClass.FAILED, kind, f"content coding: {error}", transient=True)


def _doubted(meaning: Meaning) -> Meaning:
    if meaning.article is None:
        stored = meaning.outcome is UrlClass.STORED
        return replace(meaning, reason=f"{MAYBE_CUT}: nothing says where it ends") if stored else meaning
    warnings = (*meaning.article.warnings, f"{MAYBE_CUT}: the answer does not say where it ends")
    return replace(meaning, article=meaning.article.model_copy(update={"warnings": warnings}))


MAYBE_CUT = "maybe-cut"


def _requisite(answer: Answer, kind: str, scope: Scope, url: str) -> Meaning:
    try:
        content = file_of(answer)
    except ContentTooLargeError as error:
        return Meaning(UrlClass.REFUSED, kind, f"too-large: {error}")
    except NewsarchiveError as error:
        return Meaning(UrlClass.FAILED, kind, f"content coding: {error}", transient=True)
    if not content:
        return Meaning(UrlClass.FAILED, kind, EmptyPageError.name, transient=True)
    if is_page(answer, content):
        return Meaning(UrlClass.FAILED, kind, "a page instead of a file")
    further = further_requisites(answer, content, url) if kind == "requisite" else ()
    return Meaning(UrlClass.STORED, kind, found=found_among(further, scope, kind=kind))


def _page(  # noqa: PLR0911 - one return for each kind of page
    reading: Reading, kind: str, scope: Scope, url: str
) -> Meaning:
    found = links_of(reading, scope)
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
        return Meaning(UrlClass.STORED, "list", found=found, skipped_links=skipped, stated=reading.stated)
    error = reading.error or PageError("nothing was read")
    match error:
        case PageTooLargeError():
            return limited(kind, str(error))
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
    refusal = scope.refusal(target, kind)
    if refusal is not None and not refusal.startswith("file"):
        return Meaning(UrlClass.REFUSED, kind, f"redirects away ({refusal})", target=target)
    return Meaning(UrlClass.REDIRECTED, kind, target=target)


def _gunzipped(content: bytes) -> bytes:
    if not content.startswith(GZIP):
        return content
    return decode_content(content, "gzip", MAX_CONTENT_BYTES)


def _unpacked(content: bytes) -> bytes:
    """Return what a packed sitemap or feed holds, which nothing but its bytes tells; everything else as it came."""
    if content.startswith(GZIP):
        with suppress(NewsarchiveError):
            inside = _gunzipped(content)
            return inside if machine_kind(inside) is not None else content
    return content
