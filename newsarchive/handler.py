"""Scrapy's HTTP/1.1 download handler with a tap on the connection: what is kept is what went over the wire.

Scrapy's `Response` has header names in title case and repeats grouped, and the request's `Host` exists only on the
wire, so the bytes are taken where Twisted reads and writes them. Private names of Scrapy 2.19 and Twisted are used;
`tests/test_handler.py` fails loudly when one of them changes.
"""

import time
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast
from urllib.parse import urldefrag

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, StopDownload
from twisted.internet.interfaces import ISSLTransport
from twisted.web._newclient import HEADER, STATUS, ResponseFailed
from twisted.web._newclient import Request as TxRequest
from twisted.web.client import HTTPConnectionPool
from twisted.web.http_headers import InvalidHeaderName

from newsarchive.timestamps import utc
from newsarchive.warc.exchange import EXCHANGE_META_KEY, Truncation, read_exchange
from newsarchive.warc.tls import iana_cipher_suite, tls_protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress, IProducer, IStreamClientEndpoint
    from twisted.web._newclient import HTTP11ClientProtocol
    from twisted.web.iweb import IResponse

MAX_HEAD_BYTES: Final = 256 * 1024
"""Bytes of status line and header fields, interim answers counted in."""

MAX_HEADER_FIELDS: Final = 200
"""Header fields of one answer, interim answers counted in."""

MAX_HEADER_LINE_BYTES: Final = 64 * 1024
"""Bytes of one header line."""

SURPLUS_FLAG: Final = "surplus"
"""Flag of a response behind which more bytes came than its framing announced."""


_Transport: TypeAlias = Any
"""Twisted's TCP and TLS transports; their methods have no types."""


class HeadTooLargeError(Exception):
    """An answer's head is larger than any honest server makes it."""


class TeeDownloadHandler(HTTP11DownloadHandler):
    """Downloads as Scrapy does and leaves an `Exchange` in `request.meta[EXCHANGE_META_KEY]`.

    It is there after success and after failure, whenever a byte of an answer came; an answer that is not whole says
    why (`Exchange.truncated`). Bodies keep their content coding if HttpCompressionMiddleware is off.

    Raises `DownloadCancelledError` if body or head is too large, `RuntimeError` if the tap saw nothing of an answer
    that Scrapy has: then Scrapy or Twisted changed. The rest is as Scrapy raises it.
    """

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._pool = _TappingPool.in_place_of(self._pool)

    async def download_request(self, request: "Request") -> "Response":
        """Download `request`; see the class for what is left in its `meta`."""
        request.meta.pop(EXCHANGE_META_KEY, None)
        tap = _Tap(max_bytes=self._wire_limit(request))
        restore = _tap_of_this_download.set(tap)
        try:
            response = await super().download_request(request)
        except Exception as error:
            too_large = tap.too_large or _is_head_too_large(error)
            _leave_exchange(request, tap, "length" if too_large else _truncation(error, tap))
            if too_large:
                raise DownloadCancelledError(f"The answer to {request} is too large.") from error
            raise
        finally:
            _tap_of_this_download.reset(restore)
        if tap.too_large:
            _leave_exchange(request, tap, "length")
            raise DownloadCancelledError(f"The answer to {request} has more framing than content.")
        if tap.surplus:
            response.flags.append(SURPLUS_FLAG)
        _leave_exchange(request, tap, _truncation_of(response, tap), response.body)
        if EXCHANGE_META_KEY not in request.meta:
            raise RuntimeError("the tap on the connection saw nothing: this Scrapy or Twisted is another one")
        return response

    def _wire_limit(self, request: "Request") -> int | None:
        """Return how many bytes may come before the connection is cut; None for no limit.

        Scrapy counts the body without its chunked framing, and framing alone can be endless.
        """
        max_body = request.meta.get("download_maxsize", self._default_maxsize)
        return MAX_HEAD_BYTES + 2 * max_body if max_body else None


