"""A crawl as a function call: what the command line, and any program, starts a run with."""

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from newsarchive import settings as settings_module
from newsarchive.errors import NewsarchiveError, UnreachableSiteError
from newsarchive.extensions.collection import CollectionExtension
from newsarchive.records.run import RunReport
from newsarchive.records.site import Site
from newsarchive.spiders.loader import spider_class

INCOMPLETE = 3
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What one call of `crawl` decides for all of its sites."""

    archive: Path
    exports: Path
    contact: str | None = None
    base_url: str | None = None
    limit: int | None = None
    full: bool = False
    log_level: str = "WARNING"
    progress: bool = True


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
    process = AsyncCrawlerProcess(_settings(options), install_root_handler=True)
    crawlers = [process.create_crawler(spider_class(site)) for site in sites]
    arguments = {
        "limit": str(options.limit) if options.limit else None,
        "base_url": options.base_url,
        "full": "1" if options.full else None,
    }
    tasks = [process.crawl(crawler, **arguments) for crawler in crawlers]
    stops = _Stops(process)
    process.start(install_signal_handlers=False)
    stops.restore()
    return [
        _ended(site, crawler, task, stops.received)
        for site, crawler, task in zip(sites, crawlers, tasks, strict=True)
    ]


class _Stops:
    """The signals that stop a run: the first lets it end well, the second ends the process."""

    def __init__(self, process: AsyncCrawlerProcess) -> None:
        self.received: int | None = None
        self._process = process
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

        reactor.callFromThread(lambda: asyncio.ensure_future(self._process.stop()))  # type: ignore[attr-defined]


def _settings(options: CrawlOptions) -> Settings:
    settings = Settings()
    settings.setmodule(settings_module, priority="project")
    settings.update(
        {
            "NEWSARCHIVE_HOME": str(options.archive),
            "NEWSARCHIVE_EXPORTS": str(options.exports),
            "NEWSARCHIVE_CONTACT": options.contact,
            "NEWSARCHIVE_PROGRESS": options.progress,
            "LOG_LEVEL": options.log_level,
        },
        priority="cmdline",
    )
    return settings


def _ended(site: Site, crawler: Crawler, task: "asyncio.Task[None]", stopped_by: int | None) -> SiteRun:
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
    if extension and not extension.site_answered:
        unreachable = UnreachableSiteError(
            f"{site.name}: no answer from {', '.join(extension.scope.site.hosts)}; is the address right, and the host up?"
        )
        return SiteRun(site, report, unreachable, unreachable.exit_code)
    return SiteRun(site, report, None, INCOMPLETE if report.due_left else 0)
