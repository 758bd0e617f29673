"""What search finds and how quickly: recall against a plain scan, latency, size of the index beside SQLite's trigram.

200 words of two to four Chinese characters are drawn from the articles' own texts. The plain scan looks for each word
in every title and text. The reference index is FTS5's own `trigram` over the same titles and texts, which finds no word
of two characters; both are indexes without contents.

    python benchmarks/datasets_search.py [--articles 100000]
"""

import argparse
import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pydantic_core import from_json

from benchmarks.made_collection import make_collection
from newsarchive.datasets.fulltext import CHINESE, folded
from newsarchive.datasets.query import parse_query
from newsarchive.datasets.search import Filters, count, search
from newsarchive.datasets.search_index import SearchIndex
from newsarchive.store.layout import Layout

LIMIT = 20


def main() -> None:
    """Make the collection, search, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="where the collection is made, and stays (default: nowhere)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        archive = folder / f"archive-{options.articles}"
        layout = Layout(archive, "sample") if archive.exists() else make_collection(archive, options.articles)
        words = _words(layout, options.words)
        with SearchIndex(layout, Path(scratch) / "exports") as index:
            began = time.process_time()
            taken = index.refresh()
            spent = time.process_time() - began
            size = index.path.stat().st_size
            print(
                f"index of {taken} articles: {spent:.1f} CPU s, {taken / spent:.0f} a second, {size / 1024**2:.0f} MiB"
            )
            _print_trigram(layout, Path(scratch) / "trigram.sqlite", size)
            _print_recall(index, layout, words)
            _print_latency(index, words)


def _texts(layout: Layout) -> Iterator[tuple[str, str]]:
    with layout.revisions.open("rb") as log:
        for line in log:
            row = from_json(line)
            yield row["title"], row["text"]


def _words(layout: Layout, wanted: int) -> list[str]:
    chance = random.Random(11)  # noqa: S311 - no secret
    runs = re.compile(f"[{CHINESE}]{{4,}}")
    sampled = [run for at, (_, text) in enumerate(_texts(layout)) if at % 97 == 0 for run in runs.findall(text)]
    words: set[str] = set()
    while len(words) < wanted:
        run, length = chance.choice(sampled), chance.randint(2, 4)
        start = chance.randrange(len(run) - length + 1)
        words.add(run[start : start + length])
    return sorted(words)


def _print_trigram(layout: Layout, path: Path, ours: int) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE VIRTUAL TABLE search USING fts5(title, text, content='', tokenize='trigram')")
        began = time.process_time()
        database.executemany("INSERT INTO search (title, text) VALUES (?, ?)", _texts(layout))
        database.commit()
        spent = time.process_time() - began
    size = path.stat().st_size
    print(f"trigram: {spent:.1f} CPU s, {size / 1024**2:.0f} MiB; ratio of sizes {ours / size:.2f}")


def _print_recall(index: SearchIndex, layout: Layout, words: list[str]) -> None:
    scanned = dict.fromkeys(words, 0)
    for title, text in _texts(layout):
        both = folded(f"{title}\n{text}")
        for word in words:
            scanned[word] += word in both
    found = {word: count(index, parse_query(word), Filters()) for word in words}
    exact = sum(found[word] == scanned[word] for word in words)
    print(
        f"recall {sum(found.values()) / sum(scanned.values()):.6f} over {sum(scanned.values())} hits; "
        f"{exact} of {len(words)} words found in exactly as many articles as by a plain scan"
    )


def _print_latency(index: SearchIndex, words: list[str]) -> None:
    times = []
    for word in words:
        began = time.perf_counter()
        query = parse_query(word)
        list(search(index, query, Filters(), LIMIT))
        count(index, query, Filters())
        times.append((time.perf_counter() - began) * 1000)
    ranks = statistics.quantiles(times, n=20)
    median = statistics.median(times)
    print(f"ms a search, {LIMIT} hits shown: median {median:.1f}, p95 {ranks[18]:.1f}, most {max(times):.1f}")


if __name__ == "__main__":
    main()
