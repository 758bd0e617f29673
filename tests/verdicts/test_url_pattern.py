"""The pattern that a draft of a site file has is generalised from the URLs that were seen."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.operations.new_site import name_of
from newsarchive.operations.url_pattern import article_pattern


@pytest.mark.parametrize(
    ("targets", "pattern", "further", "key"),
    [
        (
            ["/f/202012/1050.html", "/f/202101/1051.html", "/f/202101/1052.html"],
            r"^/f/(?P<key>\d{6}/\d+)\.html$", "/f/202601/10000.html", "202601/10000",
        ),
        (
            ["/info/1080/5526.htm", "/info/1081/77.htm", "/info/1080/5527.htm"],
            r"^/info/(?P<key>\d+/\d+)\.htm$", "/info/9/1.htm", "9/1",
        ),
        (
            ["/show.asp?id=7", "/show.asp?id=12", "/show.asp?id=13"],
            r"^/(?P<key>show\.asp\?id=\d+)$", "/show.asp?id=2000", "show.asp?id=2000",
        ),
        (
            ["/news/2020/a-first-look.html", "/news/2021/on-wells.html", "/news/2022/x.html"],
            r"^/news/(?P<key>\d{4}/[^/?]+)\.html$", "/news/2026/dunes.html", "2026/dunes",
        ),
        (
            ["/kycg/lw/t20191028_502.shtml", "/kycg/dt/t20191029_503.shtml", "/kycg/dt/t20191029_504.shtml"],
            r"^/kycg/(?P<key>[^/?]+/t\d{8}_\d+)\.shtml$", "/kycg/lw/t20260101_9.shtml", "lw/t20260101_9",
        ),
    ],
)  # fmt: skip
def test_a_pattern_matches_the_next_article_too(targets: list[str], pattern: str, further: str, key: str) -> None:
    assert article_pattern([*targets, "/about.html", "/"]) == pattern
    match = re.search(pattern, further)
    assert match
    assert match["key"] == key


def test_two_articles_are_no_pattern() -> None:
    assert article_pattern(["/f/1.html", "/f/2.html"]) is None


parts = st.text(st.sampled_from("abz019.-_?=&"), min_size=1, max_size=8)
targets = st.lists(st.lists(parts, min_size=1, max_size=4).map(lambda p: "/" + "/".join(p)), max_size=12)


@given(targets)
def test_a_pattern_compiles_has_a_key_and_tells_the_articles_it_matches_apart(found: list[str]) -> None:
    pattern = article_pattern(found)
    if pattern is None:
        return
    matches = {target: match["key"] for target in found if (match := re.search(pattern, target))}
    assert len(matches) >= 3
    assert len(set(matches.values())) == len(matches)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://www.icas.lzu.edu.cn/", "icas"),
        ("http://127.0.0.1:80/", "site-127-0-0-1"),
        ("https://9x.test/", "site-9x"),
    ],
)
def test_a_name_is_made_of_the_host(url: str, name: str) -> None:
    assert name_of(url) == name
