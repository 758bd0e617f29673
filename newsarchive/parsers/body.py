"""Where the body stands: the box under the title that holds the prose, cut at the lines that end an article."""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import takewhile

from newsarchive.parsers.columns import CELLS, Columns
from newsarchive.parsers.furniture import holds_file, is_furniture, is_of_site, menus, promotions
from newsarchive.parsers.labels import first_ideographs, squeezed, starts_with, word_set
from newsarchive.parsers.lines import Line
from newsarchive.parsers.page import Page
from newsarchive.parsers.players import played_files
from newsarchive.parsers.values import LineInfo
from newsarchive.parsers.weights import LEAST_PROSE, SENTENCE_ENDS, line_above_text, prose_sums

_CONTAINERS = frozenset({
    "div", "td", "article", "section", "main", "body", "html", "form", "center", "fieldset", "span", "dd", "pre",
    "address", "dialog", "details", "th",
})  # fmt: skip
_TAIL = 0.2
"""An end marker with more than this share of the prose after it is a heading of the text."""
_SHARE = 0.8
"""A box that holds this share of the prose of the box around it is taken in its place."""


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of the body in reading order, and the box they stand in."""

    box: int
    lines: tuple[int, ...]
    """Empty where a file that is shown in the page is all that there is to read."""
    end: int
    """Index of the first line after the body."""


def find_body(page: Page, anchor: int, infos: dict[int, LineInfo]) -> Body | None:
    """Return the body that follows line `anchor` (-1: no line is known before it), or None if there is none."""
    lines, boxes = page.lines.lines, page.lines.boxes
    weights = prose_sums(page, anchor, infos)
    if (above := line_above_text(page, anchor, infos, weights[-1])) < anchor:
        anchor = above
        weights = prose_sums(page, anchor, infos)
    if weights[-1] < LEAST_PROSE or _is_scant(page, anchor, weights):
        upto = _end_of_nearest(page, anchor, weights)
        weights[upto + 1 :] = [weights[upto]] * (len(lines) - upto)
        if not weights[-1] or not _has_text(page, anchor, weights):
            return _picture_body(page, anchor)
    main = _main_box(page, _climb(page, anchor, weights), anchor, weights)
    marker = next((i for i in range(boxes.ends[main], len(lines)) if _is_marker(lines[i])), len(lines))
    weights[marker + 1 :] = [weights[marker]] * (len(lines) - marker)
    box = _descend(page, _climb(page, anchor, weights), anchor, weights)
    box = _container(page, box)
    start = max(boxes.starts[box], anchor + 1)
    end = _end(page, start, max(start, min(boxes.ends[box], marker)), main, weights)
    dropped = promotions(page, box, start, end)
    for inner in menus(boxes.tags, box):
        if boxes.starts[inner] >= start:
            dropped.update(range(boxes.starts[inner], boxes.ends[inner]))
    kinds = {boxes.tags[line.box] for line in lines[start:end] if line.size > 40}  # noqa: PLR2004
    kept = tuple(
        index for index in range(start, end)
        if not lines[index].hidden and index not in dropped and not is_furniture(page, index, start, end, infos, kinds)
    )  # fmt: skip
    return Body(box, kept, end) if kept else None


def _is_scant(page: Page, anchor: int, weights: list[int]) -> bool:
    """Tell whether all the prose is a few lines without a sentence, as that of a footer is."""
    if weights[-1] >= _LEAST_TEXT:
        return False
    lines = page.lines.lines
    ends = [lines[i].text[-1] for i in range(anchor + 1, len(lines)) if weights[i + 1] > weights[i]]
    return len(ends) <= _MOST_FOOTER_LINES and SENTENCE_ENDS.isdisjoint(ends) and _LATIN_ENDS.isdisjoint(ends)


_LATIN_ENDS = frozenset(".!?")
_LEAST_TEXT = 200
_MOST_FOOTER_LINES = 6


def _end_of_nearest(page: Page, anchor: int, weights: list[int]) -> int:
    """Return where the innermost box around the anchor ends that holds a sentence or a file; the page without one.

    Where there is so little text, that of a footer outweighs it.
    """
    lines = page.lines.lines
    seen = anchor + 1
    for box in page.lines.boxes.around(lines[anchor].box) if anchor >= 0 else ():
        end = page.lines.boxes.ends[box]
        for index in range(seen, end):
            line = lines[index]
            sentence = line.size >= _SHORTEST_LINK or line.text[-1:] in SENTENCE_ENDS
            if not line.hidden and ((sentence and weights[index + 1] > weights[index]) or holds_file(line)):
                return end
        seen = max(seen, end)
    return len(lines)


def _has_text(page: Page, anchor: int, weights: list[int]) -> bool:
    """Tell whether text, or a link that could be some, stands between the anchor and what ends an article."""
    below = page.lines.lines[anchor + 1 :]
    above = list(takewhile(lambda line: not _is_marker(line), below))
    return weights[anchor + 1 + len(above)] > 0 or any(
        line.size >= _SHORTEST_LINK and not line.hidden for line in above
    )


_SHORTEST_LINK = 20


def _climb(page: Page, anchor: int, weights: list[int]) -> int:
    """Return the smallest box around the anchor that holds the article's prose, and not only a lead."""
    total = weights[-1]
    boxes = page.lines.boxes
    if anchor >= 0:
        for box in boxes.around(page.lines.lines[anchor].box):
            weight = weights[boxes.ends[box]] - weights[max(boxes.starts[box], anchor + 1)]
            if weight >= max(min(_LEAST_SHARE, total), 0.35 * total) or (weight >= _LEAD and weight * 8 >= total):
                return box
    return 0


