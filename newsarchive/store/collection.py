"""A collection: opened by one writer, filled visit by visit, committed in batches by a thread of its own."""

import datetime as dt
import threading
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

MAX_UNCOMMITTED = 256
"""Finished visits that may wait for their commit; the crawl holds back when there are more."""

ENOUGH = 32
LINGER_SECONDS = 0.05
"""A batch of fewer visits waits this long for more: a sync costs the same for one as for many."""

MAX_BATCH = 128
"""Visits in one commit; a recovered tail is never longer."""

Done = Callable[[Sequence[Visit], Committed], None]


@dataclass(slots=True)
class _Queue:
    """Finished visits on their way to the committing thread."""

    visits: list[Visit] = field(default_factory=list)
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
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._commit_batches, name=f"commit-{run}", daemon=True)
        self._thread.start()

    @property
    def backed_up(self) -> bool:
        """True while so many visits wait for their commit that no more should be begun."""
        return self._uncommitted >= MAX_UNCOMMITTED

    @property
    def uncommitted(self) -> int:
        """Number of finished visits that are not committed yet."""
        return self._uncommitted

    @property
    def degraded(self) -> str | None:
        """Say why the run's gone-answers are not believed, or None where they are."""
        return self._committer.rechecks.degraded

    def begin(self, row: Row) -> Visit:
        """Begin the visit of a row that the frontier handed out."""
        return Visit(row=row, kind=row.kind)

    def submit(self, visit: Visit) -> None:
        """Hand over a finished visit; it is committed with its batch."""
        with self._queue.ready:
            self._queue.visits.append(visit)
            self._uncommitted += 1
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
            while (batch := self._next_batch()) is not None:
                committed = self._committer.commit(batch)
                with self._queue.ready:
                    self._uncommitted -= len(batch)
                if self.on_committed is not None:
                    self.on_committed(batch, committed)
        except BaseException as error:  # noqa: BLE001 - the thread's end must reach the run, whatever it was
            self._failure = error
            if self.on_failed is not None:
                self.on_failed(error)

    def _next_batch(self) -> list[Visit] | None:
        """Wait for finished visits and return those there are; None at the end."""
        with self._queue.ready:
            while not self._queue.visits and not self._queue.closing:
                self._queue.ready.wait()
            if len(self._queue.visits) < ENOUGH and not self._queue.closing:
                self._queue.ready.wait(LINGER_SECONDS)
            visits = self._queue.visits
            batch, self._queue.visits = visits[:MAX_BATCH], visits[MAX_BATCH:]
        return batch or None
