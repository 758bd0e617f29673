"""What makes systemd and cron crawl: judged by systemd itself, and by the shell that cron calls."""

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsarchive.configuration.values import Schedule
from newsarchive.watching.timing import Plan
from newsarchive.watching.units import Job, NotExpressibleError, crontab, service, timer
from tests.conftest import RunNewsarchive

Tool = Callable[[str], str]

ODD = 'a folder, 100% "mine" $HOME \\ it\'s'


def plan(schedule: str, zone: str = "Asia/Shanghai") -> Plan:
    return Plan("icas", Schedule.read(schedule), zone, None, 300)


@pytest.fixture
def odd_folder(tmp_path: Path) -> Path:
    folder = tmp_path / ODD
    folder.mkdir()
    return folder


@pytest.mark.parametrize("schedule", ["6h", "7h", "30 3 * * *", "*/15 8-18 * * MON-FRI", "0 4 1,15 * SUN"])
def test_systemd_accepts_service_and_timer(schedule: str, tool: Tool, odd_folder: Path) -> None:
    analyze = tool("systemd-analyze")
    job = Job([sys.executable, "-c", "pass", str(odd_folder)], odd_folder, [odd_folder], {"NEWSARCHIVE_CONTACT": ODD})
    paths = [odd_folder.parent / f"newsarchive-icas.{kind}" for kind in ("service", "timer")]
    for path, text in zip(paths, (service(plan(schedule), job), timer(plan(schedule))), strict=True):
        path.write_text(text, encoding="utf-8")
    ran = subprocess.run([analyze, "verify", "--man=no", *paths], capture_output=True, text=True, check=False)
    told = [line for line in ran.stderr.splitlines() if "newsarchive-icas" in line]
    assert (ran.returncode, told) == (0, [])


def test_a_unit_holds_every_character_as_systemd_reads_it(tmp_path: Path) -> None:
    job = Job(["/bin/true", "$HOME 5%"], tmp_path, [tmp_path / "a b"], {"A": "$HOME 5%", "B": 'say "x" \\'})
    lines = service(plan("1d"), job).splitlines()
    assert 'ExecStart=/bin/true "$$HOME 5%%"' in lines, "a $ is a variable in a command"
    assert 'Environment="A=$HOME 5%%"' in lines, "and nothing special elsewhere"
    assert 'Environment="B=say \\"x\\" \\\\"' in lines
    assert f'ReadWritePaths="{tmp_path}/a b"' in lines


@pytest.mark.parametrize(
    ("cron", "first", "second"),
    [
        ("30 3 * * *", "Tue 2026-12-01 03:30:00", "Wed 2026-12-02 03:30:00"),
        ("*/20 8-9 * * MON-FRI", "Tue 2026-12-01 08:00:00", "Tue 2026-12-01 08:20:00"),
        ("0 4 1,15 * *", "Tue 2026-12-01 04:00:00", "Tue 2026-12-15 04:00:00"),
        ("0 4 * FEB 7", "Sun 2027-02-07 04:00:00", "Sun 2027-02-14 04:00:00"),
        ("5 */6 * * *", "Tue 2026-12-01 00:05:00", "Tue 2026-12-01 06:05:00"),
    ],
)
def test_a_cron_expression_means_the_same_to_systemd(cron: str, first: str, second: str, tool: Tool) -> None:
    events = [line.removeprefix("OnCalendar=") for line in timer(plan(cron, "UTC")).splitlines() if "OnCal" in line]
    assert len(events) == 1
    command = [tool("systemd-analyze"), "calendar", "--iterations=2", "--base-time=2026-11-30 23:00:00 UTC", events[0]]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env={"TZ": "UTC", "LC_ALL": "C"})
    lines = [line for line in ran.stdout.splitlines() if "Next elapse" in line or "Iter" in line]
    found = [line.partition(": ")[2].removesuffix(" UTC") for line in lines]
    assert found[:2] == [first, second]


