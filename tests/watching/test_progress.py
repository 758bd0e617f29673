"""What a person sees while a crawl runs: in tmux at 80 columns, in a log, as JSON, and not at all."""

import json
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsarchive.extensions.counts import Counts
from newsarchive.extensions.pace import Pace, Standing
from newsarchive.sample import sample_site
from tests.crawl.command import PATIENCE_SECONDS, ROOT, Place
from tests.crawl.conftest import Serve
from tests.watching.conftest import Declare

WIDTH = 80
DONE = re.compile(r"^one: \d+ fetched, \d+ new, 0 changed, 0 failed$")
TO_DO = re.compile(r"^    \d+ known, \d+ due, \d+\.\d/s, at least \d+ (?:s|min|h|days) left$")


class Terminal:
    """A session of a tmux server of its own."""

    def __init__(self, tmux: str, socket: Path) -> None:
        self._command = [tmux, "-S", str(socket), "-f", "/dev/null"]

    def type(self, folder: Path, line: str) -> None:
        self.run("new-session", "-d", "-x", str(WIDTH), "-y", "24", "-c", str(folder), line)
        self.run("set-option", "-w", "remain-on-exit", "on")

    def shown(self) -> list[str]:
        return [line.rstrip() for line in self.run("capture-pane", "-p", "-S", "-").splitlines() if line.strip()]

    def run(self, *arguments: str) -> str:
        return subprocess.run([*self._command, *arguments], capture_output=True, text=True, check=True).stdout

    def end(self) -> None:
        subprocess.run([*self._command, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def terminal(tool: Callable[[str], str], tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tool("tmux"), tmp_path / "tmux")
    yield made
    made.end()


def wait_for(shown: Callable[[], list[str]], condition: Callable[[list[str]], bool]) -> list[str]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition(lines := shown()):
        assert time.monotonic() < deadline, lines
        time.sleep(0.05)
    return lines


def test_in_tmux_two_lines_move_and_nothing_of_them_stays(
    serve: Serve, place: Place, declare: Declare, terminal: Terminal
) -> None:
    server = serve(sample_site(3), crawl_delay_seconds=0.1)
    declare(server, "one")
    command = shlex.join([sys.executable, "-m", "newsarchive.cli.main", "crawl", "one", "--limit", "2"])
    terminal.type(place.folder, f"exec env PYTHONPATH={shlex.quote(str(ROOT))} {command}")
    seen = wait_for(terminal.shown, lambda lines: any(TO_DO.match(line) for line in lines))
    assert [line for line in seen if not DONE.match(line) and not TO_DO.match(line)] == []
    assert len(seen) == 2, "drawn in place"
    ended = wait_for(terminal.shown, lambda lines: any("report: " in line for line in lines))
    assert max(map(len, ended)) <= WIDTH
    assert sum("fetched" in line for line in ended) == 1, "the last state, once"
    assert ended[0].startswith("one: ")


def test_as_json_every_line_is_an_object(serve: Serve, place: Place, declare: Declare) -> None:
    server = serve(sample_site(2))
    declare(server, "one")
    ended = place.run("crawl", "one", "--log-format", "json", "--verbose", "--limit", "1")
    assert ended.code == 0
    lines = [json.loads(line) for line in ended.err.splitlines()]
    assert {line["event"] for line in lines} == {"log", "progress"}
    (progress,) = [line for line in lines if line["event"] == "progress"]
    assert progress["site"] == "one"
    assert progress["fetched"] > 0
    assert progress.keys() >= {"known", "fetched", "new", "changed", "failed", "due", "rate", "seconds_left"}
    assert not re.search("\x1b", ended.err)


def test_the_rate_is_that_of_the_last_minute_and_what_is_left_follows_from_it() -> None:
    counts = Counts()
    pace = Pace(counts, known_before=1000, due_before=100)
    pace.standing(0.0)
    for second in range(1, 301):
        counts.requests += 10 if second <= 200 else 1
        standing = pace.standing(float(second))
    assert standing.rate == pytest.approx(1.0, rel=0.05)
    counts.known, counts.outcomes["stored"] = 50, 90
    standing = pace.standing(301.0)
    assert (standing.known, standing.due) == (1050, 60)
    assert standing.seconds_left == pytest.approx(60, abs=5)


@pytest.mark.parametrize(
    ("due", "rate", "left"),
    [
        (0, 1.0, None),
        (10, 0.0, None),
        (1, 9.0, None),
        (59, 1.0, "59 s"),
        (90, 1.0, "2 min"),
        (7199, 1.0, "120 min"),
        (7201, 1.0, "3 h"),
        (172801, 1.0, "3 days"),
    ],
)
def test_time_left_is_said_as_people_do(due: int, rate: float, left: str | None) -> None:
    standing = Standing(known=1, fetched=1, new=0, changed=0, failed=0, due=due, rate=rate)
    assert standing.to_do.endswith(f"/s, at least {left} left" if left else f"{rate:.1f}/s")


def test_the_lines_of_a_large_site_fit_80_columns() -> None:
    standing = Standing(10_000_000, 10_000_000, 999_999, 99_999, 99_999, due=9_999_999, rate=99.9)
    assert max(len(f"{'n' * 20}: {standing.done}"), len(f"    {standing.to_do}")) <= WIDTH
