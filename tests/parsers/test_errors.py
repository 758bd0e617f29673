"""A page that is no article is named as what it is, whatever the bytes are."""
# ruff: noqa: E501 - markup is easier to read unbroken

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.errors import (
    EmptyPageError,
    LoginWallError,
    MissingFieldError,
    NotAnArticleError,
    NotHtmlError,
    PageError,
    PageTooLargeError,
    ScriptOnlyError,
    SoftNotFoundError,
)
from newsarchive.parsers import GENERIC_SITE, parse
from newsarchive.parsers.reading import read_page
from newsarchive.records.article import Article
from newsarchive.records.listing import Listing

URL = "http://institute.test/f/1.html"
TEXT = "会议讨论了地区合作与发展的若干问题，与会学者交换了意见。"
HEAD = "<title>某研究所举行学术会议</title><h1>某研究所举行学术会议</h1><div>日期：2020-12-02 来源：本站</div>"


@pytest.mark.parametrize(
    ("html", "error"),
    [
        (b"", EmptyPageError),
        (b" \n\t ", EmptyPageError),
        (b"<html><body></body></html>", EmptyPageError),
        (b"<!-- nothing -->", EmptyPageError),
        (b"%PDF-1.4 <html>", NotHtmlError),
        (b"PK\x03\x04 zip", NotHtmlError),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00<p>", NotHtmlError),
        (b"just words", NotHtmlError),
        ("<title>404</title><p>抱歉，您访问的页面不存在</p>".encode(), SoftNotFoundError),
        ("<title>提示</title><div>该文章已删除，文章不存在</div><a href='/'>返回首页</a>".encode(), SoftNotFoundError),
        ("<title>登录</title><form>用户名<input name=u>密码<input type='password'></form>".encode(), LoginWallError),
        ("<title>提示</title><p>请登录后查看本文</p>".encode(), LoginWallError),
        (b"<html><body><div id=app></div><script src=a.js></script></body></html>", ScriptOnlyError),
        ("<div id=app>正在加载，请启用 JavaScript</div><script src=a.js></script>".encode(), ScriptOnlyError),
        (f"{HEAD}<p>版权所有 某研究所</p>".encode(), MissingFieldError),
        (f'{HEAD}<p>标签：灯塔</p><p>上一篇：<a href="/1.html">盐湖与驿道</a></p><p>下一篇：无</p>'.encode(), MissingFieldError),
        ("<title>某研究所</title><p>欢迎访问</p>".encode(), NotAnArticleError),
        (b"<p>x" * 70_000, PageTooLargeError),
        (b"<p>" + b"x" * 5_000_000, PageTooLargeError),
        (b"<p " + b"".join(b"a%d=1 " % n for n in range(50_000)) + b">x", PageTooLargeError),
        (b"<div>" * 55_000 + b"deep", PageTooLargeError),
    ],
)  # fmt: skip
def test_a_page_is_named_as_what_it_is(html: bytes, error: type[PageError]) -> None:
    with pytest.raises(error) as raised:
        parse(html, URL)
    assert type(raised.value) is error
    assert "\n" not in str(raised.value)


def test_an_article_about_missing_pages_is_an_article() -> None:
    html = HEAD + f"<div><p>404错误：页面不存在，是读者常见的提示。{TEXT}</p>" + f"<p>{TEXT}</p>" * 10 + "</div>"
    assert parse(html, URL).title == "某研究所举行学术会议"


@pytest.mark.parametrize("html", [HEAD + f"<div><p>{TEXT}</p><p>{TEXT}</p></div></body></html><div><p>{TEXT}</p></div>",
                                  f"<html><body></body></html>{HEAD}<div><p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p></div>"])  # fmt: skip
def test_what_follows_an_early_end_is_read(html: str) -> None:
    article = parse(html, URL)
    assert article.title == "某研究所举行学术会议"
    assert article.text.count(TEXT) >= 2


