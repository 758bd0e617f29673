"""Lists in further forms: counters beside days, framed pager words, short titles, boxes beside a short list."""
# ruff: noqa: E501 - markup is easier to read unbroken

import datetime as dt

import pytest

from newsarchive.errors import NotAnArticleError
from newsarchive.parsers import GENERIC_SITE
from newsarchive.parsers.reading import Reading, read_page
from newsarchive.records.listing import Listing

HOST = "http://harbour.test"
TITLES = ["海港研究院举行潮汐观测会议", "灯塔修缮工程通过验收", "渔汛预报系统投入使用", "航道测量队完成外业", "码头开放日吸引市民参观",
          "海图数字化项目启动"]  # fmt: skip
DAYS = [dt.date(2021, 12, 30 - 3 * n) for n in range(6)]


def reading(body: str, local: str = "/xw/index.html", title: str = "新闻动态 - 海港研究院") -> Reading:
    html = f"<head><title>{title}</title></head><body><div><a href='/'>首页</a></div>{body}<p>版权所有 海港研究院</p>"
    return read_page(html, HOST + local, GENERIC_SITE)


def listing(body: str, local: str = "/xw/index.html", title: str = "新闻动态 - 海港研究院") -> Listing:
    found = reading(body, local, title)
    assert found.listing is not None, found.error or found.article
    return found.listing


def rows(form: str, titles: list[str] = TITLES) -> str:
    return "".join(
        form.format(u=f"/x/{n}.html", t=title, d=day.isoformat(), day=day, n=n)
        for n, (title, day) in enumerate(zip(titles, DAYS, strict=False))
    )


def titles_of(found: Listing) -> list[str]:
    return [entry.title for entry in found.entries]


@pytest.mark.parametrize(
    "beside",
    [
        "<em>下载次数：5</em><span>{d}</span>",
        "<em>点击: 1234</em><span>{d}</span>",
        "<span><b>{day:%d}</b>/{day:%Y.%m}</span>",
        "<div>{day:%d}/{day:%Y-%m}</div>",
    ],
)
def test_a_day_is_read_after_a_count_and_over_its_month(beside: str) -> None:
    found = listing("<ul>" + rows(f'<li><a href="{{u}}">{{t}}</a>{beside}</li>') + "</ul>")
    assert [entry.date for entry in found.entries] == DAYS


@pytest.mark.parametrize("shown", ["[下一页]", "【下一页】", "[ 下页 ]"])
def test_the_words_of_a_pager_may_stand_in_brackets(shown: str) -> None:
    rest = f"<div>第1页 共13页 <a href='index_1.html'>{shown}</a></div>"
    found = listing("<ul>" + rows('<li><a href="{u}">{t}</a><i>{d}</i></li>') + "</ul>" + rest)
    assert found.next == f"{HOST}/xw/index_1.html"
    assert titles_of(found) == TITLES


NAMES = ["灯塔", "潮汐表", "渔汛预报系统投入使用", "引航员", "码头开放日吸引市民参观", "海图数字化项目启动"]


def test_short_titles_within_a_list_are_entries() -> None:
    form = '<dl><dt><a href="{u}"><img src="/i/{n}.jpg"></a></dt><dd><a href="{u}">{t}</a></dd><dd>{d}</dd></dl>'
    found = listing("<div>" + rows(form, NAMES) + "</div>")
    assert titles_of(found) == NAMES
    assert [entry.date for entry in found.entries] == DAYS


def test_a_short_link_to_a_section_before_each_title_is_no_entry() -> None:
    form = '<li><p><a href="/list/{n}.html">航运</a></p><p><a href="{u}">{t}</a></p><i>{d}</i></li>'
    assert titles_of(listing("<ul>" + rows(form) + "</ul>")) == TITLES


def test_a_list_of_nothing_but_short_titles_is_one_by_its_days() -> None:
    short = ["灯塔", "潮汐表", "班车时刻", "电话簿", "值班安排", "港区地图"]
    found = listing("<ul>" + rows('<li><a href="{u}">{t}</a><i>{d}</i></li>', short) + "</ul>")
    assert titles_of(found) == short
    assert [entry.date for entry in found.entries] == DAYS
    menu = "<ul>" + rows('<li><a href="{u}">{t}</a></li>', short) + "</ul>"
    assert reading(menu).listing is None


def side(form: str, heading: str = "海港要闻") -> str:
    links = "".join(form.format(u=f"/s/{n}.html", t=f"第{n}次港务例会在综合楼召开", n=n) for n in range(1, 10))
    return f"<div><h3>{heading}</h3><ul>{links}</ul></div>"


