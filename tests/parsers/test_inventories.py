"""Whether a page is a list or an article, where it has few entries, or each of them has its own info line."""
# ruff: noqa: E501 - markup is easier to read unbroken

import datetime as dt

import pytest

from newsarchive.parsers import GENERIC_SITE
from newsarchive.parsers.reading import Reading, read_page

HOST = "http://harbour.test"
TITLES = ["海港研究院举行潮汐观测会议", "灯塔修缮工程通过验收", "渔汛预报系统投入使用"]
DAYS = [dt.date(2021, 9, 30 - 3 * n) for n in range(3)]
SUMMARY = "海港研究院昨日在二楼会议室举行了本年度的工作会议，与会人员交换了意见……"


def reading(body: str, local: str = "/xw/") -> Reading:
    menu = "<ul><li><a href='/'>首页</a></li><li><a href='/gk/'>概况</a></li><li><a href='/xw/'>新闻</a></li></ul>"
    html = f"<head><title>新闻 - 海港研究院</title></head><body>{menu}{body}<p>版权所有 海港研究院</p>"
    return read_page(html, HOST + local, GENERIC_SITE)


def shown(found: Reading) -> list[tuple[str, dt.date | None]]:
    assert found.listing is not None, found.error or found.article
    return [(entry.title, entry.date) for entry in found.listing.entries]


def rows(form: str) -> str:
    return "".join(
        form.format(u=f"/x/{n}.html", t=title, d=day, md=f"{day.month}月{day.day}日", s=SUMMARY, yy=f"{day:%y-%m-%d}")
        for n, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    )


@pytest.mark.parametrize(
    "form",
    [
        "<li><a href={u}>{t}</a><span><small>日期：</small>{d} 09:12:33<small>点击：</small>120</span><p>{s}</p></li>",
        "<article><h2><a href={u}>{t}</a></h2><ul><li>作者: 王小明</li><li>时间: <time>{d}</time></li></ul><p>{s}</p></article>",
        "<div><a href={u}><h4>{t}</h4></a><p>发布时间：{d}</p><p>{s}</p></div>",
        "<div><h2><a href={u}>{t}</a></h2><dl><dd><time>Опубликовано: {d}</time></dd></dl><p>{s}</p></div>",
        "<article><h2><a href={u}>{t}</a></h2><p>{s}</p><div><a href={u}><time>{d}</time></a></div></article>",
    ],
)
def test_three_entries_with_info_lines_of_their_own_are_a_list(form: str) -> None:
    assert shown(reading(rows(form))) == list(zip(TITLES, DAYS, strict=True))


def test_the_front_of_several_sections_is_no_article() -> None:
    def section(name: str, number: int) -> str:
        items = "".join(
            f"<li><a href=/x/{number}{n}.htm>第{number}{n}次讲座通知</a><span>2010-06-{28 - n}</span></li>"
            for n in range(6)
        )
        return f"<div><div><h3>{name}</h3><a href=/{number}/>更多&gt;&gt;</a></div><ul>{items}</ul></div>"

    found = reading("".join(section(name, n) for n, name in enumerate(("学院新闻", "通知公告", "学术讲座"))))
    assert len(shown(found)) == 6


def test_an_entry_may_be_named_by_the_label_of_an_empty_link() -> None:
    form = "<article><header><h2>{t}</h2></header><p>{s}</p><footer>{d}</footer><a aria-label='post link to {t}' href={u}></a></article>"
    assert shown(reading(rows(form))) == list(zip(TITLES, DAYS, strict=True))


def test_a_day_in_brackets_has_the_year_of_its_heading() -> None:
    assert shown(reading(f"<h2>2021年</h2><ul>{rows('<li><a href={u}>{t}</a>（{md}）</li>')}</ul>")) == list(
        zip(TITLES, DAYS, strict=True)
    )


@pytest.mark.parametrize(
    "form",
    [
        "<li><a href={u}>{t}</a><span>(99次)</span><span>{yy}</span></li>",
        "<li><a href={u}>{t}</a><span>[99]</span><span>{d}</span></li>",
        "<li><a href={u}>{t}</a><span>点击99</span><span>{d}</span></li>",
    ],
)
def test_a_count_that_touches_a_day_is_no_part_of_it(form: str) -> None:
    assert shown(reading(f"<h2>新闻</h2><ul>{rows(form)}</ul>")) == list(zip(TITLES, DAYS, strict=True))


def test_the_last_days_of_a_list_date_no_link_beside_it() -> None:
    body = f"<ul>{rows('<li><a href={u}>{t}</a><span>{d}</span></li>')}</ul><div>友情链接<a href=http://www.nssd.test>国家哲学社会科学学术期刊数据库</a></div>"
    assert shown(reading(body)) == list(zip(TITLES, DAYS, strict=True))


@pytest.mark.parametrize(
    "pager",
    [
        "<ul><li><a href='?page=1' rel=next><span class=visually-hidden>Next page</span><span aria-hidden=true>Next ›</span></a></li></ul>",
        "<div><div class=nav-previous><a href='?page=1'>Предыдущие записи</a></div></div>",
    ],
)
def test_the_next_page_in_the_words_of_drupal_and_wordpress(pager: str) -> None:
    found = reading(f"<h2>新闻</h2><ul>{rows('<li><a href={u}>{t}</a><span>{d}</span></li>')}</ul>{pager}")
    assert found.listing is not None
    assert found.listing.next == f"{HOST}/xw/?page=1"
