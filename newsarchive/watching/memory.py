"""What a watcher remembers on the disk, and the lock that lets one watch an archive."""

from pathlib import Path

from pydantic import ValidationError

from newsarchive.errors import AlreadyWatchedError
from newsarchive.records.model import Record
from newsarchive.store.guard import unwritable
from newsarchive.store.layout import HOUSEKEEPING, write_atomically
from newsarchive.store.lock import WriterLock
from newsarchive.watching.decision import History


class Remembered(Record):
    """What `watch.json` says of one site; instants in seconds since 1970, UTC."""

    watched_at: float
    """When it was first watched."""
    started_at: float | None = None
    """When its last crawl was started; null: none was."""
    ended: bool = True
    """False while that crawl has not come to its end."""


class _Memory(Record):
    format: int = 1
    sites: dict[str, Remembered]


class Memory:
    """`watch.json`, written before each start and after each end; held by one watcher at a time.

    Raises `AlreadyWatchedError` while another process watches the archive, `StorageError` where it cannot be written.
    """

    def __init__(self, archive: Path, now: float) -> None:
        self._path = archive / HOUSEKEEPING / "watch.json"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(self._path.parent, error, "choose another --archive") from error
        self._lock = WriterLock(
            self._path.with_name("watch.lock"), now, refusal=AlreadyWatchedError, what=f"{archive}: being watched"
        )
        self.broken = False
        """What was there could not be read, and is begun anew."""
        self.histories = self._read()

    def note(self, site: str, history: History) -> None:
        """Remember what is known of a site. Raises `StorageError` where that cannot be written."""
        self.histories[site] = history
        sites = {
            name: Remembered(watched_at=kept.watched_at, started_at=kept.started_at, ended=kept.ended)
            for name, kept in sorted(self.histories.items())
        }
        try:
            write_atomically(self._path, _Memory(sites=sites).model_dump_json(indent=2).encode() + b"\n")
        except OSError as error:
            raise unwritable(self._path, error, "choose another --archive") from error

    def release(self) -> None:
        """Let another process watch."""
        self._lock.release()

    def _read(self) -> dict[str, History]:
        try:
            found = _Memory.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError):
            self.broken = True
            return {}
        return {name: History(kept.watched_at, kept.started_at, kept.ended) for name, kept in found.sites.items()}
