"""The processes that crawl: each site in one of its own, so that a crash or a leak costs one crawl only."""

import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import IO

from newsarchive.environment import inherited

Forward = Callable[[str], None]


class CrawlProcess:
    """One crawl under way. What it says on standard error is handed on line by line.

    It is in a session of its own: Ctrl-C reaches it through the watcher and no second time, which would end it at once.
    """

    def __init__(self, command: Sequence[str], forward: Forward, ended: Callable[[], None]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command,
            env=inherited({"PYTHONUNBUFFERED": "1"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
            start_new_session=True,
        )
        self._forward = forward
        self._ended = ended
        self._code: int | None = None
        self.last_line = ""
        """What it said last: where it could not begin, why."""
        threading.Thread(target=self._follow, name="crawl-lines", daemon=True).start()

    @property
    def number(self) -> int:
        """The process's number."""
        return self._process.pid

    def code(self) -> int | None:
        """Return its exit code, negative for the signal that killed it; None while it runs."""
        return self._code

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        self._process.send_signal(number)

    def _follow(self) -> None:
        with self._process as process:
            stream: IO[str] | None = process.stderr
            for line in stream or ():
                self.last_line = line.rstrip("\n")
                self._forward(self.last_line)
        # Before the watcher is woken: it asks for the code at once.
        self._code = process.returncode
        self._ended()
