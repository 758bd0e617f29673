"""Lists in other layouts: several entries on a line, a second link of an entry, headings, ways to the next page."""
# ruff: noqa: E501 - markup is easier to read unbroken

import datetime as dt
import time

import pytest

from newsarchive.errors import NotAnArticleError
from newsarchive.parsers import GENERIC_SITE
from newsarchive.parsers.contacts import tells_contacts
from newsarchive.parsers.reading import Reading, read_page
from newsarchive.records.listing import Listing

HOST = "http://harbour.test"
TITLES = ["海港研究院举行潮汐观测会议", "灯塔修缮工程通过验收", "渔汛预报系统投入使用", "航道测量队完成外业", "码头开放日吸引市民参观",
          "海图数字化项目启动", "引航员培训班结业", "防波堤监测年报发布"]  # fmt: skip
DAYS = [dt.date(2021, 9, 30 - 3 * n) for n in range(8)]


def reading(body: str, local: str = "/xw/index.html", title: str = "新闻动态 - 海港研究院", head: str = "") -> Reading:
    html = f"<head><title>{title}</title>{head}</head><body><div><a href='/'>首页</a></div>{body}<p>版权所有 海港研究院</p>"
    return read_page(html, HOST + local, GENERIC_SITE)


def listing(body: str, local: str = "/xw/index.html", title: str = "新闻动态 - 海港研究院", head: str = "") -> Listing:
    found = reading(body, local, title, head)
    assert found.listing is not None, found.error or found.article
    return found.listing


def rows(form: str, joint: str = "") -> str:
    return joint.join(
        form.format(u=f"/x/{n}.html", t=title, d=day.isoformat(), md=f"{day:%m-%d}", n=n)
        for n, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    )


EXPECTED = [(f"{HOST}/x/{n}.html", title, day) for n, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))]


def shown(found: Listing) -> list[tuple[str, str, dt.date | None]]:
    return [(entry.url, entry.title, entry.date) for entry in found.entries]


@pytest.mark.parametrize(
    "form",
    [
        '<a class="row" href="{u}"><span>{t}</span><span>{d}</span></a>',
        '<a href="{u}">{t}</a> <span>{d}</span>',
        '<a href="{u}">{t}</a> [{d}] |',
        '<span>{d}</span> <a href="{u}">{t}</a>',
    ],
)
@pytest.mark.parametrize("wrap", ["<div>{}</div>", "<p>2021年9月</p><div>{}</div>"])
def test_entries_on_one_line_have_their_own_days(form: str, wrap: str) -> None:
    assert shown(listing(wrap.format(rows(form, "\n")))) == EXPECTED


def test_two_entries_on_each_line_have_their_own_days() -> None:
    cells = [f'<a href="{url}">{title}</a> {day}' for url, title, day in EXPECTED]
    body = "<br>".join(" ".join(cells[n : n + 2]) for n in range(0, 7, 2))
    assert shown(listing(f"<div>{body}</div>")) == EXPECTED
    assert shown(listing(f"<div>{body.rpartition(' <a')[0]}</div>")) == EXPECTED[:-1]


def test_an_entry_without_a_day_takes_none_from_its_line() -> None:
    body = rows('<a href="{u}">{t}</a> {d}', " ").replace(f" {DAYS[2]}", "")
    days = [day for _, _, day in shown(listing(f"<div>{body}</div>"))]
    assert days == [*DAYS[:2], None, *DAYS[3:]]


def test_a_day_after_an_entry_and_its_section_is_the_entrys() -> None:
    found = listing(f"<ul>{rows('<li><a href={u}>{t}</a> <a href=/s/>航海简讯</a> {d}</li>')}</ul>")
    assert [entry for entry in shown(found) if entry[0] != f"{HOST}/s/"] == EXPECTED


def test_days_without_a_year_on_one_line_make_a_list() -> None:
    found = listing(f"<div>{rows('<a href={u}>{t}</a> ({md})', ' ')}</div>".replace(f"/x/7.html>{TITLES[7]}", ">"))
    assert shown(found) == [(url, title, None) for url, title, _ in EXPECTED[:-1]]


