"""Heavy pages are read in a process of their own: the same meaning, and an end to those that take too much."""

import datetime as dt
from collections.abc import Iterator

import pytest

from newsarchive.records.outcome import UrlClass
from newsarchive.records.site import Site
from newsarchive.sites.scope import Scope
from newsarchive.store import worker as worker_module
from newsarchive.store.interpret import (
    HEAVY_BYTES,
    HEAVY_TAGS,
    HeavyPageError,
    Meaning,
    interpret,
    is_heavy,
)
from newsarchive.store.worker import Question, Worker
from newsarchive.warc.exchange import Exchange, read_exchange

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
SITE = Site(name="harbour", title="Harbour", home="http://harbour.test/")
URL = "http://harbour.test/f/202011/1.html"
PARAGRAPH = "<p>守渠的人每天清晨打开闸门，记下水位、风向和过路商队的数目，写在一本旧册子里。</p>"


def answer(paragraphs: int) -> Exchange:
    page = f"<html><body><h1>守渠人</h1><div>日期：2020-11-02 来源：绿洲</div>{PARAGRAPH * paragraphs}</body></html>"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    body = page.encode()
    return read_exchange(url=URL, started_at=NOW, request=b"GET / HTTP/1.1\r\n\r\n", received=head % len(body) + body)


def here(exchange: Exchange, *, light_only: bool = False) -> Meaning:
    return interpret(exchange, "unknown", Scope(SITE), url=URL, captured_at=NOW, light_only=light_only)


QUESTION = Question(URL, "unknown", NOW, same_as_last=False)


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(SITE)
    yield made
    made.close()


def test_only_heavy_pages_are_read_apart() -> None:
    assert not is_heavy(b"x" * HEAVY_BYTES)
    assert is_heavy(b"x" * (HEAVY_BYTES + 1))
    assert is_heavy(b"<b>" * (HEAVY_TAGS + 1))
    assert here(answer(10), light_only=True).article is not None
    with pytest.raises(HeavyPageError):
        here(answer(4000), light_only=True)


def test_a_worker_gives_the_meaning_that_reading_here_would_give(worker: Worker) -> None:
    for paragraphs in (10, 4000):
        exchange = answer(paragraphs)
        assert worker.read(exchange, QUESTION) == here(exchange)


def test_a_page_that_takes_too_long_is_named_and_the_next_is_read(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "WALL_SECONDS", 0.0)
    late = worker.read(answer(4000), QUESTION)
    assert (late.outcome, late.article, late.found) == (UrlClass.FAILED, None, ())
    assert (late.reason or "").startswith("parse-limited: more than")
    monkeypatch.undo()
    assert worker.read(answer(10), QUESTION).article is not None


def test_a_worker_that_dies_is_named_and_replaced(worker: Worker) -> None:
    assert worker.read(answer(10), QUESTION).article is not None
    process = worker._process  # noqa: SLF001 - what a page that breaks the parser's C code would end
    assert process is not None
    process.kill()
    process.wait()
    assert worker.read(answer(10), QUESTION).reason == "parse-limited: the reader died"
    assert worker.read(answer(10), QUESTION).article is not None


@pytest.mark.parametrize(
    ("error", "reason"),
    [(MemoryError(), "parse-limited"), (RecursionError(), "parse-limited"), (KeyError("x"), "reading broke: KeyError")],
)
def test_what_a_page_breaks_in_the_reader_is_told_as_a_class(
    error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> Meaning:
        raise error

    monkeypatch.setattr(worker_module, "interpret", broken)
    question = {"status": 200, "headers": [], "url": URL, "kind": "unknown", "captured_at": NOW.isoformat(),
                "same_as_last": False}  # fmt: skip
    told = worker_module._judged(question, b"<p>", Scope(SITE))  # noqa: SLF001 - the other end of the pipe
    found = told.get("reason") or f"parse-limited: {told['limited']}"
    assert found.startswith(reason)