def _leave_exchange(request: "Request", tap: "_Tap", truncated: Truncation | None, body: bytes | None = None) -> None:
    received = tap.received_bytes()
    if not received:
        return
    request.meta[EXCHANGE_META_KEY] = read_exchange(
        url=urldefrag(request.url)[0],
        started_at=utc(tap.started_at),
        request=b"".join(tap.sent),
        received=received,
        body=body,
        ip_address=tap.ip_address,
        tls=tap.tls,
        cipher_suite=tap.cipher_suite,
        truncated=truncated,
    )


def _truncation(error: Exception, tap: "_Tap") -> Truncation | None:
    if tap.ended:
        return None
    if isinstance(error, DownloadCancelledError):
        return "length"
    if isinstance(error, DownloadTimeoutError):
        return "time"
    return "unspecified" if tap.faulty or isinstance(error, StopDownload) else "disconnect"


def _truncation_of(response: "Response", tap: "_Tap") -> Truncation | None:
    if "download_stopped" in response.flags and not tap.ended:
        return "unspecified"
    if "dataloss" in response.flags:
        return "unspecified" if tap.faulty else "disconnect"
    return None


def _is_head_too_large(error: Exception) -> bool:
    cause = error.__cause__
    return isinstance(cause, ResponseFailed) and any(reason.check(HeadTooLargeError) for reason in cause.reasons)


@dataclass(slots=True)
class _Tap:
    """What one download sends and receives.

    State: the bytes of one request and its answer, until the exchange is made of them; a retry on a fresh connection
    starts it anew.
    """

    max_bytes: int | None
    sent: list[bytes] = field(default_factory=list)
    started_at: float = 0.0
    ip_address: str | None = None
    tls: str | None = None
    cipher_suite: str | None = None
    ended: bool = False
    """The answer's framing says that it is whole."""
    surplus: int = 0
    """Bytes that came behind the end."""
    faulty: bool = False
    """The parser gave up: what came is no HTTP answer, or its framing is broken."""
    too_large: bool = False
    size: int = 0
    _received: list[bytes] = field(default_factory=list)

    def begin(self) -> None:
        self.sent.clear()
        self._received.clear()
        self.size = 0
        self.ended = self.faulty = self.too_large = False
        self.started_at = time.time()

    def take(self, data: bytes, transport: _Transport) -> None:
        if not self._received:
            self._look_at(transport)
        self._received.append(data)
        self.size += len(data)

    def end(self, surplus: int) -> None:
        self.ended = True
        self.surplus = surplus
        self.size -= surplus

    def received_bytes(self) -> bytes:
        """Return what was received up to the end of the message; may be called once."""
        received = b"".join(self._received)
        self._received.clear()
        return received[: self.size] if self.surplus else received

    def _look_at(self, transport: _Transport) -> None:
        # Not earlier: Twisted connects the protocol before the TLS handshake.
        self.ip_address = getattr(transport.getPeer(), "host", None)
        if ISSLTransport.providedBy(transport):
            connection = transport.getHandle()
            self.tls = tls_protocol(connection.get_protocol_version_name())
            name = connection.get_cipher_name()
            self.cipher_suite = iana_cipher_suite(name) if name else None


_tap_of_this_download: ContextVar[_Tap] = ContextVar("_tap_of_this_download")
"""Scrapy's agent asks the pool for a connection in the step in which the download begins; that is how it gets there."""


class _TappingPool(HTTPConnectionPool):
    """Connection pool that puts the tap of the current download on the request that a connection is asked for."""

    @classmethod
    def in_place_of(cls, pool: HTTPConnectionPool) -> "_TappingPool":
        tapping = cls(pool._reactor, persistent=pool.persistent)  # noqa: SLF001
        tapping.maxPersistentPerHost = pool.maxPersistentPerHost
        tapping._factory = _TappedFactory
        return tapping

    def getConnection(  # type: ignore[override]  # noqa: N802  an agent asks for no more than `request`
        self, key: "Hashable", endpoint: "IStreamClientEndpoint"
    ) -> "Deferred[_TappedConnection]":
        tap = _tap_of_this_download.get()
        connecting = super().getConnection(key, endpoint)
        return connecting.addCallback(_TappedConnection, tap)


