"""What belongs to pages: fetched by the site's policy, within its hosts and limits, and known again when replaced."""

import gzip
import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsarchive.sample import sample_site
from newsarchive.sample.files import pdf, png
from newsarchive.sample.replies import Reply
from tests.crawl.command import Place
from tests.crawl.conftest import FirstCrawl, Serve
from tests.crawl.kept import Kept, Line

ON_DAY = Path(__file__).parents[1] / "evolution" / "on_day.py"
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = """<!DOCTYPE html><html><head><title>石渠站</title><link rel="stylesheet" href="/look/site.css">
<script src="{other}lib/menu.js"></script><link rel="canonical" href="/"></head>
<body style="background: url('/look/sand.png')"><p><img src="/look/gate.png" srcset="/look/gate-2x.png 2x, /x.png">
<img src="{third}counter.png"><a href="/papers/plan.pdf">规划全文</a></p></body></html>"""
STYLE = b"@import 'print.css'; h1 { background: url(../look/line.png) } /* url(never.png) */"


def declare(place: Place, site: str, **fields: object) -> None:
    """Write a site file of the user's own; its pages are those of the server at `site`."""
    folder = place.folder / "sites"
    folder.mkdir(parents=True, exist_ok=True)
    lines = {"name": "sample", "title": "石渠站", "home": site, **fields}
    text = "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in lines.items())
    (folder / "sample.toml").write_text(text, encoding="utf-8")


def asked_for(kept: Kept, kind: str) -> dict[str, Line]:
    """Return the outcomes of the URLs of one kind that were asked for, by URL."""
    return {line["url"]: line for line in kept.outcomes() if line["kind"] == kind and line["status"] is not None}


def test_attachments_are_kept_and_the_export_says_what_they_are(first_crawl: FirstCrawl) -> None:
    offered = {item.url for article in first_crawl.site.articles for item in article.attachments}
    kept = asked_for(first_crawl.kept, "attachment")
    assert offered
    assert offered == kept.keys()
    assert {line["outcome"] for line in kept.values()} == {"stored"}
    files = [item for line in first_crawl.kept.articles for item in line["attachments"]]
    assert {item["url"] for item in files} == offered
    for item in files:
        content = pdf(item["url"].rpartition("/")[2])
        assert item["bytes"] == len(content)
        assert item["digest"] == f"sha256:{sha256(content).hexdigest()}"
        assert item["media_type"] == "application/pdf"


def test_images_are_left_to_the_policy_that_asks_for_them(first_crawl: FirstCrawl) -> None:
    assert not [request.path for request in first_crawl.requests if request.path.endswith(".png")]


def test_with_the_policy_none_no_file_is_asked_for(place: Place, serve: Serve) -> None:
    server = serve(sample_site(20))
    declare(place, server.base_url, requisites="none", article_url=r"^/f/(?P<key>\d{6}/\d+)\.html$")
    assert place.run("crawl", "sample").code == 0
    assert not [request.path for request in server.requests if request.path.startswith("/upload/")]
    assert {line["attachments"][0]["digest"] for line in place.kept().articles if line["attachments"]} == {None}


def test_all_requisites_come_from_the_named_hosts_and_what_is_left_out_is_counted(place: Place, serve: Serve) -> None:
    server, other, third = serve(sample_site(1)), serve(sample_site(1)), serve(sample_site(1))
    page = PAGE.format(other=other.base_url, third=third.base_url)
    server.replies["/"] = Reply(200, page.encode(), HTML)
    server.replies["/look/site.css"] = Reply(200, STYLE, {"Content-Type": "text/css"})
    for name in ("sand", "gate", "gate-2x", "line"):
        server.replies[f"/look/{name}.png"] = Reply(200, png(name), {"Content-Type": "image/png"})
    other.replies["/lib/menu.js"] = Reply(200, b"document.title += '';", {"Content-Type": "text/javascript"})
    other.replies["/robots.txt"] = Reply(200, b"User-agent: *\nDisallow: /secret/\n", {"Content-Type": "text/plain"})
    server.replies["/papers/plan.pdf"] = Reply(200, pdf("plan"), {"Content-Type": "application/pdf"})
    declare(place, server.base_url, requisites="all", requisite_hosts=[urlsplit(other.base_url).netloc])
    assert place.run("crawl", "sample").code == 0
    kept = place.kept()
    kept.assert_sound()
    found = asked_for(kept, "requisite")
    stored = {urlsplit(url).path for url, line in found.items() if line["outcome"] == "stored"}
    assert {path for path in stored if not path.startswith("/upload/")} == {
        "/look/site.css",
        "/lib/menu.js",
        *(f"/look/{name}.png" for name in ("sand", "gate", "gate-2x", "line")),
    }
    assert {urlsplit(url).path for url, line in found.items() if line["outcome"] == "gone"} == {
        "/x.png",
        "/look/print.css",
    }
    assert [request.path for request in other.requests] == ["/robots.txt", "/lib/menu.js"]
    assert [urlsplit(url).path for url in asked_for(kept, "attachment")] == ["/papers/plan.pdf"]
    assert third.requests == []
    assert kept.report()["reasons"]["offsite requisite"] == 1


