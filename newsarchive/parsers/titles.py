"""The title: the line that the reader takes for it, weighed by the title element, headings and the info line."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from newsarchive.parsers.cells import is_cell_value
from newsarchive.parsers.labels import squeezed, starts_with
from newsarchive.parsers.lines import Boxes, Line
from newsarchive.parsers.page import Page
from newsarchive.parsers.values import LineInfo

_HEADINGS = {"h1": 2.5, "h2": 1.6, "h3": 1.4, "h4": 1.0, "h5": 0.6, "h6": 0.4}
_SEPARATORS = re.compile(r"\s*(?:[_|｜»]|--+|(?<=\s)[-–—·](?=\s)|(?<=[^\W\d_a-zA-Z])-(?=\S)|>>|<<)\s*")
_METAS = ("articletitle", "og:title", "pagetitle", "title", "dc.title", "twitter:title", "headline")
_CUT = re.compile(r"(?:\.{2,}|…+|⋯+)$")


class Title(NamedTuple):
    """The title and the lines it stands on; `first` and `last` are -1 where only the head names it."""

    text: str
    first: int
    last: int
    rule: str


@dataclass(frozen=True, slots=True)
class _Names:
    """What the head says of the title, without white space."""

    whole: str
    segments: tuple[str, ...]
    metas: frozenset[str]
    longest: int


def find_title(page: Page, infos: dict[int, LineInfo]) -> Title | None:
    """Return the title, or None if no line can be one and the head names none."""
    names = _names(page)
    lines, boxes = page.lines.lines, page.lines.boxes
    tags = boxes.tags
    dated = sorted(i for i, parts in infos.items() if parts.date is not None or parts.fields & _HEAD_FIELDS)
    labelled = next((i for i in dated if _is_own(infos[i])), len(lines))
    above = {at - distance for at in dated for distance in (1, 2, 3)}
    head_title = page.head.title
    crumbs = _crumb_parts(page)
    best: Title | None = None
    best_score = _LEAST_SCORE
    for index, line in enumerate(lines):
        if line.linked * 2 > line.size or not _SHORTEST <= line.size <= _LONGEST or line.hidden:
            continue
        if index in infos and (tags[line.box] not in _HEADINGS or not _holds_title(infos[index])):
            continue
        heading = _heading_around(boxes, line) if tags[line.box] in _AROUND else -1
        if heading < 0 and index not in above and line.text[:2] not in head_title:
            # Neither a heading, nor just above an info line, nor named in the head.
            continue
        candidate = _candidate(page, index, heading, infos)
        if candidate is None:
            continue
        score = _score(page, candidate, heading, names, dated)
        if score > best_score and squeezed(candidate.text) in crumbs:
            # The name of the section, which the path above the article holds too.
            score -= 3.0
        if index > labelled + 3 or (score > best_score and _stands_under_prose(page, index)):
            # The title stands above the info line, or right below it, and never where a text is signed.
            score -= 3.0
        if score > best_score:
            best, best_score = candidate, score
    if best is None or _is_general(best.text, names):
        best = _over_prose(page, infos, names) or best
    return _from_head(page) if best is None else _over_lines(page, best, names, infos)


def _holds_title(parts: LineInfo) -> bool:
    """Tell whether words stand on an info line before its day and its labels, as a title does in its own heading."""
    return len(parts.rest) >= _LEAST_BESIDE_DAY


_LEAST_BESIDE_DAY = 4


def _is_own(parts: LineInfo) -> bool:
    """Tell whether a line names date or source of the article itself, and is no cell of a table of such facts."""
    return any(label.field in _OWN_FIELDS and label.value_end > label.value_start for label in parts.labels)


def _crumb_parts(page: Page) -> set[str]:
    """Return the parts of the paths on the page, such as 首页 > 新闻动态, but not the title itself."""
    texts = [line.text for line in page.lines.lines if line.linked and line.size <= 160]  # noqa: PLR2004
    text = "\n".join(texts)
    # Most pages hold one of the arrows: plain tests for that one cost a tenth of a pattern on each line.
    arrows = [arrow for arrow in _ARROWS if arrow in text]
    if not arrows:
        return set()
    parts: set[str] = set()
    for arrow in arrows:
        parts.update(squeezed(part) for text in texts if arrow in text for part in _ARROW.split(text))
    whole = squeezed(page.head.title)
    return {part for part in parts if part and not whole.startswith(part)}


_ARROWS = ">＞»›→"
_ARROW = re.compile(r"\s*[>＞»›→]+\s*")
_HEAD_FIELDS = frozenset({"date", "source", "clicks"})
"""Fields that stand under a title; the others may also begin a text."""
_OWN_FIELDS = frozenset({"date", "source"})
"""Fields of the article's own info line; a counter may stand in the head of every page."""
_LEAST_SCORE = 2.4
_SHORTEST = 2
_LONGEST = 200
_LONGEST_SENTENCE = 30
"""A longer line with a full stop is text, wherever it stands."""


