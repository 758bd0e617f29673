"""How far a run is: what it has done, how fast it goes, when it will be done."""

from collections import deque
from dataclasses import dataclass, field

from newsarchive.extensions.counts import Counts

WINDOW_SECONDS = 60.0
"""The rate is that of so many last seconds."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True, slots=True)
class Standing:
    """What a run has done by one instant."""

    known: int
    """URLs that the collection knows."""
    fetched: int
    new: int
    changed: int
    failed: int
    due: int
    """URLs that are still to be visited in this run, as far as is known: pages that are yet to be read name more."""
    rate: float
    """Answers a second over the last minute."""

    @property
    def seconds_left(self) -> int | None:
        """How long what is due will take at this rate, at least; None where nothing is due, or nothing comes."""
        return round(self.due / self.rate) if self.due and self.rate else None

    @property
    def done(self) -> str:
        """What was done, in a few words."""
        return f"{self.fetched} fetched, {self.new} new, {self.changed} changed, {self.failed} failed"

    @property
    def to_do(self) -> str:
        """What is left, in a few words."""
        seconds = self.seconds_left
        left = f", at least {_spelt(seconds)} left" if seconds else ""
        return f"{self.known} known, {self.due} due, {self.rate:.1f}/s{left}"


@dataclass(slots=True)
class Pace:
    """Turns a run's counters into its standing. State: a few samples of the last minute."""

    counts: Counts
    known_before: int
    due_before: int
    """URLs that were known, and due, when the run began."""
    _samples: deque[tuple[float, int]] = field(default_factory=deque)

    def standing(self, now: float) -> Standing:
        """Return how far the run is at `now`, in seconds of a clock that only goes forward."""
        counts = self.counts
        samples = self._samples
        while len(samples) > 1 and samples[1][0] <= now - WINDOW_SECONDS:
            samples.popleft()
        since, before = samples[0] if samples else (now, counts.requests)
        if not samples or now - samples[-1][0] >= 1:
            samples.append((now, counts.requests))
        return Standing(
            known=self.known_before + counts.known,
            fetched=counts.requests,
            new=counts.new,
            changed=counts.changed,
            failed=counts.outcomes["failed"],
            due=max(0, self.due_before + counts.known - counts.outcomes.total()),
            rate=(counts.requests - before) / (now - since) if now > since else 0.0,
        )


def _spelt(seconds: int) -> str:
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < 2 * _HOUR:
        return f"{-(-seconds // _MINUTE)} min"
    return f"{-(-seconds // _HOUR)} h" if seconds < 2 * _DAY else f"{-(-seconds // _DAY)} days"
