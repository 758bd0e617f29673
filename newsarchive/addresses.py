"""Which addresses a crawl may connect to: the public internet, and what its operator wrote down."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOOPBACK: Final[tuple[Network, ...]] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))

DISGUISES: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated (SIIT)
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local use
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "192.88.99.0/24",  # 6to4 relays
        "fec0::/10",  # site-local
    )
)
"""Networks in whose addresses another address hides, or that lead to a relay: refused whatever they hide.

Python calls some of them global, since the addresses are routed; what they lead to need not be.
"""

LEAST_PREFIX: Final = {4: 8, 6: 32}
"""A network that a site file declares is no wider than this, by IP version."""

_NEVER: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(network)
    for network in ("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "fe80::/10", "ff00::/8")
)
"""No site is there: this host, link-local (with the clouds' metadata services), multicast, reserved."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a crawl may connect to besides public addresses; by default nothing."""

    networks: tuple[Network, ...] = ()
    """Networks that every host may lead to."""
    spelt_out: tuple[tuple[str, Network], ...] = ()
    """Hosts that are addresses themselves, or `localhost`, and what each may lead to."""
    public: bool = True
    """False: public addresses may not be connected to either."""

    @classmethod
    def of(cls, hosts: Iterable[str], networks: Iterable[str] = ()) -> "Reach":
        """Return the reach of a crawl of `hosts` (with or without ports), whose site file declares `networks`.

        A host that is an address is that address and no other; `localhost` is this machine's loopback.
        """
        names = {urlsplit(f"//{host}").hostname or "" for host in hosts}
        return cls(
            tuple(ipaddress.ip_network(network) for network in networks),
            tuple((name, network) for name in sorted(names) for network in _spelt_out(name)),
        )

    @classmethod
    def only(cls, address: str) -> "Reach":
        """Return the reach of what may connect to one address and to no other, such as that of a proxy."""
        return cls((ipaddress.ip_network(address),), public=False)

    def for_host(self, host: str) -> "Reach":
        """Return what a connection for `host` may go to: no other host may lead to an address that one spells out."""
        own = tuple(network for name, network in self.spelt_out if name == host)
        return Reach((*self.networks, *own), public=self.public)

    def refusal(self, address: str) -> str | None:
        """Return why a crawl may not connect to `address`, or None where it may."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return f"{address!r} is no address"
        if any(found in network for network in self.networks):
            return None
        if any(found in network for network in DISGUISES):
            return f"{found} stands for another address"
        if not self.public:
            return f"{found} is not the proxy"
        # `is_global` alone calls multicast global.
        return None if found.is_global and not found.is_multicast else f"{found} is not public"


def proxy_problem(address: str) -> str | None:
    """Return why no proxy can be at `address`, or None: it may be private, since its operator wrote it down."""
    found = ipaddress.ip_address(address)
    if any(found in network for network in (*_NEVER, *DISGUISES)) and found not in LOOPBACK[1]:
        return f"{found} is no address of a proxy"
    return None


def network_problem(network: str) -> str | None:
    """Return what is wrong with a network that a site file declares, or None."""
    try:
        found = ipaddress.ip_network(network)
    except ValueError:
        return "expected a network such as 10.20.0.0/16"
    if found.prefixlen < LEAST_PREFIX[found.version]:
        return f"expected a network no wider than /{LEAST_PREFIX[found.version]}"
    if any(found.version == other.version and found.overlaps(other) for other in (*_NEVER, *DISGUISES)):
        # `::1` is loopback, and lies in a network of disguises.
        return None if found == LOOPBACK[1] else "expected a network in which a site can be"
    return None


def _spelt_out(host: str) -> tuple[Network, ...]:
    if host == "localhost":
        return LOOPBACK
    try:
        return (ipaddress.ip_network(host),)
    except ValueError:
        return ()
