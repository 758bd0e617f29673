"""The download handler against raw sockets: what is kept is what went over the wire, both ways.

The crawls run in processes of their own: one reactor for each, and no warning of theirs becomes a failure here.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from scrapy.core.downloader.handlers import http11
from twisted.web import _newclient
from twisted.web.client import HTTPConnectionPool

from newsarchive.warc.fixity import walk
from newsarchive.warc.reader import StoredRecord, exchange_payload, read_record
from tests.warc.answers import ALL, ANSWERS, ENDLESS, MAX_BODY, Answer, Endless
from tests.warc.server import AnswerServer

ROOT = Path(__file__).parents[1]
HANDLER = "newsarchive.handler.TeeDownloadHandler"


@dataclass
class Crawl:
    """What a crawl over all answers left behind."""

    server: AnswerServer
    segment: Path
    outcomes: dict[str, dict[str, object]]

    def kept(self, name: str) -> tuple[StoredRecord, StoredRecord]:
        """Return the records of an answer and of its request."""
        offset = self.outcomes[name]["offset"]
        assert isinstance(offset, int), f"no exchange of {name}: {self.outcomes[name]}"
        answer = read_record(self.segment, offset)
        return answer, read_record(self.segment, offset + answer.length)


def _crawl(folder: Path, server: AnswerServer, concurrency: int, names: list[str], handler: str = HANDLER) -> Crawl:
    command = [sys.executable, "-m", "tests.warc.fetch", handler, server.base, str(folder), str(concurrency), *names]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr, ran.stderr
    with (folder / "outcomes.jsonl").open(encoding="utf-8") as lines:
        outcomes = [json.loads(line) for line in lines]
    assert sorted(outcome["name"] for outcome in outcomes) == sorted(names)
    return Crawl(server, folder / "answers.warc.gz", {outcome["name"]: outcome for outcome in outcomes})


@pytest.fixture(scope="module", params=[1, 16], ids=["one at a time", "sixteen at once"])
def crawl(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    """Crawl every answer once."""
    names = [answer.name for answer in ALL]
    with AnswerServer() as server:
        return _crawl(tmp_path_factory.mktemp("crawl"), server, request.param, names)


every_answer = pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)


@pytest.mark.crawl
@every_answer
def test_an_answer_is_kept_as_it_was_sent(crawl: Crawl, answer: Answer) -> None:
    kept, _ = crawl.kept(answer.name)
    response = exchange_payload(kept)
    assert kept.block == answer.message
    assert response.payload == answer.payload
    assert response.status == answer.status
    assert response.truncated == answer.truncated


@pytest.mark.crawl
@every_answer
def test_a_request_is_kept_as_the_server_got_it(crawl: Crawl, answer: Answer) -> None:
    _, request = crawl.kept(answer.name)
    received = crawl.server.requests[answer.name]
    assert request.block == received[-1].data
    assert request.block.startswith(f"GET /{answer.name}?page=2&x=%E4%B8%AD HTTP/1.1\r\n".encode())


@pytest.mark.crawl
@every_answer
def test_scrapy_gets_the_payload_and_the_flags(crawl: Crawl, answer: Answer) -> None:
    outcome = crawl.outcomes[answer.name]
    assert bool(outcome["error"]) == answer.fails
    assert tuple(outcome["flags"]) == answer.flags  # type: ignore[arg-type]
    if not answer.fails:
        assert outcome["body"] == answer.payload.decode("latin-1")
        assert outcome["shares_body"] or not answer.payload


@pytest.mark.crawl
def test_facts_of_the_connection_are_kept(crawl: Crawl) -> None:
    outcome = crawl.outcomes["plain"]
    assert outcome["url"] == f"{crawl.server.base}/plain?page=2&x=%E4%B8%AD"
    assert outcome["ip_address"] == "127.0.0.1"
    assert outcome["protocol"] == "http/1.1"
    assert outcome["tls"] is None
    assert crawl.outcomes["http-1-0"]["protocol"] == "http/1.0"


@pytest.mark.crawl
def test_a_whole_answer_leaves_its_connection_to_the_next(crawl: Crawl) -> None:
    keeping = [a for a in ANSWERS if not (a.closes or a.resets or a.hangs or a.fails or a.flags)]
    connections = {crawl.server.requests[answer.name][-1].connection for answer in keeping}
    assert len(keeping) > 50
    assert len(connections) < len(keeping) / 2


@pytest.mark.crawl
def test_a_request_that_an_idle_connection_lost_is_kept_as_sent_again(crawl: Crawl) -> None:
    asked = crawl.server.requests["idle-too-long"]
    kept, request = crawl.kept("idle-too-long")
    assert request.block == asked[-1].data
    assert kept.block == next(answer.message for answer in ANSWERS if answer.name == "idle-too-long")
    assert len({got.connection for got in asked}) == len(asked)


@pytest.mark.crawl
def test_a_connection_with_bytes_behind_an_answer_is_used_no_more(crawl: Crawl) -> None:
    asked = Counter(got.connection for requests in crawl.server.requests.values() for got in requests)
    last = {got.connection: name for name, requests in crawl.server.requests.items() for got in requests}
    for answer in ANSWERS:
        if answer.behind:
            connection = crawl.server.requests[answer.name][-1].connection
            assert last[connection] == answer.name or asked[connection] == 1


@pytest.mark.crawl
@pytest.mark.parametrize("answer", ENDLESS, ids=lambda answer: answer.name)
def test_an_endless_answer_is_cut_and_kept_as_far_as_it_came(crawl: Crawl, answer: Endless) -> None:
    kept, _ = crawl.kept(answer.name)
    endless = answer.start + answer.unit * (1 + 2 * 1024**2 // len(answer.unit))
    assert endless.startswith(kept.block) or answer.name == "endless-interim"
    assert len(kept.block) < 600_000
    assert kept.truncated == ("unspecified" if answer.name == "endless-trailer" else "length")
    outcome = crawl.outcomes[answer.name]
    assert outcome["error"] == (None if answer.name == "endless-trailer" else "DownloadCancelledError")


@pytest.mark.crawl
def test_the_segment_of_a_crawl_is_sound(crawl: Crawl) -> None:
    assert list(walk(crawl.segment)) == []


@pytest.mark.crawl
def test_a_body_above_the_limit_is_not_waited_for(crawl: Crawl) -> None:
    kept, _ = crawl.kept("length-huge")
    assert kept.truncated == "length"
    assert len(exchange_payload(crawl.kept("endless-body")[0]).payload) > MAX_BODY


@pytest.mark.crawl
def test_tls_facts_are_kept_and_the_bytes_are_those_inside(tmp_path: Path) -> None:
    names = ["plain", "chunked", "repeated", "cut-length", "until-close", "surplus", "endless-fields"]
    with AnswerServer(tls=True) as server:
        crawl = _crawl(tmp_path, server, 1, names)
    for answer in ANSWERS:
        if answer.name in names:
            kept, request = crawl.kept(answer.name)
            assert kept.block == answer.message
            assert request.block == server.requests[answer.name][-1].data
            outcome = crawl.outcomes[answer.name]
            assert outcome["tls"] == "tls/1.3"
            assert str(outcome["cipher_suite"]).startswith("TLS_")
    assert crawl.kept("endless-fields")[0].truncated == "length"


@pytest.mark.crawl
def test_a_host_that_does_not_answer_leaves_no_exchange(tmp_path: Path) -> None:
    with AnswerServer() as server:
        silent = _crawl(tmp_path, server, 4, ["silent", "silent-close"])
    assert all(outcome["offset"] is None and outcome["error"] for outcome in silent.outcomes.values())


@pytest.mark.crawl
def test_a_tap_that_sees_nothing_fails_loudly(tmp_path: Path) -> None:
    with AnswerServer() as server:
        deaf = _crawl(tmp_path, server, 1, ["plain"], handler="tests.warc.fetch.DeafHandler")
    assert deaf.outcomes["plain"]["error"] == "RuntimeError"


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (http11.HTTP11DownloadHandler, "download_request"),
        (http11._LenientHTTP11ClientFactory, "buildProtocol"),  # noqa: SLF001
        (http11._LenientHTTP11ClientProtocol, "request"),  # noqa: SLF001
        (http11._LenientHTTPClientParser, "lineReceived"),  # noqa: SLF001
        (_newclient.HTTP11ClientProtocol, "_finishResponse"),
        (_newclient.HTTP11ClientProtocol, "_parser"),
        (_newclient.HTTP11ClientProtocol, "_currentRequest"),
        (_newclient.HTTPClientParser, "headerReceived"),
        (_newclient.HTTPClientParser, "lineLengthExceeded"),
        (_newclient.Request, "writeTo"),
        (_newclient.Request, "_construct"),
        (HTTPConnectionPool, "_factory"),
        (HTTPConnectionPool, "getConnection"),
        (HTTPConnectionPool, "maxPersistentPerHost"),
    ],
)
def test_the_private_names_that_the_tap_hangs_on_are_there(owner: type, name: str) -> None:
    """When this fails after an upgrade of Scrapy or Twisted, read `handler.py` again beside their new sources."""
    assert hasattr(owner, name)
