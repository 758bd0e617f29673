"""A crawl as a function call: what the command line, and any program, starts a run with."""

import asyncio
import logging
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from newsarchive import collector
from newsarchive import settings as settings_module
from newsarchive.configuration import read_configuration
from newsarchive.errors import ConfigurationError, DegradedSiteError, NewsarchiveError, UnreachableSiteError
from newsarchive.extensions.collection import CollectionExtension
from newsarchive.extensions.collection import logger as collection_logger
from newsarchive.extensions.introduction import is_live_host, user_agent
from newsarchive.loglines import Format, JsonFormatter, LogLines
from newsarchive.records.run import RunReport
from newsarchive.records.site import Site
from newsarchive.spiders.fetch import Fetched, FetchSpider
from newsarchive.spiders.loader import spider_class
from newsarchive.urls import host_of

if TYPE_CHECKING:
    from newsarchive.spiders.news import NewsSpider

INCOMPLETE = 3
INTERRUPTED = 130
STARTING_SECONDS = 0.02
TOLD = 3
"""So much of the evidence against a run is told in its one line; `newsarchive runs` has all of it."""
ROBOTS_MIDDLEWARE = "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware"


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What one call of `crawl` decides for all of its sites."""

    archive: Path
    exports: Path
    contact: str | None = None
    base_url: str | None = None
    limit: int | None = None
    full: bool = False
    pages: int | None = None
    """Most answers of the run: it stops after so many, as if interrupted. None: no such bound."""
    log_level: str = "WARNING"
    progress: bool = True
    lines: LogLines = LogLines(Format.PLAIN)  # noqa: RUF009 - it has no state but a lock
    """What writes the lines that tell how far the crawl is."""


@dataclass(frozen=True, slots=True)
class SiteRun:
    """How the run of one site ended: with a report, with an error, or with both."""

    site: Site
    report: RunReport | None
    error: NewsarchiveError | None
    exit_code: int


def crawl(sites: Sequence[Site], options: CrawlOptions) -> list[SiteRun]:
    """Crawl `sites` side by side in this process, and return how each ended, in their order.

    Installs Scrapy's reactor, so it can be called once in a process. SIGINT and SIGTERM end it after the answers that
    are under way; a second one ends the process at once, which costs those answers and nothing that was committed.
    """
    settings = _settings(options)
    if options.lines.form is Format.JSON:
        _log_as_json(options.log_level)
    process = AsyncCrawlerProcess(settings)
    arguments = {
        "limit": str(options.limit) if options.limit else None,
        "base_url": options.base_url,
        "full": "1" if options.full else None,
    }
    return run_to_end(process, [(process.create_crawler(spider_class(site)), arguments) for site in sites])


def run_to_end(
    process: AsyncCrawlerProcess, crawlers: Sequence[tuple[Crawler, Mapping[str, str | None]]]
) -> list[SiteRun]:
    """Run the crawlers of news spiders, each with its spider's arguments, as `crawl` does."""
    collection_logger.disabled = True  # the errors that it logs for other programs are returned here
    with collector.crawling():
        crawls = [(crawler, process.crawl(crawler, **arguments)) for crawler, arguments in crawlers]
        stops = _Stops(crawls)
        process.start(install_signal_handlers=False)
        stops.restore()
    return [_ended(crawler, task, stops.received) for crawler, task in crawls]


def fetch(urls: Sequence[str], *, contact: str | None = None) -> list[Fetched]:
    """Ask for `urls` once each and return the answers in their order; nothing is kept.

    Obeys robots.txt and leaves a second between two requests to a live host. Raises `ConfigurationError` for a live
    host without a contact. As `crawl`, it can be called once in a process.
    """
    contact = contact or read_configuration().crawl.contact
    live = any(is_live_host(host_of(url)) for url in urls)
    if live and not contact:
        raise ConfigurationError("fetching a live page needs a contact; set NEWSARCHIVE_CONTACT to an e-mail address")
    settings = Settings()
    settings.setmodule(settings_module, priority="project")
    settings.update(
        {
            "LOG_LEVEL": "CRITICAL",
            "ROBOTSTXT_OBEY": True,
            "DOWNLOADER_MIDDLEWARES": {ROBOTS_MIDDLEWARE: 100},
            "DOWNLOAD_DELAY": 1 if live else 0,
            "USER_AGENT": user_agent(contact),
        },
        priority="cmdline",
    )
    process = AsyncCrawlerProcess(settings)
    fetched: dict[str, Fetched] = {}
    process.crawl(FetchSpider, urls=list(urls), fetched=fetched)
    process.start()
    return [fetched.get(url, Fetched(url, error="not fetched")) for url in urls]


