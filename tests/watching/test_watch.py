"""Watchers for real: processes that crawl over loopback, are stopped, killed and started again."""

import json
import signal
from pathlib import Path

import pytest

from newsarchive.cli.watch import complaint_of
from newsarchive.sample import SampleServer, sample_site
from newsarchive.watching.decision import History
from newsarchive.watching.memory import Memory
from tests.conftest import RunNewsarchive
from tests.crawl.command import Place, wait_until
from tests.crawl.conftest import Serve
from tests.watching.conftest import Declare

SLOW = 0.2


def memory_of(place: Place) -> dict[str, dict[str, object]]:
    path = place.archive / ".newsarchive" / "watch.json"
    found: dict[str, dict[str, object]] = json.loads(path.read_bytes())["sites"] if path.exists() else {}
    return found


def runs_of(place: Place, site: str) -> list[Path]:
    return sorted((place.archive / site / "runs").glob("*.json"))


@pytest.fixture
def server(serve: Serve) -> SampleServer:
    return serve(sample_site(4))


def test_what_is_due_is_crawled_and_not_again_after_a_restart(
    server: SampleServer, place: Place, declare: Declare
) -> None:
    declare(server, "one")
    first = place.run("watch", "one", "--every", "6h", "--once", "--log-format", "json")
    assert first.code == 0, first.err
    told = [json.loads(line) for line in first.err.splitlines()]
    assert [line["event"] for line in told if line["site"] == "one" and line["event"] != "progress"] == [
        "watching",
        "started",
        "ended",
    ]
    assert {line["code"] for line in told if line["event"] == "ended"} == {0}
    again = place.run("watch", "one", "--every", "6h", "--once", "--quiet")
    assert (again.code, again.out, again.err) == (0, "", "")
    assert len(runs_of(place, "one")) == 1
    assert all(site["ended"] for site in memory_of(place).values())


def test_a_second_watcher_says_who_watches_and_a_signal_ends_the_first_well(
    serve: Serve, place: Place, declare: Declare
) -> None:
    server = serve(sample_site(20), crawl_delay_seconds=SLOW)
    declare(server, "one")
    watching = place.start("watch", "one", "--every", "6h")
    wait_until(lambda: len(server.requests) > 3, watching)
    second = place.run("watch", "one", "--every", "6h")
    assert second.code == 4
    assert f"being watched by process {watching.pid} on " in second.complaint
    watching.send_signal(signal.SIGTERM)
    ended = place.finish(watching)
    assert ended.code == 3, "a crawl had work left"
    assert memory_of(place)["one"]["ended"] is False, "so it goes on with the next watcher"
    place.kept("one").assert_sound()
    assert json.loads(runs_of(place, "one")[0].read_bytes())["ended"] == "interrupted"


def test_what_was_remembered_and_is_damaged_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / ".newsarchive").mkdir()
    (tmp_path / ".newsarchive" / "watch.json").write_text('{"format": 1, "si', encoding="utf-8")
    memory = Memory(tmp_path, 0.0)
    assert memory.broken
    memory.note("one", History(5.0))
    memory.release()
    again = Memory(tmp_path, 0.0)
    assert (again.broken, again.histories) == (False, {"one": History(5.0)})
    again.release()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "watch: name a SITE, or --all"),
        (["icas", "--every", "6h", "--cron", "0 3 * * *"], "--every, --cron: expected one of them"),
        (["icas", "--every", "6"], "--every: expected a length of time such as 90s"),
        (["icas", "--every", "5s"], "--every: expected a minute or more"),
        (["icas", "--cron", "0 25 * * *"], "--cron: expected five fields of cron"),
        (["icas", "--cron", "6h"], "--cron: expected five fields of cron"),
        (["icas", "--window", "night"], "--window: expected a part of the day"),
        (["icas", "--jitter", "-5m"], "--jitter: expected a length of time"),
        (["icsa"], "no site is called 'icsa'; did you mean icas?"),
    ],
)
def test_what_cannot_be_watched_is_one_line(options: list[str], told: str, newsarchive: RunNewsarchive) -> None:
    ran = newsarchive("watch", *options)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"newsarchive: {told}")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("newsarchive: icas: needs a contact", "icas: needs a contact"),
        ('{"event": "error", "site": "icas", "text": "needs a contact"}', "needs a contact"),
        ('{"event": "progress", "text": "3 fetched"}', None),
        ("icas: 3 fetched", None),
        ("[1]", None),
        ("", None),
    ],
)
def test_why_a_crawl_could_not_go_on_is_its_last_line(line: str, complaint: str | None) -> None:
    assert complaint_of(line) == complaint
