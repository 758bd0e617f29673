"""What a run has done so far."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from newsarchive.records.outcome import Outcome, UrlClass


@dataclass(slots=True)
class Counts:
    """Counters of one run; a few dozen numbers however long it is."""

    requests: int = 0
    articles: int = 0
    """Articles read, new or not; known as soon as a page is read."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    revisions: int = 0
    revisits: int = 0
    """Answers whose payload was kept before, at this URL or another."""
    known: int = 0
    """URLs found in this run that were not known before."""
    links_skipped: int = 0
    files: int = 0
    """Attachments that were fetched and are new, or another file than before."""
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    robots_gone: Counter[str] = field(default_factory=Counter)
    """Of the reasons, those of robots.txt files that are not there."""
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Count committed outcomes."""
        for outcome in outcomes:
            self.outcomes[outcome.outcome.value] += 1
            if outcome.reason:
                self.reasons[outcome.reason.partition(":")[0]] += 1
                if outcome.kind == "robots" and outcome.outcome is UrlClass.GONE:
                    self.robots_gone[outcome.reason.partition(":")[0]] += 1
            asked = outcome.status is not None or outcome.outcome is UrlClass.FAILED
            self.requests += asked
            if asked:
                self.kinds[outcome.kind] += 1
            self.files += outcome.kind == "attachment" and outcome.outcome is UrlClass.STORED
            if outcome.revision is not None:
                self.revisions += 1
                self.new += outcome.revision == 1
                self.changed += outcome.revision > 1
            elif outcome.kind == "article" and outcome.outcome is UrlClass.UNCHANGED:
                self.unchanged += 1
