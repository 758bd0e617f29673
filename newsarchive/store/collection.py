"""A collection: opened by one writer, filled visit by visit, committed in batches by a thread of its own."""

import datetime as dt
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from newsarchive.errors import NewsarchiveError, StorageError
from newsarchive.store.catalogue import Catalogue, Row
from newsarchive.store.commit import Committed, Committer
from newsarchive.store.frontier import Frontier
from newsarchive.store.layout import Layout
from newsarchive.store.lock import WriterLock
from newsarchive.store.seal import set_seal
from newsarchive.store.visit import Visit

MAX_UNCOMMITTED = 64
MAX_UNCOMMITTED_BYTES = 32 * 1024**2
"""Finished visits that may wait for their commit, by number and by what they hold; with more the crawl holds back.

What is then still under way comes on top: as many answers as Scrapy has requests at once, each within its limits.
Few, since memory that a slow sync once filled stays with the process, in pieces: 50 KB for each visit of an ordinary
page. They are enough for half a second of a crawl at full speed, and a batch of half of them costs little more a visit.
"""

ENOUGH = 32
LINGER_SECONDS = 0.05
"""A batch of fewer visits waits this long for more: a sync costs the same for one as for many."""

MAX_BATCH = 128
MAX_BATCH_BYTES = 32 * 1024**2
"""Visits in one commit, by number and by what they hold, but at least one; a recovered tail is never longer.

Ordinary pages of an institute come to a tenth of it.
"""

Done = Callable[[Sequence[Visit], Committed], None]


@dataclass(slots=True)
class _Queue:
    """Finished visits on their way to the committing thread, each with what it holds in bytes."""

    visits: deque[tuple[Visit, int]] = field(default_factory=deque)
    closing: bool = False
    ready: threading.Condition = field(default_factory=threading.Condition)


class Collection:
    """The one owner of a commit. Made by `open_collection`; `close` ends it.

    `submit` and everything on `frontier` belong to the caller's thread; the disk is written by the committing thread
    alone. `on_committed` and `on_failed` are called in that thread.
    """

    def __init__(  # noqa: PLR0913 - one argument for each part that `open_collection` made
        self,
        *,
        layout: Layout,
        lock: WriterLock,
        catalogue: Catalogue,
        reader: Catalogue,
        committer: Committer,
        frontier: Frontier,
        run: str,
        started_at: dt.datetime,
    ) -> None:
        self.layout = layout
        self.run = run
        self.started_at = started_at
        self.frontier = frontier
        self.on_committed: Done | None = None
        self.on_failed: Callable[[BaseException], None] | None = None
        self.removed = 0
        self._lock = lock
        self._catalogue = catalogue
        self.catalogue = reader
        self._committer = committer
        self._queue = _Queue()
        self._uncommitted = 0
        self._uncommitted_bytes = 0
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._commit_batches, name=f"commit-{run}", daemon=True)
        self._thread.start()

    @property
    def backed_up(self) -> bool:
        """True while so many visits, or so many bytes, wait for their commit that no more should be begun."""
        return self._uncommitted >= MAX_UNCOMMITTED or self._uncommitted_bytes >= MAX_UNCOMMITTED_BYTES

    @property
    def uncommitted(self) -> int:
        """Number of finished visits that are not committed yet."""
        return self._uncommitted

    @property
    def uncommitted_bytes(self) -> int:
        """What those visits hold, in bytes."""
        return self._uncommitted_bytes

    @property
    def degraded(self) -> str | None:
        """Say why the run's gone-answers are not believed, or None where they are."""
        return self._committer.rechecks.degraded

    @property
    def removal_wait(self) -> dt.timedelta:
        """How long after the first look that finds an article gone the next one may confirm it."""
        return dt.timedelta(seconds=self._committer.rechecks.wait_seconds)

    def begin(self, row: Row) -> Visit:
        """Begin the visit of a row that the frontier handed out."""
        return Visit(row=row, kind=row.kind)

    def submit(self, visit: Visit) -> None:
        """Hand over a finished visit; it is committed with its batch."""
        size = visit.held_bytes
        with self._queue.ready:
            self._queue.visits.append((visit, size))
            self._uncommitted += 1
            self._uncommitted_bytes += size
            if len(self._queue.visits) in {1, ENOUGH}:
                self._queue.ready.notify()

    def close(self) -> None:
        """Commit what is left, close the files, let the lock go.

        Raises the error that ended the committing thread, if one did.
        """
        with self._queue.ready:
            self._queue.closing = True
            self._queue.ready.notify()
        self._thread.join()
        try:
            if self._failure is None:
                self.removed = self._committer.record_removals()
                self._committer.close()
        except NewsarchiveError as error:
            self._failure = error
        finally:
            if self._failure is not None:
                self._committer.abandon()
            self.catalogue.close()
            self._catalogue.close()
            self._seal()
            self._lock.release()
        if self._failure is not None:
            raise self._failure

    def _seal(self) -> None:
        if self._failure is None:
            try:
                set_seal(self.layout)
            except OSError as error:
                self._failure = StorageError(f"{self.layout.seal}: cannot be written ({error.strerror}); make room")

    def _commit_batches(self) -> None:
        try:
            while self._commit_next():
                pass
        except BaseException as error:  # noqa: BLE001 - the thread's end must reach the run, whatever it was
            self._failure = error
            if self.on_failed is not None:
                self.on_failed(error)

    def _commit_next(self) -> bool:
        """Commit the next batch, and tell whether there was one. A method of its own, so that it is not held after."""
        batch, size = self._next_batch()
        if not batch:
            return False
        committed = self._committer.commit(batch)
        with self._queue.ready:
            self._uncommitted -= len(batch)
            self._uncommitted_bytes -= size
        if self.on_committed is not None:
            self.on_committed(batch, committed)
        return True

    def _next_batch(self) -> tuple[list[Visit], int]:
        """Wait for finished visits and return those there are, and what they hold; none at the end."""
        batch: list[Visit] = []
        total = 0
        with self._queue.ready:
            visits = self._queue.visits
            while not visits and not self._queue.closing:
                self._queue.ready.wait()
            if len(visits) < ENOUGH and not self._queue.closing:
                self._queue.ready.wait(LINGER_SECONDS)
            while visits and len(batch) < MAX_BATCH and (not batch or total + visits[0][1] <= MAX_BATCH_BYTES):
                visit, size = visits.popleft()
                batch.append(visit)
                total += size
        return batch, total
