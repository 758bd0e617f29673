"""What earlier runs of a collection counted, as later ones are compared with it."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Literal

from newsarchive.records.run import RunReport
from newsarchive.records.verdict import ClassTally, Evidence, Verdict
from newsarchive.verdicts.chance import Counted, pooled

RUNS = 60
"""So many of the last runs that read pages are the past of a page class."""

FIELDS = (
    "title", "date", "published_at", "source", "author", "clicks", "section", "tags", "text", "attachments", "related",
)  # fmt: skip
"""Fields whose hits are counted. `text` is hit by a body of some lines of text, and not by a crumb of one. The links to
the previous and the next article are none of them: the newest article never has a next one."""

HELD_FOR = ("date", "source", "text")
"""Fields without which an article is half an article, where its like has them.

Others (authors, tags, files) come and go in bunches on sites that nobody changed: their lack is told, holds nothing
back, and becomes usual where it lasts.
"""

Share = Callable[[ClassTally], Counted]


class Past:
    """The reports of earlier crawls, oldest first; those of imports are none."""

    def __init__(self, reports: Sequence[RunReport] = ()) -> None:
        self.reports = tuple(report for report in reports if report.is_crawl)
        self._missed: dict[tuple[str, str | None], Counted] = {}

    @cached_property
    def reading(self) -> tuple[RunReport, ...]:
        """The last runs that read article pages, oldest first; none before a run has been through the whole site.

        Until then what a run finds is not new but another part of the site: articles of other years, in other forms.
        """
        if not any(report.ended == "finished" for report in self.reports):
            return ()
        return tuple(report for report in self.reports if report.page_classes)[-RUNS:]

    @cached_property
    def classes(self) -> frozenset[str]:
        """The page classes of those runs."""
        return frozenset(name for report in self.reading for name in report.page_classes)

    def missed(self, field: str, page_class: str | None) -> Counted:
        """Return how many pages had no `field`, of how many; of all classes together where `page_class` is None."""
        key = field, page_class
        if key not in self._missed:
            self._missed[key] = self.share(lambda it: (whole(it) - it.hits.get(field, 0), whole(it)), page_class)
        return self._missed[key]

    def share(self, of: Share, page_class: str | None, parser: str | None = None) -> Counted:
        """Return what `of` counts in those runs; where `parser` is given, in those of that version only."""
        runs = [report for report in self.reading if parser is None or report.parser == parser]
        return pooled(_summed(of, _tallies(report, page_class)) for report in runs)

    def found(self, what: Literal["rules", "warnings"], key: str, page_class: str | None, parser: str) -> Counted:
        """Return how many pages had a rule or a warning, of how many, in the runs of one version of the parser."""
        counts: Callable[[ClassTally], dict[str, int]] = attrgetter(what)
        return self.share(lambda tally: (counts(tally).get(key, 0), whole(tally)), page_class, parser)

    @cached_property
    def verdict(self) -> Verdict | None:
        """The last verdict that was given; None before the first. A run that failed may have none of its own."""
        return next((report.verdict for report in reversed(self.reports) if report.verdict is not None), None)

    def standing(self, kind: str) -> tuple[Evidence, ...]:
        """Return the evidence of a kind that the last verdict has."""
        return tuple(item for item in self.verdict.evidence if item.kind == kind) if self.verdict else ()

    def since(self, evidence: Evidence) -> Evidence | None:
        """Return the same evidence of the last verdict, None where that has none."""
        return next((item for item in self.standing(evidence.kind) if _about(item) == _about(evidence)), None)


def _about(evidence: Evidence) -> tuple[object, ...]:
    """Return what evidence of one kind is about: a field, a class of pages, or a list page."""
    return evidence.page_class, evidence.field, evidence.pages if evidence.kind.startswith("list-") else ()


def whole(tally: ClassTally) -> int:
    """Return the pages that were taken in."""
    return tally.pages - tally.held


def together(tallies: Sequence[ClassTally]) -> ClassTally:
    """Return the tallies of several classes as one."""
    if len(tallies) == 1:
        return tallies[0]
    return ClassTally(
        pages=sum(tally.pages for tally in tallies),
        held=sum(tally.held for tally in tallies),
        unread=sum(tally.unread for tally in tallies),
        **{name: _added(tallies, name) for name in ("hits", "missed", "rules", "templates", "warnings")},
        examples=_examples(tallies),
    )


def _added(tallies: Sequence[ClassTally], name: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for tally in tallies:
        for key, count in getattr(tally, name).items():
            counts[key] = counts.get(key, 0) + count
    return counts


def _examples(tallies: Sequence[ClassTally]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for tally in tallies:
        for key, urls in tally.examples.items():
            found[key] = (*found.get(key, ()), *urls)[:10]
    return found


def _tallies(report: RunReport, page_class: str | None) -> Iterator[ClassTally]:
    for name, tally in report.page_classes.items():
        if page_class is None or name == page_class:
            yield tally


def _summed(of: Share, tallies: Iterator[ClassTally]) -> Counted:
    had, total = 0.0, 0.0
    for tally in tallies:
        a, b = of(tally)
        had, total = had + a, total + b
    return had, total
