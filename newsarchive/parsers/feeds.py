"""Sitemaps and feeds: URLs that a site declares for machines. Entities are never resolved, nothing is fetched."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from lxml import etree

from newsarchive.errors import EmptyPageError, NotHtmlError, PageError
from newsarchive.parsers.page import Resolver
from newsarchive.records.listing import Link

MAX_URLS = 50_000
"""The limit of the sitemap protocol for one file (https://www.sitemaps.org/protocol.html)."""

MachineKind = Literal["sitemap", "feed"]

ROOTS: Mapping[bytes, MachineKind] = MappingProxyType(
    {b"urlset": "sitemap", b"sitemapindex": "sitemap", b"rss": "feed", b"feed": "feed", b"RDF": "feed"}
)
"""What XML is by the local name of its root element."""

PREFACE_BYTES: Final = 65_536
"""The root is looked for behind so much of declaration, comments and document type."""

_BEFORE_ROOT = re.compile(rb"\s*<(?:\?.*?\?>|!--.*?-->|!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)", re.DOTALL)
_ROOT = re.compile(rb"\s*<(?:[\w.-]+:)?(\w+)[\s/>]")


@dataclass(frozen=True, slots=True)
class SitemapReading:
    """What a sitemap names."""

    urls: tuple[str, ...]
    """Pages, in order, without repetitions."""
    sitemaps: tuple[str, ...]
    """Further sitemaps, of a sitemap index."""
    error: PageError | None
    """Why the document could not be read to its end; None where it could."""


@dataclass(frozen=True, slots=True)
class _Document:
    root: etree._Element | None
    error: PageError | None


def machine_kind(body: bytes) -> MachineKind | None:
    """Return which kind of XML for machines `body` is, an index of sitemaps being one; None: it is anything else."""
    head = _without_mark(body[:PREFACE_BYTES])
    if head[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        head = head.decode("utf-16", "ignore").encode()
    start = 0
    while before := _BEFORE_ROOT.match(head, start):
        start = before.end()
    root = _ROOT.match(head, start)
    return ROOTS.get(root[1]) if root else None


def read_sitemap(body: bytes) -> SitemapReading:
    """Return what a sitemap or sitemap index (XML, or text with a URL a line) names, as far as it can be read."""
    body = _without_mark(body)
    if machine_kind(body) is None and not body.lstrip().startswith(b"<"):
        return _text_sitemap(body)
    document = _parsed(body)
    pages: dict[str, None] = {}
    sitemaps: dict[str, None] = {}
    for element in document.root.iter("{*}loc") if document.root is not None else ():
        parent = element.getparent()
        url = (element.text or "").strip()
        if parent is None or not url.startswith(("http://", "https://")):
            continue
        kind = etree.QName(parent).localname
        if kind == "sitemap":
            sitemaps[url] = None
        elif kind == "url":
            pages[url] = None
    return SitemapReading(tuple(pages)[:MAX_URLS], tuple(sitemaps)[:MAX_URLS], document.error)


def read_feed(body: bytes, url: str) -> tuple[Link, ...]:
    """Return the entries of the RSS 2.0, RSS 1.0 or Atom feed at `url`, as far as it can be read."""
    root = _parsed(body).root
    if root is None:
        return ()
    resolve = Resolver(url)
    found: dict[str, Link] = {}
    for element in root.iter("{*}item", "{*}entry"):
        target = resolve(_target(element))
        if target is not None:
            found.setdefault(target, Link(url=target, rel="entry"))
    return tuple(found.values())[:MAX_URLS]


def _without_mark(body: bytes) -> bytes:
    return body.removeprefix(codecs.BOM_UTF8)


def _target(element: etree._Element) -> str | None:
    for child in element.iter("{*}link"):
        if child.get("href") and (child.get("rel") or "alternate") == "alternate":
            return child.get("href")
        if child.text and child.text.strip():
            return child.text.strip()
    for child in element.iter("{*}guid"):
        if child.get("isPermaLink") != "false" and child.text:
            return child.text.strip()
    return element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")


def _parsed(body: bytes) -> _Document:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, recover=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        return _Document(None, EmptyPageError(f"no XML: {problem}"))
    if root is None:
        return _Document(None, EmptyPageError("no XML element"))
    if len(parser.error_log):
        return _Document(root, NotHtmlError(f"broken XML: {parser.error_log[0].message}"))
    return _Document(root, None)


def _text_sitemap(body: bytes) -> SitemapReading:
    lines = (line.strip() for line in body.decode("utf-8", "replace").split("\n"))
    urls = dict.fromkeys(line for line in lines if line.startswith(("http://", "https://")))
    error = None if urls else EmptyPageError("neither XML nor URLs")
    return SitemapReading(tuple(urls)[:MAX_URLS], (), error)
