"""Reads heavy pages in a process of its own, which may die of them: the crawl goes on, and the page is named.

What goes over the pipes is JSON and bytes, never pickled objects: a worker that a page has taken over can make up a
meaning, which is checked like any other, and nothing else.
"""

import datetime as dt
import json
import math
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from newsarchive.records.article import Article
from newsarchive.records.outcome import UrlClass
from newsarchive.records.site import Site
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import FoundUrl
from newsarchive.store.interpret import READING_BROKE, Answer, Meaning, interpret, limited
from newsarchive.warc.messages import first_header

CPU_SECONDS: Final = 5
"""CPU time for one page."""

WALL_SECONDS: Final = 30
"""Time for one page, however busy the machine is."""

MEMORY_BYTES: Final = 512 * 1024**2
"""Address space of the worker, the interpreter counted in."""

MAX_MEANING_BYTES: Final = 64 * 1024**2
"""A longer meaning is not taken from a worker."""

_LENGTH_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class _PlainAnswer:
    """What of an answer goes to the worker."""

    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    truncated: str | None = None

    def header(self, name: str) -> str | None:
        return first_header(self.headers, name)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the worker beside the answer itself; as `interpret` takes it."""

    url: str
    kind: str
    captured_at: dt.datetime
    same_as_last: bool


class Worker:
    """A process that reads one page at a time; started when the first one comes, and again after one has killed it.

    `read` blocks: call it in a thread, one call at a time.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, answer: Answer, asked: Question) -> Meaning:
        """Return what `answer` means; if reading it took too much, a `parse-limited` meaning that says of what."""
        process = self._process or self._started()
        self._process = None
        late = threading.Event()

        def kill() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(WALL_SECONDS, kill)
        timer.start()
        try:
            _send(process.stdin, _question(answer, asked), answer.payload)
            told, _ = _received(process.stdout)
        except (OSError, EOFError, ValueError):
            told = {"limited": None}
        finally:
            timer.cancel()
        if "limited" in told:
            _end(process)
            return limited(asked.kind, told["limited"] or _cause_of_death(process.returncode, late=late.is_set()))
        self._process = process
        return _meaning(told)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            _end(self._process)
            self._process = None

    def _started(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "newsarchive.store.worker"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
        _send(process.stdin, json.loads(self._site.model_dump_json()))
        return process


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process that waits for a question, or is beyond answering one."""
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()
    try:
        process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _cause_of_death(code: int, *, late: bool) -> str:
    if late or code == -signal.SIGXCPU:
        return f"more than {CPU_SECONDS} s"
    return "the reader died"


def _question(answer: Answer, asked: Question) -> dict[str, Any]:
    return {
        "status": answer.status,
        "headers": answer.headers,
        "url": asked.url,
        "kind": asked.kind,
        "captured_at": asked.captured_at.isoformat(),
        "same_as_last": asked.same_as_last,
    }


def _told(meaning: Meaning) -> dict[str, Any]:
    return {
        "outcome": meaning.outcome.value,
        "kind": meaning.kind,
        "reason": meaning.reason,
        "target": meaning.target,
        "article": meaning.article.to_json() if meaning.article is not None else None,
        "found": [(found.url, found.kind, found.deep, found.refusal) for found in meaning.found],
        "transient": meaning.transient,
        "skipped_links": meaning.skipped_links,
        "gist": meaning.gist,
        "stated": meaning.stated,
    }


def _meaning(told: Mapping[str, Any]) -> Meaning:
    article = told["article"]
    return Meaning(
        UrlClass(told["outcome"]),
        str(told["kind"]),
        told["reason"],
        told["target"],
        Article.model_validate_json(article) if article is not None else None,
        [FoundUrl(*found) for found in told["found"]],
        bool(told["transient"]),
        int(told["skipped_links"]),
        told["gist"],
        told["stated"],
    )


def _send(pipe: BinaryIO | Any, header: Mapping[str, Any], payload: bytes = b"") -> None:  # noqa: ANN401
    data = json.dumps(header).encode()
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "big") + len(payload).to_bytes(_LENGTH_BYTES, "big"))
    pipe.write(data)
    pipe.write(payload)
    pipe.flush()


def _received(pipe: BinaryIO | Any) -> tuple[dict[str, Any], bytes]:  # noqa: ANN401
    lengths = _exactly(pipe, 2 * _LENGTH_BYTES)
    size = int.from_bytes(lengths[:_LENGTH_BYTES], "big")
    rest = int.from_bytes(lengths[_LENGTH_BYTES:], "big")
    if size + rest > MAX_MEANING_BYTES:
        raise ValueError("too long")
    header: dict[str, Any] = json.loads(_exactly(pipe, size))
    return header, _exactly(pipe, rest)


def _exactly(pipe: BinaryIO, count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data


# What runs in the process


def main() -> None:
    """Answer questions until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the crawl's business, and it ends the pipe
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    scope = Scope(Site.model_validate(_received(questions)[0]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    while True:
        try:
            question, payload = _received(questions)
        except EOFError:
            return
        spent = math.ceil(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS, resource.RLIM_INFINITY))
        _send(answers, _judged(question, payload, scope))


def _judged(question: Mapping[str, Any], payload: bytes, scope: Scope) -> dict[str, Any]:
    headers = tuple((name, value) for name, value in question["headers"])
    answer = _PlainAnswer(question["status"], headers, payload)
    kind, captured_at = question["kind"], dt.datetime.fromisoformat(question["captured_at"])
    try:
        return _told(
            interpret(
                answer, kind, scope, url=question["url"], captured_at=captured_at,
                same_as_last=question["same_as_last"],
            )
        )  # fmt: skip
    except MemoryError:
        return {"limited": f"more than {MEMORY_BYTES // 1024**2} MiB"}
    except RecursionError:
        return {"limited": "nested too deeply"}
    except Exception as error:  # noqa: BLE001 - a fault of ours: named like one in the crawl's own process
        return _told(Meaning(UrlClass.FAILED, kind, f"{READING_BROKE}: {type(error).__name__}"))


if __name__ == "__main__":
    main()
