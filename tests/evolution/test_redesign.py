"""A site from the draft of its file to a change of its template, crawled for real."""

import json
import re
from collections.abc import Callable, Iterator

import pytest

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply
from newsarchive.sites import read_site_file
from tests.conftest import Ran, RunNewsarchive
from tests.crawl.command import Ended, Place
from tests.crawl.kept import Kept, read_lines

pytestmark = pytest.mark.crawl

ARTICLES = 40
HTML = {"Content-Type": "text/html; charset=utf-8"}
NEW = 5


RELABELLED = """<html><head><title>绿洲灌溉制度研讨会召开</title></head><body><h1>绿洲灌溉制度研讨会召开</h1>
<div>刊发日：2026-06-30 供稿处：青榆日报</div>
<div><p>绿洲灌溉制度研讨会日前在青榆河谷召开，来自各地的学者讨论了渠道、水则和村规的历史。</p>
<p>会议收到论文三十篇，将由研究所编成一集，明年与读者见面。</p></div></body></html>"""
"""An article whose source stands behind a label that no parser knows: a site file can teach it."""


class Oasis:
    """A site with a file of its own, so that its runs are compared with their past."""

    def __init__(self, server: SampleServer, place: Place) -> None:
        self.server = server
        self.place = place
        self.drafted = place.run("new-site", server.base_url, "--name", "oasis")
        self.file = place.folder / "sites" / "oasis.toml"

    @property
    def kept(self) -> Kept:
        return self.place.kept("oasis")

    def crawl(self, *options: str, code: int = 0) -> Ended:
        ended = self.place.run("crawl", "oasis", *options)
        assert ended.code == code, ended.err
        return ended


@pytest.fixture(scope="module")
def oasis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oasis]:
    """Draft a site file, and crawl three times by it: first, with nothing new, and after a redesign."""
    place = Place(tmp_path_factory.mktemp("oasis") / "work")
    with SampleServer(sample_site(ARTICLES)) as server:
        server.replies["/calendar/2026/11"] = Reply(404)
        made = Oasis(server, place)
        made.crawl()
        made.crawl()
        server.site = server.site.with_added(NEW).with_redesign()
        server.replies[server.site.path(server.site.numbers[-1])] = Reply(200, RELABELLED.encode(), HTML)
        server.replies["/research.htm"] = Reply(404)
        made.crawl(code=7)
        yield made
    place.clear()


