"""The reports of a collection's runs, read back."""

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import ValidationError

from newsarchive.records.run import RunReport
from newsarchive.store.layout import Layout

REMEMBERED = 400
"""So many of the last reports are what a new run is compared with; each is some kilobytes."""


class Reports(NamedTuple):
    """What could be read, and what could not."""

    reports: tuple[RunReport, ...]
    """Oldest first."""
    unreadable: tuple[str, ...]
    """Names of runs whose report cannot be read."""


def read_reports(layout: Layout, last: int | None = REMEMBERED) -> Reports:
    """Return the reports of the last `last` runs (None: of all). A run that was killed has none."""
    paths = sorted(layout.runs.glob("[0-9]*.json"))
    found: list[RunReport] = []
    unreadable: list[str] = []
    for path in paths[-last:] if last else paths:
        try:
            found.append(RunReport.model_validate_json(path.read_bytes()))
        except (OSError, ValidationError):
            unreadable.append(path.stem)
    return Reports(tuple(found), tuple(unreadable))


def killed_runs(layout: Layout) -> Iterator[str]:
    """Yield the names of runs that have outcomes and no report: they were killed, or are under way."""
    for path in sorted(layout.runs.glob("[0-9]*.jsonl")):
        if not layout.run_report(path.stem).exists():
            yield path.stem
