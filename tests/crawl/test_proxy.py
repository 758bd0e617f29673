"""Crawls through a proxy: to hosts that only it can look up, with nothing lost of a capture and no secret in it."""

import gzip
from collections.abc import Iterator

import pytest

from newsarchive.addresses import Reach, proxy_problem
from newsarchive.gateway import without_credentials
from newsarchive.sample import SampleServer, sample_site
from newsarchive.sites import BUILT_IN
from tests.crawl.command import Place
from tests.crawl.proxy import ForwardProxy
from tests.crawl.wire import records_of

SECRET = "PLANTED-7f3a9"  # noqa: S105 - the point of it
CONTACT = {"NEWSARCHIVE_CONTACT": "you@example.org"}


@pytest.fixture
def origin() -> Iterator[SampleServer]:
    with SampleServer(sample_site(3)) as server:
        yield server


def declare(place: Place, home: str, more: str = "") -> None:
    """Write the site file of `harbour`: the sample, at a host that does not exist."""
    folder = place.folder / "sites"
    folder.mkdir(parents=True)
    text = (BUILT_IN / "sample.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("name =", "home ="))]
    own = ['name = "harbour"', f'home = "{home}"', "delay_seconds = 0"]
    (folder / "harbour.toml").write_text("\n".join([*own, *lines, more]) + "\n", encoding="utf-8")


def port_of(server: SampleServer) -> int:
    return int(server.base_url.rstrip("/").rpartition(":")[2])


def records_kept(place: Place) -> list[tuple[str, bytes, str | None]]:
    return [
        (record.kind, record.block, record.field("WARC-IP-Address"))
        for path in place.kept("harbour").segments
        for record in records_of(path)
    ]


def assert_secret_is_nowhere(place: Place, *texts: str) -> None:
    assert SECRET not in "".join(texts)
    needles = (SECRET.encode(), b"Proxy-Authorization")
    for path in (path for path in place.archive.rglob("*") if path.is_file()):
        data = path.read_bytes() if path.suffix != ".gz" else gzip.decompress(path.read_bytes())
        assert not any(needle in data for needle in needles), path


def test_http_goes_through_the_proxy_and_the_request_is_kept_as_sent_but_for_the_password(
    origin: SampleServer, place: Place
) -> None:
    declare(place, "http://harbour.test/")
    with ForwardProxy({"harbour.test:80": port_of(origin)}, user=f"me:{SECRET}") as proxy:
        (place.folder / "proxy.secret").write_text(f"http://me:{SECRET}@localhost:{proxy.port}\n", encoding="utf-8")
        (place.folder / "newsarchive.toml").write_text('[crawl]\nproxy_file = "proxy.secret"\n', encoding="utf-8")
        place.environment = {**CONTACT, "http_proxy": "http://127.0.0.1:9/"}
        ended = place.run("crawl", "harbour", "--limit", 2, "--verbose")
    assert ended.code == 0, ended.err
    assert len(origin.requests) == len(proxy.heads) > 3
    assert all(head.startswith("GET http://harbour.test/") for head in proxy.heads)
    assert all("proxy-authorization" not in request.headers for request in origin.requests)
    kept = records_kept(place)
    requests = [block for kind, block, _ in kept if kind == "request"]
    sent = [without_credentials(head.encode("latin-1")) for head in proxy.heads]
    assert sorted(requests) == sorted(sent), "byte for byte what went over the wire"
    assert {address or None for _, _, address in kept} == {None}, "whom the proxy asked is not known"
    (info,) = [block for kind, block, _ in kept if kind == "warcinfo"]
    assert f"proxy: http://***@localhost:{proxy.port}\r\n".encode() in info
    assert_secret_is_nowhere(place, ended.out, ended.err)
    assert {line["url"].partition("/f/")[0] for line in place.kept("harbour").articles} == {"http://harbour.test"}
    place.kept("harbour").assert_sound()


def test_a_proxied_connection_goes_to_the_proxy_s_address_and_to_no_other() -> None:
    reach = Reach.only("10.1.2.3")
    assert reach.refusal("10.1.2.3") is None
    for address in ("10.1.2.4", "8.8.8.8", "127.0.0.1", "::1"):
        assert reach.for_host("any.test").refusal(address) is not None


def test_a_proxy_may_be_private_and_not_where_no_proxy_is() -> None:
    assert [proxy_problem(address) for address in ("10.1.2.3", "127.0.0.1", "::1", "8.8.8.8", "fd00::1")] == [None] * 5
    for address in ("169.254.169.254", "0.0.0.0", "224.0.0.1", "::ffff:10.0.0.1", "fe80::1"):  # noqa: S104 - refused
        assert proxy_problem(address) is not None


def test_only_the_field_of_the_password_is_cut_out_of_a_request() -> None:
    head = b"GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nProxy-Authorization: Basic eA==\r\nX: 1\r\n\r\n"
    body = b"Proxy-Authorization: of the body\r\n"
    assert without_credentials(head + body) == head.replace(b"Proxy-Authorization: Basic eA==\r\n", b"") + body
