"""Links made absolute without `urljoin` are what `urljoin` makes of them."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.parsers.page import Resolver

PIECES = ("./", "../", "a/", "b.html", "?q=1", "%20", "index_2", "-")


@pytest.mark.parametrize(
    "base", ["http://harbour.test/", "https://harbour.test:8443/a/b.html", "http://harbour.test/a/b/c/?q=x"]
)
@given(root=st.sampled_from(("", "/")), pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=6))
def test_a_relative_link_leads_where_urljoin_says(base: str, root: str, pieces: list[str]) -> None:
    href = root + "".join(pieces)
    assert Resolver(base)(href) == urljoin(base, href)


@pytest.mark.parametrize("href", ["./", ".", "./.", "./?q=1", ".//a", "./..", "../", "./a//b"])
def test_a_link_of_dots_leads_where_urljoin_says(href: str) -> None:
    base = "http://harbour.test/a/b/c.html"
    assert Resolver(base)(href) == urljoin(base, href)


@pytest.mark.parametrize("href", ["http://other.test/a/b.html?q=1", "https://other.test", "http://other.test/a;b=1"])
def test_an_absolute_link_is_kept_as_it_is_written(href: str) -> None:
    assert Resolver("http://harbour.test/")(href) == href
