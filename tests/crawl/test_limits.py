"""What a run is told to leave: a limit, a dry run, a delay; and the other ways to start one."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from newsarchive.records.article import Article, Attachment
from newsarchive.sample import SampleServer, SampleSite, sample_site
from tests.crawl.command import Place
from tests.crawl.conftest import Serve
from tests.crawl.kept import Kept, Line, read_lines

HARBOUR = """\
name = "harbour"
title = "Harbour Institute"
home = "{home}"
zone = "Asia/Shanghai"
language = "zh"
article_url = '^/f/(?P<key>\\d{{6}}/\\d+)\\.html$'
seeds = ["/", "/news/"]
"""


@pytest.fixture
def server(serve: Serve) -> SampleServer:
    return serve(sample_site(30))


def articles_asked_for(server: SampleServer) -> Counter[str]:
    origin = server.site.origin
    asked = Counter(origin + request.path for request in server.requests)
    return Counter({url: times for url, times in asked.items() if url in server.site.article_urls})


def declare(place: Place, name: str, text: str) -> None:
    folder = place.folder / "sites"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def same_fields(lines: list[Line], site: SampleSite, prefix: str) -> None:
    """Compare title, date and text of every record with what its page shows."""
    truth = {article.url: article for article in site.articles}
    assert {line["url"] for line in lines} == set(truth)
    assert len(lines) == len(truth)
    for line in lines:
        shown = truth[line["url"]]
        assert line["id"].startswith(f"{prefix}/")
        assert (line["title"], line["date"], line["text"]) == (shown.title, str(shown.date), shown.text)


def test_a_limit_is_kept_and_the_next_runs_go_on(server: SampleServer, place: Place) -> None:
    ended = place.crawl(server, "--limit", 7)
    assert ended.code == 0, ended.err
    assert 0 < sum(articles_asked_for(server).values()) <= 7
    kept = place.kept()
    assert kept.report()["ended"] == "limit"
    assert len(kept.revisions) == len(kept.articles) == 7
    kept.assert_sound()

    assert place.crawl(server, "--limit", 5).code == 0
    assert len(kept.revisions) == 12
    assert place.crawl(server).code == 0
    assert kept.report()["ended"] == "finished"
    assert {line["url"] for line in kept.articles} == server.site.article_urls
    assert set(articles_asked_for(server).values()) == {1}, "what one run visited the next need not"
    kept.assert_sound()


def test_a_limit_larger_than_the_site_is_none(serve: Serve, place: Place) -> None:
    server = serve(sample_site(5))
    assert place.crawl(server, "--limit", 1000).code == 0
    assert place.kept().report()["ended"] == "finished"
    assert len(place.kept().articles) == 5


def test_a_dry_run_asks_for_nothing_and_writes_nothing(server: SampleServer, place: Place) -> None:
    ended = place.crawl(server, "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    assert server.base_url in ended.out
    assert server.requests == []
    assert list(place.folder.iterdir()) == []


def test_a_dry_run_of_a_collection_says_what_is_due(server: SampleServer, place: Place) -> None:
    place.crawl(server, "--limit", 3)
    server.requests.clear()
    names = {path: path.stat().st_mtime_ns for path in place.folder.rglob("*") if path.is_file()}
    ended = place.crawl(server, "--dry-run")
    assert ended.code == 0, ended.err
    assert "3 articles" in ended.out
    due = place.kept().query("SELECT count(*) FROM urls WHERE class = 'pending'")[0][0]
    assert due > 0
    assert f"due now: {due + seeds_due(place)} URLs" in ended.out
    assert server.requests == []
    after = {path: path.stat().st_mtime_ns for path in place.folder.rglob("*") if path.is_file()}
    assert without_shared_memory(after) == without_shared_memory(names)


def seeds_due(place: Place) -> int:
    """Pages that every run reads again."""
    found: int = place.kept().query("SELECT count(*) FROM urls WHERE priority = 1")[0][0]
    return found


def without_shared_memory(files: dict[Path, int]) -> dict[Path, int]:
    """Leave out what SQLite makes for its readers and takes away with the last of them."""
    return {path: at for path, at in files.items() if not path.name.endswith(("-shm", "-wal"))}


def test_crawl_delay_of_robots_txt_is_obeyed(serve: Serve, place: Place) -> None:
    delay = 0.3
    server = serve(sample_site(5), crawl_delay_seconds=delay)
    assert place.crawl(server, "--limit", 4).code == 0
    arrivals = [request.at for request in server.requests]
    assert len(arrivals) >= 6
    gaps = [after - before for before, after in pairwise(arrivals)]
    # A request may be late by what the machine does beside; early it may not be, but for the clock's last digits.
    assert min(gaps) >= delay * 0.9


def test_two_sites_in_one_call_have_a_collection_each(serve: Serve, place: Place) -> None:
    servers = {name: serve(sample_site(count, count)) for name, count in (("harbour", 6), ("delta", 9))}
    for name, server in servers.items():
        text = HARBOUR.format(home=server.base_url).replace('"harbour"', f'"{name}"')
        declare(place, name, text)
    ended = place.run("crawl", "harbour", "delta")
    assert ended.code == 0, ended.err
    for name, server in servers.items():
        kept = place.kept(name)
        assert kept.identity["origin"] == server.site.origin
        assert {line["url"] for line in kept.articles} == server.site.article_urls
        kept.assert_sound()
        assert f"{name}: finished" in ended.out


def test_a_site_is_added_with_one_file_of_thirty_lines(server: SampleServer, place: Place) -> None:
    text = HARBOUR.format(home=server.base_url)
    assert len(text.splitlines()) <= 30
    declare(place, "harbour", text)
    assert "harbour" in place.run("sites").out
    ended = place.run("crawl", "harbour")
    assert ended.code == 0, ended.err
    kept = place.kept("harbour")
    same_fields(kept.articles, server.site, "harbour")
    assert {line["site"] for line in kept.articles} == {"harbour"}
    kept.assert_sound()


def test_articles_are_found_by_what_pages_look_like(serve: Serve, place: Place) -> None:
    server = serve(sample_site(60), calendar=True)
    declare(place, "bare", f'name = "bare"\ntitle = "Bare"\nhome = "{server.base_url}"\n')
    ended = place.run("crawl", "bare")
    assert ended.code == 0, ended.err
    kept = place.kept("bare")
    same_fields(kept.articles, server.site, "bare")
    assert all(len(line["id"].removeprefix("bare/")) == 16 for line in kept.articles)
    assert sum("/calendar/" in request.path for request in server.requests) <= 200
    kept.assert_sound()


def test_scrapy_list_shows_every_site(server: SampleServer, place: Place) -> None:
    declare(place, "harbour", HARBOUR.format(home=server.base_url))
    ended = place.scrapy("list")
    assert (ended.code, ended.out.split()) == (0, ["harbour", "icas", "sample"])


def test_scrapy_crawl_works_as_a_scrapy_user_expects(server: SampleServer, place: Place) -> None:
    ended = place.scrapy(
        "crawl", "sample", "-a", "limit=20", "-a", f"base_url={server.base_url}",
        "-s", "NEWSARCHIVE_HOME=kept", "-s", "NEWSARCHIVE_EXPORTS=published", "-O", "out.jsonl",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert sum(articles_asked_for(server).values()) == 20
    feed = place.folder / "out.jsonl"
    assert "\\u" not in feed.read_text(encoding="utf-8"), "Chinese is readable as it is"
    items = {line["id"]: line for line in read_lines(feed)}
    kept = Kept(place.folder / "kept", place.folder / "published")
    kept.assert_sound()
    assert len(items) == len(kept.articles) == 20
    for line in kept.articles:
        files = [{name: file[name] for name in Attachment.model_fields} for file in line["attachments"]]
        assert items[line["id"]] == {name: line[name] for name in Article.model_fields} | {"attachments": files}


def test_scrapy_crawl_of_an_unknown_site_says_so(place: Place) -> None:
    ended = place.scrapy("crawl", "nowhere")
    assert ended.code == 2
    assert "nowhere" in ended.err
    assert "Traceback" not in ended.err


def test_scrapy_crawl_ends_with_our_codes_and_one_line_for_what_went_wrong(server: SampleServer, place: Place) -> None:
    """What a crawl over a foreign origin, of a live site without a contact, or of a silent host says and ends with."""
    quiet = ("-s", "LOG_ENABLED=0", "-s", "NEWSARCHIVE_HOME=kept", "-s", "NEWSARCHIVE_EXPORTS=published")
    here = ("crawl", "sample", *quiet, "-a", f"base_url={server.base_url}", "-a", "limit=1")
    assert place.scrapy(*here).code == 0
    for arguments, code, told in (
        (("crawl", "sample", *quiet, "-a", "base_url=http://127.0.0.1:9/"), 2, "holds the export of sample from"),
        (("crawl", "icas", *quiet), 2, "NEWSARCHIVE_CONTACT"),
        ((*here, "-a", "limit=none"), 2, "limit='none'"),
        (("crawl", "sample", *quiet, "-s", "NEWSARCHIVE_HOME=other", "-s", "NEWSARCHIVE_EXPORTS=others",
          "-a", "base_url=http://127.0.0.1:9/"), 7, "no answer from 127.0.0.1:9"),
    ):  # fmt: skip
        ended = place.scrapy(*arguments)
        assert ended.code == code, ended
        assert ended.complaint.startswith("newsarchive: ")
        assert told in ended.complaint


def test_scrapy_shell_and_fetch_are_left_alone(server: SampleServer, place: Place) -> None:
    ended = place.scrapy("fetch", "--nolog", server.base_url)
    assert ended.code == 0, ended.err
    assert "青榆大学绿洲研究所" in ended.out
    assert list(place.folder.iterdir()) == []


def test_a_limit_that_is_no_number_is_named(server: SampleServer, place: Place) -> None:
    ended = place.crawl(server, "--limit", "many")
    assert ended.code == 2
    assert "--limit" in ended.complaint
    assert server.requests == []
