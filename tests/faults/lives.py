"""Processes of the command line, born in no time, and how each of them ends."""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


class Ended(NamedTuple):
    """How a process ended: its exit code, or minus the signal that ended it."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def complaints(self) -> list[str]:
        """Lines on standard error that are not about progress."""
        return [line for line in self.err.splitlines() if not line.startswith("sample: ")]


@dataclass
class Nursery:
    """The process that bears all others; `with` ends it."""

    folder: Path
    _process: "subprocess.Popen[bytes] | None" = None
    _said: bytes = b""
    _codes: dict[int, int] = field(default_factory=dict)
    _born: list[int] = field(default_factory=list)
    _count: int = 0

    def __enter__(self) -> Self:
        hidden = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT,
            env={**hidden, "PYTHONPATH": str(ROOT), "COLUMNS": "300"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.communicate(timeout=10)

    def start(
        self,
        *arguments: object,
        traced: bool = False,
        limits: Mapping[str, int] | None = None,
        settings: Mapping[str, int] | None = None,
        acknowledge: Path | None = None,
    ) -> "Life":
        """Start `newsarchive` with `arguments`, below the nursery's folder.

        `traced`: wait for a tracer before anything is done. `limits` are soft ones, by the names in `resource`;
        `settings` those of Scrapy and ours. `acknowledge`: write there what each commit said was safe.
        """
        self._count += 1
        streams = [self.folder / f"{self._count}.{name}" for name in ("out", "err")]
        order = {
            "folder": str(self.folder),
            "arguments": [str(argument) for argument in arguments],
            "out": str(streams[0]),
            "err": str(streams[1]),
            "traced": traced,
            "limits": dict(limits or {}),
            "settings": {"NEWSARCHIVE_MIN_FREE_MB": 0, **(settings or {})},
            "acknowledge": str(acknowledge) if acknowledge else None,
        }
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._born:
            assert time.monotonic() < deadline, "the nursery does not answer"
            self._listen(1.0)
        return Life(self, self._born.pop(0), streams[0], streams[1], time.monotonic())

    def run(self, *arguments: object) -> Ended:
        """Run `newsarchive` with `arguments` to its end."""
        return self.start(*arguments).wait()

    def code_of(self, pid: int, seconds: float) -> int | None:
        """Return the code with which a process ended; None if it has not within `seconds`."""
        deadline = time.monotonic() + seconds
        while pid not in self._codes:
            left = deadline - time.monotonic()
            self._listen(max(0.0, left))
            if left <= 0:
                break
        return self._codes.get(pid)

    def _listen(self, seconds: float) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        handle = self._process.stdout.fileno()
        if not select.select([handle], [], [], seconds)[0]:
            return
        data = os.read(handle, 65_536)
        assert data, f"the nursery ended with {self._process.poll()}"
        *lines, self._said = (self._said + data).split(b"\n")
        for said in map(json.loads, lines):
            if "born" in said:
                self._born.append(said["born"])
            else:
                self._codes[said["ended"]] = said["code"]


@dataclass
class Life:
    """One process of the command line."""

    nursery: Nursery
    pid: int
    out: Path
    err: Path
    born_at: float

    def runs(self) -> bool:
        return self.nursery.code_of(self.pid, 0) is None

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal, if the process is still there."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, seconds: float = PATIENCE_SECONDS) -> Ended:
        """Wait for the end; a process that hangs is killed, and that is a failure."""
        code = self.nursery.code_of(self.pid, seconds)
        took = time.monotonic() - self.born_at
        if code is None:
            self.kill()
            self.nursery.code_of(self.pid, 10)
        out, err = (path.read_text(encoding="utf-8") if path.exists() else "" for path in (self.out, self.err))
        assert code is not None, f"did not end within {seconds:.0f} s: {out}{err}"
        return Ended(code, out, err, took)


@contextlib.contextmanager
def mounted(folder: Path, size: str) -> Iterator[Path]:
    """Mount a small disk, in memory, at `folder`. Raises PermissionError where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = shutil.which("mount")
    command: Sequence[str] = [mount or "mount", "-t", "tmpfs", "-o", f"size={size}", "newsarchive-test", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PermissionError(f"cannot mount: {error}") from error
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def remount(folder: Path, options: str) -> None:
    """Change how a mounted disk may be used."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True, capture_output=True)
