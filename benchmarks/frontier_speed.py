"""What a large frontier costs: opening a collection that knows a million URLs, and taking the first due rows.

The reference is the same with a thousand URLs. Each is a process of its own; its peak memory is the operating system's
account. Prints a table.

    python benchmarks/frontier_speed.py [--urls 1000000]
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from newsarchive.sites import load_site
from newsarchive.sites.scope import Scope, rebased
from newsarchive.store.catalogue import FoundUrl
from newsarchive.store.opening import open_collection

ORIGIN = "http://127.0.0.1:9"
CHUNK = 10_000
TAKEN = 1000


def main() -> None:
    """Fill, measure and print; with `--open` measure in this process and print one line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--urls", type=int, default=1_000_000)
    parser.add_argument("--short", action="store_true", help="100,000 URLs")
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.open:
        _open(options.open)
        return
    print(f"{'URLs known':>12}{'open s':>9}{f'take {TAKEN} s':>14}{'peak MB':>9}")
    for count in (1000, 100_000 if options.short else options.urls):
        with tempfile.TemporaryDirectory() as folder:
            _fill(Path(folder), count)
            measured = subprocess.run(
                [sys.executable, __file__, "--open", folder], check=True, capture_output=True, text=True
            )
        print(f"{count:12,}{measured.stdout.rstrip()}")


def _scope() -> Scope:
    return Scope(rebased(load_site("sample"), ORIGIN))


def _fill(folder: Path, count: int) -> None:
    opened = open_collection(folder, _scope(), warcinfo={}, clock=time.time)
    catalogue = opened.collection._catalogue  # noqa: SLF001 - filled as a crawl would, without the crawl
    for start in range(0, count, CHUNK):
        with catalogue.transaction():
            numbers = range(start, min(start + CHUNK, count))
            found = [FoundUrl(f"{ORIGIN}/f/{200001 + number // 5000}/{number}.html", "article") for number in numbers]
            catalogue.add(found, via=ORIGIN, depth=1, now=int(time.time()))
    opened.collection.close()


def _open(folder: Path) -> None:
    started = time.perf_counter()
    opened = open_collection(folder, _scope(), warcinfo={}, clock=time.time)
    ready = time.perf_counter()
    frontier = opened.collection.frontier
    host = frontier.hosts[0]
    for _ in range(TAKEN):
        if frontier.next_row(host, int(time.time())) is None:
            raise RuntimeError("nothing is due")
    taken = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{ready - started:9.2f}{taken - ready:14.3f}{peak:9.0f}")
    opened.collection.close()


if __name__ == "__main__":
    main()
