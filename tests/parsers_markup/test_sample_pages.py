"""Every page of the sample site reads as its truth says, in the template and encoding in which it is served."""

import tomllib
from importlib.resources import files

import pytest

from newsarchive.errors import NotAnArticleError, SoftNotFoundError
from newsarchive.parsers import parse
from newsarchive.parsers.reading import read_page
from newsarchive.records.site import Site
from newsarchive.sample import SampleSite, sample_site
from newsarchive.sample.lists import list_urls
from newsarchive.sample.replies import Reply, reply_to
from newsarchive.sample.templates import TEMPLATES

SITE = Site(**tomllib.loads((files("newsarchive.sites") / "sample.toml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def sample() -> SampleSite:
    return sample_site()


@pytest.mark.parametrize("template", range(len(TEMPLATES)))
def test_every_field_of_every_article_is_exact(sample: SampleSite, template: int) -> None:
    for number in sample.numbers:
        if number % len(TEMPLATES) != template:
            continue
        truth, reply = sample.article(number), reply_to(sample, sample.path(number))
        read = parse(reply.content, truth.url, charset=_charset(reply), site=SITE)
        expected = truth.expected()
        assert {name: getattr(read, name) for name in expected} == expected
        assert read.id == f"sample/{sample.headline(number).key}"
        assert read.encoding.undecoded == 0


def test_every_list_page_gives_its_entries_and_the_way_on(sample: SampleSite) -> None:
    for url, listing in list_urls(sample).items():
        reply = reply_to(sample, url.removeprefix(sample.origin))
        assert read_page(reply.content, url, SITE, charset=_charset(reply)).listing == listing, url


@pytest.mark.parametrize("path", ["/", "/about.html", "/calendar/2026/12", "/internal/"])
def test_other_pages_are_no_articles(sample: SampleSite, path: str) -> None:
    reading = read_page(reply_to(sample, path).content, sample.origin + path, SITE)
    assert reading.article is None
    assert reading.listing is not None or isinstance(reading.error, NotAnArticleError)


def test_a_page_that_says_that_there_is_nothing_is_no_article(sample: SampleSite) -> None:
    url = sample.traps.soft_missing
    reading = read_page(reply_to(sample, url.removeprefix(sample.origin)).content, url, SITE)
    assert isinstance(reading.error, SoftNotFoundError)


def test_a_malformed_link_costs_no_other_link(sample: SampleSite) -> None:
    reading = read_page(reply_to(sample, "/").content, sample.origin + "/", SITE)
    found = {link.url for link in reading.links}
    assert reading.skipped_links == 1
    assert found >= set(sample.traps.session_urls) | set(sample.traps.redirects) | sample.disallowed | sample.offsite


def _charset(reply: Reply) -> str | None:
    return reply.headers["Content-Type"].partition("charset=")[2] or None
