"""The key under which an index has a URL: host names reversed, so that what belongs together stands together (SURT).

Spelt as the Internet Archive's canonicaliser does, since every replay tool looks URLs up by that key. Written anew: the
library that has the name is under the AGPL, and asks the network for hosts that are numbers.
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

_PLAIN: Final = re.compile(rb"(?:/[a-z0-9_~-][a-z0-9._~-]*)*/?")
"""Paths that are their own key, but for a slash at the end: almost all that institutes have."""

_UNRESERVED: Final = re.compile(rb"[A-Za-z0-9/.:_~-]*")

_PARTS: Final = re.compile(rb"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?")
_SAFE: Final = rb"""!"$&'()*+,-./:;<=>?@[\]^_`{|}~"""
_WWW: Final = re.compile(rb"www\d*\.")
_DEFAULT_PORTS: Final = {b"http": b"80", b"https": b"443"}
_PATH_SESSIONS: Final = (
    re.compile(rb"(.*/)\((?:[a-z]\([0-9a-z]{24}\))+\)/([^?]+\.aspx.*)", re.IGNORECASE | re.DOTALL),
    re.compile(rb"(.*/)\([0-9a-z]{24}\)/([^?]+\.aspx.*)", re.IGNORECASE | re.DOTALL),
)
_QUERY_SESSIONS: Final = tuple(
    re.compile(rb"(.*)" + session + rb"(?:&(.*))?", re.IGNORECASE | re.DOTALL)
    for session in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
)


def surt_key(url: str) -> str:
    """Return the key of `url`, such as `cn,edu,lzu,icas)/f/202012/1050.html`; without scheme, user and fragment.

    It is ASCII and holds no space, whatever the URL.
    """
    matched = _PARTS.match(re.sub(rb"[\r\n\t]", b"", url.strip().encode()))
    scheme, authority, path, query = matched.groups() if matched else (None, None, b"", None)
    if scheme is None or authority is None:
        kept = path if _UNRESERVED.fullmatch(path) else _escaped(path)
        key = (scheme or b"") + b":" + _without_last_slash(kept.lower())
    else:
        key = _host_key(scheme, authority) + _path_key(path)
    if query and (kept := _query_key(query)):
        key += b"?" + kept
    return key.decode("ascii")


@lru_cache(maxsize=256)
def _host_key(scheme: bytes, authority: bytes) -> bytes:
    host, port = _host_and_port(authority.rpartition(b"@")[2])
    name = _unescaped(host)
    if not name.isascii():
        name = name.decode("utf-8", "ignore").encode("idna")
    name = _escaped(name.replace(b"..", b".").strip(b".")).lower()
    matched = _WWW.match(name)
    name = name[matched.end() :] if matched else name
    if port in {b"", _DEFAULT_PORTS.get(scheme.lower())}:
        port = b""
    return b",".join(reversed(name.split(b"."))) + (b":" + port if port else b"") + b")"


def _host_and_port(authority: bytes) -> tuple[bytes, bytes]:
    if authority.startswith(b"["):
        host, _, port = authority[1:].partition(b"]")
        return host, port.removeprefix(b":")
    host, _, port = authority.partition(b":")
    return host, port


def _path_key(path: bytes) -> bytes:
    if _PLAIN.fullmatch(path):
        return _without_last_slash(path) or b"/"
    key = _escaped(_without_dots(_unescaped(path))).lower()
    for session in _PATH_SESSIONS:
        if matched := session.fullmatch(key):
            key = matched[1] + matched[2]
    return _without_last_slash(key)


def _without_dots(path: bytes) -> bytes:
    kept: list[bytes] = []
    for part in path.split(b"/")[1:]:
        if part == b".." and kept:
            kept.pop()
        elif part != b".":
            kept.append(part)
    return b"/" + b"".join(part + b"/" for part in kept[:-1] if part) + (kept[-1] if kept else b"")


def _query_key(query: bytes) -> bytes:
    key = _escaped(_unescaped(query))
    for session in _QUERY_SESSIONS:
        if matched := session.fullmatch(key):
            key = matched[1] + (matched[2] or b"")
    key = key.lower()
    if len(key) <= 1:
        return key
    return b"&".join(b"=".join(pair) for pair in sorted(tuple(part.split(b"=", 1)) for part in key.split(b"&")))


def _without_last_slash(path: bytes) -> bytes:
    return path[:-1] if path.endswith(b"/") and len(path) > 1 else path


def _unescaped(part: bytes) -> bytes:
    while (plain := unquote_to_bytes(part)) != part:
        part = plain
    return part


def _escaped(part: bytes) -> bytes:
    return quote_from_bytes(_unescaped(part), safe=_SAFE).encode("ascii")
