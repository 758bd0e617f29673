"""The one way from Scrapy to the collection: every answer, article and failure of a run passes here."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from newsarchive import collector
from newsarchive.datasets.owner import check_exports
from newsarchive.errors import (
    ConfigurationError,
    ForbiddenAddressError,
    NewsarchiveError,
    ProxyRefusedError,
    StorageError,
    UntrustedCertificateError,
)
from newsarchive.extensions.counts import Counts
from newsarchive.extensions.introduction import is_live, user_agent
from newsarchive.extensions.opening import open_for_crawl
from newsarchive.extensions.process import prepare_process
from newsarchive.extensions.publishing import publish
from newsarchive.extensions.readers import Readers
from newsarchive.extensions.report import close, report_of
from newsarchive.extensions.rests import Rests
from newsarchive.extensions.watching import PageWatch
from newsarchive.parsers import PARSER_VERSION
from newsarchive.records.article import Article
from newsarchive.records.outcome import UrlClass
from newsarchive.records.site import Site
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import Row
from newsarchive.store.commit import Committed
from newsarchive.store.interpret import ASKING_TO_WAIT, READING_BROKE, Meaning, retry_after
from newsarchive.store.layout import write_atomically
from newsarchive.store.visit import Visit
from newsarchive.timestamps import utc
from newsarchive.warc.exchange import EXCHANGE_META_KEY, Exchange

if TYPE_CHECKING:
    from newsarchive.records.run import RunReport
    from newsarchive.scheduler import CatalogueScheduler

VISIT_META_KEY = "newsarchive_visit"

_REFUSALS = {ForbiddenAddressError: "address", UntrustedCertificateError: "certificate"}
"""Stable words of the reasons for which a connection was not made."""

logger = logging.getLogger(__name__)


class CollectionExtension:
    """Opens the collection of the spider's site, judges answers, and closes it with the run's report.

    State: the visits in flight, by URL (as many as requests may be in flight), and counters. After a crash nothing
    of it is missed: what was in flight is still due.
    """

    def __init__(self, crawler: Crawler, site: Site) -> None:
        settings = crawler.settings
        self.scope = Scope(site)
        self.counts = Counts()
        self.limit: int | None = getattr(crawler.spider, "limit", None)
        self.report: RunReport | None = None
        self.error: BaseException | None = None
        self._crawler = crawler
        self._exports = Path(settings["NEWSARCHIVE_EXPORTS"])
        self._visits: dict[str, Visit] = {}
        self._readers = Readers(self.scope)
        self._weighed = collector.Weighed()
        self._answered = False
        self._closed = False
        check_exports(self._exports, site.name, site.origin)
        opened = open_for_crawl(self.scope, crawler.spider, settings)
        self.collection = opened.collection
        self._recovered = opened.recovered
        self.rests = Rests.of_last_runs(self.collection.layout)
        elsewhere = bool(getattr(crawler.spider, "at_other_origin", False))
        self._watch = PageWatch(self.collection, site, compared=not elsewhere)
        if self.collection.layout.revisions.stat().st_size:
            # What a killed run did not come to. If it cannot be written now, the end of this run tries again and tells.
            with suppress(NewsarchiveError):
                publish(self.collection.layout, self._exports, self.counts, site)
        self._advance_in_reactor = self._in_reactor(self._advance)
        self.collection.on_committed = self._count
        self.collection.on_failed = self._in_reactor(self.fail)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension for a spider that crawls a site.

        Raises NotConfigured for other spiders (`scrapy shell`, say), `ConfigurationError` for a live site without a
        contact, and what opening the collection raises.
        """
        site: Site | None = getattr(crawler.spider, "crawled_site", None)
        if site is None:
            raise NotConfigured("the spider crawls no site")
        prepare_process()
        contact = crawler.settings.get("NEWSARCHIVE_CONTACT")
        if is_live(site) and not contact:
            raise ConfigurationError(
                f"{site.name}: crawling {site.origin} needs a contact for its operator; set NEWSARCHIVE_CONTACT to an "
                "e-mail address or a page about you"
            )
        crawler.settings.set("USER_AGENT", user_agent(contact), priority="spider")
        extension = cls(crawler, site)
        crawler.signals.connect(collector.loaded, signal=signals.engine_started)
        crawler.signals.connect(extension.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(extension.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(extension.item_error, signal=signals.item_error)
        crawler.signals.connect(extension.spider_error, signal=signals.spider_error)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    # From the scheduler and the spider

    def begin(self, visit: Visit) -> None:
        """Take note of a visit whose request is about to be sent."""
        self._visits[visit.row.url] = visit

    @property
    def candidates_in_flight(self) -> int:
        """Number of visits in flight that may turn out to be articles."""
        return sum(visit.row.kind in {"article", "unknown"} for visit in self._visits.values())

    @property
    def site_answered(self) -> bool:
        """Tell whether any host of the site answered anything in this run."""
        return self._answered

    @property
    def limit_reached(self) -> bool:
        """Tell whether as many articles were read as were asked for."""
        return self.limit is not None and self.counts.articles >= self.limit

    def answered(self, request: Request) -> Article | None:
        """Judge the answer to `request`, and return the article that it shows; without one the visit ends here."""
        visit, exchange = self._taken(request)
        if exchange is None:
            self.finish(visit, Meaning(UrlClass.FAILED, visit.row.kind, "no capture of the answer", transient=True))
            return None
        self._answered = True
        row = visit.row
        # A host that asks to be left alone is, after a few times.
        wants_rest = exchange.status in ASKING_TO_WAIT
        if wants_rest:
            # Only the first try tells of the host: pages that stay busy are tried again one right after the other.
            if not row.tries:
                self._scheduler.host_failed(row.host, retry_after(exchange, utc(time.time())))
        else:
            self._scheduler.host_answered(row.host)
        if _same_as_before(exchange, row):
            visit.article_id = row.article
            self.finish(visit, Meaning(UrlClass.UNCHANGED, row.kind))
            return None
        return self._judged(visit, self._readers.meaning(visit, exchange, light_only=True))

    async def answered_apart(self, request: Request) -> Article | None:
        """Judge an answer that `answered` did not, in a worker process; the crawl goes on meanwhile."""
        visit: Visit = request.meta[VISIT_META_KEY]
        exchange = visit.exchange
        if exchange is None:
            raise RuntimeError(f"no answer to read apart: {request.url}")
        return self._judged(visit, await self._readers.meaning_apart(visit, exchange))

    def _judged(self, visit: Visit, meaning: Meaning) -> Article | None:
        row = visit.row
        meaning = self._watch.judged(visit, meaning)
        if meaning.article is None or meaning.outcome is not UrlClass.STORED:
            if meaning.outcome is UrlClass.UNCHANGED:
                visit.article_id = row.article
            self.finish(visit, meaning)
            return None
        visit.found, visit.gist = tuple(meaning.found), meaning.gist
        self.counts.links_skipped += meaning.skipped_links
        self._visits[row.url] = visit
        return meaning.article

    def unanswered(self, failure: Failure) -> None:
        """Judge a visit to which no whole answer came; what came of one is kept as evidence."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, ProxyRefusedError):
            self._visits.pop(request.meta[VISIT_META_KEY].row.url, None)  # it stays due
            self.fail(failure.value)
            return
        visit, exchange = self._taken(request)
        kind, host = visit.row.kind, visit.row.host
        word = next((word for error, word in _REFUSALS.items() if isinstance(failure.value, error)), None)
        if word is not None:
            self._scheduler.host_failed(host)
            self.finish(visit, Meaning(UrlClass.REFUSED, kind, f"{word}: {failure.value}"))
        elif exchange is None:
            self._scheduler.host_failed(host)
            self.finish(visit, Meaning(UrlClass.FAILED, kind, _named("no answer", failure), transient=True))
        else:
            self._answered = True
            self._scheduler.host_answered(host)
            self.finish(visit, self._readers.meaning(visit, exchange))

    def visit_of(self, article: Article) -> Visit:
        """Return the visit that `article` was read on."""
        return self._visits[article.url]

    def finish(self, visit: Visit, meaning: Meaning) -> None:
        """End a visit and hand it to the commit."""
        self._visits.pop(visit.row.url, None)
        now = utc(time.time())
        visit.kind = meaning.kind
        visit.found = visit.found or tuple(meaning.found)
        visit.gist = visit.gist or meaning.gist
        visit.transient = meaning.transient
        self._watch.finished(visit, meaning)
        if visit.exchange is not None:
            visit.not_before = retry_after(visit.exchange, now)
        visit.finish(meaning.outcome, now, reason=meaning.reason, target=meaning.target)
        self.counts.links_skipped += meaning.skipped_links
        if visit.kind == "article" and meaning.outcome in {UrlClass.STORED, UrlClass.UNCHANGED}:
            self.counts.articles += 1
        if visit.row.kind == "robots":
            self._scheduler.robots_answered(visit)
        self.collection.submit(visit)

    def fail(self, error: BaseException) -> None:
        """End the run: something that it has to write cannot be written."""
        self.error = error
        self._scheduler.stop()
        deferred_from_coro(self._crawler.engine.close_spider_async(reason="failed"))

    # Signals

    def item_scraped(self, item: Article) -> None:
        """End the visit of an article that passed every pipeline: it is new or changed."""
        self.finish(self.visit_of(item), Meaning(UrlClass.STORED, "article"))

    def item_dropped(self, item: Article, exception: BaseException) -> None:
        """End the visit of an article that a pipeline dropped: it is unchanged, or no valid record."""
        visit = self.visit_of(item)
        if visit.unchanged:
            self.finish(visit, Meaning(UrlClass.UNCHANGED, "article"))
        else:
            self.finish(visit, Meaning(UrlClass.FAILED, "article", f"invalid record: {exception}"))

    def item_error(self, item: Article, failure: Failure) -> None:
        """End the visit of an article on which a pipeline broke: the capture is kept, the page counts as failed."""
        self.finish(self.visit_of(item), Meaning(UrlClass.FAILED, "article", _named("pipeline", failure)))

    def spider_error(self, failure: Failure, response: object) -> None:
        """End the visit of a page on which reading broke: the capture is kept, the page counts as failed."""
        request: Request | None = getattr(response, "request", None)
        visit: Visit | None = request.meta.get(VISIT_META_KEY) if request else None
        if visit is not None and visit.ended_at is None:
            self.finish(visit, Meaning(UrlClass.FAILED, visit.row.kind, _named(READING_BROKE, failure)))

    def spider_closed(self, reason: str) -> None:
        """Commit what is left, close the collection, publish what changed, write the report."""
        # What is still in flight was asked for and not answered: it stays due.
        self._visits.clear()
        self._closed = True
        self._readers.close()
        site = self.scope.site
        publishing = partial(publish, self.collection.layout, self._exports, self.counts, site)
        state, problem = close(self.collection, site, publishing)
        self.error = self.error or problem
        report = report_of(
            self.collection,
            site,
            counts=self.counts,
            state=state,
            recovered=self._recovered,
            rests=self.rests.current,
            reason="limit" if reason == "finished" and self.limit_reached else reason,
            error=self.error,
            ended_at=utc(time.time()),
        )
        self.report = self._watch.report(report, answered=self._answered)
        path = self.collection.layout.run_report(self.collection.run)
        try:
            self._watch.write_drafts(self.report)
            write_atomically(path, self.report.model_dump_json(indent=2).encode() + b"\n")
        except StorageError as error:
            self.error = self.error or error
        except OSError as error:
            self.error = self.error or StorageError(f"{path}: cannot be written ({error.strerror}); make room")
        if self.error is not None:
            logger.error("%s", self.error)

    # From the committing thread

    def _count(self, visits: Sequence[Visit], committed: Committed) -> None:
        # Counted here and not in the reactor, which is about to end when the last batch is committed.
        self.counts.add(committed.outcomes)
        self.counts.known += committed.new_urls
        self.counts.revisits += committed.revisits
        self._advance_in_reactor([visit.row.id for visit in visits])

    def _advance(self, rows: Sequence[int]) -> None:
        if self._closed:
            return
        self.collection.frontier.committed(rows)
        self._scheduler.refresh_traps()
        self._scheduler.wake()

    def _in_reactor(self, function: Callable[..., None]) -> Callable[..., None]:
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it

        return lambda *arguments: reactor.callFromThread(function, *arguments)

    @property
    def _scheduler(self) -> "CatalogueScheduler":
        return cast("CatalogueScheduler", self._crawler.engine.scheduler)

    def _taken(self, request: Request) -> tuple[Visit, Exchange | None]:
        visit: Visit = request.meta[VISIT_META_KEY]
        exchange: Exchange | None = request.meta.pop(EXCHANGE_META_KEY, None)
        visit.exchange = exchange
        if exchange is not None:
            self._weighed.add(len(exchange.response) + len(exchange.payload))
        return visit, exchange


def _named(what: str, failure: Failure) -> str:
    return f"{what}: {type(failure.value).__name__}"


def _same_as_before(exchange: Exchange, row: Row) -> bool:
    """Tell whether the bytes are those of the last visit; then everything read from them is the same, too."""
    return (
        exchange.status == 200  # noqa: PLR2004
        and exchange.truncated is None
        and exchange.payload_digest == row.payload_digest
        and row.outcome in {UrlClass.STORED, UrlClass.UNCHANGED}
        and row.parser in {None, PARSER_VERSION}
    )
