"""Live progress: lines that move on a terminal, a line a minute elsewhere."""

import dataclasses
import time
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall

from newsarchive.extensions.collection import CollectionExtension
from newsarchive.extensions.counts import Counts
from newsarchive.extensions.display import display
from newsarchive.extensions.pace import Pace
from newsarchive.loglines import Format, LogLines

TERMINAL_SECONDS = 0.25
LOG_SECONDS = 60.0


class ProgressExtension:
    """Shows on standard error what a run has done so far, and what is left of it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pace = Pace(Counts(), 0, 0)
        self._lines = LogLines(Format(crawler.settings.get("NEWSARCHIVE_LOG_FORMAT") or Format.PLAIN))
        quiet_log = crawler.settings.get("LOG_LEVEL") not in {"DEBUG", "INFO"}  # a log would be written across it
        self._moves = quiet_log and self._lines.form is Format.PLAIN and display().console.is_terminal
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
        collection = extension.collection
        # Counted once: in a large collection that takes as long as some pages.
        due = collection.catalogue.count_due(
            extension.scope.site.visited_hosts, int(collection.started_at.timestamp()), int(time.time())
        )
        known = sum(collection.catalogue.counts().values())
        self._pace = Pace(extension.counts, known, due)
        self._pace.standing(time.monotonic())
        self._loop.start(TERMINAL_SECONDS if self._moves else LOG_SECONDS, now=False)

    def spider_closed(self) -> None:
        """Show the last state and leave the screen."""
        if self._loop.running:
            self._loop.stop()
        if self._moves:
            display().leave(self._site)
        self._tell()

    @property
    def _site(self) -> str:
        return self._crawler.spidercls.name

    def _show(self) -> None:
        if self._moves:
            display().show(self._site, self._pace.standing(time.monotonic()))
        else:
            self._tell()

    def _tell(self) -> None:
        standing = self._pace.standing(time.monotonic())
        fields = {**dataclasses.asdict(standing), "rate": round(standing.rate, 2)}
        text = f"{standing.done}, {standing.to_do}"
        self._lines.tell("progress", self._site, text, **fields, seconds_left=standing.seconds_left)
