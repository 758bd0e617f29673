"""What a later run of the same collection asks for and adds."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from newsarchive.records.article import Paragraph
from newsarchive.sample import SampleServer, SampleSite
from newsarchive.warc.reader import iterate
from tests.crawl.command import Place
from tests.crawl.conftest import FirstCrawl

ADDED = 2


def crawled_again(first: FirstCrawl, folder: Path, site: SampleSite, *options: str, reshuffle: bool = False) -> "Again":
    """Crawl `site` into a copy of the first crawl's collection."""
    place = first.copied_to(folder)
    before = Before(place)
    with SampleServer(site, port=first.port, reshuffle=reshuffle) as server:
        ended = place.crawl(server, *options)
        assert ended.code == 0, ended.err
        return Again(place, before, [site.origin + request.path for request in server.requests], server)


class Before:
    """What stood on the disk before the second run."""

    def __init__(self, place: Place) -> None:
        kept = place.kept()
        self.log = kept.log.read_bytes()
        self.dataset = kept.dataset.stat()
        self.articles = kept.articles


class Again:
    """A second run and what it left."""

    def __init__(self, place: Place, before: Before, asked: list[str], server: SampleServer) -> None:
        self.kept = place.kept()
        self.before = before
        self.asked = asked
        self.conditional = sum(
            "if-none-match" in it.headers or "if-modified-since" in it.headers for it in server.requests
        )
        self.run = self.kept.runs[-1]

    def assert_nothing_was_added(self) -> None:
        """Only when an article was last seen may have changed in the dataset, where one was looked at."""
        assert self.kept.log.read_bytes() == self.before.log
        seen = {line["id"] for line in self.kept.outcomes(self.run) if line["id"] is not None}
        dataset, before = self.kept.dataset.stat(), self.before.dataset
        if not seen:
            assert (dataset.st_ino, dataset.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        for line, earlier in zip(self.kept.articles, self.before.articles, strict=True):
            assert line | {"last_checked_at": ""} == earlier | {"last_checked_at": ""}
            assert (line["last_checked_at"] > earlier["last_checked_at"]) == (line["id"] in seen)


@pytest.fixture(scope="module")
def reshuffled(first_crawl: FirstCrawl, tmp_path_factory: pytest.TempPathFactory) -> Again:
    """Everything asked for again, of a site whose side lists differ on every request."""
    folder = tmp_path_factory.mktemp("again") / "reshuffled"
    return crawled_again(first_crawl, folder, first_crawl.site, "--full", reshuffle=True)


def test_reshuffled_side_lists_add_not_one_byte(reshuffled: Again) -> None:
    reshuffled.assert_nothing_was_added()


def test_a_full_run_asks_for_every_article_once(first_crawl: FirstCrawl, reshuffled: Again) -> None:
    times = Counter(reshuffled.asked)
    assert {times[url] for url in first_crawl.site.article_urls} == {1}
    report = reshuffled.kept.report()
    assert report["articles_unchanged"] == len(first_crawl.site.articles)
    assert (report["articles_new"], report["articles_changed"], report["due_left"]) == (0, 0, 0)


def test_a_full_run_keeps_the_books(reshuffled: Again) -> None:
    reshuffled.kept.assert_sound()
    assert len(reshuffled.kept.runs) == 2
    assert len(reshuffled.kept.segments) == 2


def test_a_trap_stays_a_trap(reshuffled: Again) -> None:
    assert sum("/calendar/" in url for url in reshuffled.asked) <= 200


def test_a_run_soon_after_asks_for_a_handful_of_pages(first_crawl: FirstCrawl, tmp_path: Path) -> None:
    again = crawled_again(first_crawl, tmp_path / "soon", first_crawl.site)
    again.assert_nothing_was_added()
    assert again.asked[0].endswith("/robots.txt")
    assert len(again.asked) <= 20
    assert not first_crawl.site.article_urls & set(again.asked)
    again.kept.assert_sound()


@pytest.fixture(scope="module")
def evolved_site(first_crawl: FirstCrawl) -> SampleSite:
    """Five articles edited, two new ones, one removed."""
    site = first_crawl.site
    numbers = site.numbers
    text = (Paragraph(text="更正：原文所载时间有误，现予订正。特此说明。"),)
    return (
        site.with_edited(numbers[0], title="标题改过的一篇旧文")
        .with_edited(numbers[40], body=(*site.article(numbers[40]).body, *text))
        .with_edited(numbers[61], date=dt.date(2022, 2, 22), published_at=None)
        .with_edited(numbers[82], source="绿洲通讯")
        .with_edited(numbers[103], attachments=())
        .with_added(ADDED)
        .with_removed(numbers[20])
    )


@pytest.fixture(scope="module")
def evolved(first_crawl: FirstCrawl, evolved_site: SampleSite, tmp_path_factory: pytest.TempPathFactory) -> Again:
    return crawled_again(first_crawl, tmp_path_factory.mktemp("again") / "evolved", evolved_site, "--full")


def test_an_evolved_site_adds_exactly_what_changed(
    first_crawl: FirstCrawl, evolved_site: SampleSite, evolved: Again
) -> None:
    added = evolved.kept.log.read_bytes()
    assert added.startswith(evolved.before.log)
    lines = evolved.kept.revisions[len(first_crawl.site.articles) :]
    edited = {evolved_site.url(number): 2 for number in evolved_site.edits}
    new = dict.fromkeys(evolved_site.article_urls - first_crawl.site.article_urls, 1)
    assert len(new) == ADDED
    assert {line["url"]: line["revision"] for line in lines} == edited | new
    assert len(lines) == len(edited | new)
    assert {line["cause"] for line in lines} == {"site"}
    evolved.kept.assert_sound()


def test_an_edit_shows_in_the_dataset_and_keeps_the_first_sight(evolved_site: SampleSite, evolved: Again) -> None:
    articles = {line["url"]: line for line in evolved.kept.articles}
    first = {line["url"]: line for line in evolved.kept.revisions if line["revision"] == 1}
    for number in evolved_site.edits:
        shown, line = evolved_site.article(number), articles[evolved_site.url(number)]
        assert (line["title"], line["text"], line["source"]) == (shown.title, shown.text, shown.source)
        assert line["date"] == str(shown.date)
        assert len(line["attachments"]) == len(shown.attachments)
        assert line["first_seen_at"] == first[line["url"]]["first_seen_at"]
        assert line["captured_at"] > line["first_seen_at"]
        assert line["content_digest"] != first[line["url"]]["content_digest"]


def test_a_removed_page_is_gone_and_its_article_stays(
    first_crawl: FirstCrawl, evolved_site: SampleSite, evolved: Again
) -> None:
    (number,) = evolved_site.removed
    url = first_crawl.site.url(number)
    (outcome,) = [line for line in evolved.kept.outcomes(evolved.run) if line["url"] == url]
    assert (outcome["outcome"], outcome["reason"], outcome["revision"]) == ("gone", "http 404", None)
    assert outcome["capture"] is not None
    assert url in {line["url"] for line in evolved.kept.articles}


def test_an_edited_page_is_served_again_to_who_sends_validators(evolved_site: SampleSite, evolved: Again) -> None:
    assert evolved.conditional > 0
    statuses = {line["url"]: line["status"] for line in evolved.kept.outcomes(evolved.run)}
    assert {statuses[evolved_site.url(number)] for number in evolved_site.edits} == {200}


def test_an_unchanged_site_answers_304_for_all_that_has_validators(first_crawl: FirstCrawl, tmp_path: Path) -> None:
    again = crawled_again(first_crawl, tmp_path / "unchanged", first_crawl.site, "--full")
    again.assert_nothing_was_added()
    outcomes = again.kept.outcomes(again.run)
    articles = [line for line in outcomes if line["kind"] == "article" and line["outcome"] == "unchanged"]
    assert Counter(line["status"] for line in articles) == {
        304: again.conditional,
        200: len(articles) - again.conditional,
    }
    assert again.conditional == 2 * len(articles) // 3
    assert {line["id"] for line in articles} == {line["id"] for line in again.kept.articles}
    again.kept.assert_sound()
    checked = dict(again.kept.query("SELECT id, checked_at FROM articles"))
    seen = dict(again.kept.query("SELECT id, first_seen_at FROM articles"))
    assert all(checked[name] > seen[name] for name in checked), "a 304 is a check, too"


def test_each_kind_of_sameness_is_counted_under_its_own_name(reshuffled: Again, first_crawl: FirstCrawl) -> None:
    """Content, bytes, URLs and content under two articles; the side lists of this run differ, its 304s do not."""
    report, outcomes = reshuffled.kept.report(), reshuffled.kept.outcomes(reshuffled.run)
    records = [record for path in reshuffled.kept.segments[1:] for record in iterate(path)]
    assert report["revisits"] == sum(record.type == "revisit" for record in records) > 0
    assert report["articles_unchanged"] == len(first_crawl.site.articles)
    assert report["outcomes"].get("alias", 0) == sum(line["outcome"] == "alias" for line in outcomes)
    twins = [line for line in reshuffled.kept.articles if line["duplicate_of"]]
    assert report["articles_duplicate"] == len(twins)
