"""The way to the next page of a list, where it is a link, a numbering or the call of a script."""

import tomllib
from importlib.resources import files

import pytest

from newsarchive.parsers import GENERIC_SITE
from newsarchive.parsers.reading import Reading, read_page
from newsarchive.records.site import Site

HOST = "http://harbour.test"
ROWS = "".join(
    f'<li><a href="/x/{n}.html">海港研究院举行第{n}次潮汐观测工作会议</a><span>2024-03-{n:02d}</span></li>'
    for n in range(1, 9)
)


def family_site(family: str) -> Site:
    preset = (files("newsarchive.sites") / "families" / f"{family}.toml").read_text(encoding="utf-8")
    return Site(name="harbour", title="Harbour Institute", home=f"{HOST}/", family=family, **tomllib.loads(preset))


def reading(local: str, pager: str, site: Site = GENERIC_SITE) -> Reading:
    menu = '<div class="menu"><a href="/">首页</a> <a href="/xwdt.htm">新闻动态</a></div>'
    html = f"<title>新闻</title>{menu}<ul>{ROWS}</ul><div>{pager}</div>"
    return read_page(html, HOST + local, site)


def next_of(local: str, pager: str, site: Site = GENERIC_SITE) -> str | None:
    found = reading(local, pager, site)
    assert found.listing is not None, found.error
    assert len(found.listing.entries) == 8
    assert found.listing.next is None or found.listing.next.startswith(HOST)
    return found.listing.next and found.listing.next.removeprefix(HOST)


SCRIPTED = '<a href="javascript:go()">下一页</a>'


@pytest.mark.parametrize(
    ("family", "local", "pager", "following"),
    [
        ("vsb", "/xwdt.htm", f"共155条 1/17 {SCRIPTED}", "/xwdt/16.htm"),
        ("vsb", "/xwdt.htm", '<select><option value="xwdt/16.htm">2</option><option value="xwdt/15.htm">3</select>',
         "/xwdt/16.htm"),
        ("vsb", "/xwdt/16.htm", f"共155条 2/17 {SCRIPTED}", "/xwdt/15.htm"),
        ("vsb", "/xwdt/1.htm", f"共155条 17/17 {SCRIPTED}", None),
        ("vsb", "/xwdt.htm", "共8条 1/1", None),
        ("webplus", "/xwdt/list.htm", f'<em class="all_pages">3</em> {SCRIPTED}', "/xwdt/list2.htm"),
        ("webplus", "/xwdt/list2.htm", f'<em class="all_pages">3</em> {SCRIPTED}', "/xwdt/list3.htm"),
        ("webplus", "/xwdt/list3.htm", f'<em class="all_pages">3</em> {SCRIPTED}', None),
        ("webplus", "/xwdt/list.htm", SCRIPTED, None),
        ("trs", "/xw/index.shtml", '<script>createPageHTML(4, 0, "index", "shtml");</script>', "/xw/index_1.shtml"),
        ("trs", "/xw/", '<script>createPageHTML(4, 0, "index", "shtml");</script>', "/xw/index_1.shtml"),
        ("trs", "/xw/index_2.shtml", '<script>createPageHTML(4, 2, "index", "shtml");</script>', "/xw/index_3.shtml"),
        ("trs", "/xw/index_3.shtml", '<script>createPageHTML(4, 3, "index", "shtml");</script>', None),
        ("trs", "/xw/index.html", "<script>var countPage = 2</script>", "/xw/index_1.html"),
        ("dedecms", "/a/xw/", "共<strong>3</strong>页<select><option value='list_15_2.html'>2</option></select>",
         "/a/xw/list_15_2.html"),
        ("dedecms", "/a/xw/list_15_2.html", "共 <strong>3</strong>页", "/a/xw/list_15_3.html"),
        ("dedecms", "/a/xw/list_15_3.html", "共 <strong>3</strong>页", None),
        ("dedecms", "/a/xw/", "共<strong>3</strong>页", None),
        ("dedecms", "/plus/list.php?tid=15", "共<strong>3</strong>页", "/plus/list.php?tid=15&PageNo=2"),
        ("phpcms", "/list-12-1.html", '<a href="/list-12-3.html">3</a>', "/list-12-2.html"),
        ("phpcms", "/html/xw/", '<a href="/html/xw/2.html">2</a><a href="/html/xw/9.html">9</a>', "/html/xw/2.html"),
        ("phpcms", "/index.php?m=content&c=index&a=lists&catid=6", "共3页",
         "/index.php?m=content&c=index&a=lists&catid=6&page=2"),
        ("empirecms", "/news/", "页次：1/5", "/news/index_2.html"),
        ("empirecms", "/news/index_5.html", "共5页", None),
        ("siteserver", "/channels/596.html", "共4页", "/channels/596_2.html"),
        ("siteserver", "/channels/596_3.html", '<a href="596_4.html">4</a>', "/channels/596_4.html"),
        ("siteserver", "/channels/596_4.html", '<a href="596_3.html">3</a>', None),
    ],
)  # fmt: skip
def test_a_family_numbers_the_next_page_where_no_link_says_it(
    family: str, local: str, pager: str, following: str | None
) -> None:
    assert next_of(local, pager, family_site(family)) == following


