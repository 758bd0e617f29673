"""A sitemap or a feed that is a seed, and that nothing else names: what is served decides what it is."""

import gzip

import pytest

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply
from tests.crawl.command import Place
from tests.crawl.conftest import Serve
from tests.crawl.test_requisites import declare, on_day
from tests.evolution.test_rebuilt_catalogue import HTML, PAGE, differences, rows_of

ARTICLE = """<html><head><title>绿洲水利史札记之{0}</title></head><body><h1>绿洲水利史札记之{0}</h1>
<div>日期：2026-0{0}-12　来源：青榆日报　点击：</div>
<div><p>第{0}条渠道在河谷东侧，村规记有放水的次序，研究所抄录了碑文。</p>
<p>碑文共三十行，将由研究所编成一集，明年与读者见面。</p></div></body></html>"""
PLAIN = {"Content-Type": "text/plain"}


def sitemap(home: str, *numbers: int) -> bytes:
    places = "".join(f"<url><loc>{home}n/{number}.html</loc></url>" for number in numbers)
    return f'<?xml version="1.0"?><!-- of the day --><urlset xmlns="urn:x">{places}</urlset>'.encode()


def rss(home: str, *numbers: int) -> bytes:
    items = "".join(f"<item><link>{home}n/{number}.html</link></item>" for number in numbers)
    return f'\ufeff<?xml version="1.0"?>\n<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


SEEDS = {
    "/sitemap.xml": ("sitemap", sitemap),
    "/sitemap.xml.gz": ("sitemap", lambda home, *numbers: gzip.compress(sitemap(home, *numbers), mtime=0)),
    "/feed/": ("feed", rss),
}


def serving(serve: Serve, seed: str, *numbers: int) -> SampleServer:
    """Serve a site whose articles nothing but `seed` names."""
    server = serve(sample_site(1))
    server.replies["/"] = Reply(200, PAGE.format("").encode(), HTML)
    server.replies["/robots.txt"] = Reply(200, b"User-agent: *\nDisallow: /internal/\n", PLAIN)
    name(server, seed, *numbers)
    return server


def name(server: SampleServer, seed: str, *numbers: int) -> None:
    """Let `seed` name these articles from now on."""
    for number in numbers:
        server.replies[f"/n/{number}.html"] = Reply(200, ARTICLE.format(number).encode(), HTML)
    server.replies[seed] = Reply(200, SEEDS[seed][1](server.base_url, *numbers), HTML)


def held(place: Place) -> set[str]:
    return {line["url"].rpartition("/")[2] for line in place.kept().articles}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_only_a_seed_for_machines_names_is_crawled_and_what_it_names_later(
    place: Place, serve: Serve, seed: str
) -> None:
    server = serving(serve, seed, 1, 2, 3)
    declare(place, server.base_url, seeds=["/", seed])
    assert place.run("crawl", "sample").code == 0
    assert held(place) == {"1.html", "2.html", "3.html"}
    rows = rows_of(place)["urls"]
    row = rows[server.base_url[:-1] + seed]
    assert (row["kind"], row["class"], row["via"], row["depth"]) == (SEEDS[seed][0], "stored", None, 0)

    name(server, seed, 1, 2, 3, 4)
    server.replies["/"] = Reply(200, PAGE.format("<p>新的一天</p>").encode(), HTML)
    server.requests.clear()
    on_day(place, 1, "crawl", "sample")
    assert [request.path for request in server.requests].count(seed) == 1
    assert held(place) == {"1.html", "2.html", "3.html", "4.html"}
    assert place.kept().report()["verdict"]["state"] == "healthy"
    on_day(place, 2, "crawl", "sample")

    live = rows_of(place)
    on_day(place, 3, "rebuild", "sample")
    assert differences(live, rows_of(place)) == []
    on_day(place, 3, "verify", "sample")


def test_an_index_as_a_seed_leads_to_its_sitemaps(place: Place, serve: Serve) -> None:
    server = serving(serve, "/sitemap.xml.gz", 1, 2)
    index = f"<sitemapindex><sitemap><loc>{server.base_url}sitemap.xml.gz</loc></sitemap></sitemapindex>"
    server.replies["/all.xml"] = Reply(200, index.encode(), HTML)
    declare(place, server.base_url, seeds=["/all.xml"])
    assert place.run("crawl", "sample").code == 0
    assert held(place) == {"1.html", "2.html"}


def test_a_seed_for_machines_that_is_lost_is_told(place: Place, serve: Serve) -> None:
    server = serving(serve, "/sitemap.xml", 1, 2, 3)
    declare(place, server.base_url, seeds=["/sitemap.xml"])
    assert place.run("crawl", "sample").code == 0
    server.replies["/sitemap.xml"] = Reply(404, b"none", HTML)
    assert place.run("crawl", "sample").code == 7
    assert place.kept().report()["lists_lost"] == {f"{server.base_url}sitemap.xml": "http 404"}
