"""What each collection holds and how its last run went; what each run did. Read from reports and catalogues."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from pydantic import AwareDatetime, Field

from newsarchive.errors import NewsarchiveError, StorageError
from newsarchive.operations.access import collection_of, reading
from newsarchive.records.model import Record
from newsarchive.records.run import RunReport
from newsarchive.records.verdict import State
from newsarchive.store.census import count_held, looking_gone
from newsarchive.store.layout import Layout
from newsarchive.store.reports import killed_runs, read_reports
from newsarchive.timestamps import iso, utc
from newsarchive.verdicts.past import Past


class Status(Record):
    """One line of `newsarchive status --json`: a collection as it is now."""

    site: str
    """Name of the collection."""
    articles: int | None = None
    """Articles held, removed ones too and withdrawn ones not; null where the catalogue cannot be read."""
    look_gone: tuple[str, ...] = ()
    """Canonical URLs of articles that were gone when they were last asked for, at most 100: a second look, a day or
    more after the first, records them as removed or not."""
    due: int | None = None
    """URLs that a run now would ask for, robots.txt left out; null as above."""
    last_run: AwareDatetime | None = None
    """UTC start of the last run, an import too, that has a report; null before the first."""
    last_ended: str | None = None
    """How that run ended: `finished`, `limit`, `interrupted`, `failed`; null as above."""
    verdict: State | None = None
    """The last verdict that a crawl was given; null before the first. Neither an import nor a run that failed and
    found nothing against the site changes it."""
    since: AwareDatetime | None = None
    """UTC start of the first run, of those without a gap, with that verdict; null where there is none."""
    quiet_since: AwareDatetime | None = None
    """UTC start of the last run that found a new article; null where none is known."""
    against: tuple[str, ...] = ()
    """What speaks against that verdict's run, in sentences; before them, that the last crawl failed, and why."""
    killed: tuple[str, ...] = ()
    """Runs after the last report that have none: they were killed, or one is under way."""
    error: str | None = None
    """Why the collection could not be read as a whole; null where it could."""
    exit_code: int = Field(default=0, exclude=True)
    """The exit code that stands for `error`, for what ended the last crawl, or for the verdict."""


class RunLine(Record):
    """One line of `newsarchive runs --json`: what one run did."""

    run: str
    """Name of the run: its start as `YYYYMMDDhhmmss`, UTC."""
    seconds: float | None = None
    """How long it took; null where it was killed."""
    ended: str
    """`finished`, `limit`, `interrupted` or `failed`, as in its report; `killed` where it has none, or is under way;
    `unreadable` where its report cannot be read."""
    report: RunReport | None = None
    """The report as it is on the disk, with its verdict; null where there is none."""


def status_of(archive: Path, name: str, now: float) -> Status:
    """Return how a collection is at `now`, in seconds since 1970. What cannot be read is told in `error`."""
    layout = Layout(archive, name)
    reports = read_reports(layout).reports
    last = reports[-1] if reports else None
    past = Past(reports)
    verdict = past.verdict
    failed = past.reports[-1] if past.reports and past.reports[-1].ended == "failed" else None
    held = {
        "site": name,
        "last_run": last.started_at if last else None,
        "last_ended": last.ended if last else None,
        "verdict": verdict.state if verdict else None,
        "since": verdict.since if verdict else None,
        "quiet_since": next((report.started_at for report in reversed(reports) if report.articles_new), None),
        "against": (*_told(failed), *(evidence.text for evidence in (verdict.against if verdict else ()))),
        "killed": tuple(run for run in killed_runs(layout) if last is None or run > last.run),
        "exit_code": _code_of(failed) or (7 if verdict and verdict.state in {"degraded", "broken"} else 0),
    }
    try:
        collection = collection_of(archive, name)
        with reading(layout) as catalogue:
            # What every run looks at is due to a run that begins after its last visit: the next one.
            due = catalogue.count_due(collection.scope.site.visited_hosts, int(now) + 1, int(now))
            gone = tuple(article.url for article in looking_gone(catalogue))
            return Status(articles=count_held(catalogue), look_gone=gone, due=due, **held)
    except NewsarchiveError as error:
        return Status(**held | {"error": str(error), "exit_code": error.exit_code})


def _told(failed: RunReport | None) -> tuple[str, ...]:
    return (f"the run of {iso(failed.started_at)} failed: {failed.error}",) if failed else ()


def _code_of(failed: RunReport | None) -> int:
    """Return the exit code of a run that failed; of those that did not say, it was nearly always the storage."""
    return (failed.error_code or StorageError.exit_code) if failed else 0


def runs_of(layout: Layout, last: int | None = None) -> Iterator[RunLine]:
    """Yield the last `last` runs (None: all), oldest first.

    Raises `ConfigurationError` where there is no collection.
    """
    layout.read_identity()
    found = read_reports(layout, last)
    lines = {report.run: _line(report) for report in found.reports}
    lines |= {run: RunLine(run=run, ended="killed") for run in killed_runs(layout)}
    lines |= {run: RunLine(run=run, ended="unreadable") for run in found.unreadable}
    ordered = [lines[run] for run in sorted(lines)]
    yield from ordered[-last:] if last else ordered


def _line(report: RunReport) -> RunLine:
    return RunLine(
        run=report.run,
        seconds=(report.ended_at - report.started_at).total_seconds(),
        ended=report.ended,
        report=report,
    )


def day(instant: dt.datetime | None) -> str:
    """Return the day of an instant, UTC; a dash for None."""
    return f"{utc(instant.timestamp()):%Y-%m-%d}" if instant else "-"
