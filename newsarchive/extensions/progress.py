"""Live progress: one line that moves on a terminal, a plain line now and then elsewhere."""

import sys
import time
from typing import Self

from rich.console import Console
from rich.live import Live
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall

from newsarchive.extensions.collection import CollectionExtension
from newsarchive.extensions.counts import Counts

TERMINAL_SECONDS = 0.25
LOG_SECONDS = 60.0


class ProgressExtension:
    """Shows on standard error what a run has done so far."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._counts = Counts()
        self._started = time.monotonic()
        self._console = Console(stderr=True)
        self._live: Live | None = None
        self._loop = AsyncioLoopingCall(self._show)
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension. Raises NotConfigured where `NEWSARCHIVE_PROGRESS` is false or no site is crawled."""
        wanted = crawler.settings.getbool("NEWSARCHIVE_PROGRESS", default=False)
        if not wanted or getattr(crawler.spider, "crawled_site", None) is None:
            raise NotConfigured("no progress is wanted")
        return cls(crawler)

    def spider_opened(self) -> None:
        """Begin to show."""
        extension = self._crawler.get_extension(CollectionExtension)
        if extension is None:
            return
        self._counts = extension.counts
        if self._console.is_terminal:
            self._live = Live(self._line(), console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        self._loop.start(TERMINAL_SECONDS if self._live else LOG_SECONDS, now=False)

    def spider_closed(self) -> None:
        """Show the last state and leave the screen."""
        if self._loop.running:
            self._loop.stop()
        if self._live is not None:
            self._live.stop()
        print(self._line(), file=sys.stderr, flush=True)  # noqa: T201 - it is the display

    def _show(self) -> None:
        if self._live is not None:
            self._live.update(self._line(), refresh=True)
        else:
            print(self._line(), file=sys.stderr, flush=True)  # noqa: T201 - it is the display

    def _line(self) -> str:
        counts = self._counts
        seconds = max(time.monotonic() - self._started, 0.001)
        failed = counts.outcomes["failed"]
        # Within 80 columns also for a large site: a live line that wraps is drawn twice.
        parts = [
            f"{counts.requests} fetched",
            f"{counts.new} new",
            f"{counts.changed} changed",
            f"{failed} failed",
            f"{counts.known} found",
            f"{counts.requests / seconds:.0f}/s",
        ]
        return f"{self._crawler.spidercls.name}: " + ", ".join(parts)