@pytest.mark.parametrize(
    "form",
    [
        "<li><a href={u}>{t}</a><p>SUMMARY</p><span>{d}</span></li>",
        "<li><p>{d}</p><a href={u}>{t}</a><p>SUMMARY</p></li>",
    ],
)
def test_a_day_of_its_own_comes_before_one_in_the_summary(form: str) -> None:
    assert shown(listing(f"<ul>{rows(form.replace('SUMMARY', '2020年1月5日，海港研究院召开会议。'))}</ul>")) == EXPECTED


MORE = [
    "[详细]",
    "[查看详细]",
    "阅读全文",
    "查看全文&gt;&gt;",
    "Read more",
    "Read more »",
    "Подробнее",
    "Далее",
    "Читать далее…",
]


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize(
    "form",
    [
        "<tr><td>{d}<br><a href={u}>{t}</a><br>近日相关工作顺利开展，与会人员进行了深入交流。<a href={u}>MORE</a></td></tr>",
        "<tr><td><span>{d}</span><br/><a href={u}><b>{t}</b></a><br>近日相关工作顺利开展。<a class=more href={u}>MORE</a></td></tr>",
        "<tr><td><a href={u}>{t}</a><p>近日相关工作顺利开展。</p><p><a href={u}>MORE</a></p><p>{d}</p></td></tr>",
        "<tr><td><a href={u}>{t}</a> {d} <a href={u}>MORE</a></td></tr>",
    ],
)
def test_a_second_link_that_tells_to_read_on_is_no_entry(form: str, more: str) -> None:
    found = listing(f"<h2>新闻动态</h2><table>{rows(form.replace('MORE', more))}</table>")
    assert shown(found) == EXPECTED


def test_a_second_link_to_the_same_page_breaks_no_list() -> None:
    form = "<p>{d}<br><a href={u}>{t}</a><br><a href={u}>海港研究院 {t}的经过</a></p>"
    assert shown(listing(rows(form))) == EXPECTED


@pytest.mark.parametrize(
    "more",
    ["继续阅读<span>“{t}”</span>", "Read more<span class=hidden> about {t}</span>", "Подробнее: {t}", "阅读全文 {t} →"],
)
def test_a_link_that_repeats_the_title_to_read_on_does_not_win_over_it(more: str) -> None:
    form = f"<article><h2><a href={{u}}>{{t}}</a></h2><time>{{d}}</time><p>近日开展。<a href={{u}}>{more}</a></p></article>"
    assert shown(listing(rows(form))) == EXPECTED


@pytest.mark.parametrize("more", ["继续阅读“{t}”", "Read more about {t}", "Подробнее: {t}"])
def test_a_title_is_taken_out_of_the_only_link_that_has_it(more: str) -> None:
    form = f"<article><time>{{d}}</time><p>近日工作顺利开展。<a href={{u}}>{more}</a></p></article>"
    assert shown(listing(rows(form))) == EXPECTED


def test_a_title_that_begins_like_a_way_to_read_on_is_a_title() -> None:
    body = rows("<li><a href={u}>{t}</a><span>{d}</span></li>").replace(TITLES[1], "阅读全文数据库试用通知")
    assert shown(listing(f"<ul>{body}</ul>"))[1][1] == "阅读全文数据库试用通知"


@pytest.mark.parametrize(
    "section", ["[<b><a href=/s/>航海简讯</a></b>]", "【<a href=/s/>航海简讯</a>】", "( <a href=/s/>Sea news</a> )"]
)
def test_a_section_whose_brackets_stand_outside_its_link_is_no_entry(section: str) -> None:
    form = f"<li>{section} <a href={{u}} class=title>{{t}}</a> <span>日期：{{d}} 点击：90</span></li>"
    assert shown(listing(f"<ul>{rows(form)}</ul>")) == EXPECTED


