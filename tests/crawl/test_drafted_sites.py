"""A draft of a site with short lists, made by a real crawl: its name, its sections, its home page."""

from pathlib import Path

import pytest

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply
from newsarchive.sites import read_site_file
from tests.crawl.command import Place
from tests.crawl.conftest import Serve

HTML = {"Content-Type": "text/html; charset=utf-8"}
NAME = "沙洲历史研究所"
SECTIONS = {"/xw/": ("新闻", range(1, 7)), "/tz/": ("通知", range(7, 9)), "/xs/": ("学术", range(9, 11))}
"""Their names, and the numbers of their articles: those with two show titles alone, and read as no list."""

MENU = "".join(f'<a href="{path}">{name}</a> ' for path, (name, _) in SECTIONS.items())
PAGE = """<html><head><title>{title}-{NAME}</title></head><body><div><a href="/">首页</a> {MENU}
<a href="/about.html">本所概况</a></div>{content}<div>版权所有 {NAME}</div></body></html>"""
ARTICLE = """<div>当前位置：<a href="/">首页</a> &gt; {section} &gt; 正文</div><h1>绿洲札记之{n}：渠道与村规的往来</h1>
<div>日期：2026-03-12　来源：青榆日报　点击：</div>
<div><p>第{n}条渠道在河谷东侧，村规记有放水的次序，研究所抄录了碑文。</p>
<p>碑文共三十行，将由研究所编成一集，明年与读者见面，届时另行通知各位读者。</p></div>"""


def page(title: str, content: str) -> Reply:
    return Reply(200, PAGE.format(title=title, NAME=NAME, MENU=MENU, content=content).encode(), HTML)


def links(numbers: range) -> str:
    name = "绿洲札记之{n}" if len(numbers) < 3 else "绿洲札记之{n}：渠道与村规的往来"
    return "".join(f'<li><a href="/f/{n}.html">{name.format(n=n)}</a></li>' for n in numbers)


@pytest.fixture
def institute(serve: Serve) -> SampleServer:
    server = serve(sample_site(1))
    server.replies["/robots.txt"] = Reply(404)
    server.replies["/"] = page("首页", f"<h2>新闻</h2><ul>{links(range(1, 4))}</ul>")
    server.replies["/about.html"] = page("本所概况", "<h1>本所概况</h1><p>研究所成立于一九八一年，藏书三万册。</p>")
    for path, (name, numbers) in SECTIONS.items():
        server.replies[path] = page(name, f"<h2>{name}</h2><ul>{links(numbers)}</ul>")
        for n in numbers:
            # The paths on the articles of the last section do not name it.
            section = "论文" if path == "/xs/" else name
            server.replies[f"/f/{n}.html"] = page(f"绿洲札记之{n}", ARTICLE.format(section=section, n=n))
    return server


def drafted(place: Place, url: str) -> tuple[str, Path]:
    ended = place.run("new-site", url, "--name", "shazhou")
    assert ended.code == 0, ended.err
    return ended.out, place.folder / "sites" / "shazhou.toml"


def test_a_draft_has_the_name_without_that_of_the_home_page_and_short_lists_as_well(
    place: Place, institute: SampleServer
) -> None:
    out, file = drafted(place, institute.base_url)
    site, text = read_site_file(file), file.read_text(encoding="utf-8")
    assert site.title == NAME
    assert site.seeds == ("/", "/xw/", "/tz/")
    assert '    # "/xs/",  # 学术: perhaps a list, since it links to 2 articles\n' in text
    assert "about.html" not in text
    assert "drafted from 10 articles and 2 list pages\n" in out
    assert r"# list_url = '^(?:/xw/|/tz/)$'" in text
    assert '# rights = "' in text


def test_of_an_article_the_home_page_of_its_host_is_the_home(place: Place, institute: SampleServer) -> None:
    institute.replies["/"] = Reply(302, b"", {"Location": "/cn/"})
    institute.replies["/cn/"] = page("首页", f"<h2>新闻</h2><ul>{links(range(1, 4))}</ul>")
    url = f"{institute.base_url}f/3.html"
    out, file = drafted(place, url)
    site = read_site_file(file)
    assert (site.home, site.title, site.seeds) == (institute.base_url, NAME, ("/", "/xw/", "/tz/"))
    assert f"{url}: is an article; {institute.base_url} is taken for the site's home page\n" in out


def test_an_article_of_a_host_without_a_home_page_is_refused_in_one_line(place: Place, institute: SampleServer) -> None:
    institute.replies["/"] = Reply(404, b"none", HTML)
    url = f"{institute.base_url}f/3.html"
    ended = place.run("new-site", url, "--name", "shazhou")
    assert ended.code == 2
    assert ended.complaint == (
        f"newsarchive: {url}: is an article, and {institute.base_url} is no home page (http 404); give the URL of the "
        "home page"
    )
    assert not (place.folder / "sites").exists()


def test_a_page_below_the_root_that_is_no_article_stays_the_home(place: Place, institute: SampleServer) -> None:
    _, file = drafted(place, f"{institute.base_url}xw/")
    site = read_site_file(file)
    assert (site.home, site.title) == (f"{institute.base_url}xw/", NAME)
    assert site.seeds[0] == "/xw/"