def test_a_file_that_is_too_large_or_a_page_instead_of_it_is_no_file(place: Place, serve: Serve) -> None:
    server = serve(sample_site(1))
    links = "".join(f'<li><a href="/papers/{name}">{name}</a></li>' for name in ("huge.pdf", "bomb.pdf", "login.pdf"))
    server.replies["/"] = Reply(200, f"<html><body><ul>{links}</ul></body></html>".encode(), HTML)
    server.replies["/papers/huge.pdf"] = Reply(200, bytes(33 * 1024**2), {"Content-Type": "application/pdf"})
    packed = {"Content-Type": "application/pdf", "Content-Encoding": "gzip"}
    server.replies["/papers/bomb.pdf"] = Reply(200, gzip.compress(bytes(40 * 1024**2)), packed)
    server.replies["/papers/login.pdf"] = Reply(200, b"<!DOCTYPE html><html><form></form></html>", HTML)
    declare(place, server.base_url)
    assert place.run("crawl", "sample").code == 0
    kept = place.kept()
    kept.assert_sound()
    reasons = {urlsplit(url).path: line["reason"] for url, line in asked_for(kept, "attachment").items()}
    assert reasons["/papers/huge.pdf"].startswith("too-large: ")
    assert reasons["/papers/bomb.pdf"].startswith("too-large: gzip: decodes to more")
    assert reasons["/papers/login.pdf"] == "a page instead of a file"
    assert sum(path.stat().st_size for path in kept.segments) < 1024**2


def test_a_replaced_file_is_a_change_that_is_listed_and_a_rebuilt_catalogue_knows_it(
    place: Place, serve: Serve
) -> None:
    server = serve(sample_site(20))
    assert place.crawl(server).code == 0
    url, *others = sorted(asked_for(place.kept(), "attachment"))
    path = urlsplit(url).path
    server.replies[path] = Reply(200, pdf("second edition"), {"Content-Type": "application/pdf"})
    server.requests.clear()

    on_day(place, 12, "crawl", "sample", "--base-url", server.base_url)
    looked_at = {request.path for request in server.requests if request.path.endswith(".pdf")}
    assert looked_at == {urlsplit(one).path for one in (url, *others)}, "each is due on the tenth day"
    place.kept().assert_sound()
    listed = [json.loads(line) for line in place.run("changes", "sample", "--json").out.splitlines()]
    replaced = [line for line in listed if line["change"] == "replaced"]
    assert [line["url"] for line in replaced] == [url]
    before, after = (sha256(content).hexdigest() for content in (pdf(path.rpartition("/")[2]), pdf("second edition")))
    assert replaced[0]["sha256"] == [before, after]
    article = next(line for line in place.kept().articles if line["id"] == replaced[0]["id"])
    assert [item["digest"] for item in article["attachments"] if item["url"] == url] == [f"sha256:{after}"]

    everything = (
        "SELECT * FROM file_versions ORDER BY url, at",
        "SELECT url, kind, class, due_at FROM urls ORDER BY url",
    )
    known = [place.kept().query(query) for query in everything]
    assert place.run("rebuild", "sample").code == 0
    assert [place.kept().query(query) for query in everything] == known
    assert place.run("verify", "sample").out == "sample: sound\n"


def on_day(place: Place, day: int, *arguments: str) -> None:
    ended = subprocess.run(
        [sys.executable, ON_DAY, str(day), *arguments], cwd=place.folder, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("hosts", [["Files.Institute.example"], ["http://files.example"]])
def test_a_wrong_requisite_host_is_told_with_its_line(place: Place, hosts: list[str]) -> None:
    declare(place, "http://127.0.0.1:1/", requisite_hosts=hosts)
    ended = place.run("crawl", "sample")
    assert ended.code == 2
    assert "sample.toml:4: requisite_hosts[1]: expected a host in lower case" in ended.complaint