def test_a_day_of_the_month_or_of_the_week_is_two_events() -> None:
    assert [line for line in timer(plan("0 4 1 * MON")).splitlines() if line.startswith("OnCalendar")] == [
        "OnCalendar=*-*-1 4:0:00 Asia/Shanghai",
        "OnCalendar=Mon *-*-* 4:0:00 Asia/Shanghai",
    ]


def test_a_line_for_cron_runs_the_command_with_every_word_as_it_was(odd_folder: Path) -> None:
    program = "import json, os, sys; print(json.dumps([sys.argv[1:], os.getcwd(), os.environ['NEWSARCHIVE_CONTACT']]))"
    job = Job([sys.executable, "-c", program, ODD, "50%"], odd_folder, [], {"NEWSARCHIVE_CONTACT": ODD})
    comment, zone, line = crontab(plan("6h"), job).splitlines()
    assert comment.startswith("#")
    assert zone == "CRON_TZ=Asia/Shanghai"
    fields, command = line.split(maxsplit=5)[:5], line.split(maxsplit=5)[5]
    assert fields == ["0", "*/6", "*", "*", "*"]
    assert "%" not in command.replace("\\%", ""), "cron ends a command at a bare %"
    ran = subprocess.run(["/bin/sh", "-c", command.replace("\\%", "%")], capture_output=True, text=True, check=True)
    arguments, folder, contact = json.loads(ran.stdout)
    assert (arguments, folder, contact) == ([ODD, "50%"], str(odd_folder), ODD)


def test_what_cron_cannot_say_is_told(
    newsarchive: RunNewsarchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_CONTACT", "archive@institute.example")
    with pytest.raises(NotExpressibleError):
        crontab(plan("7h"), Job([], tmp_path, [], {}))
    ran = newsarchive("schedule", "icas", "--cron", "--every", "7h")
    assert ran.code == 2
    assert "cron cannot say every 7h" in ran.err


def test_a_site_that_nobody_answers_for_is_not_scheduled(
    newsarchive: RunNewsarchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSARCHIVE_CONTACT", raising=False)
    ran = newsarchive("schedule", "icas", "--cron", "--every", "6h")
    assert (ran.code, ran.out) == (2, "")
    assert "would be refused without a contact; set NEWSARCHIVE_CONTACT" in ran.err


@pytest.mark.parametrize("at", ["99 * * * *", "1 2", "30"])
def test_a_time_that_is_none_is_told_by_the_name_of_its_option(newsarchive: RunNewsarchive, at: str) -> None:
    ran = newsarchive("schedule", "icas", "--cron", "--at", at)
    assert ran.code == 2
    assert ran.err.startswith("newsarchive: --at: ")


def test_schedule_writes_absolute_paths_and_what_the_environment_says(
    newsarchive: RunNewsarchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSARCHIVE_CONTACT", "you@example.org")
    ran = newsarchive("schedule", "icas", "--systemd", "--at", "30 3 * * *", "--output", tmp_path / "units")
    assert ran.code == 0, ran.err
    text = (tmp_path / "units" / "newsarchive-icas.service").read_text(encoding="utf-8")
    start = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    words = shlex.split(start.removeprefix("ExecStart="))
    assert Path(words[0]).is_absolute()
    assert words[-5:] == ["--archive", str(tmp_path / "archive"), "--exports", str(tmp_path / "exports"), "--quiet"]
    assert "Environment=NEWSARCHIVE_CONTACT=you@example.org\n" in text
    assert f"ReadWritePaths={tmp_path / 'archive'}\n" in text
    assert "OnCalendar=*-*-* 3:30:00 Asia/Shanghai\n" in (tmp_path / "units" / "newsarchive-icas.timer").read_text()


def test_a_secret_is_not_written_into_a_unit(newsarchive: RunNewsarchive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSARCHIVE_PROXY", "http://user:PLANTED@proxy.example:3128")
    ran = newsarchive("schedule", "icas", "--cron")
    assert ran.code == 2
    assert "crawl.proxy_file" in ran.err
    assert "PLANTED" not in ran.out + ran.err
