"""How many entries a list page says that it has."""

import pytest

from newsarchive.parsers.reading import read_page
from newsarchive.sites import generic_site

ENTRIES = "".join(
    f'<li><a href="/f/{n}.html">第{n}届绿洲灌溉制度学术研讨会召开</a><span>2026-03-{n:02}</span></li>'
    for n in range(1, 11)
)


def stated(pager: str) -> int | None:
    page = f"<html><body><h2>新闻动态</h2><ul>{ENTRIES}</ul><div>{pager}</div></body></html>"
    reading = read_page(page, "http://institute.test/news/", generic_site())
    assert reading.listing is not None
    return reading.stated


@pytest.mark.parametrize(
    ("pager", "total"),
    [
        ("共120条 1/12", 120),
        ("共 <b>1204</b> 条记录 每页 15 条", 1204),
        ("总记录数：88 首页 尾页", 88),
        ("共有 7 篇", 7),
        ("1-15 of 300 articles", 300),
        ("共10页 首页 下一页 尾页", None),
        ("首页 下一页 尾页", None),
    ],
)
def test_a_pager_tells_entries_and_not_pages(pager: str, total: int | None) -> None:
    assert stated(pager) == total


def test_an_article_states_no_total() -> None:
    text = "本次会议共收到论文120篇，来自十二个国家的学者参加了研讨。" * 6
    page = f"<html><body><h1>会议召开</h1><p>日期：2026-01-02 来源：原创</p><div><p>{text}</p></div></body></html>"
    assert read_page(page, "http://institute.test/f/1.html", generic_site()).stated is None
