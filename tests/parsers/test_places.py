"""The place of every field holds its value, in the tree that a browser builds of the page."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsarchive.parsers import GENERIC_SITE
from newsarchive.parsers.encoding import decode
from newsarchive.parsers.reading import read_page
from newsarchive.records.article import Article
from newsarchive.records.site import Site
from tests.fixtures.golden import CAPTURED_AT, Case, cases, site_of

_STEP = re.compile(r"(?P<name>.+)\[(?P<number>\d+)\]")


def element(html: bytes, xpath: str) -> LexborNode | None:
    """Return the element at `xpath`, counted child by child in lexbor's tree, which is HTML5's."""
    node: LexborNode | None = LexborHTMLParser(html).root
    for step in xpath.split("/")[2:]:
        match = _STEP.fullmatch(step)
        assert match is not None
        alike = [child for child in node.iter() if child.tag == match["name"]] if node is not None else []
        number = int(match["number"])
        node = alike[number - 1] if number <= len(alike) else None
    return node


def misplaced(html: bytes, url: str, site: Site) -> Iterator[str]:
    """Yield the fields whose place does not begin to hold what was read there."""
    article = read_page(html, url, site, captured_at=CAPTURED_AT).article
    for name, value in _values(article) if article is not None else ():
        place = article.provenance.get(name) if article is not None else None
        if place is None or place.xpath is None or not value:
            continue
        found = element(decode(html).utf8, place.xpath)
        text = "".join(found.text().split()) if found is not None else ""
        if "".join(value.split())[:10] not in text:
            yield f"{name}: {value[:20]!r} is not at {place.xpath}: {text[:40]!r}"


def _values(article: Article) -> Iterator[tuple[str, str]]:
    evidence = article.date_evidence
    # Of a day in boxes of their own only the first part stands where the date begins.
    yield "date", evidence.text.split()[0] if evidence is not None else ""
    yield "title", article.title
    yield "source", article.source or ""
    yield "author", article.author or ""
    yield "body", article.text
    if article.tags:
        yield "tags", article.tags[0]
    if article.breadcrumb:
        yield "breadcrumb", article.breadcrumb[0]
    if article.related:
        yield "related", article.related[0].list


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_each_place_on_a_golden_page_holds_its_value(case: Case) -> None:
    url = case.expected["url"]
    assert list(misplaced(case.page, url, site_of(case.name, url))) == []


@pytest.mark.corpora
def test_each_place_on_a_real_page_holds_its_value(corpora: Path) -> None:
    pages = sorted(corpora.glob("*/pages/*.gz"))
    assert pages
    url = "http://institute.example/f/202012/1.html"
    wrong = [(page.name, list(misplaced(gzip.decompress(page.read_bytes()), url, GENERIC_SITE))) for page in pages]
    assert [found for found in wrong if found[1]] == []
