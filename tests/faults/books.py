"""What a collection holds, read without the store's own code, and whether it is whole."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsarchive.warc.fixity import walk
from newsarchive.warc.reader import iterate, read_record

Line = dict[str, Any]
HELD = frozenset({"stored", "unchanged"})


@dataclass(frozen=True)
class Essence:
    """What must be the same whatever happened on the way."""

    articles: dict[str, tuple[str, str, str]]
    """By id: URL, content digest, status."""
    revisions: dict[str, int]
    """Number of revisions by id."""
    urls: dict[str, tuple[str, str, str | None, str | None]]
    """By URL: class, kind, reason, target. A page read twice is `unchanged` where one read once is `stored`, and says
    less; both are `held` here."""

    def differences(self, expected: "Essence") -> list[str]:
        """Say what is not as in `expected`."""
        return [
            f"{kind} {name}: {ours.get(name)}, not {theirs.get(name)}"
            for kind, ours, theirs in (
                ("article", self.articles, expected.articles),
                ("revisions", self.revisions, expected.revisions),
                ("URL", self.urls, expected.urls),
            )
            for name in sorted(ours.keys() | theirs.keys())
            if ours.get(name) != theirs.get(name)
        ]


class Books:
    """One collection."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def revisions(self) -> list[Line]:
        return _lines(self.folder / "revisions.jsonl")

    @property
    def runs(self) -> list[Path]:
        return sorted((self.folder / "runs").glob("*.jsonl"))

    @property
    def outcomes(self) -> list[Line]:
        return [line for path in self.runs for line in _lines(path)]

    @property
    def segments(self) -> list[Path]:
        return sorted((self.folder / "captures").glob("*.warc.gz*"))

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder / 'catalogue.sqlite'}?mode=ro", uri=True)) as catalogue:
            return list(catalogue.execute(statement))

    def essence(self) -> Essence:
        """Return what is held; months of the endless calendar count by chance and are left out."""
        articles = self.query("SELECT id, url, content_digest, status FROM articles")
        urls = self.query("SELECT url, class, kind, reason, target FROM urls")
        return Essence(
            articles={name: (url, digest, status) for name, url, digest, status in articles},
            revisions=dict(Counter(line["id"] for line in self.revisions)),
            urls={
                url: ("held", kind, None, target) if found in HELD else (found, kind, reason, target)
                for url, found, kind, reason, target in urls
                if not urlsplit(url).path.startswith("/calendar/")
            },
        )

    def faults(self, *, ended: bool = True) -> list[str]:
        """Return what is wrong; with `ended` no run may have left anything open."""
        return [
            *self._segment_faults(ended=ended),
            *self._log_faults(),
            *self._capture_faults(),
            *self._catalogue_faults(),
        ]

    def _segment_faults(self, *, ended: bool) -> Iterator[str]:
        ids: Counter[str] = Counter()
        for path in self.segments:
            yield from (str(problem) for problem in walk(path))
            ids.update(record.record_id for record in iterate(path))
            if ended and path.suffix != ".gz":
                yield f"{path.name}: still open"
        yield from (f"record {name} is there {times} times" for name, times in ids.items() if times > 1)

    def _log_faults(self) -> Iterator[str]:
        last: dict[str, int] = {}
        for line in self.revisions:
            if line["revision"] != last.get(line["id"], 0) + 1:
                yield f"{line['id']}: revision {line['revision']} after {last.get(line['id'], 0)}"
            last[line["id"]] = line["revision"]
        for path in self.runs:
            visits = Counter((line["url"], line["at"], line["revision"]) for line in _lines(path))
            yield from (f"{path.name}: {visit} is there twice" for visit, times in visits.items() if times > 1)
        written = Counter((line["id"], line["revision"]) for line in self.outcomes if line["revision"] is not None)
        yield from (f"{name}: two outcomes name the same revision" for name, times in written.items() if times > 1)
        yield from (f"{name}: an outcome names it, no line is it" for name in written if last.get(name[0], 0) < name[1])

    def _capture_faults(self) -> Iterator[str]:
        for line in [*self.revisions, *self.outcomes]:
            capture = line["capture"]
            if capture is None:
                continue
            path = self.folder / "captures" / capture["warc"]
            record = read_record(path if path.exists() else path.with_name(f"{path.name}.open"), capture["offset"])
            if record.record_id != capture["record_id"]:
                yield f"{line['url']}: names {capture['record_id']}, there is {record.record_id}"

    def _catalogue_faults(self) -> Iterator[str]:
        yield from (text for (text,) in self.query("PRAGMA integrity_check") if text != "ok")
        told = {line["url"]: line["outcome"] for line in self.outcomes}
        known = {url: found for url, found in self.query("SELECT url, class FROM urls") if found != "pending"}
        for url in sorted(told.keys() | known.keys()):
            if told.get(url) != known.get(url):
                yield f"{url}: the runs say {told.get(url)}, the catalogue {known.get(url)}"
        files = dict(self.query("SELECT name, length FROM files"))
        for name, length in files.items():
            path = self.folder / name
            path = path if path.exists() or not name.startswith("captures/") else path.with_name(f"{path.name}.open")
            size = path.stat().st_size if path.exists() else 0
            if size != length:
                yield f"{name}: {size} bytes, {length} in the catalogue"
        there = {f"captures/{path.name.removesuffix('.open')}" for path in self.segments}
        there |= {f"runs/{path.name}" for path in self.runs if path.stat().st_size}
        yield from (f"{name}: not in the catalogue" for name in sorted(there - files.keys()))
        yield from self._article_faults()

    def _article_faults(self) -> Iterator[str]:
        latest = {line["id"]: line for line in self.revisions}
        rows = self.query("SELECT id, revision, status, content_digest, log_offset, log_length FROM articles")
        if {row[0] for row in rows} != latest.keys():
            yield f"articles in the catalogue only or in the log only: {latest.keys() ^ {row[0] for row in rows}}"
        data = (self.folder / "revisions.jsonl").read_bytes()
        for name, revision, status, digest, offset, length in rows:
            line = json.loads(data[offset : offset + length])
            if line != latest.get(name):
                yield f"{name}: the catalogue points at another line"
            if (line["revision"], line["status"], line["content_digest"]) != (revision, status, digest):
                yield f"{name}: the catalogue has another revision"


def _lines(path: Path) -> list[Line]:
    """Return the lines of a log. Raises ValueError at a torn one."""
    if not path.exists():
        return []
    data = path.read_bytes()
    if data and not data.endswith(b"\n"):
        raise ValueError(f"{path}: ends in a torn line")
    return [json.loads(line) for line in data.split(b"\n")[:-1]]