_LEAST_SHARE = 20
_LEAD = 200
"""So many characters of prose are more than a lead or a subtitle."""


def _descend(page: Page, box: int, anchor: int, weights: list[int]) -> int:
    children: dict[int, list[int]] = defaultdict(list)
    boxes = page.lines.boxes
    starts, ends, parents, tags = boxes.starts, boxes.ends, boxes.parents, boxes.tags
    for inner in boxes.inside(box):
        if ends[inner] > anchor + 1 and ends[inner] > starts[inner]:
            children[parents[inner]].append(inner)

    def weight(of: int) -> int:
        return weights[ends[of]] - weights[min(max(starts[of], anchor + 1), ends[of])]

    while True:
        below = children.get(box)
        if not below:
            return box
        heaviest = max(below, key=weight)
        whole, part = weight(box), weight(heaviest)
        if part < _SHARE * whole:
            return box
        if part < whole and heaviest not in children:
            # One long paragraph among short ones is no box of the whole body.
            alike = [b for b in below if b != heaviest and tags[b] == tags[heaviest] and weight(b) >= 10]  # noqa: PLR2004
            if ends[heaviest] - starts[heaviest] >= _LEAST_PARAGRAPHS:
                # Where it holds paragraphs of its own, only paragraphs beside it are a part of the body.
                alike = [b for b in alike if any(_is_of_text(line) for line in page.lines.lines[starts[b] : ends[b]])]
            if alike or tags[heaviest] not in _CONTAINERS:
                return box
        box = heaviest


_LEAST_PARAGRAPHS = 3
_ENDS = frozenset("。！？”…）)日年处院所会部局室心委司校系组团")
"""What a paragraph ends with, and the office or the day that a document is signed with."""


def _is_of_text(line: Line) -> bool:
    """Tell whether a line can be a part of a text, and is no notice beside it."""
    return line.prose >= line.linked and not line.hidden and line.text[-1:] in _ENDS and not is_of_site(line.text)


def _container(page: Page, box: int) -> int:
    tags, parents = page.lines.boxes.tags, page.lines.boxes.parents
    columns = Columns(page)
    while box and (tags[box] not in _CONTAINERS or (tags[box] in CELLS and columns.is_data_cell(box))):
        box = parents[box]
    return box


