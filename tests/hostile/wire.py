"""HTTP/1.1 answers as bytes, right and wrong, and the connection that sends them."""

import asyncio
import gzip
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

PIECE = 64 * 1024


class Client:
    """One connection of a crawler, as the server's answers use it."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def send(self, data: bytes) -> None:
        """Send `data` piece by piece, as fast as the other end takes it."""
        for at in range(0, len(data), PIECE):
            self._writer.write(data[at : at + PIECE])
            await self._writer.drain()

    def reset(self) -> None:
        """End the connection with a reset, as a machine that fails does."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Serve = Callable[[Client], Awaitable[None]]
"""Answers one request; the connection is closed behind it."""


@dataclass(frozen=True)
class Message:
    """A whole answer with a right length, after which the connection may go on."""

    content: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    status: str = "200 OK"

    @property
    def wire(self) -> bytes:
        """The answer's bytes."""
        fields = (*self.headers, ("Content-Length", str(len(self.content))))
        return head(self.status, *fields) + self.content


Answer = Message | Serve


def head(status: str, *headers: tuple[str, str]) -> bytes:
    """Return status line, fields and the empty line."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


HTML = ("Content-Type", "text/html; charset=utf-8")


def html(body: str, *headers: tuple[str, str], status: str = "200 OK", charset: str = "utf-8") -> Message:
    """Return a small page around `body`."""
    return Message(page(body).encode(charset, "surrogatepass"), headers or (HTML,), status)


def page(body: str, title: str = "页面") -> str:
    """Return the HTML of a page."""
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


def coded(content: bytes, coding: str, *headers: tuple[str, str]) -> Message:
    """Return an answer whose body is said to be in `coding`."""
    return Message(content, (*(headers or (HTML,)), ("Content-Encoding", coding)))


def raw(wire: bytes) -> Serve:
    """Return an answer of exactly these bytes, then the end of the connection."""

    async def serve(client: Client) -> None:
        await client.send(wire)

    return serve


def cut(wire: bytes, *, reset: bool = False) -> Serve:
    """Return an answer that ends in the middle, or is reset there."""

    async def serve(client: Client) -> None:
        await client.send(wire)
        if reset:
            await asyncio.sleep(0.1)
            client.reset()

    return serve


def endless(start: bytes, unit: bytes) -> Serve:
    """Return an answer that never ends."""

    async def serve(client: Client) -> None:
        await client.send(start)
        with suppress(OSError):
            while True:
                await client.send(unit)

    return serve


def slow(start: bytes, unit: bytes, seconds: float) -> Serve:
    """Return an answer of one `unit` every few `seconds`, without end."""

    async def serve(client: Client) -> None:
        await client.send(start)
        with suppress(OSError):
            while True:
                await asyncio.sleep(seconds)
                await client.send(unit)

    return serve


async def silent(client: Client) -> None:
    """Say nothing and keep the connection."""
    del client
    await asyncio.sleep(3600)


def gzipped(content: bytes) -> bytes:
    """Return `content` in gzip."""
    return gzip.compress(content, 6, mtime=0)