def by_year(heading: str, form: str) -> str:
    items = [
        form.format(u=f"/x/{n}.html", t=title, d=f"{2022 - n // 4}-09-{28 - n}", md=f"09-{28 - n}")
        for n, title in enumerate(TITLES)
    ]
    lists = (f"{heading.format(y=2022 - part)}<ul>{''.join(items[4 * part : 4 * part + 4])}</ul>" for part in (0, 1))
    return "<h1>馆内动态</h1>" + "".join(lists)


@pytest.mark.parametrize("heading", ["<h3>{y}年</h3>", "<h3>{y}</h3>", "<p><b>{y}年度</b></p>"])
@pytest.mark.parametrize(
    "form", ["<li><span>{md}</span><a href={u}>{t}</a></li>", "<li><a href={u}>{t}</a><em>{d}</em></li>"]
)
def test_a_list_under_headings_of_years_is_one_list(heading: str, form: str) -> None:
    expected = [(f"{HOST}/x/{n}.html", t, dt.date(2022 - n // 4, 9, 28 - n)) for n, t in enumerate(TITLES)]
    assert shown(listing(by_year(heading, form))) == expected


@pytest.mark.parametrize("heading", ["9月", "2022年9月", "九月", "September 2022"])
def test_a_list_under_headings_of_months_is_one_list(heading: str) -> None:
    body = by_year(f"<h3>{heading}</h3>", "<li><a href={u}>{t}</a></li>")
    assert [title for _, title, _ in shown(listing(body))] == TITLES


def test_a_year_beside_every_entry_is_none_of_the_next_one() -> None:
    body = rows("<div><a href={u}>{t}</a><p>{md}</p><p>2021</p></div>")
    assert {day for _, _, day in shown(listing(f"<p>2021</p><div>{body}</div>"))} <= {None, *DAYS}


def test_years_that_rise_give_no_day_its_year() -> None:
    body = by_year("<h3>{y}年</h3>", "<li><span>{md}</span><a href={u}>{t}</a></li>").replace("2021年", "2023年")
    assert {day for _, _, day in shown(listing(body))} == {None}


SIDE = "".join(
    f"<li><a href=/tz/{n}.html>关于{title}的通知</a><em>2021-05-{n + 10}</em></li>" for n, title in enumerate(TITLES)
)
TALKS = [
    ("/xw/1.html", "干旱区水循环的若干问题"),
    ("/xw/2.html", "从太空看沙尘"),
    ("/xw/3.html", "How do clouds respond?"),
]


def talks(form: str = "<div><span>第{n}期</span><a href={u}>{t}</a></div>") -> str:
    return "".join(form.format(u=url, t=title, n=9 - n) for n, (url, title) in enumerate(TALKS))


@pytest.mark.parametrize("heading", ["热点新闻<a href=/rd.htm>更多</a>", "热点新闻 <a href=/rd.htm>[更多]</a>", "通知公告<a href=/tz/>更多&gt;&gt;</a>",
                                     "通知公告 <a href=/tz/>MORE+</a>", "通知公告</div><div><a href=/tz/>更多</a>"])  # fmt: skip
def test_a_list_under_a_heading_that_leads_to_more_stands_beside(heading: str) -> None:
    own = "".join(f"<tr><td><a href={u}>{t}</a></td><td>2012/04/06</td></tr>" for u, t in TALKS)
    body = f"<div><div>{heading}</div><ul>{SIDE}</ul></div><table>{own}</table>"
    found = listing(body, title="海港研究院")
    assert shown(found) == [(HOST + url, title, dt.date(2012, 4, 6)) for url, title in TALKS]


def test_a_heading_that_leads_to_the_page_itself_stands_over_its_own_list() -> None:
    found = listing(
        f"<h3>通知公告<a href=/xw/index.html>更多</a></h3><ul>{SIDE}</ul><ul>{talks()}</ul>", title="海港研究院"
    )
    assert len(found.entries) == 8


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("<h1>学术报告</h1>", "学术报告 - 海港研究院"),
        ("<h1>学术报告</h1>", "学术报告_海港研究院"),
        ("<div>当前位置：<a href=/>首页</a> &gt; 学术报告</div><h2>学术报告</h2>", "海港研究院"),
        ("<div>当前位置：<a href=/>首页</a> &gt; <a href=/xw/>热点新闻</a></div><h2>热点新闻</h2>", "海港研究院"),
    ],
)
@pytest.mark.parametrize("side", ["<h3>通知公告<a href=/tz/>更多&gt;</a></h3>", "<h3>热点新闻</h3>"])
def test_a_short_list_under_the_pages_name_is_its_own(above: str, title: str, side: str) -> None:
    side = side.replace("热点", "图片" if "热点" in above else "热点")
    found = listing(f"<div>{above}<div>{talks()}</div></div><div>{side}<ul>{SIDE}</ul></div>", "/xw/", title)
    assert shown(found) == [(HOST + url, title, None) for url, title in TALKS]


@pytest.mark.parametrize(
    ("path", "is_list"), [("首页 &gt; 学术报告", True), ("首页 &gt; <a href=/xw/>新闻</a>", False)]
)
def test_a_name_that_ends_the_path_is_a_columns_wherever_its_entries_stand(path: str, *, is_list: bool) -> None:
    body = f"<div>当前位置：{path}</div><h1>学术报告</h1><div>{talks()}</div>"
    assert (reading(body, "/bg.htm", "学术报告 - 海港研究院").listing is not None) == is_list
    assert reading(body, "/xw/", "学术报告 - 海港研究院").listing is not None


def test_a_text_under_its_title_with_a_day_and_links_is_no_list() -> None:
    body = f"<h1>学术报告</h1><div>发布时间：2021-09-03</div><div>{talks('<p><a href={u}>{t}</a></p>')}</div>"
    assert reading(body, "/xw/7.html", "学术报告 - 海港研究院").listing is None


@pytest.mark.parametrize(
    ("info", "is_list"), [("<div>发布时间：2021-09-03</div><p><img src=/1.jpg></p>", False), ("", True)]
)
def test_the_arrow_of_a_path_makes_no_list_of_an_article_of_pictures(info: str, *, is_list: bool) -> None:
    side = rows("<li><a href={u}>{t}</a></li>").partition("<li><a href=/x/6")[0]
    body = f"<div>当前位置：<a href=/>首页</a> &gt; 图片</div><h1>海港秋色</h1>{info}<h3>新闻动态</h3><ul>{side}</ul>"
    assert (reading(body, "/tp/7.html", "海港秋色 - 海港研究院").listing is not None) == is_list


@pytest.mark.parametrize("files", [1, 2])
def test_the_files_of_an_article_are_no_list(files: int) -> None:
    attached = "".join(
        f"<p>附件【<a href='/system/download.jsp?id={n}'>结果公示{n}.pdf</a>】已下载<span></span>次</p>"
        for n in range(files)
    )
    body = f"<div>当前位置：<a href=/>首页</a> &gt;&gt; 正文</div><h1>海港研究院招标采购结果公示</h1><div>2023年11月03日 浏览次数：<span></span></div><div>{attached}</div><a href=/n>下一页</a>"
    assert reading(body, "/xw/7.html", "海港研究院招标采购结果公示").listing is None


def test_the_last_entry_takes_no_day_from_the_list_after_it() -> None:
    body = f"<h1>学术报告</h1><div>{talks()}</div><div><h3>通知公告<a href=/tz/>更多</a></h3><ul>{SIDE}</ul></div>"
    assert {day for _, _, day in shown(listing(body, "/xw/", "学术报告"))} == {None}


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<a href=/x/{n}.html>海港新闻第{n}号公告</a> {'海港 ' * 40}" for n in range(5000)),
        "".join(f"<a href=/x/{n}.html>海港新闻第{n}号公告</a> 2021-01-{n % 28 + 1:02d} " for n in range(10000)),
        "".join(
            f"<p><a href=/x/{n}.html>海港<br>新闻第{n}号</a> <a href=/y/{n}.html>海港<br>新闻第{n}号</a>"
            for n in range(3000)
        ),
    ],
    ids=["one line of links and text", "one line of links and days", "runs beside each other"],
)
def test_no_shape_of_a_list_takes_more_than_two_seconds(body: str) -> None:
    started = time.process_time()
    reading(f"<h1>新闻</h1>{body}")
    assert time.process_time() - started < 2.0


