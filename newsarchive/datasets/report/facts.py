"""The figures of a report, from the revisions of a collection: two readings of the log, no clock."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from pydantic_core import from_json

from newsarchive.datasets.report.promoted import Promotions, SideList
from newsarchive.datasets.selection import Selection
from newsarchive.datasets.tables import Row

COVERED = (
    ("date", "date"), ("source", "source"), ("author", "author"), ("section", "section"), ("tags", "tags"),
    ("series", "series"), ("attachments", "attachments"), ("published_at", "time of day"), ("clicks", "clicks"),
)  # fmt: skip
"""Fields whose coverage is told, and what they are called."""

EVENTS = ("edited", "removed", "restored", "reread", "withdrawn")
"""What may happen to an article after it was added, in the order in which it is told."""

MOST_YEARS = 40
RECENT = 25


class Share(NamedTuple):
    """So many articles with one value; `name` is None for those without."""

    name: str | None
    articles: int


class Event(NamedTuple):
    """What one revision did."""

    at: str
    """Instant at which it was recorded, RFC 3339, UTC."""
    kind: str
    id: str
    title: str
    url: str
    fields: tuple[str, ...]
    """Names of the fields that differ from the revision before."""


@dataclass(slots=True)
class Facts:
    """What a report tells, but for the audit and the clusters."""

    articles: int = 0
    """Articles held, removed ones too; withdrawn ones are not held."""
    removed: int = 0
    """Of these, the ones that the site no longer has."""
    withdrawn: int = 0
    revisions: int = 0
    """Lines of `revisions.jsonl`."""
    undated: int = 0
    """Articles that show no day."""
    outside: int = 0
    """Articles whose day lies outside of the years that are charted."""
    months: dict[int, list[int]] = field(default_factory=dict)
    """Articles by year and month of the day that they show; every year from the first to the last."""
    sections: list[Share] = field(default_factory=list)
    """By what the page says it belongs to, most articles first, those without last."""
    sources: list[Share] = field(default_factory=list)
    coverage: dict[int, dict[str, int]] = field(default_factory=dict)
    """How many articles of a year have each field of `COVERED`."""
    events: dict[str, Counter[str]] = field(default_factory=dict)
    """By month, `YYYY-MM` in UTC, in which it was recorded, from the first revision to the last; then by kind."""
    recent: list[Event] = field(default_factory=list)
    """The last events, latest first; articles that were added are none."""
    side_lists: list[SideList] = field(default_factory=list)


def facts_of(selection: Selection, as_of_year: int) -> Facts:
    """Return the figures of what is selected.

    `as_of_year` is the year of the last capture: days after the following year are taken for misprints. Memory: counts
    by year, section, source and side-list item, and no article.
    """
    facts = Facts()
    _read_revisions(selection, facts)
    years: dict[int, Counter[int]] = defaultdict(Counter)
    coverage: dict[int, Counter[str]] = defaultdict(Counter)
    sections: Counter[str | None] = Counter()
    sources: Counter[str | None] = Counter()
    for latest in selection.articles():
        article: Row = from_json(latest.line)
        if article["status"] == "withdrawn":
            facts.withdrawn += 1
            continue
        facts.articles += 1
        facts.removed += article["status"] == "removed"
        sections[article["section"]] += 1
        sources[article["source"]] += 1
        if article["date"] is None:
            facts.undated += 1
            continue
        year, month = int(article["date"][:4]), int(article["date"][5:7])
        years[year][month] += 1
        coverage[year].update(name for name, _ in COVERED if article[name] not in (None, [], ""))
    _keep_years(facts, years, coverage, as_of_year)
    facts.sections, facts.sources = _shares(sections), _shares(sources)
    return facts


def _read_revisions(selection: Selection, facts: Facts) -> None:
    recent: deque[Event] = deque(maxlen=RECENT)
    promotions = Promotions()
    events: dict[str, Counter[str]] = defaultdict(Counter)
    for revision in selection.revisions():
        values, change = revision.values, revision.change
        facts.revisions += 1
        events[values["recorded_at"][:7]][change["change"]] += 1
        if change["change"] != "added":
            recent.appendleft(_event(change))
        if values["status"] == "published" and values["cause"] == "site":
            promotions.add(values["captured_at"][:7], values["related"])
    facts.events = {month: events[month] for month in _from_first_to_last(events)}
    facts.recent = list(recent)
    facts.side_lists = promotions.lists()


def _event(change: Row) -> Event:
    return Event(
        change["recorded_at"], change["change"], change["id"], change["title"], change["url"], tuple(change["fields"])
    )


def _from_first_to_last(months: Iterable[str]) -> list[str]:
    known = sorted(months)
    if not known:
        return []
    (first, last) = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (known[0], known[-1]))
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, last + 1)]


def _keep_years(
    facts: Facts, years: dict[int, Counter[int]], coverage: dict[int, Counter[str]], as_of_year: int
) -> None:
    """Keep the years that a chart can show: one misprinted day must not stretch it over centuries."""
    within = [year for year in years if as_of_year - MOST_YEARS < year <= as_of_year + 1]
    facts.outside = sum(sum(count.values()) for year, count in years.items() if year not in within)
    for year in range(min(within), max(within) + 1) if within else ():
        facts.months[year] = [years[year][month] for month in range(1, 13)]
        facts.coverage[year] = {name: coverage[year][name] for name, _ in COVERED}


def _shares(counts: Counter[str | None]) -> list[Share]:
    named = sorted(((name, count) for name, count in counts.items() if name), key=lambda item: (-item[1], item[0]))
    without = sum(count for name, count in counts.items() if not name)
    return [*(Share(name, count) for name, count in named), *([Share(None, without)] if without else [])]
