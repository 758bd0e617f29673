"""A site over simulated days: what it adds, edits, removes and restores is exactly what the change list says."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply

pytestmark = pytest.mark.crawl

ON_DAY = Path(__file__).with_name("on_day.py")
ARTICLES = 40


class World:
    """A server whose site changes, and a collection that is crawled on simulated days."""

    def __init__(self, server: SampleServer, folder: Path) -> None:
        self.server = server
        self.folder = folder

    def crawl(
        self, day: float, *options: str, code: int = 0, environment: dict[str, str] | None = None
    ) -> dict[str, object]:
        """Crawl on `day` and return the run's report."""
        command = ("crawl", "sample", "--base-url", self.server.base_url, "--exports", "exports", *options)
        ended = self.run(day, *command, environment=environment)
        assert ended.returncode == code, ended.stderr
        newest = max((self.folder / "archive" / "sample" / "runs").glob("*.json"))
        report: dict[str, object] = json.loads(newest.read_text())
        return report

    def run(
        self, day: float, *arguments: str, environment: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, str(ON_DAY), str(day), *arguments, "--archive", "archive"]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
        return subprocess.run(
            command, cwd=self.folder, env=clean | (environment or {}), capture_output=True, text=True, check=False
        )

    def changes(self, *options: str) -> list[tuple[str, str]]:
        """Return what `newsarchive changes` lists, as (change, number of the article)."""
        ended = self.run(0, "changes", "sample", "--json", *options)
        assert ended.returncode == 0, ended.stderr
        lines = [json.loads(line) for line in ended.stdout.splitlines()]
        return [(line["change"], line["id"].rpartition("/")[2]) for line in lines]

    def later_changes(self) -> list[tuple[str, str]]:
        """Return the changes after the first run."""
        return [change for change in self.changes() if change[0] != "added"]

    def verify(self) -> None:
        ended = self.run(0, "verify", "sample")
        assert (ended.returncode, ended.stdout) == (0, "sample: sound\n"), ended.stdout


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with SampleServer(sample_site(ARTICLES), reshuffle=True) as server:
        # The calendar's ninety pages are looked at elsewhere.
        server.replies["/calendar/2026/11"] = Reply(404)
        yield World(server, tmp_path)


def test_the_change_list_is_exactly_what_happened(world: World) -> None:
    numbers = world.server.site.numbers
    edited, removed = numbers[10], numbers[20]
    assert world.crawl(0)["articles_new"] == ARTICLES

    world.server.site = (
        world.server.site.with_paragraph(edited, "编者按：本文有更正。").with_removed(removed).with_added(3)
    )
    report = world.crawl(1, "--full")
    assert (report["articles_new"], report["articles_changed"], report["articles_removed"]) == (3, 1, 0)
    # One look is no proof: the removal waits for a second one, a day or more later.
    assert world.later_changes() == [("edited", str(edited))]

    report = world.crawl(2.5, "--full")
    assert (report["articles_new"], report["articles_changed"], report["articles_removed"]) == (0, 0, 1)
    assert world.later_changes() == [("edited", str(edited)), ("removed", str(removed))]

    world.server.site = world.server.site.with_restored(removed)
    world.crawl(4, "--full")
    assert world.later_changes() == [
        ("edited", str(edited)), ("removed", str(removed)), ("restored", str(removed)),
    ]  # fmt: skip
    assert sum(change == "added" for change, _ in world.changes()) == ARTICLES + 3
    world.verify()
    shown = world.run(0, "diff", next(_id for _id in _ids(world) if _id.endswith(str(edited))))
    assert "{+编者按：本文有更正。+}" in shown.stdout


def test_a_removed_article_stays_in_the_export_with_its_last_content(world: World) -> None:
    removed = world.server.site.numbers[5]
    world.crawl(0)
    world.server.site = world.server.site.with_removed(removed)
    world.crawl(1, "--full")
    world.crawl(3, "--full")
    records = {str(line["id"]).rpartition("/")[2]: line for line in _exported(world)}
    assert len(records) == ARTICLES
    assert records[str(removed)]["status"] == "removed"
    assert records[str(removed)]["body"]
    assert records[str(removed)]["revision"] == 2


