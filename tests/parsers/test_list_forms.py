"""Lists in further forms: counters beside days, framed pager words, short titles, boxes beside a short list."""
# ruff: noqa: E501 - markup is easier to read unbroken

import datetime as dt

import pytest

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
