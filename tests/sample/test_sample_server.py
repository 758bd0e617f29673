"""The server says over a socket what the truth says, and every internal link leads somewhere."""

import gzip
import http.client
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from newsarchive.records.article import Image
from newsarchive.sample import SampleServer, SampleSite, ShownArticle, sample_site
from newsarchive.sample.lists import list_urls
from newsarchive.sample.replies import Reply


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes


class Client:
    """A client that keeps its connection."""

    def __init__(self, server: SampleServer) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=10)

    def get(self, url: str, **headers: str) -> Answer:
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request("GET", target, headers=sent)
        response = self._connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="module")
def server() -> Iterator[SampleServer]:
    with SampleServer(sample_site()) as running:
        yield running


@pytest.fixture
def client(server: SampleServer) -> Iterator[Client]:
    made = Client(server)
    yield made
    made.close()


def _decoded(answer: Answer) -> str:
    declared = re.search(rb'charset="?([\w-]+)', answer.content)
    assert declared is not None
    name = declared[1].decode()
    page = answer.content.decode("gb18030" if name == "gb2312" else name)
    return re.sub(r"(?i)</(?:body|html)>", "", page)  # a browser reads on after an early end, libxml2 does not


def _shown(page: str) -> str:
    return "".join(" ".join(map(str, html.fromstring(page).itertext())).split())


def _squeezed(value: str) -> str:
    return "".join(value.split())


def test_every_article_page_shows_every_field_of_its_truth(server: SampleServer, client: Client) -> None:
    for article in server.site.articles:
        answer = client.get(article.url)
        assert answer.status == 200
        page = _decoded(answer)
        shown = _shown(page)
        for words in _words_of(article):
            assert _squeezed(words) in shown, (article.url, words)
        targets = _targets(page, article.url)
        for url in _urls_of(article):
            assert url in targets, (article.url, url)


def _words_of(article: ShownArticle) -> Iterator[str]:
    yield article.title
    yield from article.text.split("\n")
    yield from article.tags
    yield from article.breadcrumb
    yield from (file.title for file in article.attachments)
    yield from (name for name in (article.source, article.author, *article.roles.editor) if name)
    yield from (neighbour.title for neighbour in (article.previous, article.next) if neighbour)
    if article.clicks is not None:
        yield str(article.clicks)


def _urls_of(article: ShownArticle) -> Iterator[str]:
    yield from (link.url for link in article.related if link.url)
    yield from (file.url for file in article.attachments)
    yield from article.images
    yield from (neighbour.url for neighbour in (article.previous, article.next) if neighbour and neighbour.url)


def _targets(page: str, base: str) -> set[str]:
    tree = html.fromstring(page)
    found = {value for tag in tree.iter() for value in (tag.get("href"), tag.get("src")) if value}
    return {urljoin(base, value) for value in found if not value.startswith("http://[")}


def test_every_internal_link_resolves_but_for_the_dead_one(server: SampleServer, client: Client) -> None:
    site = server.site
    home = server.base_url
    queue, seen, broken = [home], {home}, set()
    while queue:
        url = queue.pop()
        answer = client.get(url)
        if answer.status not in {200, 301}:
            broken.add(url)
        if not answer.headers["content-type"].startswith("text/html") or answer.status != 200:
            continue
        for target in _targets(_decoded(answer), url):
            if target.startswith(site.origin + "/") and "/calendar/" not in target and target not in seen:
                seen.add(target)
                queue.append(target)
    assert broken == {site.traps.missing}
    assert seen >= site.article_urls
    assert seen >= set(list_urls(site))
    assert seen >= set(site.traps.session_urls)
    assert seen >= site.disallowed


def test_pages_hold_every_trap(server: SampleServer, client: Client) -> None:
    home = client.get(server.base_url).content.decode()
    for trap in ("http://[::1", "mailto:", "javascript:", *server.site.offsite, server.site.traps.calendar):
        assert trap in home
    assert client.get(server.site.traps.missing).status == 404
    soft = client.get(server.site.traps.soft_missing)
    assert (soft.status, "页面不存在" in soft.content.decode()) == (200, True)
    for url, target in server.site.traps.redirects.items():
        answer = client.get(url)
        assert (answer.status, answer.headers["location"]) == (301, target)
    for spelling, url in server.site.traps.session_urls.items():
        assert client.get(spelling).content == client.get(url).content


def test_the_calendar_never_ends_and_never_leads_to_an_article(server: SampleServer, client: Client) -> None:
    url = server.site.traps.calendar
    seen = set()
    for _ in range(300):
        assert url not in seen
        seen.add(url)
        page = client.get(url).content.decode()
        assert "/f/" not in page
        following = re.search(r'href="([^"]+)">下个月<', page)
        assert following is not None
        url = urljoin(url, following[1])
    assert "/2051/" in url


def test_robots_forbids_what_is_disallowed_and_names_the_sitemap(server: SampleServer, client: Client) -> None:
    lines = client.get(server.base_url + "robots.txt").content.decode().splitlines()
    rules = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    for url in server.site.disallowed:
        assert any(url.removeprefix(server.site.origin).startswith(rule) for rule in rules)
    assert f"Sitemap: {server.base_url}sitemap.xml" in lines
    assert "Crawl-delay: 0" in lines


