"""A spider that fetches a few pages to look at; nothing of them is kept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from newsarchive.addresses import Reach
from newsarchive.configuration import read_configuration
from newsarchive.errors import NewsarchiveError
from newsarchive.sites import site_for_host
from newsarchive.store.interpret import charset_of, content_of
from newsarchive.urls import host_of
from newsarchive.warc.exchange import EXCHANGE_META_KEY, Exchange


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that was asked for, or why there is none."""

    url: str
    """URL as it was asked for."""
    body: bytes = b""
    """The page's bytes, content coding undone."""
    charset: str | None = None
    """The charset of the Content-Type header; None: none."""
    error: str | None = None
    """Why there is no page; None where there is one."""


class FetchSpider(Spider):
    """Asks for each of `urls` once, politely, and keeps the answers in `fetched` by URL."""

    name = "fetch"

    def __init__(self, *, urls: list[str], fetched: dict[str, Fetched], **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's own signature
        super().__init__(**kwargs)
        self._urls = urls
        sites = [site for url in urls if (site := site_for_host(host_of(url))) is not None]
        self.reach = Reach.of(map(host_of, urls), [network for site in sites for network in site.networks])
        self.pins = {host: pin for site in sites for host, pin in site.certificates.items()}
        configuration = read_configuration()
        self.proxy = configuration.proxy_of(sites[0].name) if sites else configuration.crawl.proxy
        self._fetched = fetched

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each URL."""
        for url in dict.fromkeys(self._urls):
            yield Request(url, callback=self.parse, errback=self.failed, cb_kwargs={"asked": url}, dont_filter=True)

    def parse(self, response: Response, asked: str = "", **_kwargs: Any) -> None:  # noqa: ANN401 - as above
        """Keep the page, or why there is none."""
        exchange: Exchange | None = response.meta.pop(EXCHANGE_META_KEY, None)
        if exchange is None or exchange.truncated is not None:
            self._fetched[asked] = Fetched(asked, error="the answer is not whole")
        elif exchange.status != 200:  # noqa: PLR2004
            where = exchange.header("location")
            self._fetched[asked] = Fetched(
                asked, error=f"HTTP {exchange.status}" + (f", leads to {where}" if where else "")
            )
        else:
            try:
                self._fetched[asked] = Fetched(asked, content_of(exchange), charset_of(exchange))
            except NewsarchiveError as error:
                self._fetched[asked] = Fetched(asked, error=str(error))

    def failed(self, failure: Failure) -> None:
        """Keep why no answer came."""
        request: Request = failure.request  # type: ignore[attr-defined]
        asked = request.cb_kwargs["asked"]
        reason = "robots.txt forbids it" if isinstance(failure.value, IgnoreRequest) else f"no answer ({failure.value})"
        self._fetched[asked] = Fetched(asked, error=reason)
