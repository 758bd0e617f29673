"""The tap on the connection: every byte that a download sends and receives, and the limits while it comes in.

Private names of Scrapy 2.19 and Twisted are used; `tests/test_handler.py` fails loudly when one of them changes.
"""

import time
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from heapq import nlargest
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.internet.interfaces import ISSLTransport
from twisted.web._newclient import HEADER, STATUS
from twisted.web._newclient import Request as TxRequest
from twisted.web.client import HTTPConnectionPool
from twisted.web.http import _ChunkedTransferDecoder
from twisted.web.http_headers import InvalidHeaderName

from newsarchive.addresses import Reach
from newsarchive.endpoints import GuardedReactor, guard
from newsarchive.warc.tls import iana_cipher_suite, tls_protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

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

MAX_CHUNKS: Final = 50_000
"""Chunks of one body, or pieces of them as they come in."""

MAX_IN_FLIGHT_BYTES: Final = 32 * 1024**2
"""Bytes that the downloads under way may hold together; Scrapy holds their bodies once more."""

GO_ON: Final = 4
"""So many downloads, the largest, go on while the others wait."""

SMALL_BYTES: Final = 1024**2
"""A download below this is never held back for the others."""

_Transport: TypeAlias = Any
"""Twisted's TCP and TLS transports; their methods have no types."""


class FramingTooLargeError(Exception):
    """What surrounds an answer's content is larger than any honest server makes it."""


class InFlight:
    """Bounds what the downloads under way hold together.

    While all hold more than `limit` bytes, only the few that hold most are read further: they will end soon, and make
    room. State: the taps under way, as many as there are requests at once.
    """

    def __init__(self, limit: int = MAX_IN_FLIGHT_BYTES) -> None:
        self._limit = limit
        self._total = 0
        self._taps: dict[Tap, None] = {}
        self._waiting: list[tuple[Tap, _Transport]] = []

    def enter(self, tap: "Tap") -> None:
        """Take note of a download that begins."""
        self._taps[tap] = None

    def grew(self, tap: "Tap", count: int, transport: _Transport) -> None:
        """Take note of `count` bytes more, and hold the connection back if it has to wait."""
        if tap not in self._taps:
            return  # given up: its connection is being closed
        self._total += count
        if self._total > self._limit and tap.size > SMALL_BYTES and tap not in self._nearest_their_end():
            transport.pauseProducing()
            self._waiting.append((tap, transport))

    def shrank(self, count: int) -> None:
        """Take note of bytes that are held no more."""
        self._total -= count

    def leave(self, tap: "Tap") -> None:
        """Take note of a download that has ended, and let the others go on."""
        del self._taps[tap]
        self._total -= tap.size
        waiting, self._waiting = self._waiting, []
        for other, transport in waiting:
            # Whoever has no room is held back again with its next bytes.
            if other is not tap:
                transport.resumeProducing()

    def _nearest_their_end(self) -> "list[Tap]":
        return nlargest(GO_ON, self._taps, key=lambda tap: tap.size)


@dataclass(slots=True, eq=False)
class Tap:
    """What one download sends and receives.

    State: the bytes of one request and its answer, until the exchange is made of them; a retry on a fresh connection
    starts it anew.
    """

    max_bytes: int | None
    flight: InFlight
    proxy: str | None = None  # the address of the one that the download goes through
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
        self.flight.shrank(self.size)
        self.size = 0
        self.ended = self.faulty = self.too_large = False
        self.started_at = time.time()

    def take(self, data: bytes, transport: _Transport) -> None:
        if not self._received:
            self._look_at(transport)
        self._received.append(data)
        self.size += len(data)
        self.flight.grew(self, len(data), transport)

    def end(self, surplus: int) -> None:
        self.ended = True
        self.surplus = surplus
        self.size -= surplus
        self.flight.shrank(surplus)

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


def _too_large(tap: Tap, what: str) -> FramingTooLargeError:
    """Return the error for an answer that is larger than it may be, and note it."""
    tap.too_large = True
    return FramingTooLargeError(what)


tap_of_this_download: ContextVar[Tap] = ContextVar("tap_of_this_download")
"""Scrapy's agent asks the pool for a connection in the step in which the download begins; that is how it gets there."""


