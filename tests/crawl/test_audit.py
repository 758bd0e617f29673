"""An audit names exactly what was withheld, and why: the sample site with known items kept back, crawled for real."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from newsarchive.records.audit import Audit
from newsarchive.sample import SampleServer, SampleSite, sample_site
from newsarchive.sample.kinds import NEWS, RESEARCH, REVIEWS
from newsarchive.sample.lists import list_path
from newsarchive.sample.replies import Reply, reply_to
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.layout import Layout
from newsarchive.store.lock import WriterLock
from tests.conftest import Ran, RunNewsarchive
from tests.crawl.command import Ended, Place
from tests.crawl.conftest import Serve
from tests.crawl.kept import files_below

HTML = {"Content-Type": "text/html; charset=utf-8"}
ELSEWHERE = "http://weixin.elsewhere.test/s/oasis-2026"
REASONS = {
    "failed for good": ("failed", "http 403"),
    "broken": ("failed", "http 500"),
    "silent": ("failed", "no answer: "),
    "missing": ("gone", "http 404"),
    "forbidden": ("refused", "robots.txt"),
    "moved away": ("refused", "redirects away"),
    "moved to nothing": ("redirected", "to a URL that is gone: http 404"),
    "alias of nothing": ("alias", "to a URL that is gone: http 404"),
    "unreadable": ("failed", "unread: "),
    "elsewhere": ("outside hosts", "offsite"),
    "about": ("not an article", "not-an-article"),
    "dead link": ("gone", "soft-404"),
}
"""What is withheld, by name: the state that an audit must tell, and how its reason begins."""


@dataclass(frozen=True)
class Withheld:
    """A crawl of a site that keeps things back."""

    site: SampleSite
    urls: dict[str, str]
    """URL by name, as in `REASONS`."""
    unread: str
    """URL of the list page that cannot be read."""
    place: Place
    ended: Ended


def with_entries(page: Reply, *links: str) -> Reply:
    """Return the news list with further entries at its head."""
    entries = "".join(f"<li>{link}<span>2026-02-03</span></li>" for link in links)
    return Reply(200, page.content.replace(b"<ul>\n<li>", b"<ul>\n" + entries.encode() + b"<li>", 1), HTML)


@pytest.fixture(scope="module")
def withheld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Withheld]:
    place = Place(tmp_path_factory.mktemp("withheld") / "work")
    with SampleServer(sample_site(60)) as server:
        site, replies = server.site, server.replies
        replies[site.traps.calendar.removeprefix(site.origin)] = Reply(404, b"none", HTML)
        news = site.section_numbers(NEWS)
        names = [name for name in REASONS if name not in {"elsewhere", "about", "dead link"}]
        numbers = dict(zip(names, news[3::2], strict=False))
        paths = {name: site.path(number) for name, number in numbers.items()}
        gone = site.url(numbers["missing"])
        silent_head = reply_to(site, paths["alias of nothing"]).content
        replies |= {
            paths["failed for good"]: Reply(403, b"no", HTML),
            paths["broken"]: Reply(500, b"broken", HTML),
            paths["silent"]: Reply(withheld=True),
            paths["missing"]: Reply(404, b"none", HTML),
            paths["moved away"]: Reply(302, b"", {"Location": ELSEWHERE}),
            paths["moved to nothing"]: Reply(302, b"", {"Location": gone}),
            paths["alias of nothing"]: Reply(200, _canonical(silent_head, gone), HTML),
            paths["unreadable"]: Reply(200, b"<title>x</title><div id=app></div><script src=/app.js></script>", HTML),
            "/robots.txt": Reply(200, f"User-agent: *\nDisallow: {paths['forbidden']}\n".encode()),
            list_path(site, REVIEWS, 2): Reply(403, b"no", HTML),
            "/news/": with_entries(
                reply_to(site, "/news/"),
                f'<a href="{ELSEWHERE}">绿洲研究所公众号发布年度推荐书目</a>',
                '<a href="/about.html">绿洲研究所机构简介（2026年版）</a>',
            ),
        }
        urls = {name: site.origin + path for name, path in paths.items()}
        urls |= {"elsewhere": ELSEWHERE, "about": f"{site.origin}/about.html", "dead link": site.traps.soft_missing}
        ended = place.scrapy(
            "crawl",
            "sample",
            "-a",
            f"base_url={server.base_url}",
            "-s",
            "DOWNLOAD_TIMEOUT=1",
            "-s",
            "LOG_ENABLED=False",
        )
        yield Withheld(site, urls, site.origin + list_path(site, REVIEWS, 2), place, ended)
    place.clear()


def _canonical(page: bytes, url: str) -> bytes:
    return re.sub(rb"</head>", f'<link rel="canonical" href="{url}"></head>'.encode(), page, count=1)


RunAudit = Callable[..., Ran]


@pytest.fixture
def audit(withheld: Withheld, newsarchive: RunNewsarchive) -> RunAudit:
    return lambda *options: newsarchive("audit", "sample", *options, "--archive", withheld.place.archive)


@pytest.fixture
def document(audit: RunAudit) -> dict[str, Any]:
    ran = audit("--json")
    assert (ran.code, ran.err) == (0, ""), ran
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_exactly_the_withheld_items_are_named_with_their_reasons(withheld: Withheld, document: dict[str, Any]) -> None:
    told = {item["url"]: (item["state"], item["reason"]) for item in document["missing"]}
    assert sorted(told) == sorted(withheld.urls.values())
    for name, (state, reason) in REASONS.items():
        found = told[withheld.urls[name]]
        assert (found[0], (found[1] or "").startswith(reason)) == (state, True), (name, found)


def test_the_page_of_a_list_that_was_withheld_is_named(withheld: Withheld, document: dict[str, Any]) -> None:
    (page,) = document["unread_lists"]
    assert (page["url"], page["section"], page["state"], page["reason"]) == (
        withheld.unread, "书评译介", "failed", "http 403",
    )  # fmt: skip
    assert page["due_at"] is not None
    (reviews,) = [part for part in document["sections"] if part["name"] == "书评译介"]
    assert (reviews["unread_pages"], reviews["stated_pages"]) == (1, withheld.site.pages_of(REVIEWS))


def test_every_section_counts_what_its_pages_name(withheld: Withheld, document: dict[str, Any]) -> None:
    (news,) = [part for part in document["sections"] if part["name"] == "新闻动态"]
    promised = len(withheld.site.section_numbers(NEWS)) + 2
    lost = len(REASONS) - 1  # the dead link is on no list
    failed = sum(state == "failed" for state, _ in REASONS.values())
    assert (news["promised"], news["known"], news["read"], news["failed"], news["missing"]) == (
        promised, promised, promised - lost, failed, lost,
    )  # fmt: skip
    never_answered = {"silent", "forbidden", "elsewhere"}
    assert news["fetched"] == promised - len(never_answered)
    assert document["articles"] == len(withheld.site.articles) - (lost - 2)


def test_a_missing_item_says_where_it_is_named_and_when_it_is_asked_for_again(
    withheld: Withheld, document: dict[str, Any]
) -> None:
    by_url = {item["url"]: item for item in document["missing"]}
    broken, dead = by_url[withheld.urls["broken"]], by_url[withheld.urls["dead link"]]
    entry = next(entry for entry in withheld.site.entries(NEWS, 1) if entry.url == broken["url"])
    assert (broken["title"], broken["date"]) == (entry.title, str(entry.date))
    assert "新闻动态" in broken["sections"]
    assert broken["due_at"] > document["as_of"]
    assert (dead["sections"], dead["named_on"]) == ([], f"{withheld.site.origin}/")
    assert by_url[ELSEWHERE]["due_at"] is None


def test_the_document_is_valid_under_its_schema(document: dict[str, Any]) -> None:
    schema = json.loads((Path(__file__).parents[2] / "docs" / "audit.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    assert json.loads(Audit.model_validate(document).to_json()) == document


def test_the_table_fits_eighty_columns_and_names_every_item(withheld: Withheld, audit: RunAudit) -> None:
    ran = audit()
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("section"))
    table = lines[start : lines.index("", start)]
    assert len(table) >= 5
    assert max(map(cell_len, table)) <= 80
    for url in (*withheld.urls.values(), withheld.unread):
        assert url in ran.out


def test_strict_ends_with_3_where_something_is_missing(audit: RunAudit) -> None:
    assert audit("--strict").code == 3


def test_an_audit_reads_only(withheld: Withheld, audit: RunAudit) -> None:
    before = kept_files(withheld.place)
    audit()
    assert kept_files(withheld.place) == before


def kept_files(place: Place) -> dict[Path, bytes]:
    """Return every file but what SQLite puts beside a database while it is open."""
    return {path: data for path, data in files_below(place.archive) if not path.name.endswith(("-shm", "-wal"))}


def test_what_a_stopped_run_left_is_pending(place: Place, serve: Serve, newsarchive: RunNewsarchive) -> None:
    server = serve(sample_site(24))
    assert place.crawl(server, "--limit", 4).code == 0
    ran = newsarchive("audit", "sample", "--json", "--archive", place.archive)
    found = json.loads(ran.out)
    lacking = set(server.site.article_urls) - {line["url"] for line in place.kept().revisions}
    pending = {item["url"] for item in found["missing"] if item["state"] == "pending"}
    assert pending
    assert pending <= lacking | {server.site.traps.soft_missing}
    assert found["promised"] - found["read"] <= len(found["missing"])


def test_a_site_without_a_collection_is_a_usage_error(newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    ran = newsarchive("audit", "sample", "--archive", tmp_path)
    assert ran.code == 2
    assert "no collection here" in ran.err


def test_a_writer_at_work_does_not_disturb_an_audit(withheld: Withheld, audit: RunAudit) -> None:
    before = audit("--json")
    layout = Layout(withheld.place.archive, "sample")
    lock, writer = WriterLock(layout.lock, 0), Catalogue(layout.catalogue)
    try:
        with writer.transaction() as database:
            database.execute("UPDATE urls SET reason = 'half done'")
            assert audit("--json") == before
            database.execute("ROLLBACK")
            database.execute("BEGIN")
    finally:
        writer.close()
        lock.release()


def test_lists_whose_captures_are_lost_are_named_as_unread(
    withheld: Withheld, tmp_path: Path, newsarchive: RunNewsarchive
) -> None:
    shutil.copytree(withheld.place.archive, tmp_path / "archive")
    shutil.rmtree(tmp_path / "archive" / "sample" / "captures")
    ran = newsarchive("audit", "sample", "--json", "--archive", tmp_path / "archive")
    found = json.loads(ran.out)
    lost = [page for page in found["unread_lists"] if (page["reason"] or "").startswith("capture cannot be read: ")]
    lists = {line["url"] for line in withheld.place.kept().outcomes() if line["kind"] in {"list", "feed"}}
    assert {page["url"] for page in lost} == lists - {withheld.unread}
    assert (ran.code, found["promised"]) == (0, 0)
    assert newsarchive("audit", "sample", "--strict", "--archive", tmp_path / "archive").code == 3


def test_what_the_catalogue_lost_or_a_withdrawal_took_is_named_as_that(
    withheld: Withheld, tmp_path: Path, newsarchive: RunNewsarchive
) -> None:
    shutil.copytree(withheld.place.folder, tmp_path / "work")
    folders = ("--archive", tmp_path / "work" / "archive")
    lost, withdrawn = (entry.url for entry in withheld.site.entries(RESEARCH, 1)[:2])
    with closing(sqlite3.connect(tmp_path / "work" / "archive" / "sample" / "catalogue.sqlite")) as catalogue:
        catalogue.execute("DELETE FROM urls WHERE url = ?", (lost,))
        catalogue.commit()

    def states() -> dict[str, str]:
        found = json.loads(newsarchive("audit", "sample", "--json", *folders).out)
        return {item["url"]: item["state"] for item in found["missing"]}

    before = states()
    assert before[lost] == "never seen"
    assert withdrawn not in before
    article = f"sample/{withdrawn.removesuffix('.html').partition('/f/')[2]}"
    exports = ("--exports", tmp_path / "work" / "exports")
    assert newsarchive("withdraw", article, "--yes", *folders, *exports).code == 0
    after = states()
    assert after[withdrawn] == "withdrawn"
    assert lost not in after, "the withdrawal made the catalogue again"
