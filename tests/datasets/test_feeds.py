"""The feeds: valid Atom and JSON Feed whatever a page holds, bounded, and with ids that never change."""

import datetime as dt
import io
import json
import re
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from newsarchive.datasets.export import export_collection, refresh_articles
from newsarchive.datasets.feed_entries import LONGEST_TITLE, MOST_ENTRIES, feed_of
from newsarchive.datasets.feeds import ATOM, atom_of, json_feed_of
from newsarchive.datasets.selection import Selection
from newsarchive.extensions.counts import Counts
from newsarchive.extensions.publishing import publish
from newsarchive.records.description import Description
from newsarchive.records.event import PreservationEvent
from newsarchive.records.revision import Revision
from newsarchive.store.backwards import lines_backwards
from newsarchive.store.events import append_events
from newsarchive.store.layout import Layout
from tests.datasets.conftest import SITE, Keep
from tests.datasets.test_owner import changed, other

ABOUT = Description.of(SITE)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}-\d\d-\d\d:newsarchive/[A-Za-z0-9/._~%-]+")

HOSTILE = ["<script>alert(1)</script>", "]]>", "a & b &amp; <![CDATA[x]]>", "\x00\x0b\x1f", "\ufffe\uffff", "\u202e题",
           '" onload="x', "<!DOCTYPE x [<!ENTITY y 'z'>]>"]  # fmt: skip


def feeds(layout: Layout, folder: Path, most: int = MOST_ENTRIES) -> tuple[bytes, dict[str, Any]]:
    with Selection(layout, folder) as selection:
        feed = feed_of(selection, ABOUT, most)
    return atom_of(feed), json.loads(json_feed_of(feed))


def check_atom(data: bytes) -> list[etree._Element]:
    """Check what RFC 4287 asks for, section by section, and return the entries."""
    parsed = feedparser.parse(io.BytesIO(data))
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    assert root.tag == f"{{{ATOM}}}feed"
    entries = root.findall(f"{{{ATOM}}}entry")
    for element in (root, *entries):  # 4.1.1, 4.1.2: exactly one of each
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{{{ATOM}}}{name}")
            assert found.text
        assert TAG.fullmatch(element.findtext(f"{{{ATOM}}}id") or "")
        assert RFC_3339.fullmatch(element.findtext(f"{{{ATOM}}}updated") or "")  # 3.3
        (link,) = element.findall(f"{{{ATOM}}}link")
        assert link.get("rel") == "alternate"
        assert all(author.findtext(f"{{{ATOM}}}name") for author in element.findall(f"{{{ATOM}}}author"))  # 3.2.1
    assert root.find(f"{{{ATOM}}}author") is not None  # 4.1.1: of every entry without one
    ids = [entry.findtext(f"{{{ATOM}}}id") for entry in entries]
    assert len(ids) == len(set(ids))
    assert len(parsed.entries) == len(entries)
    return entries