CONTACT = (
    "<h1>Contact</h1><address>509 Harbour Road<br>Quay 73<br>Bay Province</address>"
    "<p>Phone: +86 931 4969000<br>Fax: +86 931 8272100<br>E-mail: office@harbour.test</p><h2>How to find us</h2>"
    "<p>From the airport take the bus to the city centre, then bus no. 1 to Harbour Road.</p>"
)
PROFILE = (
    "<h2>林海</h2><table><tr><td>职称</td><td>研究员</td></tr><tr><td>研究方向</td><td>潮汐理论、海流观测</td></tr>"
    "<tr><td>办公室</td><td>东楼 503</td></tr><tr><td>电话</td><td>0931-8910000</td></tr><tr><td>E-mail</td><td>lin@harbour.test</td></tr></table>"
    "<h4>教育经历</h4><p>1996—2000 某大学物理系 学士<br>2000—2005 某研究所 博士</p><h4>工作经历</h4><p>2005—2008 某研究所 博士后<br>2008至今 海港研究院 研究员</p>"
)
TEXT = "海港研究院将于近期举办潮汐观测技术培训班，欢迎各单位有关人员报名参加，食宿统一安排，费用自理。"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (CONTACT, "Contact | Harbour Institute"),
        (PROFILE, "林海-海港研究院"),
        ("<h1>联系我们</h1>" + "".join(f"<p>{name}</p><p>地址：海港市灯塔路{n}号　邮编：730000</p><p>电话：0931-891000{n}　传真：0931-892000{n}</p>"
                                      for n, name in enumerate(("办公室", "科研处", "人事处"))), "联系我们-海港研究院"),
    ],
)  # fmt: skip
def test_a_page_that_tells_how_to_reach_someone_is_no_article(body: str, title: str) -> None:
    found = reading(f"<div>{body}</div>", "/lxwm.html", title)
    assert isinstance(found.error, NotAnArticleError), found.article or found.listing