@pytest.fixture
def ask(oasis: Oasis, newsarchive: RunNewsarchive, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run a command beside the collection, in this process."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setenv("NEWSARCHIVE_SITES", str(oasis.file.parent))
        monkeypatch.setenv("NEWSARCHIVE_HOME", str(oasis.place.archive))
        return newsarchive(*arguments)

    return run


def test_a_drafted_site_file_names_sections_and_article_urls_and_says_why(oasis: Oasis) -> None:
    assert oasis.drafted.code == 0, oasis.drafted.err
    site, text = read_site_file(oasis.file), oasis.file.read_text(encoding="utf-8")
    assert site.title == "青榆大学绿洲研究所"
    assert site.seeds == ("/", "/news/", "/research.htm", "/reviews/index.html")
    assert site.article_url == r"^/f/(?P<key>\d{6}/\d+)\.html$"
    assert "# 20 of 20 articles that were read, 0 of the list pages, match" in text
    assert "# 20 of 20 URLs could be of the family empirecms; nothing else says so." in text


def test_a_draft_shows_what_the_new_file_reads_on_three_pages_and_keeps_nothing(oasis: Oasis) -> None:
    assert len(re.findall(r"(?m)^id +oasis/20", oasis.drafted.out)) == 3
    assert oasis.drafted.out.count("characters in") == 3
    assert len(oasis.kept.runs) == 3, "the draft's own crawl is none of them"


def test_a_site_file_that_is_there_is_not_replaced(oasis: Oasis, ask: Callable[..., Ran]) -> None:
    before = oasis.file.read_bytes()
    ended = ask("new-site", oasis.server.base_url, "--name", "oasis")
    assert (ended.code, "is not replaced" in ended.err, oasis.file.read_bytes()) == (2, True, before)


def test_first_and_quiet_runs_are_healthy_and_nothing_new_with_evidence(oasis: Oasis) -> None:
    first, second = (oasis.kept.report(run)["verdict"] for run in oasis.kept.runs[:2])
    assert (first["state"], second["state"]) == ("healthy", "nothing-new")
    alive = {evidence["kind"]: evidence for evidence in second["evidence"]}["lists"]
    assert alive["text"]


def test_a_redesign_is_caught_on_its_first_run_with_field_and_pages(oasis: Oasis) -> None:
    report = oasis.kept.report()
    verdict = report["verdict"]
    missing = {evidence["field"]: evidence for evidence in verdict["evidence"] if evidence["kind"] == "field-missing"}
    new = {oasis.server.site.url(number) for number in oasis.server.site.numbers[-NEW:]}
    assert (verdict["state"], "date" in missing, "source" in missing) == ("degraded", True, True)
    # The page with labels of its own shows a bare date, which is read; its source is not.
    assert set(missing["source"]["pages"]) == new
    assert set(missing["date"]["pages"]) == new - {oasis.server.site.url(oasis.server.site.numbers[-1])}
    assert (missing["source"]["count"], missing["source"]["of"]) == (NEW, NEW)
    assert missing["date"]["since"] == report["started_at"] == verdict["since"]


def test_a_seed_that_is_gone_is_evidence(oasis: Oasis) -> None:
    lost = [item for item in oasis.kept.report()["verdict"]["evidence"] if item["kind"] == "list-lost"]
    assert [item["pages"] for item in lost] == [[f"{oasis.server.base_url}research.htm"]]
    assert "http 404" in lost[0]["text"]


def test_no_record_of_a_changed_template_is_published_and_every_page_is_kept(oasis: Oasis) -> None:
    new = {oasis.server.site.url(number) for number in oasis.server.site.numbers[-NEW:]}
    assert not new & {line["url"] for line in oasis.kept.revisions}
    assert not new & {line["url"] for line in read_lines(oasis.place.exports / "oasis" / "articles.jsonl")}
    last = {line["url"]: line for line in oasis.kept.outcomes(oasis.kept.runs[-1])}
    assert {last[url]["outcome"] for url in new} == {"failed"}
    assert {last[url]["reason"].partition(":")[0] for url in new} == {"drifted"}
    assert all(last[url]["capture"] for url in new)
    report = oasis.kept.report()
    assert report["urls_failed"] == {"drifted": NEW}, "each once, however often it was tried"
    assert report["urls_asked"] < report["requests"]
    oasis.kept.assert_sound()


def test_a_held_page_lies_down_as_a_draft_of_a_golden_case(oasis: Oasis) -> None:
    cases = sorted((oasis.kept.folder / "drafts").iterdir())
    assert 1 <= len(cases) <= 3
    for case in cases:
        article = json.loads((case / "article.json").read_text(encoding="utf-8"))
        assert article["source"] is None
        assert article["title"].encode() in (case / "page.html").read_bytes()


def test_reparse_takes_no_held_page_in_while_its_fields_are_missing(oasis: Oasis, ask: Callable[..., Ran]) -> None:
    ended = ask("reparse", "oasis")
    assert (ended.code, "that the log has not" in ended.out) == (0, False)
    assert read_lines(oasis.kept.folder / "revisions.differences.jsonl") == []


def test_a_rebuilt_catalogue_holds_the_same_pages_back_until_the_same_day(
    oasis: Oasis, ask: Callable[..., Ran]
) -> None:
    query = "SELECT url, class, reason, priority, due_at, tries, kind FROM urls ORDER BY url"
    before = oasis.kept.query(query)
    assert ask("rebuild", "oasis").code == 0
    assert oasis.kept.query(query) == before
    assert ask("verify", "oasis").code == 0


def test_a_check_names_the_lost_fields_and_its_kept_captures_read_well(oasis: Oasis, ask: Callable[..., Ran]) -> None:
    ended = oasis.place.run("check", "oasis", "--json")
    assert ended.code == 7
    fields = {field["field"]: field["state"] for field in json.loads(ended.out)["fields"]}
    assert (fields["date"], fields["source"], fields["title"], fields["text"]) == ("lost", "lost", "well", "well")
    offline = ask("check", "oasis", "--offline")
    assert offline.code == 0
    assert "oasis: reads well; 10 articles looked at, 0 not read" in offline.out


def test_a_site_file_that_learns_the_labels_takes_the_held_page_in_without_asking_for_it(
    oasis: Oasis, ask: Callable[..., Ran]
) -> None:
    url = oasis.server.site.url(oasis.server.site.numbers[-1])
    with oasis.file.open("a", encoding="utf-8") as file:
        file.write('[labels]\n"供稿处" = "source"\n')
    asked = len(oasis.server.requests)
    ended = ask("reparse", "oasis", "--publish", "--exports", oasis.place.exports)
    assert (ended.code, "1 that the log has not" in ended.out) == (0, True), ended.out
    added = oasis.kept.revisions[-1]
    assert (added["url"], added["date"], added["source"], added["cause"]) == (url, "2026-06-30", "青榆日报", "reparse")
    assert len(oasis.server.requests) == asked
    assert ask("verify", "oasis").code == 0


def test_what_a_site_file_calls_optional_holds_nothing_back(oasis: Oasis) -> None:
    with oasis.file.open("a", encoding="utf-8") as file:
        oasis.server.replies.pop("/research.htm")
        file.write('[expect]\noptional = ["date", "source"]\n')
    oasis.crawl("--full")
    report = oasis.kept.report()
    assert (report["articles_new"], report["lists_lost"], report["verdict"]["state"]) == (NEW - 1, {}, "healthy")