def check_json_feed(feed: dict[str, Any]) -> list[dict[str, Any]]:
    """Check what JSON Feed 1.1 asks for, and return the items."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    top = {"version", "title", "home_page_url", "description", "authors", "language", "items"}
    assert set(feed) <= top
    known = {"id", "url", "title", "content_text", "date_published", "date_modified", "authors", "tags", "language"}
    for item in feed["items"]:
        assert {name for name in item if not name.startswith("_")} <= known
        assert isinstance(item["id"], str)
        assert isinstance(item["content_text"], str)
        assert RFC_3339.fullmatch(item["date_published"])
        assert RFC_3339.fullmatch(item["date_modified"])
        assert all(isinstance(tag, str) for tag in item["tags"])
        assert all(set(author) <= {"name", "url", "avatar"} for author in item.get("authors", []))
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    items: list[dict[str, Any]] = feed["items"]
    return items


def test_an_article_is_one_entry_with_what_became_of_it_last(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    new, edited, gone = (other(revision, key) for key in "abc")
    layout = kept(
        new, edited, gone, changed(edited, 2, 1, title="改了"), changed(gone, 2, 2, status="removed"),
        changed(new, 2, 3, cause="reparse"), changed(other(revision, "first"), 1, 4, cause="reparse"),
    )  # fmt: skip
    atom, feed = feeds(layout, tmp_path)
    entries = check_atom(atom)
    items = check_json_feed(feed)
    told = [(item["_newsarchive"]["id"], item["tags"][0]) for item in items]
    assert told.pop(0) == ("sample/first", "added")
    assert told == [("sample/c", "removed"), ("sample/b", "changed"), ("sample/a", "added")]
    entries, items = entries[1:], items[1:]
    assert [entry.findtext(f"{{{ATOM}}}title") for entry in entries] == [
        f"[removed] {gone.title}", "改了", new.title,
    ]  # fmt: skip
    assert "Removed from the site" in items[0]["content_text"]
    assert [item["id"] for item in items] == [entry.findtext(f"{{{ATOM}}}id") for entry in entries]
    assert items[0]["date_modified"] == "2026-01-03T00:00:00Z"


def test_ids_stay_when_an_article_changes(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    _, before = feeds(kept(revision), tmp_path)
    later = changed(revision, 2, 1, title="改了").model_copy(update={"url": "http://sample.newsarchive.test/new.html"})
    _, after = feeds(kept(later), tmp_path)
    assert [item["id"] for item in before["items"]] == [item["id"] for item in after["items"]]
    assert before["items"][0]["date_modified"] < after["items"][0]["date_modified"]


def test_a_withdrawn_article_comes_back_without_its_words(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    gone = other(revision, "gone").model_copy(
        update={"status": "withdrawn", "title": "", "body": (), "text": "", "content_digest": "withdrawn:sample/gone"}
    )
    layout = kept(gone, *(changed(other(revision, f"{number}"), 1, 1) for number in range(5)))
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    event = PreservationEvent(
        event="urn:uuid:0",
        type="deaccession",
        at=at,
        detail="asked for",
        outcome="pass",
        agent="x",
        object="sample/gone",
    )
    append_events(layout, [event])
    atom, feed = feeds(layout, tmp_path, most=3)
    check_atom(atom)
    first = check_json_feed(feed)[0]
    assert (first["title"], first["content_text"]) == ("[withdrawn] sample/gone", "Withdrawn from the archive.")
    assert first["date_modified"] == "2026-03-01T00:00:00Z"
    assert len(feed["items"]) == 3


def test_a_feed_has_the_newest_and_no_more(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    number = MOST_ENTRIES + 5
    layout = kept(*(changed(other(revision, f"{day:03}"), 1, day) for day in range(number)))
    atom, feed = feeds(layout, tmp_path)
    assert len(check_atom(atom)) == MOST_ENTRIES
    told = [item["_newsarchive"]["id"] for item in check_json_feed(feed)]
    assert told == [f"sample/{day:03}" for day in reversed(range(5, number))]


def test_the_feed_of_an_empty_collection_is_valid(kept: Keep, tmp_path: Path) -> None:
    atom, feed = feeds(kept(), tmp_path)
    assert check_atom(atom) == []
    assert check_json_feed(feed) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text: str, kept: Keep, revision: Revision, tmp_path: Path) -> None:
    layout = kept(
        revision.model_copy(
            update={"title": f"题{text}", "text": f"文{text}", "author": f"某{text}", "section": f"栏{text}"}
        )
    )
    atom, feed = feeds(layout, tmp_path)
    (entry,) = check_atom(atom)
    (item,) = check_json_feed(feed)
    assert entry.findtext(f"{{{ATOM}}}title") == item["title"]
    assert len(list(entry.iter(f"{{{ATOM}}}title"))) == 1
    assert not [element for element in entry.iter() if not str(element.tag).startswith(f"{{{ATOM}}}")]
    plain = "".join(sign for sign in f"题{text}" if sign.isprintable() and sign != "\ufffd")
    assert "".join(sign for sign in item["title"] if sign.isprintable() and sign != "\ufffd") == plain


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=30), st.text(max_size=30))
@example("题" * 1000, "\ud800")
@example("\r\n", "\udfff\x85")
def test_any_title_and_text_give_valid_feeds(
    kept: Keep, revision: Revision, tmp_path: Path, title: str, text: str
) -> None:
    layout = kept(revision.model_copy(update={"title": title, "text": text, "source": title}))
    atom, feed = feeds(layout, tmp_path, most=1)
    check_atom(atom)
    (item,) = check_json_feed(feed)
    assert len(item["title"]) <= LONGEST_TITLE


def test_a_run_and_an_export_publish_the_same_feeds(made: Layout, tmp_path: Path) -> None:
    done = export_collection(made, tmp_path / "export", ["jsonl"], site=SITE)
    publish(made, tmp_path / "run", Counts(), SITE)
    for name in ("feed.atom", "feed.json"):
        assert (tmp_path / "run" / "sample" / name).read_bytes() == (done.folder / name).read_bytes()


def test_each_run_that_records_something_refreshes_the_feeds(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    layout = kept(revision)
    refresh_articles(layout, tmp_path / "e", SITE)
    kept(changed(revision, 2, 1, title="后来"))
    publish(layout, tmp_path / "e", Counts(), SITE)
    assert [item["title"] for item in json.loads((tmp_path / "e/sample/feed.json").read_bytes())["items"]] == ["后来"]
    assert "后来" in (tmp_path / "e/sample/feed.atom").read_text(encoding="utf-8")


@given(st.lists(st.sampled_from([b"a", b"bb\n", b"\n", b"ccc\n"]), max_size=20), st.integers(1, 7))
def test_lines_come_back_from_the_end_whatever_the_block(pieces: list[bytes], block: int) -> None:
    data = b"".join(pieces)
    lines = [line for line in reversed(data.split(b"\n")) if line]
    assert list(lines_backwards(io.BytesIO(data), len(data), block)) == lines
