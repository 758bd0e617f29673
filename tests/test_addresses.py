"""Which addresses a crawl may connect to."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from newsarchive.addresses import DISGUISES, LOOPBACK, Reach, network_problem
from newsarchive.records.site import Site

PUBLIC = ("8.8.8.8", "202.201.0.1", "2001:250::1", "2606:4700::1111")
PRIVATE = (
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
    "255.255.255.255", "224.0.0.1", "239.255.255.250", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
)  # fmt: skip
DISGUISED = (
    "::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::7f00:1",
    "2002:7f00:1::1", "2002:a00:1::1", "2001:0:7f00:1::80ff:fffe", "::ffff:8.8.8.8", "192.88.99.1",
)  # fmt: skip
NO_ADDRESSES = ("", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1.", "[::1]", "1.1.1.1 ")


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_connected_to(address: str) -> None:
    assert Reach().refusal(address) is None


@pytest.mark.parametrize("address", [*PRIVATE, *DISGUISED, *NO_ADDRESSES])
def test_every_other_address_is_refused_with_a_reason(address: str) -> None:
    assert Reach().refusal(address)


@given(st.ip_addresses(v=4))
def test_no_disguise_of_any_address_is_let_through(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    disguises = [
        ipaddress.IPv6Address(int(ipaddress.IPv6Address(start)) | number)
        for start in ("::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::", "64:ff9b:1::")
    ]
    disguises.append(ipaddress.IPv6Address(int(ipaddress.IPv6Address("2002::")) | number << 80))
    disguises.append(ipaddress.IPv6Address(int(ipaddress.IPv6Address("2001::")) | number << 64 | (number ^ 0xFFFFFFFF)))
    assert [str(one) for one in disguises if Reach().refusal(str(one)) is None] == []


def test_a_host_that_is_an_address_is_that_address_and_no_other() -> None:
    reach = Reach.of(["127.0.0.1:8000", "www.institute.example"])
    assert reach.for_host("127.0.0.1").refusal("127.0.0.1") is None
    assert reach.for_host("127.0.0.1").refusal("127.0.0.2")
    assert reach.for_host("127.0.0.1").refusal("::ffff:127.0.0.1")
    assert reach.for_host("www.institute.example").refusal("127.0.0.1"), "another host may not lead there"
    assert Reach.of(["localhost"]).for_host("localhost").networks == LOOPBACK
    assert Reach.of(["[::1]:8000"]).for_host("::1").refusal("::1") is None


def test_a_declared_network_may_be_connected_to_and_nothing_beside_it() -> None:
    reach = Reach.of(["campus.example"], ["10.20.0.0/16"])
    assert reach.refusal("10.20.1.2") is None
    assert reach.refusal("10.21.1.2")
    assert reach.refusal("127.0.0.1")
    assert reach.refusal("::ffff:10.20.1.2")


@pytest.mark.parametrize(
    "network", ["10.0.0.0/8", "10.20.0.0/16", "192.168.7.0/24", "127.0.0.0/8", "::1/128", "fd00:1::/32"]
)
def test_a_narrow_network_can_be_declared(network: str) -> None:
    assert network_problem(network) is None
    assert Site(name="a", title="A", home="http://a.example/", networks=(network,)).networks == (network,)


@pytest.mark.parametrize(
    "network",
    ["0.0.0.0/0", "10.0.0.0/7", "::/0", "fc00::/7", "169.254.0.0/16", "169.254.169.254/32", "fe80::/64", "224.0.0.0/8",
     "64:ff9b::/96", "2002:a00::/32", "10.0.0.1/8", "campus"],
)  # fmt: skip
def test_a_wide_or_impossible_network_is_refused(network: str) -> None:
    assert network_problem(network)
    with pytest.raises(ValidationError, match="expected a network"):
        Site(name="a", title="A", home="http://a.example/", networks=(network,))


@pytest.mark.parametrize("pin", ["", "sha1:00", "sha256:xyz", "sha256:" + "0" * 63, "0" * 64])
def test_a_fingerprint_that_is_none_is_refused(pin: str) -> None:
    with pytest.raises(ValidationError, match="expected sha256"):
        Site(name="a", title="A", home="https://a.example/", certificates={"a.example": pin})


def test_the_disguises_are_networks_of_their_own() -> None:
    assert len(set(DISGUISES)) == len(DISGUISES)
