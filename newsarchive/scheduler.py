"""The scheduler: hands Scrapy the catalogue's due rows, at each host's pace, after its robots.txt."""

import asyncio
import time
from dataclasses import dataclass

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler, Scheduler
from scrapy.crawler import Crawler

from newsarchive.errors import NewsarchiveError, StorageError
from newsarchive.extensions.collection import VISIT_META_KEY, CollectionExtension
from newsarchive.extensions.introduction import is_live
from newsarchive.records.outcome import REQUISITE_KINDS, UrlClass
from newsarchive.sites.robots import Robots
from newsarchive.store.catalogue import Row
from newsarchive.store.files import MAX_FILE_BYTES
from newsarchive.store.interpret import Meaning, content_of
from newsarchive.store.ladder import robots_due
from newsarchive.store.traps import Traps
from newsarchive.store.turns import HostTurns
from newsarchive.store.visit import Visit

MAX_DEAD_ANSWERS = 5
"""After so many requests in a row without any answer, or with 429 or 503, a host is left for the rest of the run."""


FEW = 32
"""Visits under way, or waiting for their commit, beside which no page is asked for that may belong to a trap."""
FILE_TIMEOUT_SECONDS = 180
"""A file of 32 MiB may take as long: a slow server's line carries 200 KB a second."""

MAX_ROBOTS_HOPS = 5
"""RFC 9309, section 2.3.1.2: so many redirects of robots.txt are followed."""


@dataclass(slots=True)
class HostState:
    """What decides when a host may be asked again. Made anew in each run: robots.txt is the first thing asked for."""

    delay_seconds: float
    robots: Robots | None = None
    next_at: float = 0.0
    dead_answers: int = 0
    wish: int | None = None
    """The latest instant, in seconds since 1970, until which the dead answers asked for rest."""
    robots_failed: bool = False
    """robots.txt gave no answer for now, and is asked for again."""


