"""Where the pages of `newsarchive try` come from: saved files, and URLs fetched once."""

import datetime as dt
import html
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from newsarchive.codings import decode_content
from newsarchive.errors import ConfigurationError, ContentCodingError, UnreachableSiteError
from newsarchive.urls import canonical_url

MAX_PAGE_BYTES = 64 * 1024 * 1024
"""No more of a file is read; long before that the parser says that a page is too large."""

STANDARD_INPUT = "-"
_GZIP_MAGIC = b"\x1f\x8b"
_HEAD_BYTES = 100_000
_STATING_TAG = re.compile(rb"<(?:link|meta)\s[^>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


class Failure(NamedTuple):
    """Why there is no page to read."""

    word: str
    """`unreadable-file` or `not-fetched`."""
    message: str
    exit_code: int


class Source(NamedTuple):
    """A page to read, or the reason why there is none."""

    name: str
    """The file or URL as it was typed."""
    data: bytes = b""
    """The page's bytes, unzipped."""
    url: str | None = None
    """The page's own canonical URL; None where it is not known."""
    charset: str | None = None
    """The charset of the Content-Type header; None for files."""
    captured_at: dt.datetime | None = None
    """The instant of the fetch; None for files."""
    failure: Failure | None = None
    """Why there are no bytes; None where there are."""


def read_sources(names: Sequence[str], url: str | None = None) -> Iterator[Source]:
    """Yield the page behind each of `names`, in their order, one at a time.

    `url` is the URL of the one file that is named; without it a file's URL is the one that the page states.
    """
    urls = [name for name in names if is_url(name)]
    fetched = iter(_fetched(urls) if urls else ())
    for name in names:
        yield next(fetched) if is_url(name) else _from_file(name, url)


def is_url(name: str) -> bool:
    """Return whether `name` is a URL and no file."""
    return name.lower().startswith(("http://", "https://"))


def made_up_url(name: str, home: str) -> str:
    """Return a URL below `home` for a file whose URL is not known; links are resolved against it."""
    return home.rstrip("/") + "/" + quote(Path(name).name.removesuffix(".gz"), errors="replace")


def stated_url(page: bytes) -> str | None:
    """Return the canonical form of the URL that a page gives as its own: `rel=canonical`, then `og:url`."""
    stated: dict[bytes, str | None] = {}
    for tag in _STATING_TAG.findall(page, 0, _HEAD_BYTES):
        attributes = {match[1].lower(): match[2] or match[3] or match[4] or b"" for match in _ATTRIBUTE.finditer(tag)}
        if b"canonical" in attributes.get(b"rel", b"").lower().split():
            stated.setdefault(b"canonical", _url(attributes.get(b"href", b"")))
        elif attributes.get(b"property", b"").lower() == b"og:url":
            stated.setdefault(b"og:url", _url(attributes.get(b"content", b"")))
    return stated.get(b"canonical") or stated.get(b"og:url")


def _url(value: bytes) -> str | None:
    return canonical_url(html.unescape(value.decode("utf-8", errors="replace")).strip())


def _from_file(name: str, url: str | None) -> Source:
    try:
        with nullcontext(sys.stdin.buffer) if name == STANDARD_INPUT else Path(name).open("rb") as file:
            data = file.read(MAX_PAGE_BYTES)
        if data.startswith(_GZIP_MAGIC):
            data = decode_content(data, "gzip", MAX_PAGE_BYTES)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        return _unreadable(name, f"{reason}; expected the file of a saved page")
    except ContentCodingError as error:
        return _unreadable(name, f"cannot be unzipped: {error}; save the page again")
    return Source(name, data, url or stated_url(data))


def _unreadable(name: str, reason: str) -> Source:
    return Source(name, failure=Failure("unreadable-file", f"{name}: {reason}", ConfigurationError.exit_code))


def _fetched(urls: list[str]) -> Iterator[Source]:
    # Scrapy is loaded only here: reading saved pages stays quick.
    from newsarchive.run import fetch  # noqa: PLC0415

    for name, page in zip(urls, fetch(urls), strict=True):
        if page.error:
            yield Source(name, failure=Failure("not-fetched", f"{name}: {page.error}", UnreachableSiteError.exit_code))
        else:
            yield Source(name, page.body, canonical_url(page.url), page.charset, dt.datetime.now(dt.UTC))
