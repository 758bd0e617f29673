"""Serves the sample site on loopback: HTTP/1.1 with keep-alive, in a thread of its own.

A real server and real sockets, and cheap: pages are rendered once and kept, so that a crawl's speed is the crawl's.
"""

import asyncio
import gzip
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self, cast

from newsarchive.sample.replies import Reply, reply_to
from newsarchive.sample.site import SampleSite

_REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 404: "Not Found", 410: "Gone"}
_KEPT_BYTES = 256 * 1024 * 1024
_MAX_HEAD_BYTES = 64 * 1024
_CHUNK_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in."""

    method: str
    path: str
    """Path and query."""
    headers: Mapping[str, str]
    """By name in lower case."""
    at: float
    """When it came in, in seconds of the machine's monotonic clock."""


@dataclass(slots=True)
class _Served:
    """What the connections share."""

    site: SampleSite
    crawl_delay_seconds: float
    reshuffle: bool
    record: bool
    requests: list[Request] = field(default_factory=list)
    replies: dict[str, Reply] = field(default_factory=dict)
    kept: dict[tuple[str, bool], tuple[bytes, Reply]] = field(default_factory=dict)
    kept_bytes: int = 0
    shuffles: int = 0

    def forget(self) -> None:
        self.kept.clear()
        self.kept_bytes = 0


class SampleServer:
    """A context manager: inside it, the site is at `base_url`.

    `site` may be replaced while it serves; URLs in it are then on `base_url`. `requests` is every request so far
    (empty where `record` is off), `replies` overrides paths with other answers, such as a 503.
    With `reshuffle` the side lists differ on every request. Port 0 takes a free one.
    """

    def __init__(
        self,
        site: SampleSite,
        *,
        port: int = 0,
        reshuffle: bool = False,
        crawl_delay_seconds: float = 0,
        record: bool = True,
    ) -> None:
        self._served = _Served(site, crawl_delay_seconds, reshuffle, record)
        self._port = port
        self._started = threading.Event()
        self._loop = asyncio.SelectorEventLoop()  # whatever policy a crawl in this process sets
        self._stop: asyncio.Event | None = None
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="sample-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        self.site = self._served.site
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def base_url(self) -> str:
        """The origin and a slash, such as `http://127.0.0.1:40001/`."""
        return f"http://127.0.0.1:{self._port}/"

    @property
    def site(self) -> SampleSite:
        """The site that is served now, at this server's origin."""
        return self._served.site

    @site.setter
    def site(self, site: SampleSite) -> None:
        self._served.site = site.at(self.base_url)
        self._served.forget()

    @property
    def requests(self) -> list[Request]:
        """Every request so far, in order; clear it to begin again."""
        return self._served.requests

    @property
    def replies(self) -> dict[str, Reply]:
        """Answers that go before the site's own, by path and query."""
        return self._served.replies

    def wait(self) -> None:
        """Serve until interrupted."""
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except OSError as error:
            self._failure = error
        finally:
            self._started.set()
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        connections: set[_Connection] = set()
        server = await self._loop.create_server(
            lambda: _Connection(self._served, connections), "127.0.0.1", self._port, backlog=512
        )
        self._port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        for connection in list(connections):
            connection.close()
        await server.wait_closed()


class _Connection(asyncio.Protocol):
    """One client's connection; requests may follow one another without waiting."""

    def __init__(self, served: _Served, connections: "set[_Connection]") -> None:
        self._served = served
        self._connections = connections
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._connections.discard(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._answer(_parsed(head))
        if len(self._buffer) > _MAX_HEAD_BYTES:
            self.close()

    def close(self) -> None:
        """Close the connection; bytes already written are still sent."""
        if self._transport is not None:
            self._transport.close()

    def _answer(self, request: Request) -> None:
        if self._served.record:
            self._served.requests.append(request)
        content, closing = _response(self._served, request), request.headers.get("connection", "") == "close"
        if self._transport is not None:
            self._transport.write(content)
        if closing:
            self.close()


def _parsed(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    path = rest.rpartition(" ")[0]
    headers = (line.partition(":") for line in lines)
    fields = {name.strip().lower(): value.strip() for name, _, value in headers}
    return Request(method, path, fields, time.monotonic())


def _response(served: _Served, request: Request) -> bytes:
    zipped = "gzip" in request.headers.get("accept-encoding", "")
    message, reply = _kept(served, request.path, zipped=zipped)
    if _is_known(reply, request):
        validators = {**reply.headers}
        validators.pop("Content-Type", None)
        return _message(Reply(304, b"", validators), zipped=False)
    return message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if request.method == "HEAD" else message


def _kept(served: _Served, path: str, *, zipped: bool) -> tuple[bytes, Reply]:
    override = served.replies.get(path)
    if override is not None:
        return _message(override, zipped=zipped), override
    found = served.kept.get((path, zipped))
    if found is not None:
        return found
    shuffle = None
    if served.reshuffle:
        served.shuffles += 1
        shuffle = served.shuffles
    reply = reply_to(served.site, path, crawl_delay_seconds=served.crawl_delay_seconds, shuffle=shuffle)
    made = _message(reply, zipped=zipped), replace(reply, content=b"")
    if not served.reshuffle and served.kept_bytes < _KEPT_BYTES:
        served.kept[path, zipped] = made
        served.kept_bytes += len(made[0])
    return made


def _is_known(reply: Reply, request: Request) -> bool:
    """Tell whether the client has it already; If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2)."""
    if "if-none-match" in request.headers:
        return reply.headers.get("ETag") in request.headers["if-none-match"].split(", ")
    return reply.headers.get("Last-Modified", "-") == request.headers.get("if-modified-since")


def _message(reply: Reply, *, zipped: bool) -> bytes:
    if reply.withheld:
        return b""
    content = reply.content
    headers = {"Server": "sample", **reply.headers}
    if reply.compressible:
        headers["Vary"] = "Accept-Encoding"
        if zipped:
            headers["Content-Encoding"] = "gzip"
            content = gzip.compress(content, 6, mtime=0)
    if reply.chunked:
        headers["Transfer-Encoding"] = "chunked"
        pieces = (content[at : at + _CHUNK_BYTES] for at in range(0, len(content), _CHUNK_BYTES))
        content = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    elif reply.status != 304:  # noqa: PLR2004 - a 304 has no body and no length
        headers["Content-Length"] = str(len(content))
    lines = [f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Status')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content
