"""An export: the datasets of one collection, in the formats that are asked for, written whole and then published."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic_core import from_json

from newsarchive.datasets.coverage import Coverage
from newsarchive.datasets.database import Database
from newsarchive.datasets.datasette import METADATA, metadata_text
from newsarchive.datasets.jsonl import JsonLinesWriter, line_of, with_further
from newsarchive.datasets.owner import claimed, entry_of, publish, read_manifest, staging
from newsarchive.datasets.parquet import ParquetWriter
from newsarchive.datasets.publication import Documents, described, write_feeds
from newsarchive.datasets.selection import LatestLine, Selection
from newsarchive.datasets.spreadsheet import CsvWriter
from newsarchive.datasets.tables import TABLES, Row, Table
from newsarchive.extras import needs
from newsarchive.records.site import Site
from newsarchive.store.file_versions import FileVersion
from newsarchive.store.layout import Layout

Format = Literal["jsonl", "csv", "parquet", "sqlite"]
FORMATS: tuple[Format, ...] = ("jsonl", "csv", "parquet", "sqlite")

Progress = Callable[[str, int], None]
"""Is told the dataset that is written, and how many rows of it there are so far, now and then."""

TOLD_EVERY = 500


class Writer(Protocol):
    """Takes the rows of one dataset."""

    def write(self, line: bytes, values: Row) -> None:
        """Take one row: its JSON line, and what that says."""

    def finish(self) -> None:
        """Write what is held and close the file."""

    def close(self) -> None:
        """Close the file, finished or not."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    folder: Path
    files: tuple[str, ...]
    rows: dict[str, int]
    """Rows by dataset."""
    published: bool
    """False where the folder held a later state of the collection already, which stays."""


class Output:
    """One dataset on its way into every format that is asked for."""

    def __init__(self, table: Table, progress: Progress) -> None:
        self.table = table
        self.rows = 0
        self.writers: list[Writer] = []
        self._progress = progress

    def write(self, line: bytes, values: Row) -> None:
        """Give one row to every writer."""
        for writer in self.writers:
            writer.write(line, values)
        self.rows += 1
        if self.rows % TOLD_EVERY == 0:
            self._progress(self.table.name, self.rows)

    def finish(self) -> None:
        """Finish every writer."""
        for writer in self.writers:
            writer.finish()


@dataclass(frozen=True, slots=True)
class Written:
    """The files of data that were written aside."""

    names: tuple[str, ...]
    rows: dict[str, int]
    """Rows by dataset."""
    coverage: Coverage

    def entries(self, staged: Path, log_bytes: int) -> dict[str, dict[str, Any]]:
        """Bring the files to the disk, and return what a manifest says of each."""
        rows = {**self.rows, METADATA.partition(".")[0]: None}
        return {
            name: entry_of(staged / name, rows.get(name.partition(".")[0], self.rows["articles"]), log_bytes)
            for name in self.names
        }


def export_collection(  # noqa: PLR0913 - what the command's options say
    layout: Layout,
    exports: Path,
    formats: Sequence[Format],
    *,
    site: Site | None = None,
    as_of: dt.datetime | None = None,
    progress: Progress = lambda _name, _rows: None,
) -> Exported:
    """Write every dataset of a collection in each of `formats`, and publish them together, with what describes them.

    `as_of` (aware) gives what was recorded by then, in a folder of its own and without feeds; None what is committed
    now. `site` says whose pages they are; None: only its name and origin are known. Memory does not grow with the
    collection. Raises `MissingExtraError`, `ForeignOriginError`, `StorageError`, `DamageError`, `StaleCatalogueError`;
    then, and where it is interrupted, the old files stay as they were.
    """
    check_formats(formats)
    folder = claimed(layout, exports, as_of)
    seen = read_manifest(folder)
    about = described(layout, site)
    with staging(folder) as staged, Selection(layout, staged, as_of) as selection:
        written = write_datasets(selection, staged, formats, progress)
        entries = written.entries(staged, selection.length)
        if as_of is None:
            entries |= write_feeds(staged, selection, about)
        documents = Documents(folder, staged, about, written.coverage, selection.length)
        published = publish(folder, staged, entries, seen, documents)
    return Exported(folder, (*entries, *documents.names), written.rows, published)


def refresh_articles(layout: Layout, exports: Path, site: Site | None = None) -> Path:
    """Write `articles.jsonl` and the feeds alone, from what the catalogue knows; return the path of the former.

    They are as `export_collection` writes them, and so are the documents, which describe what other files there are.
    """
    folder = claimed(layout, exports)
    seen = read_manifest(folder)
    about = described(layout, site)
    with staging(folder) as staged, Selection(layout, staged) as selection:
        selection.select_latest()
        path = staged / "articles.jsonl"
        writer = JsonLinesWriter(path)
        coverage = Coverage()
        try:
            for latest in selection.articles():
                line = published_line(latest, selection)
                writer.write(line, {})
                coverage.write(line, from_json(line))
            writer.finish()
        finally:
            writer.close()
        entries = {path.name: entry_of(path, coverage.articles, selection.length)}
        entries |= write_feeds(staged, selection, about)
        publish(folder, staged, entries, seen, Documents(folder, staged, about, coverage, selection.length))
    return folder / path.name


