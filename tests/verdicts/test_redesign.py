"""A site that changes its template between two runs, crawled for real."""

import json
from collections.abc import Iterator

import pytest

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply
from tests.crawl.command import Ended, Place
from tests.crawl.kept import Kept, read_lines

pytestmark = pytest.mark.crawl

ARTICLES = 60
NEW = 5


class Oasis:
    """A site with a file of its own, so that its runs are compared with their past."""

    def __init__(self, server: SampleServer, place: Place) -> None:
        self.server = server
        self.place = place
        sites = place.folder / "sites"
        sites.mkdir(parents=True)
        self.file = sites / "oasis.toml"
        self.write()

    def write(self, more: str = "") -> None:
        """Write the site file, with `more` at its end."""
        pattern = r"article_url = '^/f/(?P<key>\d{6}/\d+)\.html$'"
        home = f'home = "{self.server.base_url}"'
        self.file.write_text(f'name = "oasis"\ntitle = "Oasis"\n{home}\n{pattern}\n{more}', encoding="utf-8")

    @property
    def kept(self) -> Kept:
        return self.place.kept("oasis")

    def crawl(self, *options: str, code: int = 0) -> Ended:
        ended = self.place.run("crawl", "oasis", *options)
        assert ended.code == code, ended.err
        return ended


@pytest.fixture(scope="module")
def oasis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oasis]:
    """Crawl the site three times: first, with nothing new, and after its redesign."""
    place = Place(tmp_path_factory.mktemp("oasis") / "work")
    with SampleServer(sample_site(ARTICLES)) as server:
        server.replies["/calendar/2026/11"] = Reply(404)
        made = Oasis(server, place)
        made.crawl()
        made.crawl()
        server.site = server.site.with_added(NEW).with_redesign()
        made.crawl(code=7)
        yield made
    place.clear()


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
    assert set(missing["date"]["pages"]) == new
    assert (missing["date"]["count"], missing["date"]["of"]) == (NEW, NEW)
    assert missing["date"]["since"] == report["started_at"] == verdict["since"]


def test_no_record_of_a_changed_template_is_published_and_every_page_is_kept(oasis: Oasis) -> None:
    new = {oasis.server.site.url(number) for number in oasis.server.site.numbers[-NEW:]}
    assert not new & {line["url"] for line in oasis.kept.revisions}
    assert not new & {line["url"] for line in read_lines(oasis.place.exports / "oasis" / "articles.jsonl")}
    last = {line["url"]: line for line in oasis.kept.outcomes(oasis.kept.runs[-1])}
    assert {last[url]["outcome"] for url in new} == {"failed"}
    assert {last[url]["reason"].partition(":")[0] for url in new} == {"drifted"}
    assert all(last[url]["capture"] for url in new)
    oasis.kept.assert_sound()


def test_a_held_page_lies_down_as_a_draft_of_a_golden_case(oasis: Oasis) -> None:
    cases = sorted((oasis.kept.folder / "drafts").iterdir())
    assert 1 <= len(cases) <= 3
    for case in cases:
        article = json.loads((case / "article.json").read_text(encoding="utf-8"))
        assert article["date"] is None
        assert article["title"].encode() in (case / "page.html").read_bytes()


def test_reparse_takes_no_held_page_in_while_its_fields_are_missing(oasis: Oasis) -> None:
    ended = oasis.place.run("reparse", "oasis")
    assert (ended.code, "added" in ended.out) == (0, False)
    differences = read_lines(oasis.kept.folder / "revisions.differences.jsonl")
    assert differences == []


def test_a_rebuilt_catalogue_holds_the_same_pages_back_until_the_same_day(oasis: Oasis) -> None:
    query = "SELECT url, class, reason, priority, due_at, tries, kind FROM urls ORDER BY url"
    before = oasis.kept.query(query)
    assert oasis.place.run("rebuild", "oasis").code == 0
    assert oasis.kept.query(query) == before
    assert oasis.place.run("verify", "oasis").code == 0


def test_what_a_site_file_calls_optional_holds_nothing_back(oasis: Oasis) -> None:
    oasis.write('[expect]\noptional = ["date", "source"]\n')
    ended = oasis.crawl("--full")
    assert ended.code == 0
    assert oasis.kept.report()["articles_new"] == NEW
