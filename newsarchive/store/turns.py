"""A host's pace, held by all processes that crawl into one archive: who may ask it next, and when."""

import json
import os
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

from newsarchive.store.guard import unwritable
from newsarchive.store.layout import HOUSEKEEPING

FOLDER = Path(HOUSEKEEPING) / "hosts"
"""Below the archive: a small file for each host that was ever asked with a delay."""

AGAIN_SECONDS = 0.01
"""Another process looks at the same host at this very moment: it is done after so long."""

SLACK_SECONDS = 1.0
"""How much later than this process's instant another may have taken its turn, and be believed."""


class HostTurns:
    """Hands out turns, at least a delay apart, for hosts that several processes may crawl.

    The file of a host holds the instant from which it may be asked again, by the wall clock, and the delay that led to
    it. An instant that is further away than that delay, by more than `SLACK_SECONDS`, was noted while the clock was
    wrong, and does not count. That much, since who waits for the file's lock comes with an instant older than that of
    who had it.
    """

    def __init__(self, archive: Path) -> None:
        self._folder = archive / FOLDER

    def take(self, host: str, delay_seconds: float, now: float) -> float | None:
        """Take a turn at `now`: None where it was given, else the instant at which to try again.

        Who has it leaves the host alone for `delay_seconds`, and so does everybody else. Raises `StorageError`.
        """
        return self._locked(host, delay_seconds, now, asks=True)

    def put_off(self, host: str, delay_seconds: float, now: float) -> None:
        """Leave the host alone for `delay_seconds` from `now`: its robots.txt asks for a longer delay than was known.

        Raises `StorageError`.
        """
        self._locked(host, delay_seconds, now, asks=False)

    def _locked(self, host: str, delay_seconds: float, now: float, *, asks: bool) -> float | None:
        path = self._folder / f"{quote(host, safe='')}.json"
        lock = FileLock(path.with_suffix(".lock"), timeout=0)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            return now + AGAIN_SECONDS
        except OSError as error:
            raise unwritable(path, error, "choose another --archive") from error
        try:
            free_at = _free_at(path, now)
            if asks and free_at > now:
                return free_at
            # Not brought to the disk: after a power loss no process is there that had a turn.
            text = json.dumps({"at": max(free_at, now + delay_seconds), "delay_seconds": delay_seconds})
            aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            aside.write_text(text, encoding="ascii")
            aside.replace(path)
        except OSError as error:
            raise unwritable(path, error, "choose another --archive") from error
        finally:
            lock.release()
        return None


def _free_at(path: Path, now: float) -> float:
    try:
        found = json.loads(path.read_bytes())
        at, delay = float(found["at"]), float(found["delay_seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return now
    return at if at <= now + delay + SLACK_SECONDS else now