def check_formats(formats: Sequence[Format]) -> None:
    """Raise `MissingExtraError` where a format needs what is not installed."""
    if "parquet" in formats:
        needs("pyarrow", "export")


def write_datasets(
    selection: Selection,
    staged: Path,
    formats: Sequence[Format],
    progress: Progress = lambda _name, _rows: None,
    revisions: Sequence[Writer] = (),
) -> Written:
    """Write every dataset of a selection into `staged`, in each of `formats`, in one pass.

    `revisions` are further writers that are given every revision.
    """
    coverage = Coverage()
    with ExitStack() as opened:
        outputs, database, names = _opened(staged, selection.layout.folder.name, formats, progress, opened)
        outputs["articles"].writers.append(coverage)
        outputs["revisions"].writers += revisions
        _write_revisions(selection, outputs["revisions"], outputs["changes"])
        _write_articles(selection, outputs)
        for output in outputs.values():
            output.finish()
        if database is not None:
            database.finish()
            text = metadata_text(selection.layout.folder.name)
            (staged / METADATA).write_text(text, encoding="utf-8", newline="\n")
    return Written(tuple(names), {name: output.rows for name, output in outputs.items()}, coverage)


def published_line(latest: LatestLine, selection: Selection) -> bytes:
    """Return an article's line as it is published: with what its files were when they were fetched."""
    further = {"last_checked_at": latest.last_checked_at, "duplicate_of": latest.duplicate_of}
    if b'"attachments":[]' in latest.line:
        return with_further(latest.line, further)
    values: Row = from_json(latest.line)
    attachments = [{**file, **_facts(selection.file(file["url"]))} for file in values["attachments"]]
    return line_of({**values, "attachments": attachments, **further})


def _facts(file: FileVersion | None) -> Row:
    if file is None:
        return {"bytes": None, "media_type": None, "digest": None}
    return {"bytes": file.bytes, "media_type": file.media_type, "digest": f"sha256:{file.sha256}"}


def _opened(
    staged: Path, site: str, formats: Sequence[Format], progress: Progress, opened: ExitStack
) -> tuple[dict[str, Output], Database | None, list[str]]:
    """Return an output for each dataset, the database if there is one, and the names of the files."""
    outputs = {name: Output(table, progress) for name, table in TABLES.items()}
    database = None
    names = []
    if "sqlite" in formats:
        names += [f"{site}.sqlite", METADATA]
        database = Database(staged / names[0])
        opened.callback(database.close)
    for name, output in outputs.items():
        output.writers += writers_of(staged, output.table, formats)
        if database is not None:
            output.writers.append(database.writer(name))
        for writer in output.writers:
            opened.callback(writer.close)
        names += [f"{name}.{suffix}" for suffix in formats if suffix != "sqlite"]
    return outputs, database, names


def writers_of(staged: Path, table: Table, formats: Sequence[Format]) -> Iterator[Writer]:
    """Yield a writer for each format whose datasets are files of their own."""
    if "jsonl" in formats:
        yield JsonLinesWriter(staged / f"{table.name}.jsonl")
    if "csv" in formats:
        yield CsvWriter(staged / f"{table.name}.csv", table.row)
    if "parquet" in formats:
        yield ParquetWriter(staged / f"{table.name}.parquet", table.row)


def _write_revisions(selection: Selection, revisions: Output, changes: Output) -> None:
    for revision in selection.revisions():
        revisions.write(revision.line, revision.values)
        changes.write(line_of(revision.change), revision.change)


def _write_articles(selection: Selection, outputs: dict[str, Output]) -> None:
    articles, links, attachments = (outputs[name] for name in ("articles", "links", "attachments"))
    find = selection.finder()
    for latest in selection.articles():
        line = published_line(latest, selection)
        values: Row = from_json(line)
        articles.write(line, values)
        for row in _links_of(values, find):
            links.write(line_of(row), row)
        for row in _attachments_of(values):
            attachments.write(line_of(row), row)


def _links_of(article: Row, find: Callable[[str], str | None]) -> Iterator[Row]:
    for link in article["related"]:
        url = link["url"]
        to_id = find(url) if url is not None else None
        yield {
            "site": article["site"], "from_id": article["id"], "list": link["list"], "position": link["position"],
            "title": link["title"], "to_url": url, "to_id": to_id, "date": link["date"],
            "in_archive": to_id is not None,
        }  # fmt: skip


def _attachments_of(article: Row) -> Iterator[Row]:
    for position, file in enumerate(article["attachments"], 1):
        yield {
            "site": article["site"], "id": article["id"], "position": position, "url": file["url"],
            "title": file["title"], "type": file["type"], "size_shown": file["size_shown"], "bytes": file["bytes"],
            "media_type": file["media_type"], "digest": file["digest"],
        }  # fmt: skip