def test_the_link_that_says_next_comes_before_any_numbering() -> None:
    pager = '共<strong>9</strong>页 <a href="/a/xw/list_15_7.html">下一页</a>'
    assert next_of("/a/xw/list_15_2.html", pager, family_site("dedecms")) == "/a/xw/list_15_7.html"


@pytest.mark.parametrize(
    ("local", "call", "following"),
    [
        ("/xw/", 'createPageHTML(4, 0, "index", "shtml")', "/xw/index_1.shtml"),
        ("/xw/index_3.shtml", 'createPageHTML(4, 3, "index", "shtml")', None),
        ("/xw/index_1.html", "createPageHTML('page-div', 4, 1, 'index', 'html', 80)", "/xw/index_2.html"),
        ("/xw/", 'createPageHTML(1, 0, "index", "shtml")', None),
    ],
)
def test_the_call_of_a_script_tells_the_next_page_of_a_site_without_family(
    local: str, call: str, following: str | None
) -> None:
    assert next_of(local, f"<script>{call};</script>") == following


def relations(found: Reading) -> dict[str, str]:
    return {link.url.removeprefix(HOST): link.rel for link in found.links}


def test_every_link_of_the_pager_is_another_page_and_the_menu_is_not() -> None:
    numbers = "".join(f'<a href="/xw/index_{n}.html">{n}</a>' for n in (1, 3, 4))
    pager = (
        f'<a href="/xw/">首页</a><a href="/xw/index_1.html">上一页</a>{numbers}'
        '<a href="/xw/index_3.html">下一页</a><a href="/xw/index_9.html">尾页</a>'
    )
    found = relations(reading("/xw/index_2.html", pager))
    assert {url: rel for url, rel in found.items() if not url.startswith("/x/")} == {
        "/": "link",
        "/xwdt.htm": "link",
        "/xw/": "page",
        "/xw/index_1.html": "page",
        "/xw/index_3.html": "next",
        "/xw/index_4.html": "page",
        "/xw/index_9.html": "page",
    }
    assert sum(rel == "entry" for rel in found.values()) == 8


def test_pages_by_their_number_alone_are_pages_of_the_list_where_the_family_says_so() -> None:
    numbers = '<p><a href="/xwdt/16.htm">二</a></p><p><a href="/xwdt/15.htm">三</a></p><a href="/tzgg/15.htm">四</a>'
    found = relations(reading("/xwdt.htm", numbers, family_site("vsb")))
    assert (found["/xwdt/16.htm"], found["/xwdt/15.htm"], found["/tzgg/15.htm"]) == ("next", "page", "link")


def test_an_article_has_no_pages_of_a_list() -> None:
    html = (
        "<h1>海港研究院举行潮汐观测工作会议</h1><div>日期：2024-03-01 来源：海港研究院</div>"
        + "<p>与会者讨论了今年的观测计划，并就共享数据的办法达成一致，会后参观了验潮站。</p>" * 4
        + '<div>上一页 <a href="/f/2.html">下一页</a></div>'
    )
    found = read_page(html, f"{HOST}/f/1.html", GENERIC_SITE)
    assert found.article is not None
    assert "page" not in {link.rel for link in found.links}
