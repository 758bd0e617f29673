"""A long crawl of a site that goes wrong now and then: memory and file handles stay flat, and what is kept is sound.

`python benchmarks/soak.py --seconds 1800`; in a run of a few minutes caches still fill, so the slope of its memory is
printed and not judged: all else is.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply, reply_to

ARTICLES = 400_000
ONE_IN = 100
"""So many answers to one that is an error."""

GROWTH_MB_AN_HOUR = 1.0
NOISE_MB = 0.5
"""What a line through the looks at a process that is flat may rise from one end to the other, by chance."""

MOST_MB = 512.0
ENDS_WITHIN_SECONDS = 1800
JUDGED_FROM_SECONDS = 1200.0
"""How long a crawl must have run for the slope of its memory to mean something."""
SETTLED_AFTER = 1 / 3
SETTLED_PAGES = 10_000
"""The part of the time, and the pages, in which caches fill (SQLite's most of all); what comes after has to be flat."""


@dataclass(frozen=True)
class Look:
    """The crawl's process at one instant."""

    seconds: float
    pages: int
    """Outcomes that were committed."""
    rss_mb: float
    mapped_mb: float
    """Of it, pages of files: libraries, and the index of the catalogue's log."""
    handles: int


def main() -> int:
    """Crawl for as long as was asked for, print what was seen, and return 1 if something grew or broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1800)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as name, SampleServer(sample_site(ARTICLES), record=False) as server:
        for number in server.site.numbers[::ONE_IN]:
            server.replies[server.site.path(number)] = Reply(503, b"busy", {"Content-Type": "text/html"})
        # A site of this size takes a while to be laid out, which is no part of the crawl.
        for path in ("/", server.site.path(server.site.numbers[0])):
            reply_to(server.site, path)
        folder = Path(name)
        looks, code = _crawled(folder, server.base_url, seconds)
        kept = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        pages = sum(1 for log in folder.glob("archive/sample/runs/*.jsonl") for _ in log.open("rb"))
        verified = subprocess.run(_command("verify", "--archive", folder / "archive"), check=False).returncode
    print(f"seconds  {looks[-1].seconds:.0f}, {pages} outcomes, {kept:.0f} MB kept, exit {code}, verify {verified}")
    return _judged(looks, sound=code in {0, 3} and verified == 0)


def _crawled(folder: Path, base_url: str, seconds: float) -> tuple[list[Look], int]:
    """Return looks at a crawl that is stopped after `seconds`, and its exit code."""
    command = _command(
        "crawl", "sample", "--base-url", base_url, "--archive", folder / "archive", "--exports", folder / "exports"
    )
    crawl = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    began = time.monotonic()
    looks: list[Look] = []
    pages = read = 0
    while crawl.poll() is None and time.monotonic() - began < seconds:
        time.sleep(min(10.0, seconds / 60))
        for log in folder.glob("archive/sample/runs/*.jsonl"):
            with log.open("rb") as lines:
                lines.seek(read)
                new = lines.read()
            pages, read = pages + new.count(b"\n"), read + len(new)
        if crawl.poll() is None:
            looks.append(_look(crawl.pid, time.monotonic() - began, pages))
    crawl.send_signal(signal.SIGTERM)
    # It publishes what it has: the dataset and the search index of as many articles as it came to.
    return looks, crawl.wait(ENDS_WITHIN_SECONDS)


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "newsarchive.cli.main", *map(str, arguments)]


def _look(pid: int, seconds: float, pages: int) -> Look:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    rss, files, shared = (int(status.partition(f"{name}:")[2].split()[0]) for name in ("VmRSS", "RssFile", "RssShmem"))
    return Look(seconds, pages, rss / 1024, (files + shared) / 1024, len(list(Path(f"/proc/{pid}/fd").iterdir())))


def _judged(looks: list[Look], *, sound: bool) -> int:
    settled = _settled(looks)
    growth = _slope([look.seconds / 3600 for look in settled], [look.rss_mb for look in settled])
    by_pages = _slope([look.pages / 1000 for look in settled], [look.rss_mb for look in settled])
    handles = _slope([look.seconds / 3600 for look in settled], [float(look.handles) for look in settled])
    most = max(look.rss_mb for look in looks)
    quarters = [settled[len(settled) * part // 4 : len(settled) * (part + 1) // 4] for part in range(4)]
    means = ", ".join(f"{mean(look.rss_mb for look in quarter):.1f}" for quarter in quarters if quarter)
    print(f"memory   {most:.0f} MB at most, {growth:+.1f} MB an hour once settled; its quarters: {means} MB")
    print(f"         {by_pages:+.4f} MB a thousand pages, from page {settled[0].pages} to {settled[-1].pages}")
    mapped = [look.mapped_mb for look in settled]
    print(f"         of it files: {mapped[0]:.1f} MB at first, {mapped[-1]:.1f} MB at last")
    print(f"handles  {min(look.handles for look in settled)} to {max(look.handles for look in settled)}")
    hours = (settled[-1].seconds - settled[0].seconds) / 3600
    flat = handles * hours <= 8.0
    if looks[-1].seconds >= JUDGED_FROM_SECONDS:
        flat = flat and growth * hours <= max(GROWTH_MB_AN_HOUR * hours, NOISE_MB)
    else:
        print("slope    not judged: so short a crawl fills its caches to the end")
    return 0 if flat and most <= MOST_MB and sound else 1


def _settled(looks: list[Look]) -> list[Look]:
    """Return the looks that are judged: after so much of the time, and so many pages if they leave as much to judge."""
    part = looks[-1].seconds * SETTLED_AFTER
    late = [look for look in looks if look.seconds >= part]
    settled = [look for look in late if look.pages >= SETTLED_PAGES]
    return settled if settled and looks[-1].seconds - settled[0].seconds >= part else late


def _slope(xs: list[float], ys: list[float]) -> float:
    """Return the slope of the line that fits best."""
    middle, level = mean(xs), mean(ys)
    spread = sum((x - middle) ** 2 for x in xs)
    return sum((x - middle) * (y - level) for x, y in zip(xs, ys, strict=True)) / spread if spread else 0.0


if __name__ == "__main__":
    sys.exit(main())
