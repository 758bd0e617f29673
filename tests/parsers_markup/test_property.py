"""Any article in any markup reads as the article that it is.

The articles are random: meaningless, and shaped like those of an institute.
"""

import datetime as dt
from dataclasses import fields
from enum import StrEnum
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsarchive import parse
from newsarchive.records.article import (
    Attachment,
    Block,
    Footnote,
    Heading,
    Image,
    ItemList,
    Neighbour,
    Paragraph,
    Quote,
    RelatedLink,
    Roles,
    Series,
    Table,
)
from newsarchive.records.site import Site
from newsarchive.sample.markups import Markup, render_article
from newsarchive.sample.markups.frame import PageText
from newsarchive.sample.numerals import chinese_numeral
from newsarchive.sample.shown import ShownArticle

ORIGIN = "http://institute.test"
ZONE = ZoneInfo("Asia/Shanghai")
LIST_NAMES = ("图片新闻", "推荐内容", "最近更新", "热点新闻", "通知公告", "学术动态")

_HANZI = (
    "云山水田林路桥村城学书史人家化地方大小新老东西南北中春秋冬夏花木石土金银红白青黑绿风雨雪星河湖海江草原沙漠洲"
    "驼铃古道驿站里外高低远近长短多少轻重先生师友农工商船车马牛羊麦豆瓜果米茶酒布衣针线刀斧钟鼓琴棋画诗歌舞"
)
_WORDS = (
    "water",
    "oasis",
    "canal",
    "Vetrova",
    "2019",
    "3.5%",
    "“绿洲”",
    "《渠志》",
    "（草案）",
    "11月30日",
    "вода",
    "é",
    "A&B",
    "<5",
)

SITE = Site(name="institute", title="绿洲研究院", home=f"{ORIGIN}/", article_url=r"^/f/(?P<key>\d{6}/\d+)\.html$")
PAGE_TEXT = PageText(
    SITE.title,
    SITE.home,
    {"机构新闻": f"{ORIGIN}/news/", "学术研究": f"{ORIGIN}/research.htm"},
    f'<p>版权所有 {SITE.title} <a href="mailto:a@institute.test">联系我们</a> <a href="/about.html">关于本站</a></p>',
)


def hanzi(least: int, most: int) -> st.SearchStrategy[str]:
    """Words without labels, markers or punctuation."""
    return st.text(alphabet=_HANZI, min_size=least, max_size=most)


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """One sentence of two to five clauses, now and then with a foreign word."""
    clauses = draw(st.lists(hanzi(5, 18), min_size=2, max_size=5))
    if draw(st.booleans()):
        clauses[0] += draw(st.sampled_from(_WORDS))
    return "，".join(clauses) + "。"


def paragraphs() -> st.SearchStrategy[str]:
    """One to four sentences."""
    return st.lists(sentences(), min_size=1, max_size=4).map("".join)


@st.composite
def titles(draw: st.DrawFn) -> tuple[str, str | None, Series | None]:
    """Return a title, the column in its 【】, and the series that the column names."""
    words = draw(hanzi(8, 36))
    if draw(st.booleans()):
        words = f"《{words}》" if draw(st.booleans()) else f"{words[:4]}：{words[4:]}"
    kind = draw(st.sampled_from(("plain", "column", "series")))
    if kind == "plain":
        return words, None, None
    if kind == "column":
        column = draw(hanzi(4, 6))
        return f"【{column}】{words}", column, None
    series = Series(name=draw(hanzi(2, 4)) + "系列", number=draw(st.integers(1, 300)))
    column = f"{series.name}之{chinese_numeral(series.number or 1)}"
    return f"【{column}】{words}", column, series


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Block, ...]:
    """Return a paragraph, sections with or without headings, then notes."""
    blocks: list[Block] = [Paragraph(text=draw(paragraphs()))]
    numbered = draw(st.booleans())
    for at in range(1, draw(st.integers(1, 4)) + 1):
        if numbered:
            blocks.append(Heading(level=2, text=f"{chinese_numeral(at)}、{draw(hanzi(4, 12))}"))
        if numbered and draw(st.booleans()):
            blocks.append(Heading(level=3, text=f"（一）{draw(hanzi(4, 12))}"))
        blocks += [Paragraph(text=text) for text in draw(st.lists(paragraphs(), min_size=1, max_size=3))]
        blocks += draw(st.lists(_inserts(at), max_size=1))
        blocks.append(Paragraph(text=draw(paragraphs())))
    notes = draw(st.lists(sentences(), max_size=2))
    return (*blocks, *(Footnote(text=f"[{at}] {note}") for at, note in enumerate(notes, 1)))


