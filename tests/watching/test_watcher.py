"""The watcher's loop with small processes in the place of crawls: windows that close, kills, processes that fail."""

import datetime as dt
import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsarchive.configuration.values import Schedule, Window
from newsarchive.loglines import Format, LogLines
from newsarchive.watching.decision import History
from newsarchive.watching.memory import Memory
from newsarchive.watching.timing import Plan
from newsarchive.watching.watcher import Order, Watcher

Watch = Callable[..., tuple[int, list[str], list[int]]]

NIGHT = Plan("one", Schedule.read("1d"), "Europe/Berlin", Window.read("22:00-06:00"))
ANY_TIME = Plan("one", Schedule.read("1d"), "Europe/Berlin")
STOPPABLE = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(3)); time.sleep(60)"


@pytest.fixture
def watch(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Watch:
    """Watch once from an instant on: exit code, lines, and what followed each crawl."""

    def watched(plan: Plan, instant: dt.datetime, *command: str) -> tuple[int, list[str], list[int]]:
        codes: list[int] = []
        order = Order(
            tmp_path, [plan], 1, lambda _site: command, lambda _site, code, _line: codes.append(code), once=True
        )
        began, start = time.monotonic(), instant.timestamp()
        memory = Memory(tmp_path, start)
        try:
            clock = lambda: start + time.monotonic() - began  # noqa: E731
            code = Watcher(order, memory, LogLines(Format.JSON, clock=clock), clock).run()
        finally:
            memory.release()
        return code, capfd.readouterr().err.splitlines(), codes

    return watched


def history_in(archive: Path) -> History:
    memory = Memory(archive, 0.0)
    memory.release()
    return memory.histories["one"]


def berlin(hour: int, minute: int = 0, second: float = 0.0) -> dt.datetime:
    moment = dt.datetime(2026, 11, 22, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))
    return moment + dt.timedelta(seconds=second)


def events_of(lines: list[str]) -> list[str]:
    return [json.loads(line)["event"] for line in lines]


def test_a_crawl_is_stopped_when_its_window_closes_and_has_not_come_to_its_end(watch: Watch, tmp_path: Path) -> None:
    code, lines, codes = watch(NIGHT, berlin(5, 59, 58.5), sys.executable, "-c", STOPPABLE)
    assert (code, codes) == (3, [3])
    assert events_of(lines) == ["started", "stopped", "ended"]
    assert history_in(tmp_path).ended is False, "so it goes on when the window opens"


def test_outside_its_window_nothing_is_started(watch: Watch, tmp_path: Path) -> None:
    assert watch(NIGHT, berlin(12), sys.executable, "-c", "raise SystemExit(1)") == (0, [], [])
    assert history_in(tmp_path).started_at is None


def test_a_crawl_that_is_killed_is_told_and_not_started_again_at_once(watch: Watch, tmp_path: Path) -> None:
    suicide = (
        "import os, signal, sys; print('a word', file=sys.stderr, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    code, lines, codes = watch(ANY_TIME, berlin(12), sys.executable, "-c", suicide)
    assert (code, codes) == (1, [-signal.SIGKILL])
    assert events_of(lines) == ["started", "error", "ended"]
    assert json.loads(lines[1])["text"] == "a word", "a line that is no object becomes one"
    assert "killed by SIGKILL" in json.loads(lines[2])["text"]
    assert history_in(tmp_path).ended is True


def test_a_process_that_cannot_be_made_is_told_and_tried_again(watch: Watch, tmp_path: Path) -> None:
    code, lines, codes = watch(ANY_TIME, berlin(12), str(tmp_path / "nothing"))
    assert (code, codes, events_of(lines)) == (0, [], ["error"])
    assert history_in(tmp_path).ended is False
