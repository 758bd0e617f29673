"""What stands around an article: its neighbours, and the lists beside it."""
# ruff: noqa: E501 - markup is easier to read unbroken

import pytest

from newsarchive.parsers import parse
from tests.parsers.made_up import BODY, TITLE, article

DATED = "时间：2020-12-02"


@pytest.mark.parametrize(
    ("neighbours", "previous", "following"),
    [
        ('<a href="/1">上一篇</a><a href="/">返回</a><a href="/3">下一篇</a>', "/1", "/3"),
        ('<a href="/1" title="盐湖">« 上一篇</a> <a href="/3" title="水井">下一篇 »</a>', "/1", "/3"),
        ('上一篇：<a href="/1">盐湖</a> 下一篇：<a href="/3">水井</a>', "/1", "/3"),
        ('<p>上一篇：<a href="/1">盐湖</a></p><p>下一篇：<a href="/xw/">返回列表</a></p>', "/1", None),
        ('<p>上一篇：<a href="/xw/">没有了</a></p><p>下一篇：<a href="/3">水井</a></p>', None, "/3"),
        ('<p>上一条新闻：<a href="/1">盐湖</a></p><p>下一条新闻：没有了</p>', "/1", None),
        ('<p>前一条：<a href="/1">盐湖</a></p><p>后一条：<a href="/3">水井</a></p>', "/1", "/3"),
        (
            '<span>上一篇<br><a href="/1">盐湖</a></span><span>下一篇<br><a href="/3">水井</a></span>',
            "/1",
            "/3",
        ),
        ('<a href="/1" rel="prev">盐湖</a> <a href="/3" rel="next">水井</a>', "/1", "/3"),
        ('<a href="/1">« 盐湖为什么是红的</a><a href="/3">一口水井 »</a>', "/1", "/3"),
        ('<a href="/2" rel="next">2</a> <a href="/2" rel="next">下一页</a>', None, None),
        ('<p><a href="/xw/">更多新闻 »</a></p>', None, None),
        (
            '<ul><li>共3页</li><li><a href="2_2">下一页</a></li></ul><p>上一篇：<a href="/1">盐湖</a></p><p>下一篇：<a href="/3">水井</a></p>',
            "/1",
            "/3",
        ),
        (
            '<a href="/1" title="盐湖" rel="prev">&lt; Назад</a> <a href="/3" title="水井" rel="next">Вперёд &gt;</a>',
            "/1",
            "/3",
        ),
        (
            '<a href="/1"><span>« Prev</span><br><span>盐湖</span></a><a href="/3"><span>Next »</span><br><span>水井</span></a>',
            "/1",
            "/3",
        ),
        ('<a href="/1">&larr; 上一篇：盐湖</a> <a href="/3">下一篇：水井 &rarr;</a>', "/1", "/3"),
        ('<a href="/1" rel="prev">&larr; 上一篇文章</a> <a href="/3" rel="next">下一篇文章 &rarr;</a>', "/1", "/3"),
        ('<p>« <a href="/1">盐湖为什么是红的</a></p><p><a href="/3">一口水井</a> »</p>', "/1", "/3"),
    ],
)
def test_neighbours_are_what_their_links_say(neighbours: str, previous: str | None, following: str | None) -> None:
    html = f"<title>{TITLE}</title><h1>{TITLE}</h1><div>时间：2020-12-02</div><div>{BODY}</div><div>{neighbours}</div>"
    read = parse(html, "http://institute.test/1.html")
    found = [item.url if item is not None else None for item in (read.previous, read.next)]
    assert found == [f"http://institute.test{url}" if url is not None else None for url in (previous, following)]


def test_a_newspaper_has_its_neighbours_over_the_title() -> None:
    html = f"""<title>{TITLE}</title><table><tr><td>2020年12月02日 星期三</td>
        <td><a href="/1">上一篇</a>　<a href="/3">下一篇</a>　<a href="#">放大+</a></td></tr></table>
        <h1>{TITLE}</h1><div>{BODY}</div>"""
    read = parse(html, "http://institute.test/2")
    assert read.previous is not None
    assert read.next is not None
    assert (read.previous.url, read.next.url) == ("http://institute.test/1", "http://institute.test/3")


def test_arrows_are_no_part_of_a_neighbours_title() -> None:
    html = f"""<title>{TITLE}</title><h1>{TITLE}</h1><div>时间：2020-12-02</div><div>{BODY}</div>
        <div><a href="/1" rel="prev"><span>←</span> 盐湖</a></div>"""
    read = parse(html, "http://institute.test/2")
    assert read.previous is not None
    assert (read.previous.title, read.next) == ("盐湖", None)


@pytest.mark.parametrize(
    "neighbours",
    [
        '<div>« <a href="/1">盐湖</a></div><div><a href="/3">水井</a> »</div>',
        '<div>上一篇：<a href="/1">盐湖</a></div><div>下一篇：<a href="/3">水井</a></div>',
    ],
)
def test_neighbours_may_stand_over_the_title_and_are_no_list(neighbours: str) -> None:
    read = article(DATED, before=f"<div>读史、论史</div>{neighbours}")
    assert read.previous is not None
    assert read.next is not None
    assert (read.previous.title, read.next.title, read.related) == ("盐湖", "水井", ())


