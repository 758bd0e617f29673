"""What the documents beside a dataset are made of: whose it is, what it covers, which files there are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from newsarchive.datasets.coverage import Coverage
from newsarchive.datasets.tables import SINCE, TABLES, Table
from newsarchive.records.description import Description

MEDIA_TYPES = {
    "jsonl": "application/jsonlines", "csv": "text/csv", "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of data."""

    name: str
    suffix: str
    table: Table | None
    """Its dataset; None for the database, which has all of them."""
    rows: int
    bytes: int
    sha256: str
    stale: bool = False
    """True where it was made of an earlier state of the archive than the latest of the files."""


@dataclass(frozen=True, slots=True)
class Release:
    """A folder of datasets at one state of the archive."""

    about: Description
    coverage: Coverage
    files: tuple[DataFile, ...]
    """In the order of the tables, and of formats within one."""
    name: str | None = None
    """The snapshot's; None for the folder that each run brings up to date."""
    since: str | None = None
    """What changed since which snapshot, in a few words; None where there is none before."""

    @property
    def title(self) -> str:
        """What the dataset is called."""
        return f"News archive: {self.about.names}"

    @property
    def version(self) -> str:
        """The snapshot's name or, without one, the instant at which the last of it was recorded (UTC)."""
        return self.name or self.coverage.last_recorded_at or "empty"

    @property
    def author(self) -> str:
        """Who is named as the dataset's author."""
        return self.about.curator or self.about.title

    @property
    def summary(self) -> str:
        """What it is, in two sentences."""
        covered = self.coverage
        count = "1 article" if covered.articles == 1 else f"{covered.articles} articles"
        days = f", dated {covered.first_date} to {covered.last_date}" if covered.first_date else ""
        return (
            f"{count} of {self.about.names}{days}, as served at {self.about.home} and "
            "captured with their history. Every row names its capture (WARC record and digest)."
        )

    @property
    def rights(self) -> str:
        """Whose the texts are. No licence is claimed for them."""
        said = f" The institute says of its pages: {self.about.rights}" if self.about.rights else ""
        return (
            "The texts, images and files belong to their publishers: the institute, and the sources and authors that "
            "each article names. This dataset grants no licence for them. What the archive adds (ids, digests, "
            f"instants of capture, provenance) is of whoever keeps it.{said}"
        )

    def of_table(self, name: str) -> dict[str, DataFile]:
        """Return the files of a dataset by their suffix."""
        return {file.suffix: file for file in self.files if file.table is not None and file.table.name == name}


def data_files(entries: Mapping[str, Mapping[str, Any]], site: str) -> Iterator[DataFile]:
    """Yield the files of data among those that a manifest names."""
    known = [(f"{table.name}.{suffix}", suffix, table) for table in (*TABLES.values(), SINCE) for suffix in MEDIA_TYPES]
    latest = max((entry["log_bytes"] for entry in entries.values()), default=0)
    for name, suffix, table in (*known, (f"{site}.sqlite", "sqlite", None)):
        if (entry := entries.get(name)) is not None:
            stale = entry["log_bytes"] < latest
            yield DataFile(name, suffix, table, entry["rows"], entry["bytes"], entry["sha256"], stale)
