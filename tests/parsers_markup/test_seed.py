"""The institute's own page, rendered in many markups, gives every field that its truth holds."""

import datetime as dt
import json
import tomllib
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import pytest

from newsarchive import parse
from newsarchive.records.article import Paragraph, RelatedLink
from newsarchive.records.site import Site
from newsarchive.sample.markups import Markup, random_markup, render_article
from newsarchive.sample.markups.choices import (
    Charset,
    Colon,
    Frame,
    Headings,
    InfoLine,
    Labels,
    Paragraphs,
    Separator,
    Side,
    SideLists,
)
from newsarchive.sample.markups.frame import PageText
from newsarchive.sample.shown import ShownArticle

pytestmark = pytest.mark.corpora

MARKUPS = {
    "table layout": Markup(frame=Frame.TABLE, info=InfoLine.CELLS, lists=SideLists.TABLE),
    "div soup with random class names": Markup(
        frame=Frame.SOUP, paragraphs=Paragraphs.BOXES, info=InfoLine.BOXES, noise=8
    ),
    "semantic HTML5": Markup(),
    "paragraphs by two breaks": Markup(frame=Frame.TABLE, paragraphs=Paragraphs.BREAKS, info=InfoLine.TEXT),
    "unclosed paragraphs": Markup(frame=Frame.SOUP, paragraphs=Paragraphs.UNCLOSED, noise=9),
    "empty paragraphs between": Markup(frame=Frame.SOUP, paragraphs=Paragraphs.SPACED, info=InfoLine.TEXT, noise=10),
    "pasted from a word processor": Markup(paragraphs=Paragraphs.PASTED, indented=True),
    "side column first": Markup(frame=Frame.SOUP, side=Side.BEFORE, noise=11),
    "side column first, table layout": Markup(frame=Frame.TABLE, side=Side.BEFORE, lists=SideLists.BREAKS),
    "info line in one text node": Markup(info=InfoLine.TEXT, colon=Colon.ASCII_SPACE),
    "info line in separate elements": Markup(info=InfoLine.PAIRS, separator=Separator.SPACES),
    "info line in a list": Markup(info=InfoLine.ITEMS, labels=Labels.PUBLISHED),
    "full-width colons": Markup(colon=Colon.FULL_WIDTH, info=InfoLine.TEXT, separator=Separator.IDEOGRAPHIC),
    "ASCII colons": Markup(colon=Colon.ASCII, info=InfoLine.TEXT, separator=Separator.BAR),
    "GB18030": Markup(frame=Frame.TABLE, charset=Charset.GB18030, headings=Headings.PLAIN),
    "goes on after its end": Markup(early_end=True, frame=Frame.SOUP, scripts=True, noise=12),
    "source as a link": Markup(linked_source=True, info=InfoLine.TEXT),
    "lists by definition": Markup(lists=SideLists.DL, cut_titles=True, site_title=True),
}
CHANCES = 24
FOOTER = (
    '<p>版权所有 地址：大学路1号 邮编：100000 <a href="/about.html">关于我们</a> <a href="/map.html">网站地图</a></p>'
)


@pytest.fixture(scope="module")
def truth(corpora: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((corpora / "seed" / "article.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(**tomllib.loads((files("newsarchive.sites") / "icas.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", MARKUPS)
def test_every_field_of_the_seed_is_read_from_a_markup(name: str, truth: dict[str, Any], site: Site) -> None:
    _check(truth, site, MARKUPS[name])


@pytest.mark.parametrize("chance", range(CHANCES))
def test_every_field_of_the_seed_is_read_from_a_random_markup(chance: int, truth: dict[str, Any], site: Site) -> None:
    _check(truth, site, random_markup(Random(chance)))  # noqa: S311 - no secret


def _check(truth: dict[str, Any], site: Site, markup: Markup) -> None:
    page_text = PageText(site.title, site.home, {"新闻动态": f"{site.home}news/"}, FOOTER)
    page = render_article(_shown(truth), markup, page_text)
    read = json.loads(parse(page.content, truth["url"], site=site).to_json())
    read["related"] = [{key: link[key] for key in ("list", "position", "title")} for link in read["related"]]
    assert {name: read[name] for name in truth} == truth, markup


def _shown(truth: dict[str, Any]) -> ShownArticle:
    """Return the seed as an article; its truth knows no addresses, so its links get some."""
    assert all(block["kind"] == "paragraph" for block in truth["body"])
    related = (
        RelatedLink(**link, url=f"http://icas.lzu.edu.cn/f/202411/{2000 + at}.html")
        for at, link in enumerate(truth["related"])
    )
    return ShownArticle(
        url=truth["url"],
        title=truth["title"],
        date=dt.date.fromisoformat(truth["date"]),
        source=truth["source"],
        clicks=truth["clicks"],
        body=tuple(Paragraph(text=block["text"]) for block in truth["body"]),
        related=tuple(related),
    )
