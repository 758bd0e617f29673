"""Where connections go: each address is looked at when the socket is about to be opened, and TLS is verified.

A name is looked up once for a connection, and the socket is opened to the address that was looked at: there is no
second look-up in between that could give another. Private names of Twisted are used; `tests/test_endpoints.py` fails
loudly when one of them changes.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from OpenSSL import SSL
from OpenSSL.crypto import X509
from scrapy.core.downloader.handlers.http11 import _TunnelingTCP4ClientEndpoint
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator, IStreamClientEndpoint
from twisted.internet.ssl import optionsForClientTLS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import directlyProvides, implementer, providedBy

from newsarchive.addresses import Reach
from newsarchive.errors import ForbiddenAddressError

HTTPS_PORT = 443


class GuardedReactor:
    """A reactor that opens no connection beyond `reach`; all the rest is the reactor's own."""

    def __init__(self, reactor: Any, reach: Reach) -> None:  # noqa: ANN401 - reactors have no type of their own
        self._reactor = reactor
        self._reach = reach
        directlyProvides(self, providedBy(reactor))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as above
        return getattr(self._reactor, name)

    def connectTCP(self, host: str, port: int, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401, N802 - as above
        """Open a connection to the address `host`. Raises `ForbiddenAddressError` where it may not be."""
        refusal = self._reach.refusal(host)
        if refusal is not None:
            raise ForbiddenAddressError(refusal)
        return self._reactor.connectTCP(host, port, *arguments, **options)


def guard(endpoint: IStreamClientEndpoint, reactor: GuardedReactor) -> IStreamClientEndpoint:
    """Make `endpoint`, as Twisted's agent made it, open its connections through `reactor`, and return it.

    Raises RuntimeError for an endpoint of another kind: then Twisted or Scrapy changed.
    """
    inner = getattr(endpoint, "_wrappedEndpoint", endpoint)
    if type(inner) not in {HostnameEndpoint, _TunnelingTCP4ClientEndpoint} or not hasattr(inner, "_reactor"):
        raise RuntimeError(f"cannot guard {inner!r}: this Twisted is another one")
    inner._reactor = reactor  # noqa: SLF001 - see the module
    return endpoint


@implementer(IPolicyForHTTPS)
class PinningPolicy:
    """Verifies certificates as `policy` does, but for the hosts whose certificate the operator has pinned."""

    def __init__(self, policy: Any, pins: Mapping[str, str]) -> None:  # noqa: ANN401 - zope's interfaces are no types
        self._policy = policy
        self._pins = pins

    def pin(self, host: str, port: int) -> str | None:
        """Return the fingerprint that was pinned for a host, or None."""
        return self._pins.get(f"{host}:{port}") or (self._pins.get(host) if port == HTTPS_PORT else None)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ANN401, N802 - as above
        """Return what makes the TLS connections to a host."""
        host = hostname.decode("ascii")
        pin = self.pin(host, port)
        return _PinnedConnections(host, pin) if pin else self._policy.creatorForNetloc(hostname, port)


@implementer(IOpenSSLClientConnectionCreator)
class _PinnedConnections:
    """Makes TLS connections that accept one certificate, whoever signed it and whatever name it has."""

    def __init__(self, host: str, pin: str) -> None:
        self._creator = optionsForClientTLS(host)
        self._pin = pin

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: ANN401, N802, N803 - Twisted's names
        connection: SSL.Connection = self._creator.clientConnectionForTLS(tlsProtocol)  # type: ignore[call-arg, misc]
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self._verify)
        return connection

    def _verify(self, _connection: object, certificate: X509, _problem: int, depth: int, _fine: int) -> bool:
        # The chain above it is of no account: nobody vouches for a pinned certificate but the operator.
        return depth > 0 or fingerprint(certificate) == self._pin


def fingerprint(certificate: X509) -> str:
    """Return the fingerprint of a certificate as site files spell it: `sha256:` and hex digits in lower case."""
    return f"sha256:{hashlib.sha256(_der(certificate)).hexdigest()}"


def _der(certificate: X509) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - only where TLS is pinned

    return certificate.to_cryptography().public_bytes(Encoding.DER)
