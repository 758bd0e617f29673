"""Runs `newsarchive` in this process and measures it: the longest stall of its event loop, its memory, its sockets.

    python -m tests.hostile.watch REPORT ADDRESS ARGUMENT…

The arguments are those of `newsarchive`; REPORT becomes a JSON object; every name leads to ADDRESS. All the rest is
the run as it always is.
"""

import asyncio
import json
import socket
import sys
import time
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from newsarchive import settings
from newsarchive.cli.main import exit_code_of

TICK_SECONDS = 0.02
_LISTENING = "0A"


class Watch:
    """A Scrapy extension that looks at the process it runs in."""

    def __init__(self) -> None:
        self.stall_seconds = 0.0
        """Longest time between two ticks beyond the one that was asked for, less what the thread spent waiting for a
        processor: on a busy machine that is other processes' time."""
        self.busy_seconds = 0.0
        """Longest CPU time of the loop's thread between two ticks."""
        self.listening = 0
        self._due: float | None = None
        self._spent = 0.0
        self._queued = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        watch = cls()
        crawler.signals.connect(watch.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(watch.spider_closed, signal=signals.spider_closed)
        WATCHES.append(watch)
        return watch

    def spider_opened(self) -> None:
        self._due = time.perf_counter() + TICK_SECONDS
        self._spent = time.thread_time()
        self._queued = queued_seconds()
        asyncio.get_running_loop().call_later(TICK_SECONDS, self._tick)

    def spider_closed(self) -> None:
        # What follows is the end of the run: nobody waits for the loop any more.
        self._due = None

    def _tick(self) -> None:
        if self._due is None:
            return
        now = time.perf_counter()
        queued = queued_seconds()
        self.stall_seconds = max(self.stall_seconds, now - self._due - (queued - self._queued))
        spent = time.thread_time()
        self.busy_seconds = max(self.busy_seconds, spent - self._spent)
        self.listening = max(self.listening, len(listening_sockets()))
        self._due = time.perf_counter() + TICK_SECONDS
        self._spent = time.thread_time()
        self._queued = queued
        asyncio.get_running_loop().call_later(TICK_SECONDS, self._tick)


WATCHES: list[Watch] = []


def listening_sockets() -> set[str]:
    """Return the sockets of this process on which anybody could connect to it."""
    own = set()
    for handle in Path("/proc/self/fd").iterdir():
        try:
            own.add(str(handle.readlink()))
        except OSError:
            continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/self/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENING and f"socket:[{fields[9]}]" in own:
                found.add(fields[1])
    return found


def queued_seconds() -> float:
    """Return how long this thread was ready to run and had no processor (Linux: schedstat's second field)."""
    return int(Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()[1]) / 1e9


def most_memory_mib() -> float:
    """Return the most memory that this process has held. `ru_maxrss` would count what it was started from, too."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmHWM")


def main(report: str, address: str, *arguments: str) -> None:
    socket.gethostbyname = lambda _name: address  # what Scrapy's resolver asks
    settings.EXTENSIONS["tests.hostile.watch.Watch"] = 1
    settings.CONCURRENT_REQUESTS_PER_DOMAIN = settings.CONCURRENT_REQUESTS
    code = exit_code_of(arguments)
    # Under `python -m` the module exists twice: as itself for Scrapy, and as the program.
    from tests.hostile import watch  # noqa: PLC0415

    measured = {
        "code": code,
        "cpu_seconds": time.process_time(),
        "stall_seconds": max((one.stall_seconds for one in watch.WATCHES), default=0.0),
        "busy_seconds": max((one.busy_seconds for one in watch.WATCHES), default=0.0),
        "listening": max((one.listening for one in watch.WATCHES), default=0),
        "rss_mib": most_memory_mib(),
    }
    Path(report).write_text(json.dumps(measured), encoding="utf-8")
    sys.exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
