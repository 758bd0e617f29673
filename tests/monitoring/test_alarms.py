"""One message when a site breaks, one when it is well again: over a real web hook and a real mail server."""

import datetime as dt
import email
import email.message
import socket
import sys
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from newsarchive.configuration.values import Secrets
from newsarchive.monitoring.alarms import Alarms
from newsarchive.monitoring.judgement import STATES, Judgement, judged
from newsarchive.records.run import RunReport
from newsarchive.records.verdict import Evidence, State, Verdict
from newsarchive.sample import SampleServer, sample_site
from newsarchive.sites import load_site
from tests.conftest import RunNewsarchive
from tests.crawl.command import Place
from tests.monitoring.conftest import SECRET, Hook
from tests.watching.conftest import Declare

SITE = load_site("icas")
BROKEN = Judgement("broken", ("no answer from icas.lzu.edu.cn",))
DEGRADED = Judgement("degraded", ("12 of 40 articles without a date",))
HEALTHY = Judgement("healthy")
NOW = dt.datetime(2026, 11, 22, 7, 15, tzinfo=dt.UTC)

Settle = Callable[[Judgement], list[str]]


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def settle(tmp_path: Path, hook: Hook, complaints: list[str]) -> Settle:
    """Settle a run as a process of its own would, and return the titles of all messages so far."""

    def settled(judgement: Judgement) -> list[str]:
        Alarms(tmp_path, Secrets((hook.address,)), complaints.append).settle(SITE, judgement, NOW)
        return hook.titles

    return settled


def test_an_incident_is_one_message_and_its_end_another_however_many_runs_it_lasts(settle: Settle, hook: Hook) -> None:
    assert settle(HEALTHY) == []
    broke = ["newsarchive: icas is broken"]
    assert settle(BROKEN) == broke
    assert hook.messages[0]["message"].splitlines() == [
        SITE.title,
        SITE.home,
        "",
        "Found by the run of 2026-11-22T07:15:00Z:",
        "- no answer from icas.lzu.edu.cn",
        "",
        "There is one message more when it is over.",
    ]
    assert settle(BROKEN) == settle(DEGRADED) == settle(BROKEN) == broke
    assert settle(HEALTHY) == [*broke, "newsarchive: icas is well again"]
    assert settle(HEALTHY) == settle(Judgement("nothing-new")) == [*broke, "newsarchive: icas is well again"]
    assert settle(DEGRADED)[2:] == ["newsarchive: icas is degraded"]


def test_a_service_that_fails_is_said_once_and_tried_again(settle: Settle, hook: Hook, complaints: list[str]) -> None:
    hook.status = 503
    assert settle(BROKEN) == settle(BROKEN) == []
    assert complaints == [
        "notification service 1 (JSON) did not take the message; `newsarchive check --notify-test` tries again"
    ]
    hook.status = 200
    assert settle(BROKEN) == ["newsarchive: icas is broken"]
    hook.status = 503
    assert settle(HEALTHY) == ["newsarchive: icas is broken"]
    hook.status = 200
    assert settle(HEALTHY) == ["newsarchive: icas is broken", "newsarchive: icas is well again"]
    assert settle(HEALTHY) == ["newsarchive: icas is broken", "newsarchive: icas is well again"]


def test_an_end_that_nobody_could_be_told_of_is_no_end_if_it_breaks_again(settle: Settle, hook: Hook) -> None:
    settle(BROKEN)
    hook.status = 503
    settle(HEALTHY)
    hook.status = 200
    assert settle(BROKEN) == ["newsarchive: icas is broken"], "one incident, as far as anybody knows"
    assert settle(HEALTHY) == ["newsarchive: icas is broken", "newsarchive: icas is well again"]


def test_what_a_page_says_cannot_command_whoever_reads_the_message(settle: Settle, hook: Hook) -> None:
    settle(Judgement("broken", ("\x1b[2J\r\nSubject: x",) * 30))
    text = hook.messages[0]["message"]
    assert "\x1b" not in text
    assert text.count("Subject: x") == 12
    assert "- and 18 more" in text


@pytest.mark.parametrize("address", [f"nothing://{SECRET}", f"{SECRET}"])
def test_an_address_that_is_none_is_said_and_not_shown(address: str, tmp_path: Path, complaints: list[str]) -> None:
    Alarms(tmp_path, Secrets((address,)), complaints.append).settle(SITE, BROKEN, NOW)
    assert "notification address 1 is none" in complaints[0]
    assert SECRET not in "".join(complaints)


