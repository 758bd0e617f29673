"""Pages that `newsarchive reparse` reads in a second, and what bounds it, beside lxml's bare parse of the same pages.

A collection is crawled over loopback, then read again on one core and on all. On one core the time is also taken
apart: finding and unpacking the captures, and parsing; what is left is comparing and writing. On one core it is CPU
time, on all of them it is that of the clock on the wall, the start of the processes included. Prints a table.

    python benchmarks/reparse_speed.py [--articles 600] [--rounds 3]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lxml import html

from newsarchive.operations.access import Held, collection_of
from newsarchive.operations.reparse import reparse
from newsarchive.records.capture import CaptureRef
from newsarchive.store.ingest import read_outcomes
from newsarchive.store.interpret import content_of, interpret
from newsarchive.warc.reader import StoredResponse
from newsarchive.warc.revisits import read_capture

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.crawl_speed import served


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        held = _crawled(Path(folder), options.articles)
        captures = _captures(held)
        pages = [(url, read_capture(capture, held.layout.segment).response) for url, capture in captures]
        cores = os.cpu_count() or 1
        costs = {
            "lxml.html, bare parse": _best(options.rounds, time.process_time, lambda: _bare(pages)),
            "finding and unpacking": _best(options.rounds, time.process_time, lambda: _read(held, captures)),
            "parsing": _best(options.rounds, time.process_time, lambda: _parse(held, pages)),
            "reparse on 1 core": _best(options.rounds, time.process_time, lambda: reparse(held, 1)),
            f"reparse on {cores} cores": _best(options.rounds, time.perf_counter, lambda: reparse(held, cores)),
        }
    print(f"{'':26}{'pages/s':>10}{'ms/page':>10}{'× lxml':>9}")
    for name, seconds in costs.items():
        ratio = seconds / costs["lxml.html, bare parse"]
        print(f"{name:26}{len(pages) / seconds:10.0f}{seconds / len(pages) * 1000:10.2f}{ratio:9.2f}")
    share = costs["parsing"] / costs["reparse on 1 core"]
    print(f"\n{len(pages)} pages; {share:.0%} of a core's time is parsing: reparse is bound by the CPU")


def _crawled(folder: Path, articles: int) -> Held:
    server, base_url = served(articles)
    try:
        subprocess.run(
            [sys.executable, "-m", "newsarchive.cli.main", "crawl", "sample", "--base-url", base_url,
             "--archive", str(folder / "archive"), "--exports", str(folder / "exports")],
            check=True, capture_output=True,
        )  # fmt: skip
    finally:
        server.terminate()
        server.wait()
    return collection_of(folder / "archive", "sample")


def _captures(held: Held) -> list[tuple[str, CaptureRef]]:
    return [
        (outcome.url, outcome.capture)
        for path in held.layout.runs.glob("*.jsonl")
        for outcome in read_outcomes(path)
        if outcome.capture and outcome.status == 200 and outcome.kind in {"article", "list", "page"}
    ]


def _bare(pages: list[tuple[str, StoredResponse]]) -> None:
    for _, response in pages:
        html.document_fromstring(content_of(response))


def _read(held: Held, captures: list[tuple[str, CaptureRef]]) -> None:
    for _, capture in captures:
        read_capture(capture, held.layout.segment)


def _parse(held: Held, pages: list[tuple[str, StoredResponse]]) -> None:
    for url, response in pages:
        interpret(response, held.scope.kind(url), held.scope, url=url, captured_at=response.captured_at)


def _best(rounds: int, clock: Callable[[], float], work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(rounds):
        started = clock()
        work()
        best = min(best, clock() - started)
    return best


if __name__ == "__main__":
    main()
