"""Real crawls in processes of their own: Scrapy's reactor runs once in a process."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from newsarchive.sample import SampleServer
from tests.crawl.kept import Kept

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on standard error; progress lines do not count."""
        lines = [line for line in self.err.splitlines() if not line.startswith("sample: ")]
        assert len(lines) == 1, self.err
        assert lines[0].startswith("newsarchive: ")
        return lines[0]


@dataclass
class Place:
    """A working folder with an archive and exports below it, in which commands are run."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    processes: "list[subprocess.Popen[str]]" = field(default_factory=list)

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    def kept(self, site: str = "sample") -> Kept:
        return Kept(self.archive, self.exports, site)

    def crawl(self, server: SampleServer, *options: object, site: str = "sample") -> Ended:
        """Crawl what `server` serves, to the end."""
        return self.run("crawl", site, "--base-url", server.base_url, *options)

    def run(self, *arguments: object) -> Ended:
        """Run `newsarchive` with archive and exports below the folder, as they are by default."""
        return self.finish(self.start(*arguments))

    def start(self, *arguments: object) -> "subprocess.Popen[str]":
        """Start `newsarchive`; `finish` it."""
        return self.start_program("-m", "newsarchive.cli.main", *arguments)

    def scrapy(self, *arguments: object) -> Ended:
        """Run `scrapy` as in the project's folder."""
        return self.finish(self.start_program("-m", "scrapy", *arguments))

    def start_program(self, *arguments: object) -> "subprocess.Popen[str]":
        command = [sys.executable, *(str(argument) for argument in arguments)]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
        # A wide terminal that is none: messages are not wrapped, progress is plain lines.
        ours = {"PYTHONPATH": str(ROOT), "COLUMNS": "300", "SCRAPY_SETTINGS_MODULE": "newsarchive.settings"}
        self.folder.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            command, cwd=self.folder, env={**inherited, **ours, **self.environment}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self.processes.append(process)
        return process

    def clear(self) -> None:
        """End what a failed test left running."""
        for process in self.processes:
            if process.returncode is None:
                process.kill()
                process.communicate()

    @staticmethod
    def finish(process: "subprocess.Popen[str]") -> Ended:
        try:
            out, err = process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            pytest.fail(f"did not end within {PATIENCE_SECONDS} s: {process.args!r}\n{out}\n{err}")
        return Ended(process.returncode, out, err)


def wait_until(condition: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    """Wait until `condition` holds while `process` runs."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert process.poll() is None, f"ended too early: {process.communicate()}"
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