@pytest.mark.parametrize("form", ['<li><a href="{u}">{t}</a><i>03-0{n}</i></li>', '<li><a href="{u}">{t}</a></li>'])
def test_two_entries_under_the_name_of_the_page_are_its_list(form: str) -> None:
    own = "<ul>" + rows('<li><a href="{u}">{t}</a><span>{d}</span></li>', TITLES[:2]) + "</ul>"
    path = "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/dw/'>党务</a> &gt; 先锋榜样</div>"
    found = listing(f"{side(form)}<div>{path}<h2>先锋榜样</h2>{own}</div>", title="先锋榜样-海港研究院")
    assert titles_of(found) == TITLES[:2]


def test_a_list_under_the_first_words_of_the_title_outweighs_a_longer_one_beside_it() -> None:
    own = "<ul>" + rows('<li><a href="{u}">{t}</a></li>') + '</ul><a href="index_2.html">下一页</a>'
    beside = side('<li><a href="{u}">{t}</a></li>', "一周看点")
    found = listing(f"<div><h1>滚动新闻</h1>{own}</div>{beside}", title="滚动新闻 海港周报")
    assert titles_of(found) == TITLES


CARD = '<a href="{{u}}" class="card"><div><img src="/i/{{n}}.jpg">{before}<div>{{t}}</div><div>{{d}}</div><div>{{t}}，与会各方深入交流，详情见内文。</div></div></a>'


@pytest.mark.parametrize(
    "before",
    [
        "<div>学术交流活动</div>",
        "<div>科学研究</div>",
        "<span>01:2{n}</span>",
        "<div>1分2{n}秒</div>",
        "<div>十二月 2021</div>",
    ],
)
def test_what_stands_before_the_title_in_a_card_is_not_the_title(before: str) -> None:
    found = listing("<div>" + rows(CARD.format(before=before)) + "</div>")
    assert titles_of(found) == TITLES
    assert [entry.date for entry in found.entries] == DAYS


def test_a_day_is_read_over_the_name_of_its_month() -> None:
    form = '<div><a href="{u}"><div>{day:%d}</div><div>十二月 {day:%Y}</div><p>{t}</p></a></div>'
    found = listing("<div>" + rows(form) + "</div>")
    assert titles_of(found) == TITLES
    assert [entry.date for entry in found.entries] == DAYS


def test_days_beside_the_name_of_their_month_make_a_list() -> None:
    form = '<div><div><span>{day:%b}</span><span>{day:%d}</span></div><div><a href="{u}">{t}</a><div>Venue: Hall {n}</div></div></div>'
    assert titles_of(listing("<div>" + rows(form) + "</div>")) == TITLES


@pytest.mark.parametrize("word", ["查看", "详情", "[查看详情]"])
def test_the_title_of_a_row_may_be_a_cell_beside_the_link(word: str) -> None:
    form = f'<tr><td>{{t}}</td><td>{{d}}</td><td>2022-02-01</td><td><a href="{{u}}">{word}</a></td></tr>'
    found = listing("<table><tr><th>名称</th><th>发布</th><th>截止</th><th>操作</th></tr>" + rows(form) + "</table>")
    assert titles_of(found) == TITLES
    assert [entry.date for entry in found.entries] == DAYS


def test_the_title_of_a_picture_may_be_its_caption() -> None:
    form = '<td><a href="{u}"><img src="/i/{n}.jpg" alt="{t}"></a><br>{t}</td>'
    wall = f"<h1>图片新闻</h1><table><tr>{rows(form)}</tr></table><a href='index_2.html'>下一页</a>"
    assert titles_of(listing(wall)) == TITLES


def test_pictures_that_lead_to_files_are_no_entries() -> None:
    form = '<td><a href="{u}.jpg"><img src="/i/{n}.jpg"></a><br>{t}</td>'
    assert reading(f"<table><tr>{rows(form)}</tr></table><a href='index_2.html'>下一页</a>").listing is None


def test_days_ago_beside_counts_make_a_list() -> None:
    form = '<div><a href="{u}">{t}</a><div><span>{n}天前</span><span>3 评论</span><span>9{n} 浏览</span></div></div>'
    found = listing("<div>" + rows(form) + '</div><div><a href="/xw?page=2">加载更多</a></div>')
    assert titles_of(found) == TITLES
    assert found.next == f"{HOST}/xw?page=2"


