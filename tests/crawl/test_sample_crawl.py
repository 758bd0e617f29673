"""The whole sample site, crawled once: what was asked for, what was kept, what was read."""

import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest

import newsarchive
from newsarchive.records.article import Article, Attachment
from newsarchive.records.revision import PublishedArticle, Revision
from newsarchive.sample import ShownArticle
from newsarchive.sample.lists import list_urls
from newsarchive.sites import load_site
from newsarchive.sites.scope import rebased
from tests.crawl.conftest import FirstCrawl
from tests.crawl.kept import Kept
from tests.crawl.wire import Record, dechunked, record_at, records_of, sha1, undone

CALENDAR = re.compile(r"/calendar/")


@pytest.fixture(scope="module")
def kept(first_crawl: FirstCrawl) -> Kept:
    assert first_crawl.ended.code == 0, first_crawl.ended.err
    return first_crawl.kept


@pytest.fixture(scope="module")
def asked(first_crawl: FirstCrawl) -> list[str]:
    """Every URL that was asked for, in order."""
    origin = first_crawl.site.origin
    return [origin + request.path for request in first_crawl.requests]


@pytest.fixture(scope="module")
def truth(first_crawl: FirstCrawl) -> dict[str, ShownArticle]:
    return {article.url: article for article in first_crawl.site.articles}


def test_every_article_is_found_and_none_twice(kept: Kept, truth: dict[str, ShownArticle]) -> None:
    assert sorted(line["url"] for line in kept.revisions) == sorted(truth)
    assert sorted(line["url"] for line in kept.articles) == sorted(truth)
    assert {line["revision"] for line in kept.revisions} == {1}
    assert len({line["id"] for line in kept.articles}) == len(truth)


def test_every_field_is_what_the_page_shows(kept: Kept, truth: dict[str, ShownArticle]) -> None:
    differences = []
    for line in kept.articles:
        record = PublishedArticle.model_validate(line)
        for name, wanted in truth[record.url].expected().items():
            read = getattr(record, name)
            if name == "attachments":
                # What the files were when they were fetched is no part of the page; that has a test of its own.
                read = tuple(Attachment(**file.model_dump(include=set(Attachment.model_fields))) for file in read)
            if read != wanted:
                differences.append(f"{record.id}: {name}: wanted {wanted!r}, read {read!r}")
    assert not differences, f"{len(differences)} fields differ:\n" + "\n".join(differences[:20])


def test_ids_are_site_and_key_of_the_url(kept: Kept) -> None:
    for line in kept.articles:
        folder, name = line["url"].split("/")[-2:]
        assert line["id"] == f"sample/{folder}/{name.removesuffix('.html')}"


def test_the_truth_that_was_compared_holds_every_kind_of_thing(truth: dict[str, ShownArticle]) -> None:
    values = [article.expected() for article in truth.values()]
    for name in values[0]:
        assert any(value[name] for value in values), name
    assert {block.kind for article in truth.values() for block in article.body} >= {"paragraph", "heading", "image"}
    assert {article.language for article in truth.values()} == {"zh"}


def test_robots_txt_is_asked_for_first_and_once(asked: list[str]) -> None:
    assert asked[0].endswith("/robots.txt")
    assert sum(url.endswith("/robots.txt") for url in asked) == 1


def test_no_url_is_asked_for_twice(asked: list[str]) -> None:
    assert [url for url, times in Counter(asked).items() if times > 1] == []


def test_disallowed_and_other_hosts_urls_are_never_asked_for(first_crawl: FirstCrawl, asked: list[str]) -> None:
    assert not first_crawl.site.disallowed & set(asked)
    assert {request.headers["host"] for request in first_crawl.requests} == {urlsplit(first_crawl.site.origin).netloc}
    classes = first_crawl.kept.classes
    assert {classes[url] for url in first_crawl.site.disallowed | first_crawl.site.offsite} == {"refused"}


def test_requests_say_who_asks(first_crawl: FirstCrawl) -> None:
    agents = {request.headers["user-agent"] for request in first_crawl.requests}
    assert agents == {f"newsarchive/{newsarchive.__version__}"}
    assert {name for request in first_crawl.requests for name in request.headers} & {"cookie", "referer"} == set()