class CatalogueScheduler(BaseScheduler):
    """Takes what is due from the collection's frontier; keeps no queue of its own."""

    def __init__(self, crawler: Crawler, extension: CollectionExtension) -> None:
        site = extension.scope.site
        self._crawler = crawler
        self._extension = extension
        self._frontier = extension.collection.frontier
        delay = site.delay_seconds if is_live(site) else 0.0
        self.hosts = {host: HostState(delay) for host in self._frontier.hosts}
        self._turns = HostTurns(extension.collection.layout.folder.parent)
        self._traps = Traps(extension.collection.catalogue)
        self._stopped = False
        self._alarm: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BaseScheduler:  # type: ignore[override]
        """Return this scheduler for a spider that crawls a site, and Scrapy's own for any other (`scrapy shell`)."""
        extension = crawler.get_extension(CollectionExtension)
        return cls(crawler, extension) if extension is not None else Scheduler.from_crawler(crawler)

    # Scrapy's interface

    def open(self, spider: Spider) -> None:
        """Remember the spider, whose methods answers go to, and leave hosts alone that asked for it."""
        self._spider = spider
        for host in [host for host in self.hosts if self._extension.rests.until(host) is not None]:
            self._leave(host)

    def has_pending_requests(self) -> bool:
        """Tell whether the run has work left, commits and retries included."""
        if self._extension.collection.uncommitted or self._frontier.in_flight:
            return True
        if self._stopped or self._extension.limit_reached:
            return False
        return self._frontier.has_work(int(time.time())) or self._frontier.next_retry_at() is not None

    def enqueue_request(self, request: Request) -> bool:
        """Refuse a request that did not come from the catalogue: it would be neither kept nor counted."""
        del request
        return False

    def next_request(self) -> Request | None:
        """Return the request for the next due row, or None until `wake`."""
        if self._stopped or self._extension.limit_reached or self._extension.collection.backed_up:
            return None
        now = time.time()
        waits = []
        for host, state in self.hosts.items():
            if state.next_at > now:
                waits.append(state.next_at)
                continue
            row = self._next_row(host, state, int(now))
            if row is not None and (turn_at := self._turn_at(host, state, now)) is not None:
                self._frontier.put_back(row)
                state.next_at = turn_at
                waits.append(turn_at)
            elif row is not None:
                state.next_at = now + state.delay_seconds
                return self._request(row)
        if not waits and not self._frontier.in_flight and (retry_at := self._frontier.next_retry_at()) is not None:
            waits.append(float(retry_at))
        if waits:
            self._wake_at(min(waits))
        return None

    # From the extension

    def wake(self) -> None:
        """Make the engine ask again now; its own heartbeat is five seconds."""
        slot = self._crawler.engine._slot  # noqa: SLF001 - Scrapy has no public way to wake its engine
        if slot is not None:
            slot.nextcall.schedule()

    def stop(self) -> None:
        """Hand out nothing more."""
        self._stopped = True

    def host_answered(self, host: str) -> None:
        """Note that a host answered, whatever it said."""
        state = self.hosts.get(host)
        if state is not None:
            state.dead_answers, state.wish = 0, None

    def host_failed(self, host: str, wish: int | None = None) -> None:
        """Note that a host did not answer, or asked to be left alone until `wish`.

        After a few times it is, for this run, and by later ones until then.
        """
        state = self.hosts.get(host)
        if state is None:
            return
        state.dead_answers += 1
        state.wish = max(filter(None, (wish, state.wish)), default=None)
        if state.dead_answers >= MAX_DEAD_ANSWERS:
            self._leave(host, state.wish)

    def robots_answered(self, visit: Visit) -> None:
        """Judge the answer to robots.txt (RFC 9309, section 2.3.1): 4xx allows everything, 5xx and silence nothing.

        After one of the latter it is asked for again by the frontier, a few times, before the host is left alone.
        """
        host = visit.row.host
        if host not in self.hosts:
            return
        state = self.hosts[host]
        exchange = visit.exchange
        cut = exchange is None or exchange.truncated not in {None, "length"}
        if exchange is None or exchange.status >= 500 or cut:  # noqa: PLR2004
            self._robots_failed(state, visit)
            return
        state.robots_failed = False
        if visit.outcome is UrlClass.REDIRECTED and visit.row.depth < MAX_ROBOTS_HOPS:
            return
        state.robots = Robots()
        if exchange.status == 200:  # noqa: PLR2004
            try:
                # Of one that is too large what came counts: RFC 9309, section 2.5, asks for its first 500 KiB.
                state.robots = Robots.parsed(content_of(exchange))
            except NewsarchiveError:
                self._robots_failed(state, visit)
                return
        state.delay_seconds = max(state.delay_seconds, state.robots.delay_seconds)
        now = time.time()
        state.next_at = now + state.delay_seconds
        if state.delay_seconds:
            try:
                self._turns.put_off(host, state.delay_seconds, now)
            except StorageError as error:
                self._extension.fail(error)

    def _robots_failed(self, state: HostState, visit: Visit) -> None:
        retry_at = None
        if visit.transient and visit.ended_at is not None:
            retry_at = robots_due(int(visit.ended_at.timestamp()), visit.row.tries + 1, visit.not_before)
        if retry_at is None:
            self._leave(visit.row.host, visit.not_before)
            return
        state.robots_failed = True
        state.next_at = max(state.next_at, retry_at)

    def _turn_at(self, host: str, state: HostState, now: float) -> float | None:
        """Return when to try again, where another process may ask the host before us; None: we may ask it now."""
        if not state.delay_seconds:
            return None
        try:
            return self._turns.take(host, state.delay_seconds, now)
        except StorageError as error:
            self._extension.fail(error)
            return now + 1

    # Rows

    def _next_row(self, host: str, state: HostState, now: int) -> Row | None:
        """Return the next row that may be asked for; settle those that may not without asking."""
        while (row := self._frontier.next_row(host, now)) is not None:
            if row.kind != "robots" and state.robots is None:
                # A redirect of robots.txt makes its target due, which goes before whatever is ready now.
                self._frontier.recall(row)
                if self._frontier.in_flight:
                    return None
                if state.robots_failed:
                    return self._robots_again(host, now)
                # Its redirects lead nowhere that could be asked: RFC 9309, section 2.3.1.2, as if there were none.
                state.robots = Robots()
                continue
            refusal = self._refusal(row, state)
            if refusal is not None:
                self._extension.finish(
                    self._extension.collection.begin(row), Meaning(UrlClass.REFUSED, row.kind, refusal)
                )
                continue
            if self._must_wait_for_limit(row) or self._must_wait_for_commit(row):
                self._frontier.put_back(row)
                return None
            return row
        return None

    def _robots_again(self, host: str, now: int) -> Row | None:
        """Return the robots.txt that is due again, and nothing else before it has been answered."""
        row = self._frontier.next_row(host, now)
        if row is not None and row.kind != "robots":
            self._frontier.recall(row)
            return None
        return row

    def _refusal(self, row: Row, state: HostState) -> str | None:
        if row.kind == "robots":
            return None
        if state.robots is not None and not state.robots.allows(row.url):
            return "robots.txt forbids it"
        return self._traps.refusal(row)

    def _must_wait_for_limit(self, row: Row) -> bool:
        extension = self._extension
        if extension.limit is None or row.kind not in {"article", "unknown"}:
            return False
        return extension.candidates_in_flight >= extension.limit - extension.counts.articles

    def _must_wait_for_commit(self, row: Row) -> bool:
        return self._frontier.in_flight > FEW and self._traps.is_suspicious(row)

    def _request(self, row: Row) -> Request:
        visit = self._extension.collection.begin(row)
        self._extension.begin(visit)
        headers = {}
        meta: dict[str, object] = {VISIT_META_KEY: visit}
        if row.kind in REQUISITE_KINDS:
            headers["Accept"] = "*/*"
            meta |= {"download_maxsize": MAX_FILE_BYTES, "download_timeout": FILE_TIMEOUT_SECONDS}
        if row.outcome in {UrlClass.STORED, UrlClass.UNCHANGED}:
            # After any other outcome "not modified" would say nothing about what is there now.
            if row.etag:
                headers["If-None-Match"] = row.etag
            if row.last_modified:
                headers["If-Modified-Since"] = row.last_modified
        return Request(
            row.url,
            callback=self._spider.parse,
            errback=self._spider.failed,  # type: ignore[attr-defined]
            headers=headers,
            meta=meta,
            dont_filter=True,
        )

    def _leave(self, host: str, wish: int | None = None) -> None:
        """Ask `host` for nothing more in this run; its rows stay due. `wish` says until when later runs do the same."""
        if wish is not None:
            self._extension.rests.begin(host, wish)
        self._frontier.drop(host)
        self.hosts.pop(host, None)

    def refresh_traps(self) -> None:
        """Look again which shapes of URLs are traps."""
        self._traps.refresh()

    def _wake_at(self, instant: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_later(max(0.01, instant - time.time()), self._alarmed)

    def _alarmed(self) -> None:
        self._frontier.wake()
        self.wake()