class _Stops:
    """The signals that stop a run: the first lets it end well, the second ends the process."""

    def __init__(self, crawls: "Sequence[tuple[Crawler, asyncio.Task[None]]]") -> None:
        self.received: int | None = None
        self._crawls = crawls
        self._before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore(self) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _stop(self, number: int, _frame: object) -> None:
        if self.received is not None:
            os._exit(INTERRUPTED)
        self.received = number
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it

        reactor.callFromThread(lambda: asyncio.ensure_future(self._stop_all()))

    async def _stop_all(self) -> None:
        await asyncio.gather(*(_stop_once_running(crawler, task) for crawler, task in self._crawls))


async def _stop_once_running(crawler: Crawler, task: "asyncio.Task[None]") -> None:
    """Stop a crawl; one that is still starting, as soon as it runs.

    Scrapy forgets that it was asked to stop before its engine runs, and then waits for ever when the crawl is done.
    """
    while not task.done():
        engine = crawler._engine  # noqa: SLF001 - `engine` raises before there is one
        if engine is not None and engine.running:
            await crawler.stop_async()
            return
        await asyncio.sleep(STARTING_SECONDS)


def _way(crawler: Crawler) -> str:
    proxy = getattr(crawler.spider, "proxy", None)
    return "" if proxy is None else f" through {proxy}"


def _settings(options: CrawlOptions) -> Settings:
    settings = Settings()
    settings.setmodule(settings_module, priority="project")
    settings.update(
        {
            "NEWSARCHIVE_HOME": str(options.archive),
            "NEWSARCHIVE_EXPORTS": str(options.exports),
            "NEWSARCHIVE_CONTACT": options.contact,
            "NEWSARCHIVE_PROGRESS": options.progress and not options.lines.quiet,
            "NEWSARCHIVE_LOG_FORMAT": str(options.lines.form),
            "CLOSESPIDER_PAGECOUNT": options.pages or 0,
            "LOG_LEVEL": options.log_level,
            "LOG_INSTALL_ROOT_HANDLER": options.lines.form is Format.PLAIN,
        },
        priority="cmdline",
    )
    return settings


def _log_as_json(level: str) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    handler.setLevel(level)
    logging.getLogger().addHandler(handler)


def _ended(crawler: Crawler, task: "asyncio.Task[None]", stopped_by: int | None) -> SiteRun:
    site = cast("type[NewsSpider]", crawler.spidercls).site
    failure = task.exception() if task.done() and not task.cancelled() else None
    extension = crawler._extensions and crawler.get_extension(CollectionExtension)  # noqa: SLF001 - None before it is set
    report = extension.report if extension else None
    error = failure or (extension.error if extension else None)
    if error is not None:
        if not isinstance(error, NewsarchiveError):
            raise error
        return SiteRun(site, report, error, error.exit_code)
    if report is None:
        return SiteRun(site, None, None, INTERRUPTED if stopped_by == signal.SIGINT else INCOMPLETE)
    if stopped_by == signal.SIGINT:
        return SiteRun(site, report, None, INTERRUPTED)
    if extension and not extension.site_answered and not report.rests:
        unreachable = UnreachableSiteError(
            f"{site.name}: no answer from {', '.join(extension.scope.site.hosts)}{_way(crawler)}; "
            "is the address right, the host up?"
        )
        return SiteRun(site, report, unreachable, unreachable.exit_code)
    if report.verdict is not None and report.verdict.state in {"degraded", "broken"}:
        against = [evidence.text for evidence in report.verdict.against]
        more = f"; and {len(against) - TOLD} more" if len(against) > TOLD else ""
        degraded = DegradedSiteError(f"{site.name}: {report.verdict.state}: {'; '.join(against[:TOLD])}{more}")
        return SiteRun(site, report, degraded, degraded.exit_code)
    return SiteRun(site, report, None, INCOMPLETE if report.due_left else 0)