def _inserts(at: int) -> st.SearchStrategy[Block]:
    row = st.tuples(hanzi(2, 8), hanzi(2, 8), hanzi(0, 8))
    return st.one_of(
        st.builds(Image, url=st.just(f"{ORIGIN}/upload/{at}.png"), text=st.none() | hanzi(4, 12)),
        st.builds(
            ItemList, ordered=st.booleans(), items=st.lists(sentences(), min_size=2, max_size=5, unique=True).map(tuple)
        ),
        st.builds(Table, rows=st.lists(row, min_size=2, max_size=5).map(tuple)),
        st.builds(Quote, text=sentences()),
    )


@st.composite
def related_lists(draw: st.DrawFn) -> tuple[RelatedLink, ...]:
    """Return up to three side lists of three to ten entries."""
    names = draw(st.lists(st.sampled_from(LIST_NAMES), max_size=3, unique=True))
    return tuple(
        RelatedLink(list=name, position=at, title=title, url=f"{ORIGIN}/f/202411/{1000 * (number + 1) + at}.html")
        for number, name in enumerate(names)
        for at, (title, *_) in enumerate(draw(st.lists(titles(), min_size=3, max_size=10, unique=True)), 1)
    )


@st.composite
def articles(draw: st.DrawFn) -> ShownArticle:
    """Return an article with every field that a page can show."""
    title, column, series = draw(titles())
    date = draw(st.none() | st.dates(dt.date(2001, 1, 1), dt.date(2025, 12, 31)))
    time = draw(st.none() | st.times(dt.time(0, 0)).map(lambda value: value.replace(second=0, microsecond=0)))
    timed = date is not None and time is not None
    return ShownArticle(
        url=f"{ORIGIN}/f/202012/1050.html",
        title=title,
        column=column,
        series=series,
        date=date,
        published_at=dt.datetime.combine(date, time, ZONE) if timed and date and time else None,
        source=draw(st.none() | st.sampled_from(("原创", "互联网")) | hanzi(2, 9)),
        author=draw(st.none() | hanzi(2, 4)),
        roles=Roles(editor=tuple(draw(st.lists(hanzi(2, 3), max_size=1)))),
        clicks=draw(st.none() | st.integers(0, 99_999)),
        tags=tuple(draw(st.lists(hanzi(2, 5), max_size=4, unique=True))),
        breadcrumb=draw(st.just(()) | st.tuples(st.just("首页"), hanzi(4, 6)) | _deep_crumbs()),
        body=draw(bodies()),
        attachments=draw(_attachments()),
        related=draw(related_lists()),
        previous=draw(st.none() | _neighbours(1049)),
        next=draw(st.none() | _neighbours(1051)),
    )


def _deep_crumbs() -> st.SearchStrategy[tuple[str, ...]]:
    return st.tuples(st.just("首页"), hanzi(4, 6), hanzi(4, 6)).filter(lambda crumbs: crumbs[1] != crumbs[2])


def _attachments() -> st.SearchStrategy[tuple[Attachment, ...]]:
    names = st.lists(st.tuples(hanzi(3, 10), st.sampled_from(("pdf", "docx", "xls", "zip"))), max_size=2)
    return names.map(
        lambda found: tuple(
            Attachment(url=f"{ORIGIN}/upload/file{at}.{suffix}", title=f"{name}.{suffix}", type=suffix)
            for at, (name, suffix) in enumerate(found)
        )
    )


def _neighbours(number: int) -> st.SearchStrategy[Neighbour]:
    return titles().map(lambda title: Neighbour(title=title[0], url=f"{ORIGIN}/f/202012/{number}.html"))


def markups() -> st.SearchStrategy[Markup]:
    """Every combination of choices; shrinks towards the plain page."""
    kinds = get_type_hints(Markup)
    chosen: dict[str, Any] = {field.name: _choice(kinds[field.name]) for field in fields(Markup)}
    return st.builds(Markup, **chosen)


def _choice(kind: type) -> st.SearchStrategy[Any]:
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    return st.booleans() if kind is bool else st.integers(0, 999)


@given(article=articles(), markup=markups())
@settings(
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_any_article_reads_the_same_in_any_markup(article: ShownArticle, markup: Markup) -> None:
    page = render_article(article, markup, PAGE_TEXT)
    read = parse(page.content, article.url, site=SITE)
    expected = article.expected()
    assert {name: getattr(read, name) for name in expected} == expected
    assert read.encoding.declared == page.declared
    assert read.encoding.undecoded == 0
