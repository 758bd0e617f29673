"""What a second run asks for: over an unchanged site, and after ten articles were added to it.

The reference is the first run, which asks for everything. Prints a table of requests, their share of the reference's,
and CPU seconds.

    python benchmarks/second_run.py [--articles 10000]
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply

ADDED = 10


def main() -> None:
    """Crawl, crawl again, add ten articles, crawl again; print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=10_000)
    articles = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as name, SampleServer(sample_site(articles)) as server:
        print(f"{'run':28}{'requests':>10}{'of the first':>14}{'articles':>10}{'lists':>7}{'CPU s':>8}")
        first = 0
        for what in ("first", "unchanged site", f"{ADDED} articles added"):
            if what.endswith("added"):
                server.site = server.site.with_added(ADDED)
            # Ninety months of the endless calendar are asked for once, in the first run, and are no part of the site.
            server.replies[server.site.traps.calendar.removeprefix(server.site.origin)] = Reply(404)
            server.requests.clear()
            cpu_seconds = _crawled(server.base_url, Path(name))
            asked = [request.path for request in server.requests]
            first = first or len(asked)
            pages = {server.site.url(number).removeprefix(server.site.origin) for number in server.site.numbers}
            of_articles = sum(path in pages for path in asked)
            print(
                f"{what:28}{len(asked):10,}{len(asked) / first:14.2%}{of_articles:10,}{len(asked) - of_articles:7,}"
                f"{cpu_seconds:8.1f}",
                flush=True,
            )


def _crawled(base_url: str, folder: Path) -> float:
    """Crawl once more, and return the CPU seconds of the crawl."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [
        sys.executable, "-m", "newsarchive.cli.main", "crawl", "sample", "--base-url", base_url,
        "--archive", str(folder / "archive"), "--exports", str(folder / "exports"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
