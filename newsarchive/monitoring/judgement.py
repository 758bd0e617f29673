"""How a site fares, by its last run: from the run's verdict where it has one, from its exit code otherwise. Pure."""

import signal
from collections.abc import Mapping
from typing import NamedTuple

from newsarchive.records.run import RunReport
from newsarchive.records.verdict import State

STATES: tuple[State, ...] = ("healthy", "nothing-new", "degraded", "broken")
BAD: frozenset[State] = frozenset({"degraded", "broken"})

_DONE = frozenset({0, 3})
_BAD_SITE = 7
_BROKEN: Mapping[int, str] = {
    1: "an unexpected error ended it",
    2: "its configuration cannot be used",
    5: "storage is full or failing",
    6: "damage was found in the collection",
    7: "the site cannot be reached, or is not believed",
}


class Judgement(NamedTuple):
    """How a site fares, and why."""

    state: State
    evidence: tuple[str, ...] = ()
    """What was found, a line each."""

    @property
    def bad(self) -> bool:
        """Tell whether somebody has to act."""
        return self.state in BAD


def judged(code: int, report: RunReport | None, error: str | None = None) -> Judgement | None:
    """Return how a site fares whose crawl ended with exit code `code`, negative for the signal that killed it.

    None where the run says nothing of the site: it was interrupted, or another process was crawling.
    """
    verdict = verdict_of(report)
    if code < 0:
        return Judgement("broken", (f"its crawl was killed by {signal.Signals(-code).name}",))
    if code in _BROKEN:
        said = verdict.evidence if verdict else ()
        # What ended as a bad site is as bad as its verdict says; all else that fails is nothing but broken.
        state = verdict.state if verdict and verdict.bad and code == _BAD_SITE else "broken"
        return Judgement(state, (error or _BROKEN[code], *(line for line in said if line != error)))
    if code not in _DONE or (report is not None and report.ended == "interrupted"):
        return None
    return verdict or (Judgement("healthy") if report is not None else None)


def verdict_of(report: RunReport | None) -> Judgement | None:
    """Return the verdict that a run's report holds, or None where it holds none; why is what speaks against the run."""
    if report is None or report.verdict is None:
        return None
    said = report.verdict.against or report.verdict.evidence
    return Judgement(report.verdict.state, tuple(evidence.text for evidence in said))
