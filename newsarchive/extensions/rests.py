"""Hosts that asked to be left alone, and until when: kept in the report of each run, obeyed by the next."""

import datetime as dt
import time

from newsarchive.store.interpret import LONGEST_WISH_SECONDS
from newsarchive.store.layout import Layout
from newsarchive.store.reports import read_reports
from newsarchive.timestamps import utc


class Rests:
    """Until when each host is asked for nothing more.

    State: one instant for each host that asked. A run that is killed writes no report: of what it heard, only what
    each URL was told remains (its due instant); what an earlier run heard still holds.
    """

    def __init__(self, until: dict[str, int] | None = None) -> None:
        self._until = until or {}

    @classmethod
    def of_last_runs(cls, layout: Layout) -> "Rests":
        """Return what the reports of the runs that ended within a day say: no wish reaches further."""
        rests = cls()
        # One run after the other writes a collection, so the one that began before another ended before it, too.
        for report in reversed(read_reports(layout).reports):
            if report.ended_at.timestamp() + LONGEST_WISH_SECONDS < time.time():
                break
            for host, instant in report.rests.items():
                rests.begin(host, int(instant.timestamp()))
        return rests

    def begin(self, host: str, until: int) -> None:
        """Leave `host` alone until `until`, in seconds since 1970, or longer if it asked for that before."""
        self._until[host] = max(until, self._until.get(host, 0))

    def until(self, host: str) -> int | None:
        """Return the instant until which `host` is left alone, or None if that is over or was never asked for."""
        until = self._until.get(host, 0)
        return until if until > time.time() else None

    @property
    def current(self) -> dict[str, dt.datetime]:
        """Hosts that are to be left alone after now, with the UTC instant at which that ends."""
        return {host: utc(until) for host, until in sorted(self._until.items()) if until > time.time()}
