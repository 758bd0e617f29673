"""The guard on connections hangs on private names of Twisted: this says when one of them changes."""

import inspect

import pytest
from twisted.internet.endpoints import HostnameEndpoint, _WrapperEndpoint

from newsarchive.addresses import Reach
from newsarchive.endpoints import GuardedReactor, PinningPolicy, guard
from newsarchive.errors import ForbiddenAddressError


class Recorder:
    """What is below the guard: says to which address a socket would be opened."""

    def __init__(self) -> None:
        self.opened: list[tuple[object, ...]] = []

    def connectTCP(self, *arguments: object) -> None:  # noqa: N802 - Twisted's name
        self.opened.append(arguments)


def test_a_socket_is_opened_to_what_may_be_reached_and_to_nothing_else() -> None:
    below = Recorder()
    guarded = GuardedReactor(below, Reach.of(["127.0.0.1:80"]).for_host("127.0.0.1"))
    guarded.connectTCP("8.8.8.8", 80)
    guarded.connectTCP("127.0.0.1", 80)
    for address in ("127.0.0.2", "10.0.0.1", "::1", "64:ff9b::7f00:1", "localhost"):
        with pytest.raises(ForbiddenAddressError):
            guarded.connectTCP(address, 80)
    assert below.opened == [("8.8.8.8", 80), ("127.0.0.1", 80)]


def test_an_endpoint_that_cannot_be_guarded_is_used_by_nobody() -> None:
    with pytest.raises(RuntimeError, match="another one"):
        guard(object(), GuardedReactor(Recorder(), Reach()))  # type: ignore[arg-type]


def test_the_private_names_that_the_guard_hangs_on_are_there() -> None:
    """When this fails after an upgrade of Twisted, read `endpoints.py` again beside its new source."""
    connect = inspect.getsource(HostnameEndpoint.connect)
    assert "self._getNameResolverAndMaybeWarn(self._reactor)" in connect
    assert connect.count("self._reactor,") >= 2, "the sockets of both families are opened by it"
    assert "_wrappedEndpoint" in inspect.getsource(_WrapperEndpoint)


def test_a_pin_is_for_its_host_and_port() -> None:
    policy = PinningPolicy(None, {"a.example": "sha256:1", "b.example:8443": "sha256:2"})
    assert policy.pin("a.example", 443) == "sha256:1"
    assert policy.pin("a.example", 8443) is None
    assert policy.pin("b.example", 8443) == "sha256:2"
    assert policy.pin("b.example", 443) is None