def test_nothing_is_removed_when_half_of_the_site_looks_gone(world: World) -> None:
    world.crawl(0)
    for number in world.server.site.numbers[: ARTICLES // 2]:
        path = world.server.site.path(number)
        world.server.replies[path] = Reply(404)
    world.crawl(1, "--full", code=7)
    report = world.crawl(3, "--full", code=7)
    assert report["articles_removed"] == 0
    assert "looked gone" in str(report["degraded"])
    assert world.later_changes() == []
    world.server.replies.clear()
    world.crawl(4, "--full")
    assert world.later_changes() == []


def test_only_what_is_due_is_asked_for(world: World) -> None:
    world.crawl(0)
    world.server.requests.clear()
    world.crawl(0.02)
    at_once = len(world.server.requests)
    assert at_once <= 15
    world.server.site = world.server.site.with_added(10)
    world.server.requests.clear()
    report = world.crawl(0.04)
    assert report["articles_new"] == 10
    files = sum(request.path.startswith("/upload/") for request in world.server.requests)
    assert len(world.server.requests) - files <= at_once + 10 + 2
    assert 0 < files < 10, "the new articles' files"
    # A young article is looked at again after a day or so, one that was years old when it was found is not.
    world.server.requests.clear()
    world.crawl(1.5)
    again = sum(request.path.startswith("/f/") for request in world.server.requests)
    assert 5 <= again < ARTICLES


def test_an_old_article_slipped_into_a_deep_list_page_is_found_within_thirty_days(world: World) -> None:
    whole = world.server.site
    late = whole.numbers[2]
    world.server.site = whole.with_removed(late)
    assert world.crawl(0)["articles_new"] == ARTICLES - 1
    # Entered long after its date and its neighbours: only the deepest page of its section's list names it.
    world.server.site = world.server.site.with_restored(late)
    world.crawl(15)
    report = world.crawl(30)
    assert report["articles_held"] == ARTICLES
    assert ("added", str(late)) in world.changes()


def test_an_article_that_moved_is_found_at_its_new_address_and_named_a_duplicate(world: World) -> None:
    world.crawl(0)
    moved = world.server.site.numbers[8]
    before = world.server.site.path(moved)
    world.server.site = world.server.site.with_moved(moved, "202601")
    report = world.crawl(1, "--full")
    assert (report["articles_new"], report["articles_changed"]) == (1, 0)
    records = {str(line["id"]): line for line in _exported(world)}
    old, new = f"sample/{before[3:-5]}", f"sample/202601/{moved}"
    assert records[new]["duplicate_of"] == old
    assert records[old]["duplicate_of"] is None
    # The old address goes on to the new one: it is an alias of it, and no removal however often it is looked at.
    world.crawl(3, "--full")
    assert [change for change in world.later_changes() if change[0] == "removed"] == []


def test_a_new_parser_over_an_unchanged_site_makes_no_revision(world: World) -> None:
    world.crawl(0)
    log = world.folder / "archive" / "sample" / "revisions.jsonl"
    before = log.read_bytes()
    upgraded = {"NEWSARCHIVE_TEST_PARSER": "9.9"}
    report = world.crawl(1, "--full", environment=upgraded)
    assert (report["parser"], report["articles_unchanged"]) == ("9.9", ARTICLES)
    assert log.read_bytes() == before
    # With the same new parser, an edit is an edit again, and only that.
    edited = world.server.site.numbers[3]
    world.server.site = world.server.site.with_paragraph(edited, "编者按：本文有更正。")
    world.crawl(2, "--full", environment=upgraded)
    assert world.later_changes() == [("edited", str(edited))]


def _ids(world: World) -> list[str]:
    return [str(line["id"]) for line in _exported(world)]


def _exported(world: World) -> list[dict[str, object]]:
    path = world.folder / "exports" / "sample" / "articles.jsonl"
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