class TappingPool(HTTPConnectionPool):
    """Connection pool that puts the tap of the current download on the request that a connection is asked for."""

    reach: Reach | None
    """Where connections may go; None: anywhere."""

    @classmethod
    def in_place_of(cls, pool: HTTPConnectionPool, reach: Reach | None) -> "TappingPool":
        tapping = cls(pool._reactor, persistent=pool.persistent)  # noqa: SLF001
        tapping.reach = reach
        tapping.maxPersistentPerHost = pool.maxPersistentPerHost
        tapping._factory = _TappedFactory
        return tapping

    def getConnection(  # type: ignore[override]  # noqa: N802  an agent asks for no more than `request`
        self, key: "Hashable", endpoint: "IStreamClientEndpoint"
    ) -> "Deferred[_TappedConnection]":
        tap = tap_of_this_download.get()
        if tap.proxy is not None:
            endpoint = guard(endpoint, GuardedReactor(self._reactor, Reach.only(tap.proxy)))
        elif self.reach is not None:
            host = cast("tuple[bytes, bytes]", key)[1].decode("ascii")
            endpoint = guard(endpoint, GuardedReactor(self._reactor, self.reach.for_host(host)))
        connecting = super().getConnection(key, endpoint)
        return connecting.addCallback(_TappedConnection, tap)


class _TappedConnection:
    """What the agent sees of a connection: something that takes one request."""

    def __init__(self, connection: "HTTP11ClientProtocol", tap: Tap) -> None:
        self._connection = connection
        self._tap = tap

    def request(self, request: TxRequest) -> "Deferred[IResponse]":
        return self._connection.request(_TappedRequest(request, self._tap))


class _TappedRequest(TxRequest):
    """A request that keeps what it writes."""

    def __init__(self, request: TxRequest, tap: Tap) -> None:
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


class _Counted:
    """Takes the chunks of one body: each costs the same time, however short it is."""

    __slots__ = ("_left", "_take", "_tap")

    def __init__(self, take: "Callable[[bytes], None]", tap: Tap) -> None:
        self._take = take
        self._tap = tap
        self._left = MAX_CHUNKS

    def __call__(self, data: bytes) -> None:
        self._left -= 1
        if self._left < 0:
            raise _too_large(self._tap, f"more than {MAX_CHUNKS} chunks")
        self._take(data)


class _BoundedParser(_LenientHTTPClientParser):
    """Parser with limits while the head comes in; Scrapy shows a head only when all of it is in memory."""

    MAX_LENGTH = MAX_HEADER_LINE_BYTES
    tap: Tap
    _fields = 0
    _head_bytes = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self.state in {STATUS, HEADER}:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                raise _too_large(self.tap, f"more than {MAX_HEAD_BYTES} bytes")

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802
        self._fields += 1
        if self._fields > MAX_HEADER_FIELDS:
            raise _too_large(self.tap, f"more than {MAX_HEADER_FIELDS} fields")
        # Twisted refuses names that are none, such as `X-Name :`; the page behind such a field is no worse for it.
        with suppress(InvalidHeaderName):
            super().headerReceived(name.rstrip(b" \t"), value)  # type: ignore[no-untyped-call]

    def switchToBodyMode(self, decoder: Any) -> None:  # noqa: ANN401, N802 - decoders have no type in common
        if isinstance(decoder, _ChunkedTransferDecoder):
            decoder.dataCallback = _Counted(decoder.dataCallback, self.tap)
        super().switchToBodyMode(decoder)  # type: ignore[no-untyped-call]

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise _too_large(self.tap, f"a line of {len(line)} bytes")


class _TappedProtocol(_LenientHTTP11ClientProtocol):
    """One connection; each answer on it goes to the tap of the request that it answers."""

    transport: _Transport
    _tap: Tap | None = None

    def request(self, request: TxRequest) -> "Deferred[IResponse]":
        assert isinstance(request, _TappedRequest)  # noqa: S101  _TappedConnection passes nothing else
        self._tap = request.tap
        request.tap.begin()
        answered = super().request(request)
        assert self._parser is not None  # noqa: S101  the pool hands out quiescent connections only
        self._parser.__class__ = _BoundedParser
        cast("_BoundedParser", self._parser).tap = request.tap
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
        tap.too_large |= tap.max_bytes is not None and tap.size > tap.max_bytes
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