def test_session_spellings_give_one_article(first_crawl: FirstCrawl, asked: list[str]) -> None:
    spellings = first_crawl.site.traps.session_urls
    assert not set(spellings) & set(asked)
    assert not set(spellings) & set(first_crawl.kept.classes)
    assert Counter(line["url"] for line in first_crawl.kept.revisions) >= Counter(set(spellings.values()))


def test_missing_pages_are_gone_and_no_articles(first_crawl: FirstCrawl) -> None:
    traps, kept = first_crawl.site.traps, first_crawl.kept
    reasons = {line["url"]: (line["outcome"], line["reason"]) for line in kept.outcomes()}
    assert reasons[traps.missing] == ("gone", "http 404")
    assert reasons[traps.soft_missing] == ("gone", "soft-404")
    assert not {traps.missing, traps.soft_missing} & {line["url"] for line in kept.revisions}


def test_redirects_lead_to_rows_and_never_away(first_crawl: FirstCrawl) -> None:
    outcomes = {line["url"]: line for line in first_crawl.kept.outcomes()}
    home = first_crawl.site.origin
    for url, target in first_crawl.site.traps.redirects.items():
        inside = target.startswith(home)
        assert outcomes[url]["outcome"] == ("redirected" if inside else "refused")
        assert outcomes[url]["target"] == target
        assert outcomes[target]["outcome"] == ("stored" if inside else "refused")


def test_the_endless_calendar_ends_and_says_why(kept: Kept, asked: list[str]) -> None:
    months = [url for url in asked if CALENDAR.search(url)]
    assert 0 < len(months) <= 200
    left = [line for line in kept.outcomes() if CALENDAR.search(line["url"]) and line["outcome"] == "refused"]
    assert left
    assert {line["reason"].partition(":")[0] for line in left} == {"trap"}
    assert not [line for line in kept.revisions if CALENDAR.search(line["url"])]


def test_every_url_ends_in_one_class_and_the_log_agrees_with_the_catalogue(kept: Kept, asked: list[str]) -> None:
    kept.assert_sound()
    outcomes = kept.outcomes()
    assert len({line["url"] for line in outcomes}) == len(outcomes)
    assert set(kept.classes.values()) == {"stored", "gone", "redirected", "refused"}
    assert sorted(line["url"] for line in outcomes if line["status"] is not None) == sorted(asked)
    assert {line["url"] for line in outcomes if line["capture"]} == set(asked)


def test_list_pages_are_known_as_lists(first_crawl: FirstCrawl) -> None:
    kinds = {line["url"]: line["kind"] for line in first_crawl.kept.outcomes()}
    assert {url: kinds[url] for url in list_urls(first_crawl.site)} == dict.fromkeys(
        list_urls(first_crawl.site), "list"
    )


def test_the_collection_says_what_it_is(first_crawl: FirstCrawl) -> None:
    identity = first_crawl.kept.identity
    assert {name: identity[name] for name in ("format", "site", "origin")} == {
        "format": 1, "site": "sample", "origin": first_crawl.site.origin,
    }  # fmt: skip
    assert identity["made_at"] <= first_crawl.kept.report()["started_at"]


def test_the_report_says_what_the_run_did(first_crawl: FirstCrawl, asked: list[str]) -> None:
    kept, report = first_crawl.kept, first_crawl.kept.report()
    count = len(first_crawl.site.articles)
    wanted = {
        "run": kept.runs[0], "site": "sample", "origin": first_crawl.site.origin, "ended": "finished", "error": None,
        "requests": len(asked), "articles_new": count, "articles_changed": 0, "articles_unchanged": 0,
        "articles_held": count, "due_left": 0, "recovered_records": 0, "salvaged_bytes": 0,
    }  # fmt: skip
    assert {name: report[name] for name in wanted} == wanted
    assert report["outcomes"] == Counter(line["outcome"] for line in kept.outcomes())
    assert report["urls_known"] == Counter(kept.classes.values())
    assert report["reasons"] == Counter(
        line["reason"].partition(":")[0] for line in kept.outcomes() if line["reason"] is not None
    )
    assert report["links_skipped"] >= 1, "the home page has a link that is no URL"
    assert report["started_at"] <= report["ended_at"]