def _names(page: Page) -> _Names:
    whole = page.head.title
    parts = [part for part in _SEPARATORS.split(whole) if part]
    segments = {squeezed(_CUT.sub("", part)) for part in parts} | {squeezed(_CUT.sub("", whole))}
    metas = frozenset(squeezed(page.head.metas[name]) for name in _METAS if name in page.head.metas)
    ordered = tuple(sorted((s for s in segments if s), key=len, reverse=True))
    return _Names(squeezed(whole), ordered, metas, max((len(p) for p in map(squeezed, parts)), default=1))


_AROUND = frozenset({*_HEADINGS, "span", "div", "center", "p"})


def _heading_around(boxes: Boxes, line: Line) -> int:
    """Return the heading element that holds `line` and little else; -1 where none does."""
    box = line.box
    tags, starts, ends = boxes.tags, boxes.starts, boxes.ends
    while tags[box] not in _HEADINGS:
        if tags[box] not in {"span", "div", "center", "p"} or ends[box] - starts[box] > 3:  # noqa: PLR2004
            return -1
        box = boxes.parents[box]
    return box


def _candidate(page: Page, index: int, heading: int, infos: dict[int, LineInfo]) -> Title | None:
    lines = page.lines.lines
    if heading < 0:
        text = lines[index].text
        return Title(text, index, index, "line") if "。" not in text or len(text) <= _LONGEST_SENTENCE else None
    starts, ends = page.lines.boxes.starts, page.lines.boxes.ends
    inside = range(starts[heading], ends[heading])
    if index in infos:
        return Title(infos[index].rest, index, index, "heading")
    members = [i for i in inside if lines[i].size and i not in infos and not lines[i].hidden]
    if not members or members[0] != index:
        return None
    text = " ".join(lines[i].text for i in members)
    return Title(text, members[0], members[-1], "heading") if len(text) <= _LONGEST else None


def _score(  # noqa: C901 - one line for each thing that a reader goes by
    page: Page, title: Title, heading: int, names: _Names, dated: list[int]
) -> float:
    line = page.lines.lines[title.first]
    text = squeezed(title.text)
    score = _HEADINGS[page.lines.boxes.tags[heading]] if heading >= 0 else 0.0
    if (len(text) >= 4 or heading >= 0) and (agreed := _agreement(text, names)):  # noqa: PLR2004
        # The name of the site stands in the title element and on the page, too.
        score += agreed * (0.5 if _SITE_NAME.search(text) else 1.0)
    if text in names.metas:
        score += 3.0
    next_dated = bisect_right(dated, title.last)
    following = dated[next_dated] - title.last if next_dated < len(dated) else _NEAR + 1
    if following <= _NEAR:
        score += 3.0 * (1 - following / (_NEAR + 2)) + max(0.0, 1.5 - 0.5 * following)
    elif (before := bisect_left(dated, title.first)) and title.first - dated[before - 1] <= 4:  # noqa: PLR2004
        score += 1.0
    if score >= 1.0 and _stands_over_prose(page, title.last):
        score += 1.0
    if len(text) < 6:  # noqa: PLR2004
        score -= 1.5
    if (title.text[0] in _CRUMBS_BEGIN or _ANGLE(title.text)) and _CRUMBS.search(title.text):
        score -= 2.0
    if page.lines.boxes.nearest(line.box, _LISTED) >= 0:
        score -= 1.5
    if line.linked:
        score -= 1.0
    if title.first and (
        page.lines.lines[title.first - 1].text.endswith(("：", ":")) or is_cell_value(page, title.first)
    ):
        # The value of a label in the cell before, in a table of facts about the document.
        score -= 2.0
    if len(title.text) < 10 and starts_with("ends", "starts").match(title.text):  # noqa: PLR2004
        score -= 2.0
    return score


def _stands_over_prose(page: Page, index: int) -> bool:
    """Tell whether a paragraph of text begins within the next few lines."""
    return any([line.size - line.linked >= 40 and not line.hidden for line in page.lines.lines[index + 1 : index + 7]])  # noqa: C419, PLR2004


def _stands_under_prose(page: Page, index: int) -> bool:
    """Tell whether paragraphs stand close above a line, and none close below."""
    above = sum([line.size - line.linked >= 40 for line in page.lines.lines[max(0, index - 8) : index]])  # noqa: PLR2004
    return above >= 3 and not _stands_over_prose(page, index)  # noqa: PLR2004


