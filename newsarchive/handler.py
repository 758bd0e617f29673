"""Scrapy's HTTP/1.1 download handler with a tap on the connection: what is kept is what went over the wire.

Scrapy's `Response` has header names in title case and repeats grouped, and the request's `Host` exists only on the
wire, so the bytes are taken where Twisted reads and writes them. Private names of Scrapy 2.19 and Twisted are used;
`tests/test_handler.py` fails loudly when one of them changes.
"""

from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urldefrag, urlsplit

from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, TunnelError
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, StopDownload
from twisted.web._newclient import ResponseFailed

from newsarchive.endpoints import HTTPS_PORT, PinningPolicy
from newsarchive.errors import ProxyRefusedError, UntrustedCertificateError
from newsarchive.extensions.introduction import is_live_host
from newsarchive.gateway import Gateway, without_credentials
from newsarchive.tap import MAX_HEAD_BYTES, InFlight, Tap, TappingPool, tap_of_this_download
from newsarchive.timestamps import utc
from newsarchive.warc.exchange import EXCHANGE_META_KEY, Truncation, read_exchange

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.web.iweb import IPolicyForHTTPS

    from newsarchive.addresses import Reach

SURPLUS_FLAG: Final = "surplus"
"""Flag of a response behind which more bytes came than its framing announced."""


class TeeDownloadHandler(HTTP11DownloadHandler):
    """Downloads as Scrapy does and leaves an `Exchange` in `request.meta[EXCHANGE_META_KEY]`.

    It is there after success and after failure, whenever a byte of an answer came; an answer that is not whole says
    why (`Exchange.truncated`). Bodies keep their content coding if HttpCompressionMiddleware is off.

    Raises `DownloadCancelledError` if body or head is too large, `ForbiddenAddressError` or `UntrustedCertificateError`
    where a connection may not be made, `RuntimeError` if the tap saw nothing of an answer
    that Scrapy has: then Scrapy or Twisted changed. The rest is as Scrapy raises it.
    """

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        # What `scrapy shell` and `scrapy fetch` ask for was typed by their user: they have no reach, and no guard.
        reach: Reach | None = getattr(crawler.spider, "reach", None)
        self._pool = TappingPool.in_place_of(self._pool, reach)
        self._policy = PinningPolicy(self._contextFactory, getattr(crawler.spider, "pins", {}))
        self._contextFactory = cast("IPolicyForHTTPS", self._policy)
        self._flight = InFlight()
        proxy = getattr(crawler.spider, "proxy", None)
        self._gateway = None if proxy is None else Gateway(proxy)

    async def download_request(self, request: "Request") -> "Response":
        """Download `request`; see the class for what is left in its `meta`."""
        request.meta.pop(EXCHANGE_META_KEY, None)
        tap = Tap(max_bytes=self._wire_limit(request), flight=self._flight)
        await self._choose_way(request, tap)
        self._flight.enter(tap)
        restore = tap_of_this_download.set(tap)
        try:
            response = await super().download_request(request)
        except Exception as error:
            self._leave_exchange(request, tap, "length" if tap.too_large else _truncation(error, tap))
            if tap.too_large:
                raise DownloadCancelledError(f"The answer to {request} is too large.") from error
            self._see_whether_proxy_refused(tap, str(error) if isinstance(error, TunnelError) else "")
            if _is_certificate_refused(error):
                raise UntrustedCertificateError(
                    f"{urlsplit(request.url).netloc}: its certificate is not trusted"
                ) from error
            raise
        finally:
            tap_of_this_download.reset(restore)
            self._flight.leave(tap)
        self._see_whether_proxy_refused(tap, f"'status': {response.status}")
        if tap.too_large:
            self._leave_exchange(request, tap, "length")
            raise DownloadCancelledError(f"The answer to {request} has more framing than content.")
        if tap.surplus:
            response.flags.append(SURPLUS_FLAG)
        self._leave_exchange(request, tap, _truncation_of(response, tap), response.body)
        if EXCHANGE_META_KEY not in request.meta:
            raise RuntimeError("the tap on the connection saw nothing: this Scrapy or Twisted is another one")
        return response

    async def _choose_way(self, request: "Request", tap: Tap) -> None:
        """Send `request` through the proxy, if there is one; this machine itself is never asked through it."""
        request.meta.pop("proxy", None)
        if self._gateway is None or not is_live_host(urlsplit(request.url).netloc):
            return
        tap.proxy = await self._gateway.address()
        request.meta["proxy"] = self._gateway.url(tap.proxy)
        if self._gateway.authorization is not None:
            request.headers["Proxy-Authorization"] = self._gateway.authorization

    def _see_whether_proxy_refused(self, tap: Tap, told: str) -> None:
        if tap.proxy is not None and self._gateway is not None and "'status': 407" in told:
            raise ProxyRefusedError(
                f"{self._gateway.proxy}: asks for a user and a password; put its whole URL into a file that "
                "crawl.proxy_file names, or into NEWSARCHIVE_PROXY"
            )

    def _wire_limit(self, request: "Request") -> int | None:
        """Return how many bytes may come before the connection is cut; None for no limit.

        Scrapy counts the body without its chunked framing, and framing alone can be endless.
        """
        max_body = request.meta.get("download_maxsize", self._default_maxsize)
        return MAX_HEAD_BYTES + 2 * max_body if max_body else None

    def _leave_exchange(
        self, request: "Request", tap: Tap, truncated: Truncation | None, body: bytes | None = None
    ) -> None:
        received = tap.received_bytes()
        if not received:
            return
        request.meta[EXCHANGE_META_KEY] = read_exchange(
            url=urldefrag(request.url)[0],
            started_at=utc(tap.started_at),
            request=b"".join(tap.sent) if tap.proxy is None else without_credentials(b"".join(tap.sent)),
            received=received,
            body=body,
            ip_address=tap.ip_address if tap.proxy is None else None,  # whom the proxy asked, nobody told us
            tls=tap.tls,
            cipher_suite=tap.cipher_suite,
            pin=self._pin(request.url) if tap.tls else None,
            truncated=truncated,
        )

    def _pin(self, url: str) -> str | None:
        parts = urlsplit(url)
        return self._policy.pin(parts.hostname or "", parts.port or HTTPS_PORT)


def _truncation(error: Exception, tap: "Tap") -> Truncation | None:
    if tap.ended:
        return None
    if isinstance(error, DownloadCancelledError):
        return "length"
    if isinstance(error, DownloadTimeoutError):
        return "time"
    return "unspecified" if tap.faulty or isinstance(error, StopDownload) else "disconnect"


def _is_certificate_refused(error: Exception) -> bool:
    cause = error.__cause__
    reasons = cause.reasons if isinstance(cause, ResponseFailed) else ()
    return any(reason.check(SSL.Error) and "certificate verify failed" in str(reason.value) for reason in reasons)


def _truncation_of(response: "Response", tap: "Tap") -> Truncation | None:
    if "download_stopped" in response.flags and not tap.ended:
        return "unspecified"
    if "dataloss" in response.flags:
        return "unspecified" if tap.faulty else "disconnect"
    return None