@pytest.mark.parametrize(
    ("group", "form"),
    [
        ("<dl><dt>{m}</dt>{e}</dl>", '<dd><i></i><em>{day}日</em><a href="{u}">{t}</a></dd>'),
        ("<h3>{m}</h3><ul>{e}</ul>", '<li><em>{day:02}日</em><a href="{u}">{t}</a></li>'),
    ],
)
def test_groups_by_month_are_one_list(group: str, form: str) -> None:
    groups = [("2021年12月", (28, 17, 3)), ("2021年11月", (25, 9)), ("2020年10月", (30,))]
    titles = iter(enumerate(TITLES))
    body = ""
    for month, days in groups:
        entries = "".join(form.format(day=day, u=f"/x/{(at := next(titles))[0]}.html", t=at[1]) for day in days)
        body += group.format(m=month, e=entries)
    found = listing(f"<h2>港务动态</h2><div>{body}</div><div><a href='index_2.html'>下一页</a></div>")
    assert titles_of(found) == TITLES
    assert [entry.date for entry in found.entries] == [
        dt.date(2021, 12, 28), dt.date(2021, 12, 17), dt.date(2021, 12, 3),
        dt.date(2021, 11, 25), dt.date(2021, 11, 9), dt.date(2020, 10, 30),
    ]  # fmt: skip


def test_an_undated_list_under_the_name_of_the_page_is_one_beside_a_dated_box() -> None:
    own = "<ul>" + rows('<li><a href="{u}">{t}</a></li>') + "</ul>"
    beside = side('<li><a href="{u}">{t}</a><span>2022-10-0{n}</span></li>', "最新通知")
    found = listing(f"<h2>规章制度</h2>{own}{beside}", "/gzzd.htm", "规章制度-海港研究院")
    assert titles_of(found) == TITLES


def test_the_home_of_a_site_is_no_article() -> None:
    box = '<div><h3>{h}<a href="/{h}/">更多</a></h3><ul>{e}</ul></div>'
    boxes = "".join(
        box.format(h=h, e=rows(f'<li><a href="/{n}{{u}}">{{t}}</a><span>{{d}}</span></li>'))
        for n, h in enumerate(("要闻", "通知公告", "学术活动", "党建工作"))
    )
    assert reading(boxes, "/", "海港研究院").article is None


@pytest.mark.parametrize(
    ("folder", "day"), [("/x", "2022-01-02"), ("/s", "2022-01-02"), ("/x", "2021-01-02"), ("/x", "")]
)
def test_a_headline_above_the_list_is_its_first_entry(folder: str, day: str) -> None:
    url = f"{folder}/90.html"
    text = f'<p>研究院召开大会，部署下半年重点任务。[<a href="{url}">详细</a>]</p><span>{day}</span>'
    headline = f'<div><h3><a href="{url}">航标灯器更新改造完成</a></h3>{text}</div>'
    found = listing(headline + "<ul>" + rows('<li><span>{d}</span><a href="{u}">{t}</a></li>') + "</ul>")
    if folder == "/x" and day > "2022":
        assert titles_of(found) == ["航标灯器更新改造完成", *TITLES]
        assert [entry.date for entry in found.entries] == [dt.date(2022, 1, 2), *DAYS]
    else:
        assert titles_of(found) == TITLES


def test_a_table_without_a_sentence_is_no_article() -> None:
    cells = "".join(f"<tr><td>K10{n}</td><td>{title}</td><td>2.5</td></tr>" for n, title in enumerate(TITLES))
    found = reading(f"<h2>2021-2022学年航海课程目录</h2><table><tr><th>课程号</th><th>课程名</th></tr>{cells}</table>")
    assert isinstance(found.error, NotAnArticleError)


def test_groups_under_the_name_of_the_page_are_one_list() -> None:
    groups = [TITLES[:2], TITLES[2:4], TITLES[4:]]
    items = iter(range(len(TITLES)))
    body = "".join(
        f"<li><b>第{n}类</b><ul>"
        + "".join(f'<li><a href="/x/{next(items)}.html">{t}</a></li>' for t in group)
        + "</ul></li>"
        for n, group in enumerate(groups)
    )
    beside = side('<li><a href="{u}">{t}</a><span>2022-10-0{n}</span></li>', "最新通知")
    found = listing(f"<h2>规章制度</h2><ul>{body}</ul>{beside}", "/gzzd.htm", "规章制度-海港研究院")
    assert titles_of(found) == TITLES
