"""Rule and place of every field that was read from a page, and files that a page names and does not give."""
# ruff: noqa: E501 - markup is easier to read unbroken

import pytest
from lxml import etree

from newsarchive.parsers import parse
from newsarchive.records.article import Article

PAGE = """<html><head><title>【海港书评系列之三】灯塔与航道</title></head><body>
<div>当前位置：<a href="/">首页</a> &gt; <a href="/sp/">书评</a> &gt; 正文</div>
<h1>【海港书评系列之三】灯塔与航道</h1>
<div><span>日期：2020-12-02 10:30</span><span> 来源：海港通讯</span><span> 作者：王小明</span><span> 编辑：李小红</span><span> 点击：12</span></div>
<div><p>周小燕 编译</p><p>本书按年份编排了灯塔的手写日志，读者可以在阅览室查阅，也可以通过书面方式申请复制件。</p>
<p>第二章讨论航道的变迁，作者认为应当把地图和访谈记录放在一起读，才能看出水井与驿道的关系。</p>
<p>【文献来源】A. Reader, Lights and Channels, 2019.</p></div>
<p><a href="/f/1.pdf">目录.pdf</a></p>
<div>标签：<a href="/t/1">灯塔</a></div>
<div>上一篇：<a href="/1.html">盐湖与驿道</a></div><div>下一篇：<a href="/3.html">水井与地图</a></div>
<h3>最近更新</h3><ol><li><a href="/9.html">研究小组前往盐湖地区开展调查</a></li></ol></body></html>"""
URL = "http://institute.test/f/202012/2.html"
_MADE = {
    "record",
    "id",
    "site",
    "url",
    "date_evidence",
    "roles",
    "text",
    "encoding",
    "provenance",
    "warnings",
    "parser",
}
"""Fields that are not read from the page, or have their own evidence; roles have a place each."""


FRAMED = PAGE.replace("<h1>", '<div><iframe src="/weather.html"></iframe></div><iframe src="/map.html"></iframe><h1>')


@pytest.fixture(scope="module")
def read() -> Article:
    return parse(PAGE, URL)


def test_every_field_that_was_read_has_its_rule_and_place(read: Article) -> None:
    shown = {name for name in Article.model_fields if name not in _MADE and getattr(read, name)}
    people = {f"roles.{name}" for name, found in read.roles if found}
    assert set(read.provenance) == shown | people
    assert {"column", "series", "clicks", "tags", "section", "breadcrumb", "related", "previous", "next",
            "references", "attachments", "roles.translator", "roles.editor"} <= set(read.provenance)  # fmt: skip


@pytest.mark.parametrize("page", [PAGE, FRAMED], ids=["plain", "framed"])
def test_the_place_holds_the_value(page: str) -> None:
    read = parse(page, URL)
    tree = etree.HTML(page)
    values = {"title": read.title, "column": read.column, "date": "2020-12-02 10:30", "source": read.source,
              "author": read.author, "roles.editor": "李小红", "clicks": "12"}  # fmt: skip
    for name, value in values.items():
        assert value is not None
        place = read.provenance[name]
        assert place.xpath is not None
        assert place.span is not None
        element = tree.getroottree().find(place.xpath.replace("/html", ".", 1))
        assert element is not None
        assert value in " ".join("".join(map(str, element.itertext())).split())[slice(*place.span)]
    for name in ("breadcrumb", "tags", "related", "previous", "next", "attachments", "body"):
        xpath = read.provenance[name].xpath
        assert xpath is not None
        assert len(tree.getroottree().findall(xpath.replace("/html", ".", 1))) == 1


def test_what_the_head_declares_has_a_rule_and_no_place() -> None:
    head = '<meta name="PubDate" content="2020-12-02"><meta name="ContentSource" content="海港局">'
    read = parse(
        f"<head><title>灯塔与航道的历史</title>{head}</head><h1>灯塔与航道的历史</h1><p>{'灯塔' * 50}</p>", URL
    )
    assert {name: (read.provenance[name].rule, read.provenance[name].xpath) for name in ("date", "source")} == {
        "date": ("meta", None),
        "source": ("meta-contentsource", None),
    }


@pytest.mark.parametrize("code", ["fetch(17)", "void(0)"])
def test_a_file_that_only_a_script_can_fetch_is_a_warning(code: str) -> None:
    read = parse(PAGE.replace('href="/f/1.pdf"', f'href="javascript:{code}"'), URL)
    assert read.attachments == ()
    assert "file-without-url: 目录.pdf" in read.warnings


def test_a_file_that_a_script_names_is_an_attachment() -> None:
    read = parse(PAGE.replace('href="/f/1.pdf"', """href="javascript:load('/f/1.pdf')\""""), URL)
    assert [(file.url, file.title) for file in read.attachments] == [("http://institute.test/f/1.pdf", "目录.pdf")]
    assert read.warnings == ()


@pytest.mark.parametrize(
    "player",
    [
        '<embed src="/f/1.pdf" type="application/pdf">',
        '<object data="/f/1.pdf"></object>',
        '<script>showVsbpdfIframe("/f/1.pdf","100%","600","0","","1")</script>',
        '<iframe src="/f/1.pdf"></iframe>',
        """<div class="wp_pdf_player" pdfsrc="/f/1.pdf" sudyfile-attr="{'title':'1.pdf'}"></div>""",
    ],
)
def test_a_file_that_is_shown_in_the_page_is_an_attachment(player: str) -> None:
    read = parse(PAGE.replace('<a href="/f/1.pdf">目录.pdf</a>', player), URL)
    assert [(file.url, file.title, file.type) for file in read.attachments] == [
        ("http://institute.test/f/1.pdf", "1.pdf", "pdf")
    ]
    assert read.provenance["attachments"].rule == "file-players"


@pytest.mark.parametrize(
    "player", ['<iframe src="/f/1.pdf"></iframe>', '<script>showVsbpdfIframe("/f/1.pdf")</script>']
)
def test_an_article_that_is_a_file_in_a_player_is_read(player: str) -> None:
    start, end = PAGE.index("<div><p>周小燕"), PAGE.index("<div>标签：")
    read = parse(PAGE[:start] + player + PAGE[end:], URL)
    assert [file.url for file in read.attachments] == ["http://institute.test/f/1.pdf"]
    assert read.text == "1.pdf"
    assert (read.provenance["body"].rule, read.provenance["body"].xpath) == ("file-players", None)
    assert read.source == "海港通讯"
    assert read.next is not None
