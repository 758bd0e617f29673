"""The proxy of a crawl: where it is, and what it is told of who we are.

Its name is looked up here, and downloads are given the address: so the address that was looked at is the one that is
connected to, and the names of the crawled hosts are looked up by the proxy alone.
"""

import asyncio
import base64
import re
import socket
import time
from typing import Final

from newsarchive.addresses import proxy_problem
from newsarchive.configuration.values import Proxy
from newsarchive.errors import ForbiddenAddressError

REMEMBERED_SECONDS: Final = 60.0
"""So long an address counts before the proxy's name is looked up again."""

_CREDENTIALS = re.compile(rb"(?im)^proxy-authorization:[^\r\n]*\r\n")


class Gateway:
    """One proxy. State: its address, for a minute."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self._address: str | None = None
        self._looked_up_at = 0.0

    async def address(self) -> str:
        """Return the address to connect to. Raises OSError for a name that leads nowhere, `ForbiddenAddressError`."""
        if self._address is None or time.monotonic() - self._looked_up_at > REMEMBERED_SECONDS:
            found = await asyncio.get_running_loop().getaddrinfo(
                self.proxy.host, self.proxy.port, type=socket.SOCK_STREAM
            )
            # IPv4 first: many a proxy listens there only, and nobody tries the next one.
            addresses = sorted({str(each[4][0]) for each in found}, key=lambda address: (":" in address, address))
            problems = [proxy_problem(address) for address in addresses]
            usable = [address for address, problem in zip(addresses, problems, strict=True) if problem is None]
            if not usable:
                raise ForbiddenAddressError(f"{self.proxy}: {problems[0]}")
            self._address, self._looked_up_at = usable[0], time.monotonic()
        return self._address

    def url(self, address: str) -> str:
        """Return the proxy's URL at an address, without user and password."""
        return str(Proxy(address, self.proxy.port))

    @property
    def authorization(self) -> bytes | None:
        """The value of Proxy-Authorization (RFC 7617), or None."""
        if self.proxy.user is None:
            return None
        return b"Basic " + base64.b64encode(f"{self.proxy.user}:{self.proxy.password or ''}".encode())


def without_credentials(request: bytes) -> bytes:
    """Return the bytes of a request without what identifies us to a proxy: the one thing sent that is not kept."""
    head, end, body = request.partition(b"\r\n\r\n")
    return _CREDENTIALS.sub(b"", head + end[:2]) + end[2:] + body
