"""What is served decides whether a URL is a page, a sitemap or a feed, whatever kind it was entered as."""

import datetime as dt
import gzip

import pytest

from newsarchive.records.site import Site
from newsarchive.sites.scope import Scope
from newsarchive.store.interpret import Meaning, interpret
from newsarchive.warc.reader import StoredResponse

HOME = "http://institute.test/"
SCOPE = Scope(Site(name="institute", title="Institute", home=HOME))
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
SITEMAP = f"<urlset><url><loc>{HOME}1.html</loc></url></urlset>".encode()
FEED = f"<rss><item><link>{HOME}1.html</link></item></rss>".encode()


def meaning_of(payload: bytes, kind: str) -> Meaning:
    answer = StoredResponse(HOME + "x", NOW, 200, (("Content-Type", "text/html"),), payload, None)
    return interpret(answer, kind, SCOPE, url=HOME + "x", captured_at=NOW)


@pytest.mark.parametrize("entered_as", ["unknown", "page", "list", "article", "feed", "sitemap"])
@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (SITEMAP, "sitemap"),
        (gzip.compress(SITEMAP, mtime=0), "sitemap"),
        (FEED, "feed"),
        (gzip.compress(FEED, mtime=0), "feed"),
    ],
    ids=["sitemap", "packed sitemap", "feed", "packed feed"],
)
def test_what_is_served_decides(payload: bytes, kind: str, entered_as: str) -> None:
    meaning = meaning_of(payload, entered_as)
    assert meaning.kind == kind
    assert [found.url for found in meaning.found] == [HOME + "1.html"]


PACKED = [gzip.compress(b"<html>text</html>", mtime=0), b"\x1f\x8b broken", gzip.compress(SITEMAP, mtime=0)[:-9]]


@pytest.mark.parametrize("packed", PACKED, ids=["page", "broken", "cut"])
def test_what_is_packed_and_not_for_machines_stays_the_file_that_it_is(packed: bytes) -> None:
    assert meaning_of(packed, "unknown").kind == "file"


def test_rules_for_robots_are_never_anything_else() -> None:
    assert meaning_of(SITEMAP, "robots").kind == "robots"


@pytest.mark.parametrize(("path", "kind"), [("a.xml.gz", "sitemap"), ("urls.txt", "sitemap"), ("a/", "unknown")])
def test_a_seed_that_is_a_file_by_its_name_is_taken_for_a_sitemap(path: str, kind: str) -> None:
    assert SCOPE.seed_kind(HOME + path) == kind
    assert SCOPE.refusal(HOME + path, kind) is None
