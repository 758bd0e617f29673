"""Asks for a name that leads somewhere else each time it is looked up, through the crawl's own connection pool.

    python -m tests.hostile.rebinding TRIES

Prints a JSON object: to which addresses a socket would have been opened, and how often, and how the tries ended. No
socket is opened: the far end of the network is played here, below the guard.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from twisted.internet import reactor
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import DeferredList, ensureDeferred
from twisted.internet.error import ConnectionRefusedError as TxConnectionRefusedError
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from twisted.python.failure import Failure
from twisted.web.client import Agent, HTTPConnectionPool
from zope.interface import implementer

from newsarchive.addresses import Reach
from newsarchive.tap import InFlight, Tap, TappingPool, tap_of_this_download
from tests.test_addresses import DISGUISED, PRIVATE, PUBLIC

SEED = 20261125


@implementer(IHostResolution)
class Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: it has ended."""


@implementer(IHostnameResolver)
class Rebinding:
    """Answers each look-up anew: something public, something private, or some of both in any order."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)  # noqa: S311 - no secret

    def resolveHostName(  # noqa: N802
        self,
        receiver: Any,  # noqa: ANN401
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: object = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Resolution:
        del addressTypes, transportSemantics
        resolution = Resolution(hostName)
        receiver.resolutionBegan(resolution)
        for address in self._addresses():
            family = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(family("TCP", address, portNumber))
        receiver.resolutionComplete()
        return resolution

    def _addresses(self) -> Iterator[str]:
        public, hidden = self._random.choice(PUBLIC), self._random.choice((*PRIVATE, *DISGUISED))
        yield from self._random.choice(([hidden], [public, hidden], [hidden, public], [public]))


async def tries(count: int) -> dict[str, Any]:
    opened: Counter[str] = Counter()
    ended: Counter[str] = Counter()

    def connect(host: str, *_arguments: object, **_options: object) -> None:
        opened[host] += 1
        raise TxConnectionRefusedError

    react: Any = reactor
    react.connectTCP = connect
    react.installNameResolver(Rebinding())
    pool = TappingPool.in_place_of(HTTPConnectionPool(reactor), Reach.of(["institute.example"]))  # type: ignore[no-untyped-call]
    agent = Agent(reactor, pool=pool)  # type: ignore[no-untyped-call]

    def note(failure: Failure) -> None:
        ended[f"{type(failure.value).__name__}: {failure.value}"] += 1

    asked = []
    for _ in range(count):
        tap_of_this_download.set(Tap(max_bytes=None, flight=InFlight()))
        asked.append(agent.request(b"GET", b"http://institute.example/").addErrback(note))
    await DeferredList(asked)
    return {"opened": opened, "ended": ended}


def main(count: str) -> None:
    def begin() -> None:
        done = ensureDeferred(tries(int(count)))
        done.addCallback(lambda found: print(json.dumps(found)))  # noqa: T201
        done.addErrback(lambda failure: print(failure, file=sys.stderr))  # noqa: T201
        done.addBoth(lambda _: react.stop())

    react: Any = reactor
    react.callWhenRunning(begin)
    react.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
