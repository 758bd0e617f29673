"""Search in the latest revisions: what is found, in which order, and the hit in its context.

Order: articles that hold what is looked for in their title first; within each, the newest first, undated ones last. So
the order is the same whatever else the archive holds, and over several sites.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from newsarchive.datasets.fulltext import CHINESE
from newsarchive.datasets.query import Query
from newsarchive.datasets.search_index import ROWS_OF_A_DAY, SearchIndex, first_row

AROUND = 40
"""Characters of context before and after the first hit."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What an article must be, besides holding the words; None: anything."""

    since: dt.date | None = None
    """The first day."""
    until: dt.date | None = None
    """The last day."""
    section: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found."""

    in_title: bool
    row: int
    article: dict[str, Any]
    """Its latest revision."""
    context: str
    """Text around the first hit, on one line."""
    hits: tuple[tuple[int, int], ...]
    """Start and end of each hit in `context`."""

    @property
    def order(self) -> tuple[bool, int, str]:
        """What results are sorted by, over several sites."""
        return not self.in_title, -self.row, self.article["id"]


def search(index: SearchIndex, query: Query, filters: Filters, limit: int) -> Iterator[Found]:
    """Yield the first `limit` articles of a collection that `query` finds."""
    patterns = [_pattern(phrase) for phrase in query.phrases]
    for in_title, row, start, length in _rows(index, query, filters, limit):
        article = index.line(start, length)
        context, hits = _context(article, patterns)
        yield Found(in_title, row, article, context, hits)


def count(index: SearchIndex, query: Query, filters: Filters) -> int:
    """Return how many articles of a collection `query` finds."""
    where, values = _conditions(filters)
    total: int = index.execute(
        f"SELECT count(*) FROM search WHERE search MATCH ?{where}", (query.expression, *values)  # noqa: S608 - values are parameters
    ).fetchone()[0]  # fmt: skip
    return total


def _rows(index: SearchIndex, query: Query, filters: Filters, limit: int) -> Iterator[tuple[bool, int, int, int]]:
    where, values = _conditions(filters)
    statement = f"SELECT rowid FROM search WHERE search MATCH ?{where} ORDER BY rowid DESC LIMIT ?"  # noqa: S608 - as above
    # What is excluded may stand in the text: the title alone does not decide.
    titled = f"(title : {query.expression}) AND {query.expression}"
    in_title = [row for (row,) in index.execute(statement, (titled, *values, limit))]
    anywhere = (row for (row,) in index.execute(statement, (query.expression, *values, limit + len(in_title))))
    seen = set(in_title)
    rows = [*((True, row) for row in in_title), *((False, row) for row in anywhere if row not in seen)]
    for of_title, row in rows[:limit]:
        start, length = index.execute("SELECT start, length FROM entries WHERE row = ?", (row,)).fetchone()
        yield of_title, row, start, length


def _conditions(filters: Filters) -> tuple[str, tuple[Any, ...]]:
    parts: list[str] = []
    values: list[Any] = []
    if filters.since is not None:
        parts.append("rowid >= ?")
        values.append(first_row(filters.since))
    elif filters.until is not None:
        parts.append("rowid >= ?")  # an article without a date is of no day
        values.append(first_row(dt.date.min))
    if filters.until is not None:
        parts.append("rowid < ?")
        values.append(first_row(filters.until) + ROWS_OF_A_DAY)
    for name in ("section", "source"):
        value = getattr(filters, name)
        if value is not None:
            parts.append(f"EXISTS (SELECT 1 FROM entries WHERE row = search.rowid AND {name} = ?)")  # noqa: S608
            values.append(value)
    return "".join(f" AND {part}" for part in parts), tuple(values)


def _pattern(phrase: str) -> re.Pattern[str]:
    """Return what a phrase looks like in a folded text."""
    runs = re.findall(f"[{CHINESE}]+|(?:(?![{CHINESE}_])\\w)+", unicodedata.normalize("NFKC", phrase).casefold())
    return re.compile("[\\W_]*".join(re.escape(run) for run in runs))


def _context(article: dict[str, Any], patterns: Sequence[re.Pattern[str]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the text around the first hit, or its beginning where only the title has one, and the hits in it."""
    text = " ".join(article["text"].split())
    hits = sorted(_hits(text, patterns))
    first = hits[0] if hits else (0, 0)
    start, end = max(0, first[0] - AROUND), min(len(text), first[1] + 2 * AROUND)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    inside = tuple((a + shift, b + shift) for a, b in hits if start <= a and b <= end)
    return before + text[start:end] + after, inside


def _hits(text: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[tuple[int, int]]:
    folded, places = _folded_with_places(text)
    for pattern in patterns:
        for match in pattern.finditer(folded):
            if match.end() > match.start():
                yield places[match.start()], places[match.end() - 1] + 1


def _folded_with_places(text: str) -> tuple[str, Sequence[int]]:
    """Return `text` folded, and where in `text` each of its characters stands."""
    parts = [_folded_character(character) for character in text]
    folded = "".join(parts)
    if len(folded) == len(text) and all(parts):
        return folded, range(len(text))
    return folded, [at for at, part in enumerate(parts) for _ in part]


@lru_cache(maxsize=32_768)
def _folded_character(character: str) -> str:
    return unicodedata.normalize("NFKC", character).casefold()
