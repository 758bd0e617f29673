"""A collection with a history: three crawls on simulated days, with edits, a removal, a replaced file and revisits."""

import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsarchive.cli.main import exit_code_of
from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.files import pdf
from newsarchive.sample.replies import Reply

ROOT = Path(__file__).parents[2]
ON_DAY = ROOT / "tests" / "evolution" / "on_day.py"
ARTICLES = 24
DAYS = (0, 2, 12)


@dataclass(frozen=True)
class Evolved:
    """The folder in which it lies, and where its pages were served."""

    folder: Path
    origin: str

    @property
    def collection(self) -> Path:
        return self.folder / "archive" / "sample"

    def run(self, name: str, *arguments: object) -> "Ran":
        """Run a command on the collection, in this process."""
        return run(name, *arguments, *(() if name == "inspect" else ("--archive", self.folder / "archive")))

    @property
    def revisions(self) -> list[dict[str, Any]]:
        return lines_of(self.collection / "revisions.jsonl")


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(*arguments: object) -> Ran:
    """Run `newsarchive` in this process."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = exit_code_of([str(argument) for argument in arguments])
    return Ran(code, out.getvalue(), err.getvalue())


def command(folder: Path, *arguments: object, day: float = 0) -> "subprocess.CompletedProcess[str]":
    """Run `newsarchive` in `folder` as on a later day."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
    words = [sys.executable, str(ON_DAY), str(day), *(str(argument) for argument in arguments)]
    return subprocess.run(
        words, cwd=folder, env={**environment, "PYTHONPATH": str(ROOT), "COLUMNS": "300"}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def make_evolved(folder: Path) -> Evolved:
    """Crawl the sample with all its requisites on three days below `folder`."""
    with SampleServer(sample_site(ARTICLES), reshuffle=True) as server:
        server.replies["/calendar/2026/11"] = Reply(404)
        origin = server.base_url.rstrip("/")
        declare(folder, server.base_url)
        numbers = server.site.numbers
        for day in DAYS:
            ended = command(folder, "crawl", "sample", "--full", day=day)
            assert ended.returncode == 0, ended.stderr
            server.site = server.site.with_paragraph(numbers[3], f"编者按：第{day + 1}次更正。").with_removed(
                numbers[5]
            )
            path = next(urlsplit(item.url).path for article in server.site.articles for item in article.attachments)
            server.replies[path] = Reply(200, pdf(f"edition of day {day}"), {"Content-Type": "application/pdf"})
    return Evolved(folder, origin)


def declare(folder: Path, home: str) -> None:
    """Write the sample's site file with its pages at `home`, and every requisite kept."""
    (folder / "sites").mkdir(parents=True, exist_ok=True)
    text = (ROOT / "newsarchive" / "sites" / "sample.toml").read_text(encoding="utf-8")
    lines = [f'home = "{home}"' if line.startswith("home") else line for line in text.splitlines()]
    lines.append('requisites = "all"')
    (folder / "sites" / "sample.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def lines_of(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a JSON Lines file."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]
