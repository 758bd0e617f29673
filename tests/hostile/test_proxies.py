"""Proxies that want a password, tunnels, and certificates at their far end."""

import pytest

from newsarchive.sample import SampleServer
from tests.crawl.command import Place
from tests.crawl.proxy import ForwardProxy
from tests.crawl.test_proxy import CONTACT, SECRET, assert_secret_is_nowhere, declare, origin, port_of, records_kept
from tests.hostile.test_doors import fingerprint_of
from tests.warc.server import server_context

__all__ = ["origin"]


def test_https_goes_through_a_tunnel_and_is_verified_at_its_far_end(origin: SampleServer, place: Place) -> None:
    context = server_context()
    with ForwardProxy({"harbour.test:443": port_of(origin)}, tls=context, user=f"me:{SECRET}") as proxy:
        pin = f'[certificates]\n"harbour.test" = "{fingerprint_of(proxy.routes["harbour.test:443"])}"'
        declare(place, "https://harbour.test/", pin)
        place.environment = {**CONTACT, "NEWSARCHIVE_PROXY": f"http://me:{SECRET}@127.0.0.1:{proxy.port}"}
        ended = place.run("crawl", "harbour", "--limit", 2)
        assert ended.code == 0, ended.err
        assert {head.partition("\r\n")[0] for head in proxy.heads} == {"CONNECT harbour.test:443 HTTP/1.1"}
        requests = [block for kind, block, _ in records_kept(place) if kind == "request"]
        assert len(requests) == len(origin.requests)
        assert all(request.startswith(b"GET /") for request in requests)
        assert_secret_is_nowhere(place, ended.out, ended.err)
        (place.folder / "sites" / "harbour.toml").unlink()
        (place.folder / "sites").rmdir()
        declare(place, "https://harbour.test/", f'[certificates]\n"harbour.test" = "sha256:{"0" * 64}"')
        asked = len(origin.requests)
        refused = place.run("crawl", "harbour", "--full", "--limit", 2)
    assert refused.code == 7, refused.err
    assert len(origin.requests) == asked, "no request goes to whom nobody vouches for"


@pytest.mark.parametrize("home", ["http://harbour.test/", "https://harbour.test/"])
def test_a_proxy_that_wants_a_password_is_one_line_and_keeps_nothing(
    home: str, origin: SampleServer, place: Place
) -> None:
    declare(place, home)
    routes = {"harbour.test:80": port_of(origin), "harbour.test:443": port_of(origin)}
    with ForwardProxy(routes, user="me:word") as proxy:
        place.environment = {**CONTACT, "NEWSARCHIVE_PROXY": f"http://127.0.0.1:{proxy.port}"}
        ended = place.run("crawl", "harbour", "--quiet")
    assert ended.code == 2
    assert f"http://127.0.0.1:{proxy.port}: asks for a user and a password" in ended.complaint
    assert origin.requests == []
    assert [kind for kind, _, _ in records_kept(place) if kind == "response"] == []


def test_this_machine_itself_is_not_asked_through_a_proxy(origin: SampleServer, place: Place) -> None:
    place.environment = {"NEWSARCHIVE_PROXY": "http://127.0.0.1:9"}
    ended = place.crawl(origin, "--limit", 1)
    assert ended.code == 0, ended.err
