"""What of an article counts for a verdict: its fields, the rules that found them, the template it stands in."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsarchive.digests import sha256_hex
from newsarchive.records.article import Article
from newsarchive.urls import shape
from newsarchive.verdicts.past import FIELDS

LEAST_TEXT = 40
"""Characters of text from which on a body is more than a crumb."""

_NUMBERS = re.compile(r"\[\d+\]")
_RULED = ("title", "date", "source", "author")
"""Fields of which it is counted by which rule they are found."""


@dataclass(frozen=True, slots=True)
class PageRead:
    """One article page as it is counted."""

    url: str
    page_class: str
    fields: frozenset[str]
    """Fields that have a value, of those that are counted."""
    rules: tuple[str, ...]
    template: str
    warnings: frozenset[str]


def class_of(url: str) -> str:
    """Return the class of the article page at `url`: the shape of its path and query."""
    return f"article {shape(url).removeprefix(urlsplit(url).netloc)}"


def page_read(article: Article) -> PageRead:
    """Return what of `article` counts."""
    return PageRead(
        url=article.url,
        page_class=class_of(article.url),
        fields=frozenset(name for name in FIELDS if _has(article, name)),
        rules=tuple(f"{name} {found.rule}" for name in _RULED if (found := article.provenance.get(name)) is not None),
        template=_template(article),
        warnings=frozenset(warning.partition(":")[0] for warning in article.warnings),
    )


def _has(article: Article, name: str) -> bool:
    if name == "text":
        return len(article.text) >= LEAST_TEXT
    value = getattr(article, name)
    return value is not None and value not in ((), "")


def _template(article: Article) -> str:
    """Return the fingerprint of the elements in which title and body stand, whatever number each has among its like."""
    places = [found.xpath or "" for name in ("title", "body") if (found := article.provenance.get(name)) is not None]
    return sha256_hex(_NUMBERS.sub("", "\n".join(places)).encode())[:8]
