"""A decoded page and everything that is looked up in it more than once."""

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from newsarchive.parsers.encoding import Decoded
from newsarchive.parsers.labels import LabelTable, label_table
from newsarchive.parsers.lines import Lines
from newsarchive.parsers.markup import Markup, attribute, plain, read_markup, seen
from newsarchive.parsers.walk import read_lines
from newsarchive.records.site import Site

_PLAIN_HREF = re.compile(r"[A-Za-z0-9_\-./~%:?=&,;+@!$'()*]*").fullmatch
_UP = re.compile(r"(?:\.\./)++").match
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_\-.~%][A-Za-z0-9_\-./~%]*").fullmatch
_PLAIN_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-]+").fullmatch
_USUAL_URL = re.compile(r"(?:https?://|/(?!/))[A-Za-z0-9_\-./~%:?=&,;+@!$'()*]*").fullmatch
"""Absolute, or from the root."""
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")


class Resolver:
    """Makes hrefs absolute; the usual forms by concatenation: `urljoin` for every link costs more than parsing."""

    __slots__ = ("_base", "_folder", "_known", "_origin", "_scheme", "skipped")

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self._base = base
        self._scheme = parts.scheme
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._folder = self._origin + (parts.path.rpartition("/")[0] or "") + "/"
        self._known: dict[str, str | None] = {}
        self.skipped = 0

    def __call__(self, href: str | None) -> str | None:
        """Return the absolute http(s) URL without fragment, or None where there is none to follow."""
        if not href:
            return None
        known = self._known
        if href in known:
            return known[href]
        # The usual forms of a link need next to nothing: of plain characters, without dots between slashes.
        url: str | None
        if _USUAL_URL(href) is None or "./" in href or href[-1] == ".":
            url = self._resolved(href.strip())
        else:
            url = href if href[0] != "/" else self._origin + href
        known[href] = url
        return url

    def _resolved(self, href: str) -> str | None:  # noqa: C901, PLR0911 - one return for each form of href
        if not href:
            return None
        if "#" in href:
            href = href.partition("#")[0]
            if not href:
                return None
        if href.startswith("../"):
            return self._below_parent(href)
        if href.startswith("./"):
            return self._below_folder(href)
        plain = _PLAIN_HREF(href) is not None and "./" not in href and href[-1:] != "."
        if href[0] == "/" and href[1:2] != "/":
            return self._origin + href if plain else self._joined(href)
        if ":" in href[:12]:
            if href[:8].lower().startswith(("http://", "https://")):
                return href if plain else self._joined(href)
            if _SCHEME.match(href):
                return None
        if not plain or href[0] == "?":
            return self._joined(href)
        if href.startswith("//"):
            return f"{self._scheme}:{href}"
        return self._folder + href

    def _below_folder(self, href: str) -> str | None:
        rest = href[2:]
        if "./" in rest or "//" in rest or rest[:1] in "/?." or _PLAIN_HREF(rest) is None or rest[-1] == ".":
            return self._joined(href)
        return self._folder + rest

    def _below_parent(self, href: str) -> str | None:
        folder = self._folder
        rest = href
        while rest.startswith("../") and len(folder) > len(self._origin) + 1:
            rest = rest[3:]
            folder = folder[: folder.rindex("/", 0, -1) + 1]
        if "./" in rest or _PLAIN_HREF(rest) is None or rest[-1:] == ".":
            return self._above_root(rest) or self._joined(href)
        return folder + rest

    def _above_root(self, href: str) -> str | None:
        """Return where `../a.html` leads from the root, which is its own parent; None for any but the plainest."""
        up = _UP(href)
        rest = href[up.end() :] if up is not None else ""
        plain = _PLAIN_PATH(rest) is not None and "./" not in rest and "//" not in rest and rest[-1] != "."
        return f"{self._origin}/{rest}" if plain and _PLAIN_ORIGIN(self._origin) is not None else None

    def _joined(self, href: str) -> str | None:
        try:
            url = urljoin(self._base, href.replace("\\", "/").replace("\n", "").replace("\t", "").replace("\r", ""))
            parts = urlsplit(url)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            usable = False
        if not usable:
            self.skipped += 1
            return None
        return url.replace(" ", "%20")


@dataclass(slots=True)
class Head:
    """What the head of a page declares."""

    title: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    base: str | None = None
    canonical: str | None = None
    feeds: list[str] = field(default_factory=list)


@dataclass
class Page:
    """A page as the readers of single fields see it."""

    url: str
    decoded: Decoded
    markup: Markup
    lines: Lines
    head: Head
    site: Site
    captured_at: dt.datetime | None

    @cached_property
    def labels(self) -> LabelTable:
        return label_table(tuple(self.site.labels.items()))

    @cached_property
    def resolve(self) -> Resolver:
        base = self.url
        if self.head.base:
            base = Resolver(self.url)(self.head.base) or self.url
        return Resolver(base)


def open_page(decoded: Decoded, url: str, site: Site, captured_at: dt.datetime | None) -> Page:
    """Return the page that `decoded` holds; raises what `read_markup` raises."""
    markup = read_markup(decoded.utf8)
    return Page(url, decoded, markup, read_lines(markup.seen), read_head(markup), site, captured_at)


def read_head(markup: Markup) -> Head:
    """Return title, metas (names in lower case), base, canonical URL and feeds."""
    head = Head()
    for text in (markup.head, markup.body):
        if not head.title and (found := _TITLE(text)) is not None:
            head.title = _folded(found[1])
    for name, tag in _HEAD(seen(markup.head)):
        _read_head_element(head, name, tag)
    return head


_HEAD = re.compile(r"<(meta|link|base)( [^<>]*)>").findall
_TITLE = re.compile(r"<title(?: [^>]*)?>([^<]*)").search


def _folded(text: str) -> str:
    return " ".join(plain(text).split())


def _read_head_element(head: Head, name: str, tag: str) -> None:
    if name == "meta":
        key = attribute(tag, "name") or attribute(tag, "property") or attribute(tag, "itemprop")
        content = attribute(tag, "content")
        if key and content:
            head.metas.setdefault(key.lower(), " ".join(content.split()))
    elif name == "base":
        head.base = head.base or attribute(tag, "href")
    else:
        relation = (attribute(tag, "rel") or "").lower()
        href = attribute(tag, "href")
        if href and "canonical" in relation:
            head.canonical = head.canonical or href
        elif href and "alternate" in relation and (attribute(tag, "type") or "").lower() in {
            "application/rss+xml", "application/atom+xml", "application/rdf+xml",
        }:  # fmt: skip
            head.feeds.append(href)
