"""What a crawl left on the disk, read without newsarchive's own readers: JSON lines, SQLite, WARC by warcio."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from newsarchive.warc.fixity import walk

Line = dict[str, Any]


class Kept:
    """One collection and the dataset made of it."""

    def __init__(self, archive: Path, exports: Path, site: str = "sample") -> None:
        self.archive = archive
        self.exports = exports
        self.folder = archive / site
        self.dataset = exports / site / "articles.jsonl"
        self.log = self.folder / "revisions.jsonl"

    @property
    def identity(self) -> Line:
        return read_json(self.folder / "collection.json")

    @property
    def revisions(self) -> list[Line]:
        return read_lines(self.log)

    @property
    def articles(self) -> list[Line]:
        return read_lines(self.dataset)

    @property
    def runs(self) -> list[str]:
        """Names of the runs, oldest first."""
        return sorted(path.stem for path in (self.folder / "runs").glob("*.jsonl"))

    def outcomes(self, run: str | None = None) -> list[Line]:
        """Return the lines of a run's log; of all runs, oldest first, where none is named."""
        names = self.runs if run is None else [run]
        return [line for name in names for line in read_lines(self.folder / "runs" / f"{name}.jsonl")]

    def report(self, run: str | None = None) -> Line:
        """Return the report of a run, the last one where none is named."""
        return read_json(self.folder / "runs" / f"{run or self.runs[-1]}.json")

    @property
    def segments(self) -> list[Path]:
        return sorted((self.folder / "captures").glob("*.warc.gz*"))

    @property
    def has_dead_runs(self) -> bool:
        """Tell whether a run was killed: it has no report."""
        return any(not (self.folder / "runs" / f"{run}.json").exists() for run in self.runs)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder / 'catalogue.sqlite'}?mode=ro", uri=True)) as catalogue:
            return list(catalogue.execute(statement))

    @property
    def classes(self) -> dict[str, str]:
        """The class of every URL that the catalogue knows."""
        return dict(self.query("SELECT url, class FROM urls"))

    def assert_sound(self) -> None:
        """Every segment passes the strict walk and is closed; revisions are without gaps; logs and catalogue agree."""
        assert [str(problem) for path in self.segments for problem in walk(path)] == []
        assert {path.suffix for path in self.segments} <= {".gz"}
        self._assert_revisions_without_gaps()
        self._assert_catalogue_agrees()

    def _assert_revisions_without_gaps(self) -> None:
        numbers: dict[str, int] = {}
        for line in self.revisions:
            assert line["revision"] == numbers.get(line["id"], 0) + 1, line["id"]
            numbers[line["id"]] = line["revision"]
        assert dict(self.query("SELECT id, revision FROM articles")) == numbers

    def _assert_catalogue_agrees(self) -> None:
        told = {line["url"]: line["outcome"] for line in self.outcomes()}
        pending = {url for url, found in self.classes.items() if found == "pending"}
        # What a server asks to come back for later is pending and has its line; what nobody asked for has none.
        ended = {url: outcome for url, outcome in told.items() if outcome != "pending"}
        assert {url: found for url, found in self.classes.items() if url not in pending} == ended
        written = Counter((line["id"], line["revision"]) for line in self.outcomes() if line["revision"] is not None)
        revisions = Counter((line["id"], line["revision"]) for line in self.revisions)
        # A death between the two files leaves a revision whose page is asked for again and found unchanged.
        assert written <= revisions
        assert written == revisions or self.has_dead_runs
        for name, length in self.query("SELECT name, length FROM files"):
            assert (self.folder / name).stat().st_size == length, name


def read_json(path: Path) -> Line:
    found: Line = json.loads(path.read_bytes())
    return found


def read_lines(path: Path) -> list[Line]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]


def files_below(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file with its bytes, to see that nothing was touched."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path, path.read_bytes()