def test_sitemap_and_feed_name_articles_of_the_site(server: SampleServer, client: Client) -> None:
    for path, tag in (("sitemap.xml", "loc"), ("rss.xml", "link")):
        text = client.get(server.base_url + path).content.decode()
        named = set(re.findall(f"<{tag}>([^<]+/f/[^<]+)</{tag}>", text))
        assert 20 <= len(named) < 120
        assert named <= server.site.article_urls


def test_attachments_are_pdf_files_and_images_are_png_files(server: SampleServer, client: Client) -> None:
    articles = list(server.site.articles)
    for file in {file.url for article in articles for file in article.attachments}:
        answer = client.get(file)
        assert answer.headers["content-type"] == "application/pdf"
        start = int(answer.content.split(b"startxref\n")[1].split(b"\n")[0])
        assert answer.content[start : start + 4] == b"xref"
    images = [block.url for article in articles for block in article.body if isinstance(block, Image)]
    for image in images:
        assert client.get(image).content.startswith(b"\x89PNG\r\n\x1a\n")


def test_validators_answer_304_until_the_page_changes() -> None:
    with SampleServer(sample_site(30)) as server:
        client = Client(server)
        counted = {"etag": 0, "last-modified": 0}
        for number in server.site.numbers:
            first = client.get(server.site.url(number))
            for name, condition in (("etag", "If_None_Match"), ("last-modified", "If_Modified_Since")):
                if name in first.headers:
                    counted[name] += 1
                    again = client.get(server.site.url(number), **{condition: first.headers[name]})
                    assert (again.status, again.content) == (304, b"")
        assert counted == {"etag": 10, "last-modified": 10}
        validators = {n: client.get(server.site.url(n)).headers for n in server.site.numbers}
        server.site = server.site.with_edited(1030, title="改过的标题")
        for number, headers in validators.items():
            if "etag" in headers:
                assert client.get(server.site.url(number), If_None_Match=headers["etag"]).status == 200
            if "last-modified" in headers:
                changed = client.get(server.site.url(number), If_Modified_Since=headers["last-modified"])
                assert changed.status == 200
        client.close()


def test_some_pages_come_in_gzip_and_some_in_chunks(server: SampleServer, client: Client) -> None:
    plain = client.get(server.site.url(1005))
    zipped = client.get(server.site.url(1005), Accept_Encoding="gzip, deflate")
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    chunked = client.get(server.site.url(1008))
    assert chunked.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in chunked.headers


def test_a_reshuffled_site_differs_in_nothing_but_the_order_of_side_lists() -> None:
    with SampleServer(sample_site(), reshuffle=True) as server:
        client = Client(server)
        url = server.site.url(1002)
        pages = [_decoded(client.get(url)) for _ in range(3)]
        client.close()
    assert len(set(pages)) == 3
    assert len({"".join(sorted(page)) for page in pages}) == 1


def test_a_changed_site_is_served_at_once() -> None:
    with SampleServer(sample_site()) as server:
        client = Client(server)
        gone, moved = server.site.url(1040), server.site.url(1050)
        assert client.get(gone).status == 200
        server.site = server.site.with_removed(1040).with_moved(1050, "209901").with_added(2)
        assert client.get(gone).status == 404
        redirect = client.get(moved)
        assert (redirect.status, redirect.headers["location"]) == (301, "/f/209901/1050.html")
        assert client.get(server.site.url(1050)).status == 200
        assert client.get(server.site.url(1122)).status == 200
        server.replies[server.site.path(1001)] = Reply(503, b"busy", {"Retry-After": "1"})
        assert client.get(server.site.url(1001)).status == 503
        client.close()


def test_requests_are_logged_as_they_came(server: SampleServer) -> None:
    server.requests.clear()
    client = Client(server)
    client.get(server.base_url + "news/?x=1", User_Agent="test/1")
    client.close()
    (request,) = server.requests
    assert (request.method, request.path, request.headers["user-agent"]) == ("GET", "/news/?x=1", "test/1")


def test_requests_sent_together_are_answered_in_order(server: SampleServer) -> None:
    host = urlsplit(server.base_url)
    with socket.create_connection((host.hostname or "", host.port or 0), timeout=10) as connection:
        connection.sendall(
            b"GET /about.html HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        received = b""
        while piece := connection.recv(65536):
            received += piece
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.endswith(b"\r\n\r\n")


def test_a_taken_port_is_an_error_and_no_hang(server: SampleServer) -> None:
    port = urlsplit(server.base_url).port
    with pytest.raises(OSError, match="address already in use"), SampleServer(sample_site(), port=port or 0):
        pass


def test_the_module_serves_in_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "newsarchive.sample", "--articles", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base_url = process.stdout.readline().strip()
        connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=10)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        connection.close()
        process.terminate()


def test_the_truth_stays_on_the_server_it_is_served_by(server: SampleServer) -> None:
    assert isinstance(server.site, SampleSite)
    assert all(url.startswith(server.base_url) for url in server.site.article_urls)
