"""`crawl --all`, `status` and `runs`: many collections, each with its verdict."""

import json
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsarchive.cli.processes import WORST_FIRST, worst
from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply
from tests.conftest import Ran, RunNewsarchive
from tests.crawl.command import Ended, Place, wait_until

ARTICLES = 8
PATTERN = r"article_url = '^/f/(?P<key>\d{6}/\d+)\.html$'"


def site_file(place: Place, name: str, home: str) -> None:
    sites = place.folder / "sites"
    sites.mkdir(parents=True, exist_ok=True)
    (sites / f"{name}.toml").write_text(f'name = "{name}"\ntitle = "{name}"\nhome = "{home}"\n{PATTERN}\n')


def served(server: SampleServer) -> SampleServer:
    server.replies["/calendar/2026/11"] = Reply(404)
    return server


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Ended]]:
    """Crawl every site: two that are there, one of a dead port, the built-in ones, and a file that is none."""
    place = Place(tmp_path_factory.mktemp("many") / "work")
    with SampleServer(sample_site(ARTICLES)) as east, SampleServer(sample_site(ARTICLES + 2)) as west:
        for name, server in (("east", served(east)), ("west", served(west))):
            site_file(place, name, server.base_url)
        site_file(place, "gone", "http://127.0.0.1:9/")
        (place.folder / "sites" / "torn.toml").write_text('name = "torn"\n')
        yield place, place.run("crawl", "--all", "--processes", 2)
    place.clear()


@pytest.fixture
def ask(
    crawled: tuple[Place, Ended], newsarchive: RunNewsarchive, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    """Run a command beside the collections, in this process; `folder` names a copy of them."""

    def run(*arguments: object, folder: Path | None = None) -> Ran:
        place = folder or crawled[0].folder
        monkeypatch.setenv("NEWSARCHIVE_SITES", str(place / "sites"))
        monkeypatch.setenv("NEWSARCHIVE_HOME", str(place / "archive"))
        monkeypatch.setenv("COLUMNS", "80")
        return newsarchive(*arguments)

    return run


def test_every_site_is_crawled_and_the_worst_exit_code_is_told(crawled: tuple[Place, Ended]) -> None:
    place, ended = crawled
    assert place.kept("east").report()["articles_new"] == ARTICLES
    assert place.kept("west").report()["articles_new"] == ARTICLES + 2
    # icas wants a contact (2), the dead port is 7, the torn file 2: what a person has to mend comes first.
    assert ended.code == 2
    codes = {line.split()[0]: line.split()[1] for line in ended.out.splitlines()[-4:]}
    assert codes == {"east": "0", "west": "0", "gone": "7", "icas": "2"}
    assert "torn.toml" in ended.err


def test_the_bundled_sample_is_no_site_to_be_crawled(crawled: tuple[Place, Ended]) -> None:
    place, _ = crawled
    assert not (place.archive / "sample").exists()


def test_status_shows_every_collection_in_eighty_columns(ask: Callable[..., Ran]) -> None:
    ended = ask("status")
    assert ended.code == 7
    assert max(map(len, ended.out.splitlines()[:4])) <= 80
    rows = {line.split()[0]: line.split() for line in ended.out.splitlines()[1:4]}
    assert (rows["east"][1], rows["east"][4]) == (str(ARTICLES), "healthy")
    assert rows["gone"][4] == "broken"
    assert "gone: no host of the site answered" in ended.out


def test_status_as_json_has_what_the_table_has(ask: Callable[..., Ran]) -> None:
    lines = {line["site"]: line for line in map(json.loads, ask("status", "--json").out.splitlines())}
    assert lines["west"]["articles"] == ARTICLES + 2
    assert lines["west"]["verdict"] == "healthy"
    assert lines["west"]["quiet_since"] == lines["west"]["last_run"]
    assert lines["gone"]["against"] == ["no host of the site answered"]
    assert ask("status", "east", "west").code == 0


def test_runs_lists_each_run_with_verdict_and_evidence(crawled: tuple[Place, Ended], ask: Callable[..., Ran]) -> None:
    ended, kept = ask("runs", "east"), crawled[0].kept("east")
    assert ended.code == 0
    (row,) = [line for line in ended.out.splitlines() if line.startswith(f"{kept.runs[0]} ")]
    assert (row.split()[1], len(row) <= 80) == ("healthy", True)
    assert "articles: 8 new, 0 changed, 0 removed" in ended.out
    (line,) = map(json.loads, ask("runs", "east", "--json").out.splitlines())
    assert line["report"] == kept.report()
    assert (line["run"], line["ended"]) == (kept.runs[0], "finished")


def test_a_killed_run_and_a_torn_report_are_listed_as_that(
    crawled: tuple[Place, Ended], ask: Callable[..., Ran], tmp_path: Path
) -> None:
    shutil.copytree(crawled[0].folder, tmp_path / "copy")
    place = Place(tmp_path / "copy")
    killed, torn = place.kept("east").runs[0], place.kept("west").runs[0]
    (place.kept("east").folder / "runs" / f"{killed}.json").unlink()
    (place.kept("west").folder / "runs" / f"{torn}.json").write_text("{")
    assert "killed" in ask("runs", "east", folder=place.folder).out
    assert f"east: run {killed} has no report" in ask("status", "east", folder=place.folder).out
    assert "unreadable" in ask("runs", "west", folder=place.folder).out


def test_runs_of_a_collection_that_is_not_there_says_so(ask: Callable[..., Ran]) -> None:
    ended = ask("runs", "nowhere")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "no collection here" in ended.err


def test_a_stopped_crawl_of_many_sites_stops_each_and_begins_no_other(tmp_path: Path) -> None:
    place = Place(tmp_path / "work")
    with SampleServer(sample_site(40), crawl_delay_seconds=1) as server:
        site_file(place, "slow", server.base_url)
        site_file(place, "waiting", server.base_url)
        process = place.start("crawl", "slow", "waiting", "--processes", 1)
        wait_until(lambda: len(server.requests) > 1, process)
        process.send_signal(signal.SIGINT)
        ended = place.finish(process)
    assert ended.code == 130
    assert place.kept("slow").report()["ended"] == "interrupted"
    assert not (place.archive / "waiting").exists()


@pytest.mark.parametrize(
    ("codes", "told"), [([0, 7, 3], 7), ([3, 0], 3), ([], 0), ([-9, 7], 1), ([5, 130], 130), ([7, 6], 6)]
)
def test_of_several_exit_codes_the_one_that_needs_a_person_first_is_told(codes: list[int], told: int) -> None:
    assert worst(codes) == told
    assert set(WORST_FIRST) == {0, 1, 2, 3, 4, 5, 6, 7, 130}
