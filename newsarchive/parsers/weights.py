"""How much prose the lines of a page hold, and above which of it the head of the article ends."""

from newsarchive.parsers.furniture import is_of_site
from newsarchive.parsers.labels import squeezed, starts_with
from newsarchive.parsers.lines import HEADINGS
from newsarchive.parsers.page import Page
from newsarchive.parsers.values import LineInfo

LEAST_PROSE = 40
"""Fewer characters are the page's own words (上一篇, 标签) where all stand below the first that ends an article."""
SENTENCE_ENDS = frozenset("。！？”…")


def prose_sums(page: Page, anchor: int, infos: dict[int, LineInfo]) -> list[int]:
    """Return the running sum of prose over the lines: the weight of lines a..b is `sums[b] - sums[a]`."""
    lines, boxes = page.lines.lines, page.lines.boxes
    sums = [0] * (anchor + 2)
    total = noticed = 0
    for index in range(anchor + 1, len(lines)):
        line = lines[index]
        prose = line.size - line.linked
        if prose > 0 and line.linked <= prose and not line.hidden and index not in infos and index >= noticed:
            if total and line.size < _LONGEST_NOTICE and _LEGAL(line.text):
                # All that follows in a box that begins so is a part of it.
                noticed = boxes.ends[line.box] if boxes.starts[line.box] == index else index + 1
            elif line.size >= _LONGEST_NOTICE or not is_of_site(line.text):
                total += prose
        sums.append(total)
    return sums


_LONGEST_NOTICE = 200
_LEGAL = starts_with("ends", "legal").match


def line_above_text(page: Page, anchor: int, infos: dict[int, LineInfo], below: int) -> int:
    """Return the line above the text that line `anchor` stands in or under; `anchor` where more prose is `below` it.

    The only date or source of a page may stand under its text, and a paragraph just above that may look like a title.
    """
    if anchor < 0:
        return anchor
    lines, boxes = page.lines.lines, page.lines.boxes
    parents = boxes.parents
    around = parents[lines[anchor].box]
    if around < 0:
        return anchor
    weight, first = 0, anchor
    named = squeezed(page.head.title)
    for index in range(anchor, boxes.starts[around] - 1, -1):
        line = lines[index]
        if _LEAST_NAME <= line.size <= len(named) * 2 and squeezed(line.text) in named:
            # The title: what stands above it belongs to the page.
            break
        if (
            line.size < _SHORT_PARAGRAPH or line.hidden or line.linked or index in infos
            or around not in {line.box, parents[line.box], parents[parents[line.box]]}
            or boxes.tags[line.box] in HEADINGS
        ):  # fmt: skip
            continue
        ends = line.text[-1] in SENTENCE_ENDS
        if index < anchor or ends:
            first = index
            weight += line.size if ends else 0
    return first - 1 if weight >= max(LEAST_PROSE, below) else anchor


_LEAST_NAME = 4
_SHORT_PARAGRAPH = 20
