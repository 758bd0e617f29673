"""The watcher: asks what is to be done, does it, and sleeps until something changes."""

import json
import select
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from newsarchive.loglines import Format, LogLines
from newsarchive.store.layout import Layout
from newsarchive.store.lock import is_held
from newsarchive.timestamps import run_name, utc
from newsarchive.watching.crawls import CrawlProcess
from newsarchive.watching.decision import Decision, History, believed, decide, due_at
from newsarchive.watching.memory import Memory
from newsarchive.watching.timing import Plan

LONGEST_SLEEP_SECONDS = 30.0
"""A machine that was asleep, or whose clock was set, is noticed after so long."""

INCOMPLETE = 3
INTERRUPTED = 130
ENDING = (signal.SIGINT, signal.SIGTERM, *((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()))
"""The signals that end a watcher well, a terminal that is closed among them."""

CAME_TO_ITS_END = frozenset({"finished", "limit", "failed"})
"""How a run's report says that it ended by itself."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a watcher is to do."""

    archive: Path
    plans: Sequence[Plan]
    processes: int
    command: Callable[[str], Sequence[str]]
    """The command line that crawls a site."""
    after: Callable[[str, int, str], None]
    """Told each crawl that has ended, with its exit code (negative for a signal) and the line that it said last."""
    once: bool = False
    """Crawl what is due now, and end."""


class Watcher:
    """Starts the crawls of one archive when they are due, each in a process of its own.

    State: the processes under way; all else is in `memory`, written before a crawl starts and after it has ended.
    """

    def __init__(self, order: Order, memory: Memory, lines: LogLines, clock: Callable[[], float]) -> None:
        self._order = order
        self._memory = memory
        self._lines = lines
        self._clock = clock
        self._crawls: dict[str, CrawlProcess] = {}
        self._began: dict[str, float] = {}
        self._stopping: set[str] = set()
        self._told: set[str] = set()
        self._received: list[signal.Signals] = []
        self._codes: list[int] = []
        self._wakes, self._wake = socket.socketpair()
        for end in (self._wakes, self._wake):
            end.settimeout(0)

    def run(self) -> int:
        """Watch until a signal ends it, or, where that is asked for, until what is due now was crawled.

        The first SIGINT or SIGTERM is passed on, and crawls under way end well; a second one ends them at once. Returns
        130 after SIGINT, 3 where SIGTERM stopped a crawl with work left, else 0; for `once` the highest exit code.
        """
        before = {number: signal.signal(number, self._signalled) for number in ENDING}
        try:
            if self._memory.broken:
                self._lines.tell("forgot", None, "what was remembered of earlier crawls cannot be read; begun anew")
            while self._go_on():
                pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            for crawl in self._crawls.values():  # none is left but where an error ends the watcher
                crawl.send(signal.SIGTERM)
            self._wakes.close()
            self._wake.close()
        if signal.SIGINT in self._received:
            return INTERRUPTED
        if self._received:
            return INCOMPLETE if INCOMPLETE in self._codes else 0
        return max((code if code >= 0 else 1 for code in self._codes), default=0)

    def _go_on(self) -> bool:
        """Do what is to be done now, and sleep; False where nothing is left to do."""
        now = self._clock()
        self._reap(now)
        if self._received:
            self._pass_on(self._received[-1], again=False)
            if self._crawls:
                self._sleep(LONGEST_SLEEP_SECONDS)
            return bool(self._crawls)
        decision = self._decision(now)
        for site in decision.stop:
            self._stop(site)
        started = [self._start(site, now) for site in decision.start]
        if any(started):
            return True  # what runs now may have to be stopped before the next look
        if self._order.once and not self._crawls:
            return False
        wait = LONGEST_SLEEP_SECONDS if decision.wake_at is None else decision.wake_at - now
        self._sleep(min(max(wait, 0.0), LONGEST_SLEEP_SECONDS))
        return True

    def _decision(self, now: float) -> Decision:
        plans = self._order.plans
        if self._order.once:
            plans = [plan for plan in plans if plan.site not in self._began or plan.site in self._crawls]
        histories = {}
        for plan in plans:
            known = self._memory.histories.get(plan.site)
            histories[plan.site] = self._look_back(plan, believed(plan, known, now))
            if histories[plan.site] != known:
                self._memory.note(plan.site, histories[plan.site])
        return decide(now, plans, histories, self._running(plans), self._order.processes)

    def _running(self, plans: Sequence[Plan]) -> set[str]:
        """Return the sites that are being crawled, by whomever: somebody may have typed it, or a watcher was killed."""
        archive = self._order.archive
        return {plan.site for plan in plans if plan.site in self._crawls or is_held(Layout(archive, plan.site).lock)}

    def _look_back(self, plan: Plan, history: History) -> History:
        """Return what is known of a site once it is seen how a crawl ended that a watcher before this one had started.

        The crawl may have outlived that watcher.
        """
        layout = Layout(self._order.archive, plan.site)
        if history.ended or history.started_at is None or plan.site in self._crawls or is_held(layout.lock):
            return history
        return replace(history, ended=_came_to_its_end(layout, history.started_at))

    def _start(self, site: str, now: float) -> bool:
        history = self._memory.histories[site]
        self._memory.note(site, History(history.watched_at, now, ended=False))
        try:
            crawl = CrawlProcess(self._order.command(site), self._forwarding(site), self._notify)
        except OSError as error:  # no room for a process: it is tried again with the next look
            self._lines.tell("error", site, f"cannot be started ({error.strerror})")
            return False
        self._crawls[site], self._began[site] = crawl, now
        self._lines.tell("started", site, f"started (process {crawl.number})", process=crawl.number)
        return True

    def _forwarding(self, site: str) -> Callable[[str], None]:
        """Return what hands on a crawl's lines; where every line is to be an object, those become one that are none."""

        def forward(line: str) -> None:
            if self._lines.form is Format.JSON and not line.startswith("{"):
                self._lines.tell("error", site, line)
            else:
                self._lines.write(line)

        return forward

    def _stop(self, site: str) -> None:
        crawl = self._crawls.get(site)
        if crawl is not None and site not in self._stopping:
            self._stopping.add(site)
            self._lines.tell("stopped", site, "its window has closed; it goes on in the next one")
            crawl.send(signal.SIGTERM)

    def _reap(self, now: float) -> None:
        for site, crawl in list(self._crawls.items()):
            code = crawl.code()
            if code is None:
                continue
            del self._crawls[site]
            self._codes.append(code)
            stopped = site in self._stopping or bool(self._received)
            self._stopping.discard(site)
            history = self._memory.histories[site]
            ended = not (stopped and code in {INCOMPLETE, INTERRUPTED})
            self._memory.note(site, History(history.watched_at, history.started_at, ended))
            self._tell_end(site, code, now)
            self._order.after(site, code, crawl.last_line)

    def _tell_end(self, site: str, code: int, now: float) -> None:
        seconds = max(0, round(now - self._began[site]))
        plan = next(plan for plan in self._order.plans if plan.site == site)
        due = plan.opening(max(due_at(plan, self._memory.histories[site]), now))
        how = f"ended with {code}" if code >= 0 else f"was killed by {signal.Signals(-code).name}"
        coming = "" if self._order.once or self._received else f"; next at {plan.spelt(due)}"
        self._lines.tell("ended", site, f"{how} after {seconds} s{coming}", code=code, seconds=seconds)

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        self._received.append(signal.Signals(number))
        self._pass_on(signal.Signals(number), again=True)
        self._notify()

    def _pass_on(self, number: signal.Signals, *, again: bool) -> None:
        """Send what was received to each crawl; to those that had it already only where it came `again`."""
        for site, crawl in list(self._crawls.items()):
            if again or site not in self._told:
                self._told.add(site)
                crawl.send(signal.SIGINT if number == signal.SIGINT else signal.SIGTERM)

    def _notify(self) -> None:
        with suppress(OSError):  # closed: the watcher has ended; full: it wakes anyway
            self._wake.send(b"\0")

    def _sleep(self, seconds: float) -> None:
        select.select([self._wakes], [], [], seconds)
        with suppress(BlockingIOError):
            while self._wakes.recv(4096):
                pass


def _came_to_its_end(layout: Layout, started: float) -> bool:
    """Tell whether a run that began at `started` or later has a report that says that it ended by itself."""
    reports = sorted(layout.runs.glob("*.json"), reverse=True)
    if not reports or reports[0].stem < run_name(utc(started)):
        return False
    try:
        found: Mapping[str, object] = json.loads(reports[0].read_bytes())
    except (OSError, ValueError):
        return False
    return found.get("ended") in CAME_TO_ITS_END
