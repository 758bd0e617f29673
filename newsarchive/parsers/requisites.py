"""What a browser fetches to show a page: images, style sheets, scripts, fonts, media; found, not fetched."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from urllib.parse import urljoin

from newsarchive.parsers.markup import attribute
from newsarchive.parsers.page import Page
from newsarchive.parsers.walk import MAX_LINKS

_SOURCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "img": ("src", "data-src", "data-original", "data-lazy-src"),
        "video": ("src", "poster"),
        "object": ("data",),
        **dict.fromkeys(("source", "script", "input", "embed", "audio", "track"), ("src",)),
        **dict.fromkeys(("body", "table", "tr", "td"), ("background",)),
    }
)
"""Attributes whose value is a URL; `data-…` are those from which scripts load images that come into view."""

_LINKS = frozenset({"stylesheet", "icon", "apple-touch-icon", "mask-icon", "preload", "modulepreload", "manifest"})
_CANDIDATE = re.compile(r"\s*(\S*[^\s,])(?:\s+[^\s,]+)?\s*(?:,|$)")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_URL = re.compile(
    r"""url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^)"'\s]*))\s*\)|@import\s+(?:"([^"\n]*)"|'([^'\n]*)')""", re.IGNORECASE
)


def page_requisites(page: Page) -> tuple[str, ...]:
    """Return the absolute http(s) URLs of what the page is shown with, in page order, at most 5,000."""
    found = (page.resolve(reference) for reference in _references(page))
    return tuple(islice(dict.fromkeys(url for url in found if url is not None), MAX_LINKS))


def style_requisites(content: bytes, url: str) -> tuple[str, ...]:
    """Return the absolute URLs that the style sheet at `url` imports or shows, at most 5,000."""
    # Names of files are ASCII in practice; bytes of another encoding can only spoil the one URL that holds them.
    references = (urljoin(url, reference) for reference in _style_references(content.decode("utf-8", "replace")))
    return tuple(islice(dict.fromkeys(found for found in references if found.startswith("http")), MAX_LINKS))


_TAGS = re.compile(
    r"<!--[^-]*(?:-(?!->)[^-]*)*-->"
    r"|<(?P<raw>style|script|textarea|title)(?P<its>(?: [^<>]*)?)>"
    r"(?P<content>[^<]*(?:<(?!/(?P=raw)>)[^<]*)*)</(?P=raw)>"
    r"|<(?P<name>[a-z][^\s<>]*)(?P<attributes>[^<>]*)>"
)


def _references(page: Page) -> Iterator[str]:
    for markup in (page.markup.head, page.markup.body):
        for found in _TAGS.finditer(markup):
            if found["name"] is not None:
                yield from _shown_by(found["name"], found["attributes"])
            elif found["raw"] == "style":
                yield from _style_references(found["content"])
            elif found["raw"] is not None:
                yield from _shown_by(found["raw"], found["its"])


def _shown_by(tag: str, attributes: str) -> Iterator[str]:
    if "url(" in (style := attribute(attributes, "style") or ""):
        yield from _style_references(style)
    if tag == "link":
        if _LINKS & set((attribute(attributes, "rel") or "").lower().split()):
            yield attribute(attributes, "href") or ""
    elif tag != "input" or (attribute(attributes, "type") or "").lower() == "image":
        yield from filter(None, (attribute(attributes, name) for name in _SOURCES.get(tag, ())))
        yield from _CANDIDATE.findall(attribute(attributes, "srcset") or "")


def _style_references(text: str) -> Iterator[str]:
    for match in _CSS_URL.finditer(_CSS_COMMENT.sub(" ", text)):
        reference = next((group for group in match.groups() if group), "").strip()
        if reference and not reference.lower().startswith(("data:", "#")):
            yield reference
