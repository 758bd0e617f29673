"""strace on a process of ours: to fail or kill it at its N-th call, or to write down all that it gives the disk."""

import datetime as dt
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsarchive.timestamps import run_name
from tests.faults.lives import Life

WRITES = ("write", "pwrite64")
SYNCS = ("fsync", "fdatasync")
NAMES = ("rename", "unlink", "mkdir", "ftruncate")
CHANGES = (*WRITES, *SYNCS, *NAMES)
"""Every call with which the store changes what a disk holds."""

RUNS_SOON = 30
"""Files are named after the second in which a run begins: so many seconds from now on are looked out for."""


@dataclass(frozen=True)
class Fault:
    """What is done to the N-th call of a kind; each thread counts its own calls."""

    calls: Sequence[str]
    number: int
    effect: str
    """As strace names it: `signal=SIGKILL`, `error=ENOSPC`."""
    lasting: bool = False
    """Also to every call of that kind that comes after."""

    @property
    def option(self) -> str:
        return f"inject={','.join(self.calls)}:{self.effect}:when={self.number}{'+' if self.lasting else ''}"

    def __str__(self) -> str:
        return f"{self.effect} at {'/'.join(self.calls)} {self.number}{' and after' if self.lasting else ''}"


def inflict(life: Life, faults: Iterable[Fault], paths: Iterable[Path], strace: str) -> "subprocess.Popen[str]":
    """Trace `life`, which waits for it, and do `faults` to its calls on the files at `paths`."""
    faults = list(faults)
    calls = sorted({call for fault in faults for call in fault.calls})
    options = [f"--trace-path={path}" for path in paths]
    options += ["-e", f"trace={','.join(calls)}"]
    options += [option for fault in faults for option in ("-e", fault.option)]
    return _attached(life, [strace, "-f", "-o", "/dev/null", *options])


def record(life: Life, log: Path, strace: str, *faults: Fault) -> "subprocess.Popen[str]":
    """Trace `life`, which waits for it, and write every change of any file to `log`, bytes and all."""
    calls = ",".join((*CHANGES, "openat", "close"))
    return _attached(
        life,
        [
            strace,
            "-f",
            "-y",
            "-xx",
            "-s",
            "10000000",
            "-o",
            str(log),
            "-e",
            f"trace={calls}",
            *(option for fault in faults for option in ("-e", fault.option)),
        ],
    )


def calls_made(life: Life, archive: Path, strace: str) -> dict[str, int]:
    """Return how often the busiest thread of `life` makes each call on the files of `archive`."""
    log = archive.with_name("calls.log")
    tracer = record(life, log, strace)
    assert life.wait().code == 0
    tracer.communicate()
    return _counted(log, archive)


def files_of(collection: Path) -> list[Path]:
    """Return every path that a run of `collection` which begins soon may write."""
    catalogue = collection / "catalogue.sqlite"
    paths = [collection, collection / "captures", collection / "runs", collection / "salvage"]
    paths += [collection / "collection.json", collection / "revisions.jsonl", catalogue]
    paths += [catalogue.with_name(catalogue.name + ending) for ending in ("-wal", "-journal")]
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    for seconds in range(RUNS_SOON):
        run = run_name(now + dt.timedelta(seconds=seconds))
        segment = collection / "captures" / f"{collection.name}-{run}-00001.warc.gz"
        paths += [collection / "runs" / f"{run}.jsonl", collection / "runs" / f"{run}.json"]
        paths += [segment, segment.with_name(f"{segment.name}.open")]
    return paths


def _counted(log: Path, archive: Path) -> dict[str, int]:
    place = re.escape("".join(f"\\x{byte:02x}" for byte in str(archive).encode()))
    pattern = re.compile(rf"(\d+) +({'|'.join(CHANGES)})\((?:\d+<{place}|\"{place})")
    counts: Counter[tuple[str, str]] = Counter()
    with log.open(encoding="ascii") as lines:
        counts.update((match[1], match[2]) for line in lines if (match := pattern.match(line)))
    most: dict[str, int] = {}
    for (_, call), count in counts.items():
        most[call] = max(count, most.get(call, 0))
    return most


def _attached(life: Life, command: Sequence[str]) -> "subprocess.Popen[str]":
    tracer = subprocess.Popen(
        [*command, "-p", str(life.pid)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 20
    status = Path(f"/proc/{life.pid}/status")
    while status.exists() and "TracerPid:\t0\n" in status.read_text(encoding="ascii"):
        if tracer.poll() is not None or time.monotonic() > deadline:
            life.kill()
            raise PermissionError(f"strace may not trace: {tracer.communicate()[1]}")
        time.sleep(0.002)
    return tracer