def _main_box(page: Page, around: int, anchor: int, weights: list[int]) -> int:
    """Return the box that holds the most prose as its own lines or those of its children."""
    sums: dict[int, int] = defaultdict(int)
    lines = page.lines.lines
    boxes = page.lines.boxes
    for index in range(max(boxes.starts[around], anchor + 1), boxes.ends[around]):
        prose = weights[index + 1] - weights[index]
        if prose:
            box = lines[index].box
            holds = boxes.tags[box] in _CONTAINERS and boxes.ends[box] - boxes.starts[box] > 1
            sums[box if holds else max(boxes.parents[box], 0)] += prose
    return max(sums, key=sums.__getitem__) if sums else around


def _is_marker(line: Line) -> bool:
    """Tell whether a line ends an article where it stands below it."""
    if line.hidden or not 0 < line.size <= _LONGEST_MARKER:
        return False
    text = line.text
    if "\u3400" <= text[0] <= "\u9fff" and text[0] not in _MARKER_BEGINS:
        return False
    match = _MARKER(text)
    return match is not None and _stands_alone(line, match.end())


_LONGEST_MARKER = 160
_MARKER = starts_with("ends", "starts").match
_MARKER_BEGINS = first_ideographs("ends", "starts")


def _end(page: Page, start: int, stop: int, main: int, weights: list[int]) -> int:
    """Return the index of the line that ends the body: a marker with little prose or with links after it."""
    markers = [index for index in range(start + 1, stop) if _is_marker(page.lines.lines[index])]
    for _ in range(_ROUNDS):
        # With the tail gone, a marker further up may stand at the end.
        earlier = next((i for i in markers if i < stop and _ends_here(page, i, start, stop, main, weights)), None)
        if earlier is None:
            break
        stop = earlier
    return stop


_ROUNDS = 4


def _ends_here(  # noqa: PLR0913, PLR0917
    page: Page, index: int, start: int, stop: int, main: int, weights: list[int]
) -> bool:
    lines = page.lines.lines
    whole, after = weights[stop] - weights[start], weights[stop] - weights[index]
    if after <= _TAIL * whole:
        return True
    line = lines[index]
    if after >= (_OTHERS if squeezed(line.text) in word_set("lists", "headings") else 0.5) * whole:
        return False
    boxes = page.lines.boxes
    if line.box != main and boxes.parents[line.box] != main and index >= boxes.ends[main]:
        return True
    following = index + 1
    while following < stop and not lines[following].size:
        following += 1
    return following < stop and lines[following].linked * 2 > lines[following].size


_OTHERS = 0.7
"""Share of the prose under the heading of a list of other articles: each may come with its first lines."""


def _stands_alone(line: Line, after: int) -> bool:
    """Tell whether a line is a marker with its value, and not a sentence that begins with its words."""
    rest = line.text[after:]
    closed = line.text[after - 1] in ":："
    if not line.linked and not closed and ("\u3400" <= rest[:1] <= "\u9fff" or _PART_OF.match(line.text)):
        # 标签的使用方法 and 上篇 历史回顾 are text; 扫一扫在手机打开 is not.
        return _OPEN_END.match(line.text) is not None
    if line.size <= 30 or line.linked * 2 >= len(rest):  # noqa: PLR2004
        return True
    return closed or rest[:1] in ":：】]>》"


_OPEN_END = re.compile(
    r"\W*(?:扫|微信扫|分享|版权所有|关闭|返回|打印|查看评论|发表评论|我要评论|阅读下一篇|上一[篇条则]|下一[篇条则])"
)
_PART_OF = re.compile(r"[上下]篇\s+\S")


def _picture_body(page: Page, anchor: int) -> Body | None:
    """Return the body of an article without prose: the images and files after the info line, or a file in a player."""
    if anchor < 0:
        return None
    lines, boxes = page.lines.lines, page.lines.boxes
    for box in boxes.around(lines[anchor].box):
        shown = [
            i
            for i in range(anchor + 1, boxes.ends[box])
            if not lines[i].hidden and (lines[i].images or holds_file(lines[i]))
        ]
        if shown:
            return Body(lines[shown[0]].box, tuple(shown), boxes.ends[box])
    return Body(lines[anchor].box, (), anchor + 1) if any(True for _ in played_files(page)) else None