def test_the_summary_says_what_the_report_says(first_crawl: FirstCrawl) -> None:
    out, report = first_crawl.ended.out, first_crawl.kept.report()
    assert f"articles: {report['articles_new']} new, 0 changed, " in out
    assert f"{report['articles_held']} held" in out
    assert "exports/sample/articles.jsonl" in out
    assert all(line.startswith("sample: ") for line in first_crawl.ended.err.splitlines()), first_crawl.ended.err


def test_the_dataset_is_the_latest_revisions_ordered_by_id(kept: Kept) -> None:
    articles = kept.articles
    assert [line["id"] for line in articles] == sorted(line["id"] for line in articles)
    revisions = {line["id"]: line for line in kept.revisions}
    for line in articles:
        as_of_export = {"last_checked_at": line["last_checked_at"], "duplicate_of": None}
        as_of_export["attachments"] = [
            file | {name: published[name] for name in ("bytes", "media_type", "digest")}
            for file, published in zip(revisions[line["id"]]["attachments"], line["attachments"], strict=True)
        ]
        assert line == revisions[line["id"]] | as_of_export
        assert line["last_checked_at"] >= line["captured_at"]


@pytest.fixture(scope="module")
def records(kept: Kept) -> list[Record]:
    assert kept.segments
    return [record for path in kept.segments for record in records_of(path)]


def test_every_segment_is_read_by_warcio_with_its_digests_right(records: list[Record]) -> None:
    assert {record.version for record in records} == {"WARC/1.1"}
    assert Counter(record.kind for record in records).keys() == {
        "warcinfo", "request", "response", "metadata",
    }  # fmt: skip
    for record in records:
        assert record.field("WARC-Block-Digest") == sha1(record.block), record.field("WARC-Record-ID")
        if record.kind == "response":
            assert record.field("WARC-Payload-Digest") == sha1(dechunked(record.block))
            if not record.is_chunked:
                assert record.passes_warcio, "warcio's own check knows no chunks, all else it must confirm"
    assert any(record.is_chunked for record in records)
    assert any(record.is_zipped for record in records)


def test_every_answer_is_kept_with_its_request(records: list[Record], asked: list[str]) -> None:
    answers = {record.field("WARC-Record-ID"): record for record in records if record.kind == "response"}
    requests = [record for record in records if record.kind == "request"]
    assert Counter(record.field("WARC-Target-URI") for record in requests) == Counter(asked)
    assert {record.field("WARC-Concurrent-To") for record in requests} == set(answers)
    for record in requests:
        answer = answers[record.field("WARC-Concurrent-To")]
        assert record.field("WARC-Target-URI") == answer.field("WARC-Target-URI")
        path = record.block.split(b" ")[1].decode()
        assert answer.field("WARC-Target-URI").endswith(path)


def test_every_member_is_one_record(kept: Kept) -> None:
    for path in kept.segments:
        ends = [record.offset + record.length for record in records_of(path)]
        assert [0, *ends[:-1]] == [record.offset for record in records_of(path)]
        assert ends[-1] == path.stat().st_size


def test_the_capture_of_every_revision_is_its_page(first_crawl: FirstCrawl) -> None:
    site = rebased(load_site("sample"), f"{first_crawl.site.origin}/")
    for line in first_crawl.kept.revisions:
        record = _captured(first_crawl.kept, line["capture"])
        assert record.field("WARC-Target-URI") == line["url"]
        assert record.field("WARC-Date") == line["captured_at"] == line["first_seen_at"]
        again = newsarchive.parse(
            undone(record), line["url"], charset=record.charset, site=site,
            captured_at=Revision.model_validate(line).captured_at,
        )  # fmt: skip
        assert again.model_dump(mode="json") == {name: line[name] for name in Article.model_fields}


def test_the_capture_of_every_outcome_is_its_answer(kept: Kept) -> None:
    for line in kept.outcomes():
        if line["capture"]:
            record = _captured(kept, line["capture"])
            assert record.field("WARC-Target-URI") == line["url"]
            assert record.status == line["status"]


def _captured(kept: Kept, capture: dict[str, Any]) -> Record:
    record = record_at(kept.folder / "captures" / capture["warc"], capture["offset"])
    assert record.kind == "response"
    assert record.field("WARC-Record-ID") == f"<{capture['record_id']}>"
    assert record.field("WARC-Payload-Digest") == capture["payload_digest"] == sha1(dechunked(record.block))
    return record
