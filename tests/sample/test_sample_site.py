"""The site as a value: the same from the same seed, and every change of it is what its name says."""

import datetime as dt
import time
import tomllib
from importlib.resources import files

import pytest

from newsarchive.records.article import Paragraph
from newsarchive.records.site import Site
from newsarchive.sample import sample_site
from newsarchive.sample.kinds import SECTIONS
from newsarchive.sample.lists import find_list, list_path, list_urls
from newsarchive.urls import compiled, path_and_query


def test_the_same_seed_gives_the_same_articles() -> None:
    assert list(sample_site(seed=7).articles) == list(sample_site(seed=7).articles)


def test_another_seed_gives_other_articles() -> None:
    ours, theirs = sample_site(seed=7), sample_site(seed=8)
    assert [a.text for a in ours.articles] != [a.text for a in theirs.articles]


def test_an_article_does_not_depend_on_which_others_were_written_first() -> None:
    site = sample_site()
    alone = site.article(1100)
    assert [article for article in site.articles if article.url == alone.url] == [alone]


def test_a_large_site_costs_nothing_until_it_is_read() -> None:
    started = time.process_time()
    site = sample_site(100_000)
    assert len(site.articles) == 100_000
    assert site.articles[-1].title
    assert len(site.articles[5000:5003]) == 3
    assert time.process_time() - started < 5


def test_numbers_run_through_the_whole_site() -> None:
    site = sample_site(50)
    assert [int(url.rpartition("/")[2].removesuffix(".html")) for url in (a.url for a in site.articles)] == list(
        range(1001, 1051)
    )


def test_an_added_article_is_the_newest_and_changes_no_other() -> None:
    before = sample_site()
    after = before.with_added()
    assert len(after.articles) == 121
    assert after.article_urls > before.article_urls
    assert after.article(1001).body == before.article(1001).body
    assert after.related[-10].title == after.articles[-1].title


def test_an_edited_article_shows_the_new_words_everywhere() -> None:
    body = (Paragraph(text="更正后的正文。"),)
    site = sample_site().with_edited(1120, title="更正：标题", body=body, date=dt.date(2026, 1, 2))
    assert site.article(1120).title == "更正：标题"
    assert site.article(1120).text == "更正后的正文。"
    assert any(link.title == "更正：标题" for link in site.related)
    assert site.entry(1120).date == dt.date(2026, 1, 2)
    assert site.modified_at > sample_site().modified_at


def test_a_paragraph_can_be_put_before_a_text() -> None:
    site = sample_site()
    assert site.with_paragraph(1003, "更正说明。").article(1003).text == "更正说明。\n" + site.article(1003).text


def test_a_removed_article_is_nowhere_until_it_is_restored() -> None:
    whole = sample_site()
    url = whole.url(1120)
    without = whole.with_removed(1120)
    assert url not in without.article_urls
    assert all(link.url != url for link in without.related)
    assert all(entry.url != url for listing in list_urls(without).values() for entry in listing.entries)
    assert without.articles[-1].next is None
    assert without.with_restored(1120).article(1120) == whole.article(1120)


def test_a_moved_article_keeps_its_words_under_another_url() -> None:
    whole = sample_site()
    moved = whole.with_moved(1050, "209901")
    assert moved.article(1050).url == f"{whole.origin}/f/209901/1050.html"
    assert moved.article(1050).body == whole.article(1050).body
    assert whole.url(1050) not in moved.article_urls


def test_lists_hold_every_article_once_newest_first() -> None:
    site = sample_site()
    listed = [entry.url for listing in list_urls(site).values() for entry in listing.entries]
    assert sorted(listed) == sorted(site.article_urls)
    for section in SECTIONS:
        numbers = list(site.section_numbers(section))
        assert numbers == sorted(numbers, reverse=True)


def test_list_pages_follow_one_another_to_the_end() -> None:
    site = sample_site()
    pages = list_urls(site)
    for section in SECTIONS:
        url: str | None = site.origin + list_path(site, section, 1)
        seen = []
        while url is not None:
            seen.append(url)
            url = pages[url].next
        assert len(seen) == site.pages_of(section) >= 3
        assert [find_list(site, page.removeprefix(site.origin)) for page in seen] == [
            (section, number) for number in range(1, len(seen) + 1)
        ]


def test_one_section_counts_down_and_one_calls_its_second_page_one() -> None:
    site = sample_site()
    research, reviews = SECTIONS[1], SECTIONS[2]
    assert list_path(site, research, site.pages_of(research)) == "/research/1.htm"
    assert list_path(site, reviews, 2) == "/reviews/index_1.html"


@pytest.mark.parametrize("path", ["/news/list0.html", "/news/list99.html", "/research/0.htm", "/reviews/index_99.html"])
def test_there_is_no_list_page_beyond_the_last(path: str) -> None:
    assert find_list(sample_site(), path) is None


def test_the_site_file_knows_the_sample_articles() -> None:

    data = tomllib.loads((files("newsarchive.sites") / "sample.toml").read_text(encoding="utf-8"))
    site = Site(**data)
    assert site.article_url is not None
    sample = sample_site()
    keys = {
        match["key"]
        for article in sample.articles
        if (match := compiled(site.article_url).search(path_and_query(article.url)))
    }
    assert keys == {sample.path(number).removeprefix("/f/").removesuffix(".html") for number in sample.numbers}
