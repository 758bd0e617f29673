"""When an article counts as removed: gone twice, a day apart, and not with half of the site."""

from dataclasses import dataclass, field

from newsarchive.records.capture import CaptureRef
from newsarchive.records.outcome import Outcome, UrlClass
from newsarchive.store.ladder import DAY
from newsarchive.store.visit import Visit

CONFIRM_DAYS = 1.0
"""Days that have to lie between the first look that finds an article gone and the one that confirms it."""

JITTER = 0.9
"""Of that time as much is enough: the ladder spreads its looks by a tenth, and a daily run begins seconds early."""

MAX_GONE_SHARE = 0.05
"""If more of a run's looks at known articles find them gone, the site is taken for broken and nothing is removed."""

FEW = 3
"""So many articles gone are never too many, however small the run."""


@dataclass(frozen=True, slots=True)
class Removal:
    """An article that a second look found gone."""

    article: str
    capture: CaptureRef
    at: int
    """WARC-Date of the second look, in seconds since 1970."""


@dataclass(slots=True)
class Rechecks:
    """What a run's looks at known articles found. Memory: one entry for each article that is gone."""

    confirm_days: float = CONFIRM_DAYS
    looks: int = 0
    gone: int = 0
    confirmed: list[Removal] = field(default_factory=list)

    def add(self, visit: Visit, outcome: Outcome) -> None:
        """Take a committed visit into account."""
        row = visit.row
        if row.article is None or outcome.status is None:
            return
        self.looks += 1
        if outcome.outcome is not UrlClass.GONE:
            return
        self.gone += 1
        at = int(outcome.at.timestamp())
        long_enough = row.gone_at is not None and at - row.gone_at >= self.wait_seconds
        if long_enough and row.status == "published" and outcome.capture is not None and visit.exchange is not None:
            captured_at = int(visit.exchange.started_at.timestamp())
            self.confirmed.append(Removal(row.article, outcome.capture, captured_at))

    @property
    def wait_seconds(self) -> float:
        """How long after the first look that finds an article gone the next one may confirm it."""
        return self.confirm_days * DAY * JITTER

    @property
    def degraded(self) -> str | None:
        """Say why what is gone is not believed, or None where it is."""
        if self.gone > FEW and self.gone > MAX_GONE_SHARE * self.looks:
            return f"{self.gone} of {self.looks} known articles looked gone; none was recorded as removed"
        return None
