"""A forward proxy on loopback: absolute requests and CONNECT tunnels, to names that nobody else can look up."""

import asyncio
import base64
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

REFUSAL = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"


@dataclass
class ForwardProxy:
    """A context manager. `routes` are the ports of this machine to which `host:port` leads.

    `tls` fronts `routes` of port 443: the connection is decrypted behind the tunnel, as a server would.
    """

    routes: dict[str, int]
    user: str | None = None
    tls: ssl.SSLContext | None = None
    heads: list[str] = field(default_factory=list)
    """The head of every request, in order; of tunnels that of the CONNECT."""
    port: int = 0

    def __post_init__(self) -> None:
        self._loop = asyncio.SelectorEventLoop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers: list[asyncio.Server] = []

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._servers.append(server)
        self.port = server.sockets[0].getsockname()[1]
        if self.tls is not None:
            for name, port in [route for route in self.routes.items() if route[0].endswith(":443")]:
                front = await asyncio.start_server(self._front(port), "127.0.0.1", 0, ssl=self.tls)
                self._servers.append(front)
                self.routes[name] = front.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _front(self, port: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - what start_server takes
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _join(reader, writer, *await asyncio.open_connection("127.0.0.1", port))

        return serve

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if not await self._answer(head, reader, writer):
                    break
        writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer a request; False where the connection is at its end."""
        text = head.decode("latin-1")
        self.heads.append(text)
        method, target, _ = text.split(" ", 2)
        if self.user and f"Basic {base64.b64encode(self.user.encode()).decode()}" not in text:
            writer.write(REFUSAL)
            return True
        if method == "CONNECT":
            streams = await asyncio.open_connection("127.0.0.1", self.routes[target])
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await _join(reader, writer, *streams)
            return False
        parts = urlsplit(target)
        origin = await asyncio.open_connection("127.0.0.1", self.routes[f"{parts.hostname}:{parts.port or 80}"])
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [line for line in text.split("\r\n")[1:-2] if not line.lower().startswith(("proxy-", "connection:"))]
        forwarded = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "Connection: close"])
        origin[1].write(forwarded.encode("latin-1") + b"\r\n\r\n")
        writer.write(await origin[0].read())
        origin[1].close()
        return True


async def _join(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    other_reader: asyncio.StreamReader,
    other_writer: asyncio.StreamWriter,
) -> None:
    """Pass on what comes from either side until one of them ends."""

    async def one_way(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        sink.close()

    await asyncio.gather(one_way(reader, other_writer), one_way(other_reader, writer))
