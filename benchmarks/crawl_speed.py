"""Pages per CPU second of a whole crawl over loopback, beside plain Scrapy on the same pages.

Both fetch the articles of the sample site from one server in a process of its own. newsarchive finds them, preserves
every exchange, reads, validates, commits and publishes. Plain Scrapy is given their URLs and runs its default
settings with a parsel callback and a JSON Lines feed. Each is a process of its own; its CPU time (user and system,
start-up included) is the operating system's account of it. Prints a table and the ratio.

    python benchmarks/crawl_speed.py [--articles 1000] [--rounds 3]
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from newsarchive.sample import sample_site

PLAIN_SPIDER = """
import scrapy

class PlainSpider(scrapy.Spider):
    name = "plain"

    async def start(self):
        with open(self.urls, encoding="utf-8") as lines:
            for line in lines:
                yield scrapy.Request(line.strip())

    def parse(self, response):
        yield {
            "url": response.url,
            "title": response.css("h1::text, h2::text, h3::text, title::text").get(),
            "info": response.xpath("//*[contains(text(), '来源')]//text()").getall(),
            "body": [p.xpath("string()").get() for p in response.css("p")],
            "links": [(a.xpath("string()").get(), response.urljoin(a.attrib.get("href", "")))
                      for a in response.css("a[href]")],
        }
"""


class Run(NamedTuple):
    """One process: CPU and wall seconds, and how many pages it fetched."""

    cpu_seconds: float
    wall_seconds: float
    pages: int


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--short", action="store_true", help="300 articles, one round")
    options = parser.parse_args()
    if options.short:
        options.articles, options.rounds = 300, 1
    with tempfile.TemporaryDirectory() as folder:
        server, base_url = served(options.articles)
        try:
            runs = _measured(Path(folder), base_url, options.articles, options.rounds)
        finally:
            server.terminate()
            server.wait()
    _print(runs)


def served(articles: int) -> tuple["subprocess.Popen[str]", str]:
    """Serve the sample site in a process of its own, and return that and where it listens."""
    command = [sys.executable, "-m", "newsarchive.sample", "--articles", str(articles)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if server.stdout is None:
        raise RuntimeError("the server has no output")
    return server, server.stdout.readline().strip()


def _measured(folder: Path, base_url: str, articles: int, rounds: int) -> dict[str, list[Run]]:
    spider = folder / "plain.py"
    spider.write_text(PLAIN_SPIDER, encoding="utf-8")
    urls = folder / "urls.txt"
    urls.write_text("".join(f"{url}\n" for url in sample_site(articles).at(base_url).article_urls), encoding="utf-8")
    runs: dict[str, list[Run]] = {"plain Scrapy, parsel, JSONL feed": [], "newsarchive crawl": []}
    for number in range(rounds):
        feed = folder / f"plain-{number}.jsonl"
        plain = timed(
            [sys.executable, "-m", "scrapy", "runspider", str(spider), "-a", f"urls={urls}", "-O", str(feed)], folder
        )
        runs["plain Scrapy, parsel, JSONL feed"].append(plain._replace(pages=_lines(feed)))
        home = folder / f"ours-{number}"
        ours = timed(
            [sys.executable, "-m", "newsarchive.cli.main", "crawl", "sample", "--base-url", base_url,
             "--archive", str(home / "archive"), "--exports", str(home / "exports")],
            folder,
        )  # fmt: skip
        (log,) = (home / "archive" / "sample" / "runs").glob("*.jsonl")
        asked = sum('"status":null' not in line for line in log.read_text(encoding="utf-8").splitlines())
        runs["newsarchive crawl"].append(ours._replace(pages=asked))
    return runs


def timed(command: Sequence[str], folder: Path) -> Run:
    """Run a command in `folder` to its end; how many pages it fetched is for the caller to say."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("SCRAPY_", "NEWSARCHIVE_"))
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(cpu, wall, 0)


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _print(runs: dict[str, list[Run]]) -> None:
    reference, ours = print_costs(runs)
    ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, reference, strict=True))
    print(f"\nnewsarchive costs {ratio:.2f} × plain Scrapy's CPU time a page (median of {len(ours)} pairs)")


def print_costs(runs: dict[str, list[Run]]) -> list[list[float]]:
    """Print a line for the best run of each kind, and return every run's CPU seconds a page, kind by kind."""
    print(f"{'':34}{'pages':>7}{'CPU s':>8}{'pages/CPU s':>13}{'ms/page':>9}{'wall s':>8}")
    costs = []
    for name, rounds in runs.items():
        best = min(rounds, key=lambda run: run.cpu_seconds / run.pages)
        costs.append([run.cpu_seconds / run.pages for run in rounds])
        cost = best.cpu_seconds / best.pages
        print(
            f"{name:34}{best.pages:7}{best.cpu_seconds:8.2f}{1 / cost:13.0f}{cost * 1000:9.2f}{best.wall_seconds:8.1f}"
        )
    return costs


if __name__ == "__main__":
    main()
