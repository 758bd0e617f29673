"""Crawls of the hostile server, and what became of each URL."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crawl.command import Ended, Place
from tests.crawl.kept import Line, read_lines
from tests.hostile.cases import Case
from tests.hostile.server import HostileServer

SITE = """\
name = "{name}"
title = "Hostile Institute"
home = "{scheme}://{main}/"
hosts = [{hosts}]
seeds = ["/", "/hostile/"]
zone = "Asia/Shanghai"
language = "zh"
delay_seconds = 0
{more}
"""
PATIENCE_SECONDS = 420
ARTICLES = "article_url = '^/f/(?P<key>\\d{6}/\\d+)\\.html$'"


@dataclass(frozen=True)
class Verdict:
    """What became of one case."""

    case: Case
    happened: str
    """Class and reason of its last outcome in the run; `not asked for` where it has none."""
    asked: int
    right: bool


@dataclass(frozen=True)
class HostileRun:
    """A crawl of the hostile server."""

    server: HostileServer
    place: Place
    ended: Ended
    measured: dict[str, float]
    outcomes: dict[str, list[Line]]
    """The outcomes of the run by URL."""

    def verdict(self, case: Case) -> Verdict:
        """Return what became of `case`, and whether that is what it should be."""
        lines = self.outcomes.get(self.server.url(case), [])
        happened = _told(lines[-1]) if lines else "-"
        asked = self.server.asked(case)
        right = re.fullmatch(case.wanted, happened) is not None and asked <= (3 if case.tries is None else case.tries)
        if right and case.shows is not None:
            right = case.shows in self.texts.get(self.server.url(case), "")
        return Verdict(case, happened, asked, right)

    @property
    def texts(self) -> dict[str, str]:
        """Return the text of every article in the dataset, by URL."""
        dataset = self.place.exports / "hostile" / "articles.jsonl"
        return {line["url"]: line["text"] for line in read_lines(dataset)}

    @property
    def good_stored(self) -> int:
        """Return how many of the good pages are in the dataset with the text that they show."""
        texts = self.texts
        return sum(texts.get(article.url) == article.text for article in self.server.site.articles)


def _told(line: Line) -> str:
    return " ".join(part for part in (line["outcome"], line["reason"]) if part)


def declare(place: Place, server: HostileServer, *names: str, name: str = "hostile", more: str = ARTICLES) -> None:
    """Write the site file of the hostile site, which spans the hosts of these `names`."""
    folder = place.folder / "sites"
    folder.mkdir(parents=True, exist_ok=True)
    hosts = ", ".join(f'"{server.host(host)}"' for host in ("main", *names))
    text = SITE.format(name=name, scheme=server.scheme, main=server.host("main"), hosts=hosts, more=more)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def crawl(place: Place, server: HostileServer, *options: object, name: str = "hostile") -> HostileRun:
    """Crawl the declared site under the eyes of `watch`."""
    report = place.folder / "measured.json"
    place.environment.setdefault("NEWSARCHIVE_CONTACT", "tests@harbour.test")  # a site with a name is a live one
    process = place.start_program("-m", "tests.hostile.watch", report, "127.0.0.1", "crawl", name, *options)
    try:
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        pytest.fail(f"hangs: not at its end after {PATIENCE_SECONDS} s\n{process.communicate()}")
    ended = Ended(process.returncode, out, err)
    outcomes: dict[str, list[Line]] = {}
    kept = place.kept(name)
    for line in kept.outcomes(kept.runs[-1]):
        outcomes.setdefault(line["url"], []).append(line)
    return HostileRun(server, place, ended, json.loads(Path(report).read_text(encoding="utf-8")), outcomes)
