"""What the articles of a dataset cover: counted while they are written, for the descriptions beside them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import get_args

from newsarchive.datasets.tables import Row
from newsarchive.records.article import Article

MOST_SECTIONS = 200
"""Names of sections that are counted apart, those met first by id; a site that gives every page its own fills no
memory."""
OTHER_SECTIONS = "…"

NULLABLE = tuple(
    name
    for name, field in Article.model_fields.items()
    if type(None) in get_args(field.annotation) and name != "date_evidence"
)
"""Fields that are null where the page shows nothing."""
LISTS = ("tags", "breadcrumb", "references", "attachments", "related")
"""Fields that are empty where the page shows nothing."""


class Coverage:
    """Counts articles by year, section and missing value; takes them as a writer of the dataset does.

    Memory: a number for each year, field and status, and for as many sections as `MOST_SECTIONS`.
    """

    def __init__(self) -> None:
        self.articles = 0
        self.years: Counter[str] = Counter()
        """Articles by the year of their date; those without one are not in it."""
        self.sections: Counter[str | None] = Counter()
        """Articles by section; None where the page names none."""
        self.missing: Counter[str] = Counter()
        """Articles by the name of a field that is null or empty."""
        self.statuses: Counter[str] = Counter()
        self.parsers: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.attachments = 0
        self.attachments_missing = 0
        """Attached files that were not fetched."""
        self.doubtful = 0
        """Articles with a warning."""
        self.first_date: str | None = None
        self.last_date: str | None = None
        self.first_captured_at: str | None = None
        """RFC 3339, UTC, as the next two; None without an article."""
        self.last_recorded_at: str | None = None
        self.last_checked_at: str | None = None

    def write(self, line: bytes, values: Row) -> None:  # noqa: ARG002 - as every writer has it
        """Count one article."""
        self.articles += 1
        self.statuses[values["status"]] += 1
        self.first_captured_at = min(self.first_captured_at or values["first_seen_at"], values["first_seen_at"])
        self.last_recorded_at = max(self.last_recorded_at or "", values["recorded_at"])
        self.last_checked_at = max(self.last_checked_at or "", values["last_checked_at"])
        if values["status"] != "withdrawn":
            self._count_content(values)

    def finish(self) -> None:
        """Do nothing: the counts are for others to tell."""

    def close(self) -> None:
        """Do nothing."""

    @property
    def with_content(self) -> int:
        """Number of articles that are not withdrawn: those that years, sections and missing values are counted of."""
        return self.articles - self.statuses["withdrawn"]

    @property
    def released_on(self) -> dt.date | None:
        """The UTC day on which the last of it was recorded; None without an article."""
        return dt.datetime.fromisoformat(self.last_recorded_at).date() if self.last_recorded_at else None

    def empty_years(self) -> Iterator[str]:
        """Yield the years between the first and the last that have no article."""
        if self.first_date and self.last_date:
            for year in range(int(self.first_date[:4]), int(self.last_date[:4])):
                if f"{year:04}" not in self.years:
                    yield f"{year:04}"

    def _count_content(self, values: Row) -> None:
        for name in NULLABLE:
            if values[name] is None:
                self.missing[name] += 1
        for name in LISTS:
            if not values[name]:
                self.missing[name] += 1
        if date := values["date"]:
            self.years[date[:4]] += 1
            self.first_date = min(self.first_date or date, date)
            self.last_date = max(self.last_date or date, date)
        section = values["section"]
        if section not in self.sections and len(self.sections) >= MOST_SECTIONS:
            section = OTHER_SECTIONS
        self.sections[section] += 1
        self.parsers[values["parser"]] += 1
        if language := values["language"]:
            self.languages[language] += 1
        self.doubtful += bool(values["warnings"])
        self.attachments += len(values["attachments"])
        self.attachments_missing += sum(file["digest"] is None for file in values["attachments"])
