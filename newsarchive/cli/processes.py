"""Many sites at once, each crawled by a process of its own: what one of them does to its process is not the others'."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

import typer

WORST_FIRST = (130, 1, 6, 5, 4, 2, 7, 3, 0)
"""Which exit code is told where sites ended differently: what a person has to look at first."""

POLL_SECONDS = 0.1


def worst(codes: Sequence[int]) -> int:
    """Return the exit code of several; a code that is none of ours, such as that of a kill, counts as 1."""
    known = {code if code in WORST_FIRST else 1 for code in codes}
    return next((code for code in WORST_FIRST if code in known), 0)


@dataclass(frozen=True, slots=True, order=True)
class Child:
    """How the process of one site ended."""

    site: str
    code: int
    seconds: float


@dataclass(slots=True)
class _Running:
    process: "subprocess.Popen[str]"
    teller: threading.Thread
    since: float = field(default_factory=time.monotonic)


def crawl_apart(names: Sequence[str], options: Sequence[str], processes: int) -> Iterator[Child]:
    """Crawl each site by a process of its own, at most `processes` at a time, and yield how each ended, as it ends.

    `options` are those of the command line. What a process says of its run is shown when it ends; progress and errors
    at once. SIGINT and SIGTERM reach every process, and no further one is started.
    """
    waiting = list(names)
    running: dict[str, _Running] = {}
    with _forwarding(running) as stopped:
        while running or (waiting and not stopped):
            while waiting and len(running) < processes and not stopped:
                site = waiting.pop(0)
                running[site] = _started(site, options)
            yield from _ended(running)
            time.sleep(POLL_SECONDS)


def _started(site: str, options: Sequence[str]) -> _Running:
    command = [sys.executable, "-m", "newsarchive.cli.main", "crawl", site, *options]
    # In a session of its own: a Ctrl-C would otherwise reach it twice, and the second one ends a run at once.
    process = subprocess.Popen(  # noqa: S603 - ourselves, and names of sites that are declared
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        errors="replace", start_new_session=True,
    )  # fmt: skip
    teller = threading.Thread(target=_tell, args=(process.stderr,), daemon=True)
    teller.start()
    return _Running(process, teller)


def _tell(lines: "IO[str] | None") -> None:
    """Hand progress and errors on line by line: several live displays on one terminal would overwrite each other."""
    for line in lines or ():
        sys.stderr.write(line)
        sys.stderr.flush()


def _ended(running: dict[str, _Running]) -> Iterator[Child]:
    for site, one in list(running.items()):
        if one.process.poll() is None:
            continue
        one.teller.join()
        if one.process.stdout is not None:
            typer.echo(one.process.stdout.read(), nl=False)  # a dozen lines: no pipe is too small for them
            one.process.stdout.close()
        if one.process.stderr is not None:
            one.process.stderr.close()
        del running[site]
        yield Child(site, one.process.returncode, time.monotonic() - one.since)


@contextmanager
def _forwarding(running: dict[str, _Running]) -> Iterator[list[int]]:
    """Hand SIGINT and SIGTERM on to what is running; yields the signals that came."""
    received: list[int] = []

    def forward(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        for one in list(running.values()):
            one.process.send_signal(number)

    before = {number: signal.signal(number, forward) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
