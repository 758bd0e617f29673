"""When a site is due next: schedules, windows and jitter. Pure."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from cronsim import CronSim

from newsarchive.configuration.values import Schedule, Window

LARGEST_SHARE = 10
"""Jitter is at most this part of the time between two starts, so that none is skipped for it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When one site is to be crawled."""

    site: str
    schedule: Schedule
    zone: str
    """IANA zone of cron expressions and windows: the site's own."""
    window: Window | None = None
    jitter_seconds: int = 0
    """The longest time by which a start is put off."""

    def due_after(self, started: float) -> float:
        """Return the instant at which the site is due after a start at `started`, jitter included."""
        return _due_after(self, started)

    def opening(self, instant: float) -> float:
        """Return the first instant from `instant` on at which the window is open."""
        if self.window is None:
            return instant
        return next(max(opens, instant) for opens, closes in self._windows(instant) if closes > instant)

    def closing(self, instant: float) -> float | None:
        """Return when the window closes that is open at `instant`; None where it never does."""
        if self.window is None:
            return None
        return next(closes for _, closes in self._windows(instant) if closes > instant)

    def spelt(self, instant: float) -> str:
        """Return `instant` as a person in the site's zone reads it."""
        return f"{self._local(instant):%Y-%m-%d %H:%M} {self.zone}"

    def _local(self, instant: float) -> dt.datetime:
        return dt.datetime.fromtimestamp(instant, ZoneInfo(self.zone))

    def planned(self, after: float) -> Iterator[float]:
        """Yield the instants of the schedule's cron expression after `after`.

        As Debian's cron has it: what falls into the hour that is left out in spring comes at its end, what falls into
        the hour that comes twice in autumn comes once; `*` in minutes or hours goes by the time that passes.
        """
        previous = after
        for found in CronSim(self.schedule.cron or "", self._local(after)):
            instant = found.timestamp()
            # On the day of a change the library goes by wall time, by which an instant of the past may be next.
            if instant > previous:
                previous = instant
                yield instant

    def jitter(self, planned: float, period: float) -> float:
        """Return by how much the start that is `planned`, a `period` before the next, is put off."""
        most = min(self.jitter_seconds, int(period) // LARGEST_SHARE)
        day = self._local(planned).date().isoformat()
        number = int.from_bytes(hashlib.sha256(f"{self.site} {day}".encode()).digest()[:8])
        return float(number % (most + 1))

    def _windows(self, instant: float) -> Iterator[tuple[float, float]]:
        """Yield the windows from the day before `instant` on, as the instants at which they open and close."""
        window = self.window
        if window is None:
            return
        zone = ZoneInfo(self.zone)
        day = self._local(instant).date() - dt.timedelta(days=1)
        while True:
            opens = dt.datetime.combine(day, window.opens, zone)
            later = dt.timedelta(days=window.closes <= window.opens)
            opened = opens.timestamp()
            closed = dt.datetime.combine(day + later, window.closes, zone).timestamp()
            # One that lies in the hour that is left out in spring would be no window at all.
            yield opened, closed if closed > opened else opened + window.length.total_seconds()
            day += dt.timedelta(days=1)


@lru_cache(maxsize=4096)
def _due_after(plan: Plan, started: float) -> float:
    if plan.schedule.every is not None:
        period = float(plan.schedule.every.seconds)
        planned = started + period
    else:
        coming = plan.planned(started)
        planned = next(coming)
        period = next(coming) - planned
    return planned + plan.jitter(planned, period)
