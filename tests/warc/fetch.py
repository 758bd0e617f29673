"""Fetches every answer of a server through the download handler, in a process of its own, and keeps what came.

    python -m tests.warc.fetch HANDLER BASE FOLDER CONCURRENCY NAME…

Writes FOLDER/answers.warc.gz and FOLDER/outcomes.jsonl, one line for each name.
"""

import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from newsarchive.addresses import Reach
from newsarchive.handler import TeeDownloadHandler
from newsarchive.timestamps import utc
from newsarchive.warc.exchange import EXCHANGE_META_KEY
from newsarchive.warc.writer import encode_exchange, encode_warcinfo
from tests.warc.answers import MAX_BODY, TIMEOUT

SETTINGS = {
    "DOWNLOAD_MAXSIZE": MAX_BODY,
    "DOWNLOAD_TIMEOUT": TIMEOUT,
    "DOWNLOAD_FAIL_ON_DATALOSS": False,
    "RETRY_ENABLED": False,
    "REDIRECT_ENABLED": False,
    "COMPRESSION_ENABLED": False,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "HTTPERROR_ALLOW_ALL": True,
    "LOG_LEVEL": "ERROR",
    "ASYNCIO_EVENT_LOOP": None if sys.platform == "win32" else "uvloop.Loop",
}


class DeafHandler(TeeDownloadHandler):
    """What the handler would be if a new Scrapy made its connections another way."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _LenientHTTP11ClientFactory  # noqa: SLF001


class AnswerSpider(scrapy.Spider):
    """Requests each name once."""

    name = "answers"
    reach = Reach.of(["127.0.0.1"])

    def __init__(self, base: str, folder: str, names: list[str], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self._base = base
        self._names = names
        self._outcomes = Path(folder, "outcomes.jsonl").open("w", encoding="utf-8")  # noqa: SIM115  see `closed`
        self._segment = Path(folder, "answers.warc.gz").open("wb")  # noqa: SIM115
        warcinfo = encode_warcinfo("answers.warc.gz", {"software": "newsarchive tests"}, utc(0))
        self._warcinfo_id = warcinfo.response.record_id
        self._segment.write(warcinfo.data)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for name in self._names:
            yield scrapy.Request(f"{self._base}/{name}?page=2&x=%E4%B8%AD#part", self.parse, errback=self.failed)

    def parse(self, response: Response) -> Iterator[None]:
        assert response.request
        self._keep(response.request, None, response)
        yield from ()

    def failed(self, failure: Failure) -> None:
        self._keep(failure.request, failure.value, None)  # type: ignore[attr-defined]  # Scrapy sets it

    def _keep(self, request: scrapy.Request, error: BaseException | None, response: Response | None) -> None:
        exchange = request.meta.pop(EXCHANGE_META_KEY, None)
        outcome: dict[str, object] = {
            "name": request.url.split("/")[3].partition("?")[0],
            "error": type(error).__name__ if error else None,
            "flags": response.flags if response is not None else [],
            "body": response.body.decode("latin-1") if response is not None else None,
            "offset": None,
        }
        if exchange is not None:
            capture = encode_exchange(exchange, warcinfo_id=self._warcinfo_id)
            outcome |= {
                "offset": self._segment.tell(),
                "url": exchange.url,
                "ip_address": exchange.ip_address,
                "protocol": exchange.protocol,
                "tls": exchange.tls,
                "cipher_suite": exchange.cipher_suite,
                "shares_body": response is not None and response.body is exchange.payload,
            }
            self._segment.write(capture.data)
        self._outcomes.write(json.dumps(outcome) + "\n")

    def closed(self, reason: str) -> None:
        del reason
        self._outcomes.close()
        self._segment.close()


def main(handler: str, base: str, folder: str, concurrency: str, *names: str) -> None:
    process = CrawlerProcess(
        {
            **SETTINGS,
            "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
            "CONCURRENT_REQUESTS": int(concurrency),
            "CONCURRENT_REQUESTS_PER_DOMAIN": int(concurrency),
            "DOWNLOAD_DELAY": 0,
        }
    )
    process.crawl(AnswerSpider, base=base, folder=folder, names=list(names))
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
