"""URLs: one spelling for each page, and what a site's patterns say of it.

Parsing follows the WHATWG URL standard (https://url.spec.whatwg.org/), as browsers do, through ada.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

import can_ada

TRACKING_PARAMETERS = frozenset({
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id",
    "spm", "from", "isappinstalled", "scene", "fbclid", "gclid",
})  # fmt: skip
"""Query parameters that say where a visitor came from; they never change what a page shows."""

SESSION_PARAMETERS = frozenset({
    "jsessionid", "phpsessid", "sessionid", "session_id", "sid", "aspsessionid", "cfid", "cftoken",
})  # fmt: skip
"""Query or path parameters that name a visitor's session, compared in lower case."""

MAX_URL_LENGTH = 2000
"""Longer URLs are refused: no institute needs them and loops make them."""

_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_MADE_UP = re.compile(r"[A-Za-z]*0[A-Za-z]+0[A-Za-z]+0[A-Za-z0]*")
"""Letters and numbers by turns, as in hexadecimal digits; no person names a folder so."""
_HEX = re.compile(r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b")
_DEEP = 3


def canonical_url(url: str, ignore_query: Iterable[str] = ()) -> str | None:
    """Return the one spelling under which a page is kept, or None if `url` is no usable http(s) URL.

    Scheme and host in lower case, default port, fragment, user name and password gone, dot segments resolved,
    percent-encoding as the standard has it; tracking and session parameters dropped, the other parameters in
    their own order (some servers depend on it).
    """
    try:
        parsed = can_ada.parse(url)
    except (ValueError, UnicodeError):
        return None
    if parsed.protocol not in {"http:", "https:"} or not parsed.hostname:
        return None
    path = parsed.pathname
    if ";" in path and (cleaned := _PATH_SESSION.sub("", path)) != path:
        # What is left may be a dot segment, as of `/a/..;jsessionid=1`.
        path = can_ada.parse(f"{parsed.protocol}//{parsed.host}{cleaned}").pathname
    query = parsed.search
    if query:
        query = _cleaned_query(query, frozenset(name.lower() for name in ignore_query))
    canonical: str = f"{parsed.protocol}//{parsed.host}{path}{query}"
    return canonical if len(canonical) <= MAX_URL_LENGTH else None


def _cleaned_query(query: str, ignored: frozenset[str]) -> str:
    kept = []
    for pair in query[1:].split("&"):
        name = pair.partition("=")[0].lower()
        if not pair or name in TRACKING_PARAMETERS or name in SESSION_PARAMETERS or name in ignored:
            continue
        kept.append(pair)
    return "?" + "&".join(kept) if kept else ""


def path_and_query(url: str) -> str:
    """Return what follows the host, at least `/`; the part that a site's patterns are searched in."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def host_of(url: str) -> str:
    """Return host and, where it is not the scheme's own, port."""
    return urlsplit(url).netloc


def shape(url: str) -> str:
    """Return what pages made by one loop share: numbers as 0, made-up names as *, repeated folders once, no values."""
    parts = urlsplit(url)
    names = "&".join(sorted({pair.partition("=")[0] for pair in parts.query.split("&")} - {""}))
    path = _MADE_UP.sub("*", _DIGITS.sub("0", _HEX.sub("*", parts.path)))
    if path.count("/") > _DEEP:
        *folders, page = path.split("/")
        named = [folder for folder in folders if folder not in {"", "0", "*"}]
        if len(set(named)) < len(named):
            path = "/".join(["", *sorted(set(named)), page]) + "+"
    return f"{parts.netloc}{path}" + (f"?{names}" if names else "")


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a site's pattern, compiled once."""
    return re.compile(pattern)
