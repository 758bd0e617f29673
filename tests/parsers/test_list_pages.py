"""A list page as an inventory: its name, its pages, and how much the site says that there is."""

import pytest

from newsarchive.parsers.list_pages import read_list_page
from newsarchive.records.site import Site
from newsarchive.sample import sample_site
from newsarchive.sample.kinds import SECTIONS
from newsarchive.sample.lists import list_path, list_urls
from newsarchive.sample.replies import reply_to
from newsarchive.sites import load_site

HARBOUR = Site(name="harbour", title="Harbour Institute", home="http://harbour.test/")
ENTRIES = "".join(
    f'<li><a href="/f/20240{at}/{at}.html">海港研究所举办第{at}次读书会，总共5条建议</a><span>2024-0{at}-01</span></li>'
    for at in range(1, 8)
)


def page(pager: str, *, title: str = "学术活动 - 海港研究所", above: str = "") -> bytes:
    return f'<meta charset="utf-8"><title>{title}</title>{above}<ul>{ENTRIES}</ul><div>{pager}</div>'.encode()


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.slug)
def test_every_list_of_the_sample_says_what_it_is(section: object) -> None:
    site, declared = sample_site(120), load_site("sample")
    wanted = list_urls(site)
    (chosen,) = [known for known in SECTIONS if known is section]
    for number in range(1, site.pages_of(chosen) + 1):
        path = list_path(site, chosen, number)
        read = read_list_page(reply_to(site, path).content, site.origin + path, declared)
        assert read is not None
        assert read.entries == wanted[site.origin + path].entries
        assert (read.name, read.stated_pages, read.stated_items) == (chosen.name, site.pages_of(chosen), None)
        others = {site.origin + list_path(site, chosen, other) for other in range(1, site.pages_of(chosen) + 1)}
        assert set(read.pages) <= others | {f"{site.origin}/"}, "a 首页 beside the pager may be the site's"
        following = wanted[site.origin + path].next
        assert following is None or following in read.pages


@pytest.mark.parametrize(
    ("pager", "items", "pages"),
    [
        ("共123条 1/9 首页 上页 下页 尾页", 123, 9),
        ("共 123 条记录 共 9 页", 123, 9),
        ("共123条 1/9", 123, 9),
        ("每页 14 记录 总共 123 记录</div><div>第一页 下一页&gt;&gt;</div><div>页码 1/9 跳转到", 123, 9),
        ("总数：123篇 第1页", 123, None),
        ("Total 123 items, page 1 of 9", 123, 9),
        ("1-15 of 300 articles", 300, None),
        ("共 120 条", 120, None),
        ("合计 120 项 第 1/9 页", 120, 9),
        ("首页 上一页 1 2 3 下一页 尾页", None, None),
        ("研究所共 120 篇论文入选", None, None),
        ("03/05 海港研究所", None, None),
        ("2024/03/05 更新 下一页", None, None),
        ("", None, None),
    ],
)
def test_what_the_pager_states_is_read_and_nothing_else(pager: str, items: int | None, pages: int | None) -> None:
    read = read_list_page(page(pager), "http://harbour.test/xshd/", HARBOUR)
    assert read is not None
    assert (read.stated_items, read.stated_pages) == (items, pages)


def test_a_list_is_called_what_the_path_above_it_ends_with() -> None:
    above = '<p>当前位置：<a href="/">首页</a> &gt; <a href="/xw/">新闻</a> &gt; <a href="/xshd/">学术活动</a></p>'
    read = read_list_page(page("", title="海港研究所", above=above), "http://harbour.test/xshd/", HARBOUR)
    assert read is not None
    assert read.name == "学术活动"


def test_a_page_without_a_list_gives_none() -> None:
    assert read_list_page(b"<title>x</title><p>no list here</p>", "http://harbour.test/", HARBOUR) is None
    assert read_list_page(b"", "http://harbour.test/", HARBOUR) is None