def test_without_the_extra_one_line_says_what_to_install(
    settle: Settle, complaints: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert settle(BROKEN) == settle(BROKEN) == []
    (complaint,) = complaints
    assert "notifications need Apprise; type: " in complaint
    assert "-m pip install 'apprise>=" in complaint


def test_a_folder_that_cannot_be_written_ends_nothing(tmp_path: Path, hook: Hook, complaints: list[str]) -> None:
    (tmp_path / ".newsarchive").write_text("a file", encoding="utf-8")
    Alarms(tmp_path, Secrets((hook.address,)), complaints.append).settle(SITE, BROKEN, NOW)
    assert "cannot be written" in complaints[0]


class _Mails:
    """What aiosmtpd asks of a handler."""

    def __init__(self) -> None:
        self.received: list[email.message.Message] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: ANN401, N802 - its own
        self.received.append(email.message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture
def mails() -> Iterator[tuple[_Mails, int]]:
    handler = _Mails()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def test_a_mail_holds_the_message_in_plain_text(tmp_path: Path, mails: tuple[_Mails, int]) -> None:
    handler, port = mails
    address = f"mailto://127.0.0.1:{port}/?from=archive@example.org&to=you@example.org"
    complaints: list[str] = []
    Alarms(tmp_path, Secrets((address,)), complaints.append).settle(SITE, BROKEN, NOW)
    assert complaints == []
    (mail,) = handler.received
    assert str(make_header(decode_header(mail["Subject"]))) == "newsarchive: icas is broken"
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert f"{SITE.title}\r\n" in payload.decode().replace("\n", "\r\n").replace("\r\r", "\r")


def test_the_test_message_reaches_every_service(
    hook: Hook, newsarchive: RunNewsarchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_ALARM_URLS", f"{hook.address} {hook.address}")
    ran = newsarchive("check", "--notify-test")
    assert (ran.code, ran.out) == (0, "2 notification services took the test message\n")
    assert hook.titles == ["newsarchive: a test"] * 2
    hook.status = 500
    ran = newsarchive("check", "--notify-test")
    assert ran.code == 2
    assert "2 of 2 notification services did not take the test message: 1 (JSON), 2 (JSON)" in ran.err
    assert SECRET not in ran.out + ran.err
    monkeypatch.delenv("NEWSARCHIVE_ALARM_URLS")
    assert "no notification service is known" in newsarchive("check", "--notify-test").err


def report(**fields: object) -> RunReport:
    text = {
        "run": "20261122071500", "site": "icas", "origin": "http://x.test", "started_at": NOW, "ended_at": NOW,
        "ended": "finished", "requests": 1, "parser": "1.1", "software": "newsarchive/0",
    }  # fmt: skip
    return RunReport.model_validate({**text, **fields})


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (0, "healthy"),
        (3, "healthy"),
        (7, "broken"),
        (1, "broken"),
        (5, "broken"),
        (6, "broken"),
        (2, "broken"),
        (-9, "broken"),
    ],
)
def test_without_a_verdict_the_exit_code_says_how_a_site_fares(code: int, state: str) -> None:
    judgement = judged(code, report())
    assert judgement is not None
    assert judgement.state == state
    assert bool(judgement.evidence) == (state == "broken")


@pytest.mark.parametrize("state", STATES)
def test_a_verdict_says_how_a_site_fares_and_its_evidence_why(state: State) -> None:
    against = Evidence(kind="field-missing", text="12 of 40 articles without a date", since=NOW)
    verdict = Verdict(state=state, evidence=(against, Evidence(kind="articles", text="40 articles were read")))
    found = report(verdict=verdict)
    assert judged(0, found) == (state, (against.text,))
    bad = state in {"degraded", "broken"}
    assert judged(7, found, "no answer") == ((state, (against.text,)) if bad else ("broken", ("no answer",)))
    assert judged(5, found, "full") == ("broken", ("full",))


@pytest.mark.parametrize(("code", "ended"), [(4, "finished"), (130, "interrupted"), (3, "interrupted")])
def test_a_run_that_was_stopped_says_nothing_of_the_site(code: int, ended: str) -> None:
    assert judged(code, report(ended=ended)) is None


def test_a_crawl_tells_of_a_site_that_is_down_and_of_its_return(
    hook: Hook, place: Place, declare: Declare, tmp_path: Path
) -> None:
    place.environment = {"NEWSARCHIVE_ALARM_URLS": hook.address, "NEWSARCHIVE_METRICS_FILE": str(tmp_path / "m.prom")}
    with SampleServer(sample_site(2)) as server:
        port = int(server.base_url.rstrip("/").rpartition(":")[2])
        declare(server, "one")
    down = place.run("crawl", "one")
    assert down.code == 7
    assert hook.titles == ["newsarchive: one is broken"]
    figures = (tmp_path / "m.prom").read_text(encoding="utf-8")
    assert 'newsarchive_state{site="one",state="broken"} 1.0\n' in figures
    with SampleServer(sample_site(2), port=port):
        up = place.run("crawl", "one", "--limit", "1")
    assert up.code == 0, up.err
    assert hook.titles == ["newsarchive: one is broken", "newsarchive: one is well again"]
    kept = [path for path in place.folder.rglob("*") if path.is_file()]
    assert [path for path in kept if SECRET.encode() in path.read_bytes()] == []
    assert SECRET not in down.out + down.err + up.out + up.err
