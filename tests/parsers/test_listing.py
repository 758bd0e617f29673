"""List pages: entries, days and the way on, in the pagers of the families."""
# ruff: noqa: E501 - markup is easier to read unbroken

import datetime as dt

import pytest

from newsarchive.errors import ListPageError
from newsarchive.parsers import GENERIC_SITE, parse
from newsarchive.parsers.reading import read_page
from newsarchive.records.listing import Listing
from newsarchive.records.site import Site

URL = "http://institute.test/news/list2.htm"
TITLES = [f"某研究所举行第{n}次学术会议讨论地区合作" for n in range(1, 9)]


def entry(n: int, form: str) -> str:
    return form.format(n=n, title=TITLES[n - 1], day=f"2020-12-{n:02d}", short=f"12-{n:02d}", d=f"{n:02d}")


def listing(form: str, pager: str = "", wrap: str = "<ul>{}</ul>", url: str = URL) -> Listing:
    entries = "".join(entry(n, form) for n in range(1, 9))
    html = f'<title>新闻动态</title><div><a href="/">首页</a></div><h2>新闻动态</h2>{wrap.format(entries)}<div>{pager}</div><p>版权所有 某研究所</p>'
    reading = read_page(html, url, GENERIC_SITE)
    assert reading.listing is not None, reading.error
    return reading.listing


@pytest.mark.parametrize(
    "form",
    [
        '<li><a href="/f/{n}.html">{title}</a><span>{day}</span></li>',
        '<li><span>[{day}]</span><a href="/f/{n}.html">{title}</a></li>',
        '<li><a href="/f/{n}.html">{day}{title}</a></li>',
        '<li><a href="/f/{n}.html">{title}</a></li><li>{day}</li>',
        '<li><div>{d}</div><div>2020-12</div><a href="/f/{n}.html">{title}</a></li>',
        '<li><a href="/f/{n}.html" title="{title}">某研究所举行第{n}次...</a> {day}</li>',
        '<li style="display:none"><a href="/f/{n}.html">{title}</a> {day}</li>',
    ],
)
def test_entries_are_read_with_full_titles_and_their_days(form: str) -> None:
    found = listing(form)
    assert [e.url for e in found.entries] == [f"http://institute.test/f/{n}.html" for n in range(1, 9)]
    assert [e.title for e in found.entries] == TITLES
    assert [e.date for e in found.entries] == [dt.date(2020, 12, n) for n in range(1, 9)]


@pytest.mark.parametrize(
    ("form", "wrap"),
    [
        ('<tr><td>-</td><td><a href="/f/{n}.html">{title}</a></td><td>{day}</td></tr>', "<table>{}</table>"),
        (
            '<tr><td><table><tr><td><a href="/f/{n}.html">{title}</a></td><td>{day}</td></tr></table></td></tr>',
            "<table>{}</table>",
        ),
        ('<div class="row"><div><a href="/f/{n}.html">{title}</a></div><div>{day}</div></div>', "<div>{}</div>"),
        ('<a href="/f/{n}.html">{title}</a> {day}<br>', "<div>{}</div>"),
        ('<dl><dt><a href="/f/{n}.html">{title}</a></dt><dd>{day}</dd></dl>', "<div>{}</div>"),
    ],
)
def test_entries_are_read_in_any_box(form: str, wrap: str) -> None:
    found = listing(form, wrap=wrap)
    assert [(e.title, e.date) for e in found.entries] == [(TITLES[n - 1], dt.date(2020, 12, n)) for n in range(1, 9)]


def test_days_without_a_year_are_null() -> None:
    assert {e.date for e in listing('<li><a href="/f/{n}.html">{title}</a><span>{short}</span></li>').entries} == {None}


FORM = '<li><a href="/f/{n}.html">{title}</a><span>{day}</span></li>'


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ('<a href="list1.htm">上一页</a> <a href="list3.htm">下一页&gt;&gt;</a> <a href="list9.htm">尾页</a>', "/news/list3.htm"),
        ('<a href="xyxw.htm">首页</a><a href="xyxw/13.htm">上页</a><a href="xyxw/11.htm">下页</a><a href="xyxw/1.htm">尾页</a>', "/news/xyxw/11.htm"),
        ('<a class="next" href="/news/list3.htm">&gt;</a>', "/news/list3.htm"),
        ("<script>createPageHTML(5, 0, 'index', 'html');</script>", "/news/index_1.html"),
        ("<script>createPageHTML('page_div',50, 1,'xwzx_list','shtml',1000);</script>", "/news/xwzx_list_2.shtml"),
        ("<script>createPageHTML(1, 0, 'index', 'html');</script>", None),
        ('<a href="list1.htm">上一页</a> <a href="javascript:void(0)">下一页</a>', None),
        ("", None),
    ],
)  # fmt: skip
def test_the_next_page_is_what_link_or_script_names(pager: str, following: str | None) -> None:
    assert listing(FORM, pager).next == (f"http://institute.test{following}" if following else None)


def test_a_site_may_declare_its_list_pages() -> None:
    site = Site(name="own", title="own", home="http://institute.test/", list_url="^/news/")
    html = "<title>新闻</title>" + "".join(entry(n, '<p><a href="/f/{n}.html">{title}</a></p>') for n in (1, 2))
    reading = read_page(html, URL, site)
    assert reading.listing is not None
    assert len(reading.listing.entries) == 2


def test_an_article_with_a_long_side_list_is_an_article() -> None:
    text = "<p>会议讨论了地区合作与发展的若干问题，与会学者交换了意见。</p>" * 2
    side = "<h3>最近更新</h3><ul>" + "".join(entry(n, FORM) for n in range(1, 9)) + "</ul>"
    html = f"<h1>某研究所举行学术会议</h1><div>日期：2020-12-02 来源：本站</div><div>{text}</div>{side}"
    article = parse(html, URL)
    assert [link.title for link in article.related] == TITLES
    assert [link.date for link in article.related] == [dt.date(2020, 12, n) for n in range(1, 9)]
    assert article.text.count("\n") == 1


def test_parse_names_a_list_page() -> None:
    html = "<ul>" + "".join(entry(n, FORM) for n in range(1, 9)) + "</ul>"
    with pytest.raises(ListPageError, match="8 entries"):
        parse(html, URL)


def test_the_links_of_a_pager_are_marked() -> None:
    labels = {"上一页": 1, "1": 1, "2": 2, "3": 3, "下一页": 3}
    pager = "".join(f'<a href="list{number}.htm">{label}</a>' for label, number in labels.items())
    html = (
        "<title>新闻</title><ul>"
        + "".join(entry(n, FORM) for n in range(1, 9))
        + f"</ul><div>{pager}</div><a href='/about.html'>关于我们</a>"
    )
    found = {
        link.url.removeprefix("http://institute.test"): link.rel for link in read_page(html, URL, GENERIC_SITE).links
    }
    assert found["/f/1.html"] == "entry"
    assert found["/news/list1.htm"] == "page"
    assert found["/news/list3.htm"] == "next"
    assert found["/about.html"] == "link"


def test_the_day_of_a_list_is_kept_with_the_link() -> None:
    rows = "".join(entry(n, '<li><a href="/f/{n}.html">{title}</a><span>{day}</span></li>') for n in range(1, 9))
    reading = read_page(f"<title>新闻动态</title><a href='/'>首页</a><ul>{rows}</ul>", URL, GENERIC_SITE)
    days = {link.url: link.date for link in reading.links}
    assert days["http://institute.test/f/3.html"] == dt.date(2020, 12, 3)
    assert days["http://institute.test/"] is None
