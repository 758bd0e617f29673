"""Bodies of pages whose layout once let furniture into the text, or lost the text."""
# ruff: noqa: E501 - markup is easier to read unbroken

import pytest

from newsarchive.parsers import parse
from newsarchive.records.article import Article

TITLE = "研究所与大学签署合作协议"
PARAGRAPHS = [f"第{n}段，双方就联合培养和资料共享交换了意见，商定明年春天举行第一次工作会议。" for n in "一二三四五六"]
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
SHORT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:3])
INFO = "<p>来源：科研处　发布时间：2021-03-05</p>"


def read(html: str) -> Article:
    return parse(f"<meta charset=utf-8><title>{TITLE}</title>{html}", "http://institute.test/info/1/2.html")


def text_of(html: str) -> list[str]:
    return read(html).text.split("\n")


@pytest.mark.parametrize(
    "style", ["visibility: hidden;", "visibility: hidden; opacity: 0;", "color:red;visibility:hidden"]
)
@pytest.mark.parametrize("name", ["div", "span"])
def test_text_that_a_script_makes_visible_is_read(name: str, style: str) -> None:
    page = f'<h1>{TITLE}</h1>{INFO}<{name} id="content" style="{style}">{BODY}</{name}>'
    assert text_of(page) == PARAGRAPHS


def test_what_stays_hidden_in_text_that_a_script_makes_visible_is_not_read() -> None:
    inner = '<div style="display:none">微信号：某研究所，发布研究所的学术动态。</div>'
    assert text_of(f'<h1>{TITLE}</h1>{INFO}<div style="visibility: hidden">{inner}{BODY}</div>') == PARAGRAPHS


@pytest.mark.parametrize("style", ["visibility: hidden; position: absolute", "visibility: hidden; display: none"])
def test_a_window_that_waits_over_the_page_is_not_read(style: str) -> None:
    window = f'<div style="{style}">{"".join(f"<p>请先阅读本站第{n}条使用须知，再继续浏览本站的其他栏目和文章。</p>" for n in "一二三四五六七八九")}</div>'
    assert text_of(f"<h1>{TITLE}</h1>{INFO}{window}<div>{SHORT}</div>") == PARAGRAPHS[:3]


def test_a_hidden_note_is_not_read() -> None:
    note = f'<div style="visibility: hidden">{PARAGRAPHS[5]}</div>'
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div>{SHORT}{note}</div>") == PARAGRAPHS[:3]