class _TappedConnection:
    """What the agent sees of a connection: something that takes one request."""

    def __init__(self, connection: "HTTP11ClientProtocol", tap: _Tap) -> None:
        self._connection = connection
        self._tap = tap

    def request(self, request: TxRequest) -> "Deferred[IResponse]":
        return self._connection.request(_TappedRequest(request, self._tap))


class _TappedRequest(TxRequest):
    """A request that keeps what it writes."""

    def __init__(self, request: TxRequest, tap: _Tap) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            request.method, request.uri, request.headers, request.bodyProducer, request.persistent
        )
        self._parsedURI = request._parsedURI  # noqa: SLF001
        self.tap = tap

    def writeTo(self, transport: _Transport) -> "Deferred[None]":  # noqa: N802
        recording = _RecordingTransport(transport, self.tap.sent)
        return cast("Deferred[None]", super().writeTo(recording))  # type: ignore[no-untyped-call]


class _RecordingTransport:
    """The part of a transport that a request writes to."""

    def __init__(self, transport: _Transport, sent: list[bytes]) -> None:
        self._transport = transport
        self._sent = sent

    def write(self, data: bytes) -> None:
        self._sent.append(data)
        self._transport.write(data)

    def writeSequence(self, parts: "Sequence[bytes]") -> None:  # noqa: N802
        self.write(b"".join(parts))

    def registerProducer(self, producer: "IProducer", streaming: bool) -> None:  # noqa: FBT001, N802
        self._transport.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:  # noqa: N802
        self._transport.unregisterProducer()


class _BoundedParser(_LenientHTTPClientParser):
    """Parser with limits while the head comes in; Scrapy shows a head only when all of it is in memory."""

    MAX_LENGTH = MAX_HEADER_LINE_BYTES
    _fields = 0
    _head_bytes = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self.state in {STATUS, HEADER}:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                raise HeadTooLargeError(f"more than {MAX_HEAD_BYTES} bytes")

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802
        self._fields += 1
        if self._fields > MAX_HEADER_FIELDS:
            raise HeadTooLargeError(f"more than {MAX_HEADER_FIELDS} fields")
        # Twisted refuses names that are none, such as `X-Name :`; the page behind such a field is no worse for it.
        with suppress(InvalidHeaderName):
            super().headerReceived(name.rstrip(b" \t"), value)  # type: ignore[no-untyped-call]

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise HeadTooLargeError(f"a line of {len(line)} bytes")


class _TappedProtocol(_LenientHTTP11ClientProtocol):
    """One connection; each answer on it goes to the tap of the request that it answers."""

    transport: _Transport
    _tap: _Tap | None = None

    def request(self, request: TxRequest) -> "Deferred[IResponse]":
        assert isinstance(request, _TappedRequest)  # noqa: S101  _TappedConnection passes nothing else
        self._tap = request.tap
        request.tap.begin()
        answered = super().request(request)
        assert self._parser is not None  # noqa: S101  the pool hands out quiescent connections only
        self._parser.__class__ = _BoundedParser
        return answered

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        tap = self._tap
        if tap is None:
            # Nobody asked for these bytes; whoever is next on this connection would take them for an answer.
            self.transport.abortConnection()
            return
        tap.take(data, self.transport)
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self._tap is not tap:
            return
        tap.faulty = self._parser is None
        tap.too_large = tap.max_bytes is not None and tap.size > tap.max_bytes
        if tap.faulty or tap.too_large:
            self._tap = None
            self.transport.abortConnection()

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802
        tap, self._tap = self._tap, None
        # Without a parser the connection is gone, and an answer framed by nothing else ends with it, whoever cut it.
        if tap is not None and self._parser is not None:
            tap.end(surplus=len(rest))
        if rest and self._currentRequest is not None:
            self._currentRequest.persistent = False
        super()._finishResponse(rest)


class _TappedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: "IAddress | None") -> _TappedProtocol:  # noqa: ARG002, N802
        return _TappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
