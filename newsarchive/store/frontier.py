"""Which URL is visited next: due rows of the catalogue, in small batches, host by host."""

from collections import deque
from collections.abc import Iterable

from newsarchive.store.catalogue import EVERY_RUN, FRESH, RECHECK, ROBOTS, Catalogue, Row

BATCH = 64


class Frontier:
    """Hands out due rows, each once until its visit is committed.

    Memory: the rows of one batch for each host and queue, and the ids in flight. After a crash there is nothing to
    restore: rows handed out and not committed are still due.
    """

    def __init__(
        self, catalogue: Catalogue, hosts: Iterable[str], run_start: int, recheck_budget: int | None = None
    ) -> None:
        self._catalogue = catalogue
        self._run_start = run_start
        self._ready: dict[str, deque[Row]] = {host: deque() for host in hosts}
        self._stale: dict[str, bool] = dict.fromkeys(self._ready, True)
        self._taken: set[int] = set()
        self._rechecks_left = recheck_budget

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts, in the order in which they are asked in turn."""
        return tuple(self._ready)

    @property
    def rechecks_exhausted(self) -> bool:
        """Tell whether the run has looked at as many known pages again as it may."""
        return self._rechecks_left == 0

    @property
    def in_flight(self) -> int:
        """Number of rows handed out and not committed yet."""
        return len(self._taken)

    def next_row(self, host: str, now: int) -> Row | None:
        """Return a due row of `host`, or None if none is due at `now`."""
        ready = self._ready[host]
        if not ready and self._stale[host]:
            self._fill(host, now)
        if not ready:
            return None
        row = ready.popleft()
        self._taken.add(row.id)
        return row

    def put_back(self, row: Row) -> None:
        """Take back a row that was handed out and not visited; it comes first again."""
        self._taken.discard(row.id)
        self._ready[row.host].appendleft(row)

    def recall(self, row: Row) -> None:
        """Take back a row and all that is ready on its host: something more urgent may fall due before they are."""
        self._taken.discard(row.id)
        self._ready[row.host].clear()
        self._stale[row.host] = True

    def committed(self, rows: Iterable[int]) -> None:
        """Forget the rows whose visits are committed, and look again for what is due."""
        self._taken.difference_update(rows)
        self._stale = dict.fromkeys(self._stale, True)

    def drop(self, host: str) -> None:
        """Hand out nothing more of `host`; its rows stay due."""
        for row in self._ready.pop(host, ()):
            self._taken.discard(row.id)
        self._stale.pop(host, None)

    def wake(self) -> None:
        """Look again for what is due: time has passed."""
        self._stale = dict.fromkeys(self._stale, True)

    def has_work(self, now: int) -> bool:
        """Tell whether a row is in flight, ready, or due at `now`."""
        if self._taken:
            return True
        for host, ready in self._ready.items():
            if not ready and self._stale[host]:
                self._fill(host, now)
        return any(self._ready.values())

    def next_retry_at(self) -> int | None:
        """Return the earliest instant at which a row of this run falls due again, if there is one."""
        instants = [self._catalogue.next_due_at(host, queue) for host in self._ready for queue in (ROBOTS, FRESH)]
        return min((instant for instant in instants if instant is not None), default=None)

    def _fill(self, host: str, now: int) -> None:
        for priority, before in (
            (ROBOTS, now),
            (EVERY_RUN, self._run_start - 1),
            (FRESH, now),
            (RECHECK, self._run_start - 1),
        ):
            # Rows in flight are still due in the catalogue: ask for as many more and pass over them.
            rows = self._catalogue.due(host, priority, before, BATCH + len(self._taken))
            fresh = [row for row in rows if row.id not in self._taken][:BATCH]
            if priority == RECHECK and self._rechecks_left is not None:
                fresh = fresh[: self._rechecks_left]
                self._rechecks_left -= len(fresh)
            if fresh:
                self._ready[host].extend(fresh)
                return
        self._stale[host] = False
