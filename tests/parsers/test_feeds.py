"""Sitemaps and feeds: what they name, what breaks them, and that they reach nothing else."""
# ruff: noqa: E501 - markup is easier to read unbroken

import pytest

from newsarchive.errors import PageError
from newsarchive.parsers.feeds import machine_kind, read_feed, read_sitemap

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def test_a_sitemap_names_pages_and_an_index_names_sitemaps() -> None:
    pages = read_sitemap(
        f"<urlset {NAMESPACE}><url><loc> http://a.test/1 </loc></url><url><loc>http://a.test/1</loc></url></urlset>".encode()
    )
    assert (pages.urls, pages.sitemaps, pages.error) == (("http://a.test/1",), (), None)
    index = read_sitemap(
        f"<sitemapindex {NAMESPACE}><sitemap><loc>http://a.test/s.xml</loc></sitemap></sitemapindex>".encode()
    )
    assert (index.urls, index.sitemaps, index.error) == ((), ("http://a.test/s.xml",), None)


def test_a_sitemap_may_be_text() -> None:
    assert read_sitemap(b"http://a.test/1\nhttp://a.test/2\n").urls == ("http://a.test/1", "http://a.test/2")


def test_a_broken_sitemap_gives_what_is_readable_and_says_so() -> None:
    found = read_sitemap(f"<urlset {NAMESPACE}><url><loc>http://a.test/1</loc></url><url><loc>http://a".encode())
    assert found.urls[0] == "http://a.test/1"
    assert isinstance(found.error, PageError)


@pytest.mark.parametrize("body", [b"", b"  ", b"\x00\x01\x02", b"<", b"<html><body>no", b"\xff\xfe<"])
def test_what_is_no_sitemap_gives_nothing_and_raises_nothing(body: bytes) -> None:
    found = read_sitemap(body)
    assert (found.urls, found.sitemaps) == ((), ())
    assert read_feed(body, "http://a.test/") == ()


def test_entities_are_not_resolved() -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + "]>"
    )
    found = read_sitemap(f"{bomb}<urlset {NAMESPACE}><url><loc>http://a.test/&i;</loc></url></urlset>".encode())
    assert all(len(url) < 100 for url in found.urls)
    outside = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset {NAMESPACE}><url><loc>http://a.test/&f;</loc></url></urlset>'
    assert "root" not in "".join(read_sitemap(outside.encode()).urls)


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel><link>http://a.test/</link><item><link>/1</link></item><item><guid>http://a.test/2</guid></item></channel></rss>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="self" href="/x"/><link href="/1"/></entry><entry><link rel="alternate" href="2"/></entry></feed>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item rdf:about="/1"/><item rdf:about="/2"><link>/2</link></item></rdf:RDF>',
    ],
)
def test_a_feed_names_its_entries(body: str) -> None:
    found = read_feed(body.encode(), "http://a.test/feed.xml")
    assert [(link.url, link.rel) for link in found] == [("http://a.test/1", "entry"), ("http://a.test/2", "entry")]


def test_a_feed_in_another_encoding_is_read_by_its_declaration() -> None:
    body = '<?xml version="1.0" encoding="gb2312"?><rss><channel><item><title>标题</title><link>/1</link></item></channel></rss>'
    assert [link.url for link in read_feed(body.encode("gb2312"), "http://a.test/")] == ["http://a.test/1"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<urlset/>", "sitemap"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<?xml-stylesheet href='x'?><!-- <rss> -->\n<s:sitemapindex>", "sitemap"),
        (b"<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'x.dtd'>\n<rss version='0.91'>", "feed"),
        (b'<!DOCTYPE rdf:RDF [<!ENTITY x "]">]><rdf:RDF xmlns:rdf="r">', "feed"),
        ('<?xml version="1.0" encoding="UTF-16"?><feed xmlns="a">'.encode("utf-16"), "feed"),
        (b"<!DOCTYPE html><html><body><rss></rss></body></html>", None),
        (b"<rssfeed/>", None),
        (b"text <rss>", None),
        (b"", None),
        (b"<!--" * 100_000, None),
        (b"<!DOCTYPE x [" + b"] " * 100_000, None),
    ],
)
def test_the_root_tells_what_is_written_for_machines(body: bytes, kind: str | None) -> None:
    assert machine_kind(body) == kind


def test_a_mark_of_the_byte_order_makes_no_text_of_a_sitemap() -> None:
    assert read_sitemap(b"\xef\xbb\xbf<urlset><url><loc>http://a.test/1</loc></url></urlset>").urls == (
        "http://a.test/1",
    )
