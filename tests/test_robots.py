"""robots.txt: what its bytes allow."""

from newsarchive.sites.robots import Robots

OURS = b"User-agent: newsarchive\nDisallow: /about.html\nCrawl-delay: 2\n\nUser-agent: *\nDisallow: /\n"
PAGE = "http://institute.test/news/1.html"


def test_our_own_group_wins_over_everybodys() -> None:
    robots = Robots.parsed(OURS)
    assert robots.allows(PAGE)
    assert not robots.allows("http://institute.test/about.html")
    assert robots.delay_seconds == 2


def test_a_byte_order_mark_hides_no_group() -> None:
    assert Robots.parsed(b"\xef\xbb\xbf" + OURS).allows(PAGE)


def test_what_is_no_rule_is_passed_over() -> None:
    assert Robots.parsed(b"\x00\xff<html>not here</html>").allows(PAGE)
    assert Robots.parsed(b"").delay_seconds == 0


def test_without_a_robots_txt_everything_is_allowed() -> None:
    assert Robots().allows(PAGE)
    assert Robots().sitemaps == ()


def test_sitemaps_are_listed_as_they_are_written() -> None:
    robots = Robots.parsed(b"Sitemap: http://institute.test/sitemap.xml\nSitemap: /more.xml\n")
    assert robots.sitemaps == ("http://institute.test/sitemap.xml", "/more.xml")
