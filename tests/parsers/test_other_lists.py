"""List pages of templates that no corpus holds: what each of them once read wrongly."""
# ruff: noqa: E501 - markup is easier to read unbroken

import pytest

from newsarchive.parsers import GENERIC_SITE
from newsarchive.parsers.reading import read_page
from newsarchive.records.listing import Listing

PARAGRAPHS = [f"第{n}段，双方就联合培养和资料共享交换了意见，商定明年春天举行第一次工作会议。" for n in "一二三四"]
ENTRIES = [(f"/info/{n}.htm", f"关于举办第{n}届学术论坛的通知 {n}", f"2022-12-{n:02d}") for n in range(1, 8)]


def listing(form: str, after: str = "") -> Listing:
    rows = "".join(
        form.format(
            url=url,
            title=title,
            day=day,
            ym=day[:7],
            md=day[5:].replace("-", "/"),
            d=day[8:],
            y=day[:4],
            text=PARAGRAPHS[0],
        )
        for url, title, day in ENTRIES
    )
    html = (
        f'<title>通知</title><div>当前位置：<a href="/">首页</a> &gt; 通知</div><ul>{rows}</ul>{after}<p>版权所有</p>'
    )
    reading = read_page(html, "http://institute.test/xw/list.htm", GENERIC_SITE)
    assert reading.listing is not None, reading.error
    return reading.listing


@pytest.mark.parametrize(
    "form",
    [
        '<li><a href="{url}"><div><span>{d}</span>{ym}</div><div><h3>{title}</h3><p>{text}</p></div></a></li>',
        '<li><a href="{url}"><div><b>{md}</b><i>{y}</i></div><div>{title}</div></a></li>',
        '<li><a href="/zs/">[招生工作]</a><a href="{url}">{title}</a><span>{day}</span></li>',
        '<li><a href="/zs/{d}/">【招生】</a><a href="{url}">{title}</a><span>{day}</span></li>',
        """<li><a href="javascript:void(0)" onclick="window.open('{url}')">{title}</a><span>{day}</span></li>""",
        """<li><a href="javascript:show('{url}')">{title}</a><span>{day}</span></li>""",
        '<li><a href="{url}">{title}</a><span>{day}</span></li>',
        '<li><b>[<a href="/gn/">国内</a>]</b><a href="{url}">{title}</a><span>日期：{day} 10:20:00 点击：103</span><p>{text}</p></li>',
    ],
)
def test_the_entries_of_a_list_have_their_titles_and_days(form: str) -> None:
    found = [(entry.url, entry.title, str(entry.date)) for entry in listing(form).entries]
    assert found == [(f"http://institute.test{url}", title, day) for url, title, day in ENTRIES]


def test_a_day_that_begins_a_few_titles_is_a_part_of_them() -> None:
    html = '<title>通知</title><ul><li><a href="/1.htm">12月8日学术讲座的通知</a></li>' + "".join(
        f'<li><a href="/{n}.htm">关于举办第{n}届论坛的通知</a></li>' for n in range(2, 9)
    )
    reading = read_page(html + "</ul>", "http://institute.test/", GENERIC_SITE)
    assert reading.listing is not None
    assert reading.listing.entries[0].title == "12月8日学术讲座的通知"


def test_a_list_beside_the_own_one_is_not_the_page_s() -> None:
    hot = "".join(f'<li><a href="/hot/{n}.htm">{PARAGRAPHS[0]}</a></li>' for n in range(12))
    found = listing('<li><a href="{url}">{title}</a><span>{day}</span></li>', f"<h3>热点新闻</h3><ul>{hot}</ul>")
    assert len(found.entries) == len(ENTRIES)


_COUNTED = """<script>var currentPage = 2;
var prevPage = currentPage-1
var nextPage = currentPage+1
var countPage = 15
if(countPage>1&&currentPage!=(countPage-1)) document.write('<a href="index_' + nextPage + '.html">下一页</a>');</script>"""


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ('<a href="n/2.htm"><img src="r.png" alt="下一页"></a>', "/xw/n/2.htm"),
        ('<a href="n/2.htm" title="下一页"><i></i></a>', "/xw/n/2.htm"),
        ("""<a href="javascript:goPage('list_2.shtml')">下一页</a>""", "/xw/list_2.shtml"),
        (_COUNTED, "/xw/index_3.html"),
        (_COUNTED.replace("currentPage = 2", "currentPage = 14"), None),
        (_COUNTED.replace("index_'", "index'+'_'").replace("'.html", "'.'+'html"), "/xw/index_3.html"),
    ],
)
def test_the_way_on_is_read_from_pictures_and_scripts(pager: str, following: str | None) -> None:
    found = listing('<li><a href="{url}">{title}</a><span>{day}</span></li>', pager)
    assert found.next == (following and f"http://institute.test{following}")


def test_a_list_of_cards_has_its_headings_for_titles() -> None:
    found = listing(
        '<li><a href="{url}"><img src="a.jpg"></a><div><span>学术</span><a href="{url}"><h4>{title}</h4></a><span>{day}</span></div></li>'
    )
    assert [(entry.title, str(entry.date)) for entry in found.entries] == [(title, day) for _, title, day in ENTRIES]


@pytest.mark.parametrize(
    "record", ['<li><a href="{url}">{title}</a><span>{day}</span></li>', '<tr><td><a href="{url}">{title}</a></td><td>[{day}]</td></tr>'],
)  # fmt: skip
def test_a_list_that_is_packed_in_a_script_is_read(record: str) -> None:
    records = "".join(
        f"<record><![CDATA[\n{record.format(url=url, title=title, day=day)}]]></record>" for url, title, day in ENTRIES
    )
    html = (
        f'<title>通知</title><div>当前位置：<a href="/">首页</a> &gt; 通知</div><div id="270"><script type="text/xml">'
        f'<datastore>\n<nextgroup><![CDATA[<a href="/module/jpage.jsp?page=1"></a>]]></nextgroup><recordset>{records}'
        f"</recordset></datastore></script></div><p>版权所有</p>"
    )
    reading = read_page(html, "http://institute.test/col/col270/index.html", GENERIC_SITE)
    assert reading.listing is not None, reading.error
    found = [(entry.url, entry.title, str(entry.date)) for entry in reading.listing.entries]
    assert found == [(f"http://institute.test{url}", title, day) for url, title, day in ENTRIES]
    assert "http://institute.test/info/1.htm" in {link.url for link in reading.links}