def test_a_label_with_what_it_is_the_label_of_is_no_title() -> None:
    read = article(DATED, after='<ul><li>上一篇文章： <a href="/1">盐湖</a></li><li>下一篇文章： 没有了</li></ul>')
    assert read.previous is not None
    assert (read.previous.title, read.next) == ("盐湖", None)


def lists(after: str, *, before: str = "") -> list[tuple[str, str, str]]:
    return [(link.list, link.title, str(link.date)) for link in article(DATED, after=after, before=before).related]


@pytest.mark.parametrize("name", ["Related Articles", "You may also like", "最新热点", "24小时排行", "相关新闻"])
def test_a_list_stands_under_its_heading(name: str) -> None:
    entries = '<li><a href="/5">灯塔修好了</a> <span>2020-11-01</span></li><li><a href="/6">航道封了</a></li>'
    found = [(name, "灯塔修好了", "2020-11-01"), (name, "航道封了", "None")]
    assert lists(f"<h4>{name}</h4><ul>{entries}</ul>") == found
    assert lists(f"<table><tr><td>{name}</td></tr><tr><td><ul>{entries}</ul></td></tr></table>") == found


def test_the_day_in_a_card_is_no_part_of_its_title() -> None:
    card = '<a href="{}"><img src="/a.jpg"><h4>{}</h4><time>{}</time></a>'
    cards = card.format("/5", "灯塔修好了", "2020-11-01") + card.format("/6", "航道封了", "2020-11-02")
    assert lists(f"<h3>相关推荐</h3><div>{cards}</div>") == [
        ("相关推荐", "灯塔修好了", "2020-11-01"),
        ("相关推荐", "航道封了", "2020-11-02"),
    ]


def test_a_summary_under_an_entry_does_not_end_the_list() -> None:
    entries = '<li><a href="/5">灯塔修好了</a><p>三月一日下午，研究所在二楼会议室召开大会……</p></li><li><a href="/6">航道封了</a></li>'
    assert [title for _, title, _ in lists(f"<dl><dt>推荐内容</dt><dd><ul>{entries}</ul></dd></dl>")] == [
        "灯塔修好了",
        "航道封了",
    ]


@pytest.mark.parametrize(
    "menu",
    [
        '<ul><li><a href="/">首页</a></li><li><a href="/news/">最新消息</a></li><li><a href="/map">网站导览</a></li></ul>',
        '<table><tr><td>新闻中心</td></tr><tr><td><a href="/tpxw/">图片新闻</a></td></tr><tr><td><a href="/zh/">综合新闻</a></td></tr></table>',
    ],
)
def test_an_item_of_a_menu_is_no_heading_of_those_after_it(menu: str) -> None:
    assert lists("", before=menu) == []


def test_a_linked_heading_may_stand_as_its_entries_do() -> None:
    rows = '<div><a href="/tj/">推荐内容</a></div><div><a href="/5">海港灯塔的修缮昨日完工</a></div><div><a href="/6">航道疏浚工程今晨开工</a></div>'
    assert [title for _, title, _ in lists(f"<div>{rows}</div>")] == ["海港灯塔的修缮昨日完工", "航道疏浚工程今晨开工"]


def test_files_are_attachments_and_no_list() -> None:
    read = article(
        DATED,
        after='<div>附件：<ul><li><a href="/1.doc">报名表.doc</a></li><li><a href="/2.doc">议程.doc</a></li></ul></div>',
    )
    assert ([file.title for file in read.attachments], read.related) == (["报名表.doc", "议程.doc"], ())


@pytest.mark.parametrize(
    "after",
    [
        "<ul><li><a href=/7>Prevention of soil erosion</a></li><li><a href=/8>Next steps for the museum</a></li></ul>",
        "<p>Previous research has shown that ports were smaller.</p>",
    ],
)
def test_a_word_that_begins_as_a_label_does_names_no_neighbour(after: str) -> None:
    read = article(DATED, after=after)
    assert (read.previous, read.next) == (None, None)


@pytest.mark.parametrize("labels", [("Previous: ", "Next: "), ("Previous post: ", "Next post: "), ("", "")])
def test_a_title_keeps_the_words_that_labels_are_made_of(labels: tuple[str, str]) -> None:
    rel = ' rel="{}"'.format if not labels[0] else lambda _kind: ""
    read = article(
        DATED,
        after=f'<p>{labels[0]}<a href="/7"{rel("prev")}>What is next for the harbour</a></p>'
        f'<p>{labels[1]}<a href="/8"{rel("next")}>The previous century of ports</a></p>',
    )
    assert read.previous is not None
    assert read.next is not None
    assert (read.previous.title, read.next.title) == ("What is next for the harbour", "The previous century of ports")
