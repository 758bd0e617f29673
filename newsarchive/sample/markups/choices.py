"""The choices that a template makes; every combination of them is a markup that some site could have."""

from dataclasses import dataclass, fields
from enum import StrEnum
from random import Random
from typing import Any, get_type_hints


class Frame(StrEnum):
    """What holds the page together."""

    SEMANTIC = "semantic"
    TABLE = "table"
    SOUP = "soup"


class Paragraphs(StrEnum):
    """How paragraphs of the body are told apart."""

    P = "p"
    BREAKS = "breaks"
    UNCLOSED = "unclosed"
    BOXES = "boxes"
    SPACED = "spaced"
    PASTED = "pasted"


class InfoLine(StrEnum):
    """How the labels and values under the title are held."""

    TEXT = "text"
    SPANS = "spans"
    PAIRS = "pairs"
    ITEMS = "items"
    CELLS = "cells"
    BOXES = "boxes"


class Colon(StrEnum):
    """What stands between label and value."""

    FULL_WIDTH = "："
    ASCII = ":"
    ASCII_SPACE = ": "


class Separator(StrEnum):
    """What stands between one value and the next label."""

    SPACE = " "
    SPACES = "\u00a0\u00a0\u00a0"
    IDEOGRAPHIC = "\u3000"
    BAR = " | "


class InfoOrder(StrEnum):
    """What comes first under the title."""

    DATE_FIRST = "date source author editor photographer clicks"
    SOURCE_FIRST = "source author date editor photographer clicks"
    CLICKS_FIRST = "clicks date author source editor photographer"


class Labels(StrEnum):
    """The words for date, source and clicks."""

    PLAIN = "日期 来源 点击"
    PUBLISHED = "发布时间 来源 浏览次数"
    LONG = "发布日期 文章来源 点击数"
    SHORT = "时间 信息来源 阅读"


class DateForm(StrEnum):
    """How a day is written, as `strftime` has it."""

    DASHES = "%Y-%m-%d"
    WORDS = "%Y年%m月%d日"
    SLASHES = "%Y/%m/%d"


class Side(StrEnum):
    """Where the side column stands in the source; a reader sees it at the side either way."""

    AFTER = "after"
    BEFORE = "before"


class SideLists(StrEnum):
    """How the lists of the side column are made."""

    OL = "ol"
    UL = "ul"
    DL = "dl"
    TABLE = "table"
    BREAKS = "breaks"


class Hrefs(StrEnum):
    """How links on the same site are spelled."""

    ROOT = "root"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


class Headings(StrEnum):
    """How headings inside the body show."""

    TAGS = "tags"
    BOLD = "bold"
    PLAIN = "plain"


class Charset(StrEnum):
    """The encoding of the bytes."""

    UTF8 = "utf-8"
    GB18030 = "gb18030"


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """One template; the defaults are a plain modern page."""

    frame: Frame = Frame.SEMANTIC
    paragraphs: Paragraphs = Paragraphs.P
    info: InfoLine = InfoLine.SPANS
    colon: Colon = Colon.FULL_WIDTH
    separator: Separator = Separator.SPACE
    order: InfoOrder = InfoOrder.DATE_FIRST
    labels: Labels = Labels.PLAIN
    dates: DateForm = DateForm.DASHES
    side: Side = Side.AFTER
    lists: SideLists = SideLists.OL
    hrefs: Hrefs = Hrefs.ROOT
    headings: Headings = Headings.TAGS
    charset: Charset = Charset.UTF8
    indented: bool = False
    """Each paragraph begins with two ideographic spaces."""
    cut_titles: bool = False
    """Long titles in side lists are cut, and whole in the `title` attribute."""
    site_title: bool = False
    """The `title` element names only the site, not the article."""
    early_end: bool = False
    """The page says `</body></html>` after its banner and goes on."""
    linked_source: bool = False
    """The source is a link to another site."""
    scripts: bool = False
    """Scripts, styles and comments stand between the parts."""
    noise: int = 0
    """Seed of class names and of how deep the boxes nest."""


def random_markup(rng: Random) -> Markup:
    """Return a markup with every choice left to chance."""
    kinds = get_type_hints(Markup)
    chosen: dict[str, Any] = {field.name: _choice(kinds[field.name], rng) for field in fields(Markup)}
    return Markup(**chosen)


def _choice(kind: type, rng: Random) -> StrEnum | bool | int:
    if issubclass(kind, StrEnum):
        return rng.choice(list(kind))
    return rng.random() < 0.5 if kind is bool else rng.randrange(1_000_000)  # noqa: PLR2004 - as often as not