_CRUMBS = re.compile(r"[>＞»]\s*[>＞»]|[>＞»]\s*\S{1,8}$|^(?:首页|当前位置|您现在的位置|现在位置|您的位置)")
_CRUMBS_BEGIN = frozenset("首当您现")
_ANGLE = re.compile("[>＞»]").search
_SITE_NAME = re.compile(r"^.{1,20}(?:网|网站|平台|门户|学院|大学|研究[院所]|中心|政府|委员会|[局厅部处馆])$")
_NEAR = 14
_LISTED = frozenset({"li", "nav"})


def _agreement(text: str, names: _Names) -> float:
    if text in names.whole:
        share = min(1.0, len(text) / max(1, names.longest)) * min(1.0, len(text) / 10)
        return 4.5 * share + (1.0 if text in names.segments else 0.0)
    for segment in names.segments:
        if len(segment) >= 8 and text.startswith(segment):  # noqa: PLR2004
            return 4.0
    return 0.0


def _is_general(text: str, names: _Names) -> bool:
    """Tell whether a title that the head names is that of the site or of a column, and of every page of it."""
    name = squeezed(text)
    if name != names.whole and name not in names.segments:
        return False
    return len(name) <= _SHORTEST_NAMED or (_SITE_NAME.search(name) or _COLUMN(name)) is not None


_SHORTEST_NAMED = 4
"""What the head names in no more characters is hardly a title where another could be one."""


_COLUMN = re.compile(
    r".{0,6}(?:新闻|新聞稿?|動態|活動|訊息|动态|要闻|快讯|通知|公告|公示|简报|资讯|活动|讲座|报告|专题|专栏|成果|研究|信息|文章|论文)"
).fullmatch


def _over_prose(page: Page, infos: dict[int, LineInfo], names: _Names) -> Title | None:
    """Return the heading, or else the line, that the first paragraph stands under, where the head names no title."""
    parts = [part for part in names.segments if part != names.whole] or names.segments
    if any(not _is_general(part, names) and not part.isascii() for part in parts):
        return None
    lines, tags = page.lines.lines, page.lines.boxes.tags
    first = next((i for i, line in enumerate(lines) if line.prose >= _PARAGRAPH and not line.hidden), 0)
    above = [
        index
        for index in range(first - 1, max(-1, first - _NEAR), -1)
        if _may_be_title(lines[index], names) and index not in infos and not is_cell_value(page, index)
    ]
    headed = [index for index in above if tags[lines[index].box] in _HEADINGS]
    nearest = first - 1 - sum(1 for index in infos if index < first)
    plain = [index for index in above if index >= nearest and lines[index].size >= _LEAST_LINE]
    # With no word in the head and no info line, a line over a paragraph may be anything.
    index = next(iter(headed or (plain if names.segments or infos else ())), None)
    return Title(lines[index].text, index, index, "over-text") if index is not None else None


_PARAGRAPH = 40
_LEAST_LINE = 6


def _may_be_title(line: Line, names: _Names) -> bool:
    """Tell whether a line could be a title by itself: some words, no sentence, no link, nothing that pages repeat."""
    text = line.text
    if line.hidden or line.linked or not 4 <= line.size <= 60 or text[-1] in _ENDS or text[0] in _OPENINGS:  # noqa: PLR2004
        return squeezed(text) in names.segments and not line.linked and not _is_general(text, names)
    return (
        _COLUMN(squeezed(text)) is None
        and _SITE_NAME.search(text) is None
        and not starts_with("ends", "starts").match(text)
    )


_ENDS = frozenset("。；，：:;,")
_OPENINGS = frozenset("—-（(【[<>")


def _over_lines(page: Page, title: Title, names: _Names, infos: dict[int, LineInfo]) -> Title:
    """Join the lines that the head names together with the title's."""
    lines = page.lines.lines
    first, last, text = title.first, title.last, title.text
    for step in (1, -1):
        while True:
            near = (last if step == 1 else first) + step
            if not 0 <= near < len(lines) or lines[near].size < 2 or lines[near].hidden or near in infos:  # noqa: PLR2004
                break
            joined = f"{text} {lines[near].text}" if step == 1 else f"{lines[near].text} {text}"
            if squeezed(joined) not in names.whole and squeezed(joined) not in names.metas:
                break
            text, first, last = joined, min(first, near), max(last, near)
    named = squeezed(text) in names.whole
    return Title(text, first, last, f"{title.rule}-in-title-element" if named else title.rule)


def _from_head(page: Page) -> Title | None:
    for name in _METAS:
        if page.head.metas.get(name) and name != "title":
            return Title(page.head.metas[name], -1, -1, f"meta-{name}")
    parts = [part.strip() for part in _SEPARATORS.split(page.head.title) if part.strip()]
    if not parts:
        return None
    return Title(max(parts, key=len) if len(parts) > 1 else parts[0], -1, -1, "title-element")