def test_a_list_without_an_end_in_the_raw_text_of_an_xmp_stops_nothing() -> None:
    text = "海港的灯光照亮了整个海岸，渔民们在清晨出发。" * 3
    html = (
        f"<h1>海港的灯光与渔民</h1><div>发布时间：2024-03-01 来源：海港报</div>"
        f"<div><p>{text}</p><xmp><ul><li><div><div>港口的清单</xmp><p>{text}</p></div>"
    )
    assert parse(html.encode(), "http://harbour.test/1.html").text == f"{text}\n港口的清单\n{text}"


def test_text_deeper_than_libxml2_reads_is_read() -> None:
    html = HEAD + "<div>" * 3000 + f"<p>{TEXT}</p><p>{TEXT}</p>" + "</div>" * 3000
    article = parse(html, URL)
    assert article.text == f"{TEXT}\n{TEXT}"
    assert not article.warnings


@pytest.mark.parametrize(
    "shape",
    [
        "<div>" * 9000,
        "<div><b>" * 5000,
        "".join(f"<font color={n}><p>{n}" for n in range(2500)),
        "".join(f"<b id={n}>" for n in range(2500)) + "<p>x" * 2500,
        "".join(f"<body a{n}=1>" for n in range(30)) + "<!--" + "x" * 50_000 + "-->",
        "<ul><li><p>" * 5000,
    ],
    ids=["deep boxes", "deep boxes and letters", "fonts left open", "letters left open", "bodies", "deep lists"],
)  # fmt: skip
def test_what_lexbor_would_take_too_long_over_is_read_by_the_second_reader(shape: str) -> None:
    html = HEAD + f"<div><p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p></div>" + shape
    started = time.process_time()
    article = parse(html, URL)
    assert time.process_time() - started < 2
    assert article.text.startswith(f"{TEXT}\n{TEXT}\n{TEXT}\n{TEXT}")
    assert any(warning.startswith("parse-limited") for warning in article.warnings)


@pytest.mark.parametrize(
    "shape",
    [
        "<table>" + "<tr><td><font size=2>x<td><b>y" * 2000 + "</table>",
        "<li><a href=/x>x</a>" * 9000,
        "<b>x</b><font>y</font>" * 9000,
    ],
    ids=["letters left open in cells", "items without an end", "many letters"],
)
def test_what_browsers_end_by_themselves_needs_no_second_reader(shape: str) -> None:
    html = HEAD + f"<div><p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p></div>" + shape
    assert not any(warning.startswith("parse-limited") for warning in parse(html, URL).warnings)


def test_a_malformed_link_is_skipped_and_counted() -> None:
    html = HEAD + f'<div><p>{TEXT}</p><p>{TEXT}</p></div><a href="http://[::1">bad</a><a href="/good.html">good</a>'
    reading = read_page(html, URL, GENERIC_SITE)
    assert reading.article is not None
    assert reading.skipped_links == 1
    assert "http://institute.test/good.html" in {link.url for link in reading.links}


def test_links_are_absolute_in_page_order_and_named_once() -> None:
    html = (
        '<head><base href="http://institute.test/a/b/"><link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        '<link rel="canonical" href="../c.html#top"></head>'
        '<a href="1.html#x">1</a><a href="../2.html">2</a><a href="1.html">again</a><a href="mailto:a@b.test">m</a>'
        '<a href="javascript:open(\'/3.html\')">3</a><a href="javascript:void(0)" onclick="window.open(\'4.html\')">4</a>'
        '<map><area href="/5.html"></map><iframe src="//other.test/6.html"></iframe><a href="?page=7">7</a><a href="">e</a>'
    )
    reading = read_page(html, URL, GENERIC_SITE)
    assert reading.canonical == "http://institute.test/a/c.html"
    assert [(link.url, link.rel) for link in reading.links] == [
        ("http://institute.test/feed.xml", "feed"),
        ("http://institute.test/a/b/1.html", "link"),
        ("http://institute.test/a/2.html", "link"),
        ("http://institute.test/3.html", "link"),
        ("http://institute.test/a/b/4.html", "link"),
        ("http://institute.test/a/b/?page=7", "link"),
        ("http://other.test/6.html", "link"),
        ("http://institute.test/5.html", "link"),
    ]