@pytest.mark.parametrize(
    "lines",
    [
        [TEXT, TEXT, "联系人：林海", "电话：0931-8910000", "邮箱：lin@harbour.test", "地址：海港市灯塔路1号"],
        [TEXT, "报名：即日起", "费用：免费", "名额：三十人", "电话：0931-8910000　邮箱：lin@harbour.test"],
        [
            TEXT,
            "题目：潮汐与海流",
            "时间：9月5日",
            "地点：东楼报告厅",
            "联系电话：0931-8910000",
            "邮箱：a@harbour.test",
        ],
        ["地址：海港市灯塔路1号", "电话：0931-8910000", "报名截止2021年9月5日", "逾期不再受理报名", "名额三十人"],
        ["地址：海港市灯塔路1号", "电话：0931-8910000", TEXT, TEXT],
        ["电话会议系统的使用办法", "邮件与传真的管理办法", "办公室的开放时间"],
    ],
)
def test_a_notice_that_says_whom_to_ask_tells_no_contacts_alone(lines: list[str]) -> None:
    assert not tells_contacts(lines)


def test_a_short_notice_that_says_whom_to_ask_is_an_article() -> None:
    body = f"<p>{TEXT}</p><p>{TEXT}</p><p>联系人：林海</p><p>电话：0931-8910000</p><p>邮箱：lin@harbour.test</p>"
    found = reading(
        f"<h1>潮汐观测技术培训班报名</h1><div>{body}</div>", "/tz/7.html", "潮汐观测技术培训班报名-海港研究院"
    )
    assert found.article is not None, found.error
    assert "0931-8910000" in found.article.text
