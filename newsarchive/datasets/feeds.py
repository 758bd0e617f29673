"""The feeds of a collection: Atom (RFC 4287) and JSON Feed 1.1, of the same entries and with the same ids."""

from typing import Any

from lxml import etree
from pydantic_core import to_json

from newsarchive.datasets.feed_entries import Feed, FeedEntry, clean

ATOM_NAME = "feed.atom"
JSON_NAME = "feed.json"
FEEDS = (ATOM_NAME, JSON_NAME)

ATOM = "http://www.w3.org/2005/Atom"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
KIND_SCHEME = "urn:newsarchive:change"
"""The scheme of the category that says what became of an article."""

RIGHTS = "The texts belong to their publishers; this feed gives titles and the beginnings of texts."

_TOLD = {
    "added": "New.", "changed": "Changed.", "removed": "Removed from the site; the archive keeps the last revision.",
    "withdrawn": "Withdrawn from the archive.",
}  # fmt: skip


def atom_of(feed: Feed) -> bytes:
    """Return the feed as Atom. It has no link to itself, since it does not know where it will be served."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]  # the stubs want a prefix
    if feed.about.language != "und":
        root.set(XML_LANGUAGE, feed.about.language)
    _add(root, "id", feed.uri)
    _add(root, "title", clean(f"{feed.about.title}: new, changed and removed articles"))
    _add(root, "updated", feed.updated_at)
    _add(_add(root, "author"), "name", clean(feed.about.title))
    _add(root, "link", rel="alternate", href=feed.about.home)
    _add(root, "rights", clean(feed.about.rights or RIGHTS))
    _add(root, "generator", "newsarchive")
    for entry in feed.entries:
        _add_entry(root, entry)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"


def json_feed_of(feed: Feed) -> bytes:
    """Return the feed as JSON Feed 1.1; what is the archive's own is in the object `_newsarchive` of each item."""
    found: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(f"{feed.about.title}: new, changed and removed articles"),
        "home_page_url": feed.about.home,
        "description": clean(feed.about.rights or RIGHTS),
        "authors": [{"name": clean(feed.about.title), "url": feed.about.home}],
    }
    if feed.about.language != "und":
        found["language"] = feed.about.language
    found["items"] = [_item(entry) for entry in feed.entries]
    return to_json(found, indent=2) + b"\n"


def _add_entry(root: etree._Element, entry: FeedEntry) -> None:
    element = _add(root, "entry")
    if entry.language:
        element.set(XML_LANGUAGE, entry.language)
    _add(element, "id", entry.uri)
    _add(element, "title", _title(entry), type="text")
    _add(element, "updated", entry.updated_at)
    _add(element, "published", entry.first_seen_at)
    for name in entry.authors:
        _add(_add(element, "author"), "name", name)
    _add(element, "link", rel="alternate", href=entry.url)
    _add(element, "category", term=entry.kind, scheme=KIND_SCHEME)
    if entry.section:
        _add(element, "category", term=entry.section)
    _add(element, "summary", _summary(entry), type="text")


def _item(entry: FeedEntry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.uri,
        "url": entry.url,
        "title": _title(entry),
        "content_text": _summary(entry),
        "date_published": entry.first_seen_at,
        "date_modified": entry.updated_at,
        "tags": [entry.kind, *([entry.section] if entry.section else [])],
    }
    if entry.authors:
        item["authors"] = [{"name": name} for name in entry.authors]
    if entry.language:
        item["language"] = entry.language
    row = entry.row
    item["_newsarchive"] = {
        "id": entry.id, "change": entry.kind, "date": row["date"], "revision": row["revision"],
        "captured_at": row["captured_at"], "payload_digest": row["capture"]["payload_digest"],
        "content_digest": row["content_digest"],
    }  # fmt: skip
    return item


def _title(entry: FeedEntry) -> str:
    """Return the title; where the page is gone it says so, since many readers show nothing else."""
    return f"[{entry.kind}] {entry.title}" if entry.kind in {"removed", "withdrawn"} else entry.title


def _summary(entry: FeedEntry) -> str:
    return f"{_TOLD[entry.kind]} {entry.excerpt}".rstrip()


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element