def test_at_most_5000_links_are_kept_and_the_rest_is_counted() -> None:
    html = "".join(f'<a href="/{n}.html">{n}</a>' for n in range(6000))
    reading = read_page(html, URL, GENERIC_SITE)
    assert len(reading.links) == 5000
    assert reading.skipped_links == 1000


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/x.html">链接标题链接标题</a>\n' * 29_000,
        "<p>上一篇：<a href=/a.html>标题标题标题</a>" * 19_000,
        "日期：2020-01-01 来源：某报<br>" * 59_000,
        "<h3>相关新闻</h3>" * 29_000,
        f"<p>{TEXT}</p><p>相关新闻</p>" * 14_000,
        "<table>" + "<tr><td>a<td>b" * 19_000,
        "<div>" * 1900 + "日期：2020-01-01 来源：某报<br>" * 20_000,
        "<p>" + "：" * 1_000_000,
        "<title>" + "题" * 1_000_000,
    ],
)
def test_no_page_takes_longer_than_two_seconds(html: str) -> None:
    started = time.process_time()
    read_page(html.encode(), URL, GENERIC_SITE)
    assert time.process_time() - started < 2


def _one_of_three(html: bytes | str) -> None:
    reading = read_page(html, URL, GENERIC_SITE, captured_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    assert sum(x is not None for x in (reading.article, reading.listing, reading.error)) == 1
    if reading.article is not None:
        assert Article.model_validate(reading.article.model_dump()) == reading.article
    if reading.listing is not None:
        assert Listing.model_validate(reading.listing.model_dump()) == reading.listing


@given(st.binary(max_size=600))
def test_no_bytes_raise(data: bytes) -> None:
    _one_of_three(data)


_PIECES = st.sampled_from([
    "<div>", "</div>", "<p>", "</p>", "<br>", "<b>", "<h1>", "</h1>", "<table><tr><td>", "</table>", "<ul><li>", "</ul>", "<a href='/f/1.html'>",
    "<a href='x.pdf'>", "</a>", "<img src='a.jpg'>", "<span style='display:none'>", "</span>", "</html>", "<blockquote>", "日期：", "来源：",
    "2020-12-02", "昨天", "作者：", "点击：12", "标签：", "上一篇：", "下一篇：没有了", "图片新闻", "【学术交流之八十八】", TEXT, "某研究所举行会议", "一、背景",
    "附件：", "首页 > 新闻 > 正文", "\x00", "\ud800", "&#1;", "<!--", "-->", "<script>", "</script>", " ", "\u3000", "下一页",
])  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=10), max_size=60).map("".join))
def test_no_html_raises_and_every_record_would_validate(html: str) -> None:
    _one_of_three(html)
    _one_of_three(html.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("title", ["机构简介", "海港研究所概况", "About us"])
def test_a_page_about_the_institute_is_no_article(title: str) -> None:
    text = (
        "海港研究所从事航道与灯塔的历史、社会和环境研究，编有海港书评系列，主办海港讲坛，设有三个研究室和一个资料室。"
        * 3
    )
    page = f"<title>{title}-海港研究所</title><h2>{title}</h2><p>{text}</p>"
    assert isinstance(read_page(page, "http://institute.test/about.html", GENERIC_SITE).error, NotAnArticleError)
    dated = f"<title>{title}-海港研究所</title><h2>{title}</h2><p>发布时间：2020-12-02</p><p>{text}</p>"
    assert read_page(dated, "http://institute.test/about.html", GENERIC_SITE).article is not None
