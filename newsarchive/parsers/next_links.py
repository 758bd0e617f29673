"""The links of a pager: what they say, and which one leads to the next page."""

import re
from collections.abc import Collection, Iterator
from itertools import islice

from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.lines import Anchor, Line
from newsarchive.parsers.markup import attribute
from newsarchive.parsers.page import Page
from newsarchive.parsers.targets import target_of

_NEXT = word_set("pager", "next") | word_set("pager", "more")
_PREVIOUS = word_set("pager", "previous")
_ENDS = word_set("pager", "first") | word_set("pager", "last")
_SIGNS = word_set("pager", "next") | _PREVIOUS | word_set("pager", "last")
"""What only a pager says; 首页 stands in menus, too."""
_READ_ON = word_set("read_on", "words")
_ARROWS = " ←→‹›«»<>＜＞"
FRAMES = _ARROWS + "[]【】［］〔〕"
"""What stands around the words of a pager."""
_ONE_ON = frozenset("›>＞→")
_TWO_ON = frozenset({"»", ">>", "＞＞", "››"})
"""The last page beside one of `_ONE_ON`, else the next one."""
_NUMBER = re.compile(r"[\[(【\s]*\d{1,4}[\])】\s]*|(?:\.{2,}|…+)\d{0,4}|第\s*\d{1,4}\s*页").fullmatch
_LONGEST_WORD = 24
_LONGEST_PAGER = 160
"""Characters that a pager's box shows at most."""
_BOXES = 6
"""Boxes around a word that are looked at."""


def linked_next(page: Page, entries: Collection[str]) -> str | None:
    """Return the URL of the link that says to lead to the next page: in words, else by an arrow, else by a picture."""
    found: dict[int, str] = {}
    unsure = 0
    for anchor in page.lines.anchors:
        rank = _rank(anchor)
        if rank is None or rank in found:
            continue
        url = target_of(page, anchor)
        if url is None or url == page.url or url in entries:
            continue
        if rank == _WEAK:
            unsure += 1
            if unsure > _MOST_PAGERS or not _is_in_pager(page, anchor):
                continue
        if not rank:
            return url
        found[rank] = url
    return found[min(found)] if found else _declared_next(page, entries)


def _declared_next(page: Page, entries: Collection[str]) -> str | None:
    """Return what the head calls the next page, where a number of the pager leads there: it may be the next article."""
    if ' rel="next"' not in page.markup.head:
        return None
    declared = {
        page.resolve(attribute(tag, "href")) for tag in _LINK(page.markup.head) if attribute(tag, "rel") == "next"
    }
    found = (target_of(page, anchor) for anchor in page.lines.anchors if _NUMBER(anchor.text))
    return next((url for url in found if url in declared and url != page.url and url not in entries), None)


_LINK = re.compile("<link( [^<>]*)>").findall
_WORD, _WEAK, _ARROW, _ARROWS_ON, _PICTURE = range(5)
"""How surely a link leads to the next page."""


def _rank(anchor: Anchor) -> int | None:
    """Return how surely a link says that it leads to the next page, the surer the less; None where it does not."""
    text = anchor.text
    # Plain tests, since most links are longer or begin otherwise.
    if len(text) > _LONGEST_WORD or (text and text[0].lower() not in _NEXT_BEGINS):
        return None
    core = squeezed(text.strip(FRAMES))
    if not core:
        return _rank_of_sign(anchor)
    if core in _NEXT:
        return _WEAK if core in _READ_ON else _WORD
    return _WORD if core.isdecimal() and ' rel="next"' in anchor.attributes else None


def _rank_of_sign(anchor: Anchor) -> int | None:
    """Return the rank of a link that shows an arrow or a picture: by what it is called, else by what it shows."""
    text = squeezed(anchor.text)
    name = squeezed(_named(anchor).strip(_ARROWS))
    if name in _NEXT:
        return _WORD
    if name in _PREVIOUS or name in _ENDS:
        return None
    if not text:
        return _PICTURE if not name and _shows_next(anchor) else None
    if text in _ONE_ON:
        return _ARROW
    return _ARROWS_ON if text in _TWO_ON else None


_NEXT_BEGINS = frozenset(word[0] for word in _NEXT) | frozenset(FRAMES) | frozenset("0123456789")


def _shows_next(anchor: Anchor) -> bool:
    """Tell whether the file of a link's picture is called next."""
    source = attribute(anchor.image, "src") if anchor.image else None
    name = (source or "").partition("?")[0].rpartition("/")[2].rpartition(".")[0].lower()
    return not word_set("pager", "next_pictures").isdisjoint(_NAME_PARTS(name[:_LONGEST_NAME]))


_NAME_PARTS = re.compile("[a-z]+").findall
_LONGEST_NAME = 60


def _says(anchor: Anchor, words: frozenset[str]) -> bool:
    text = anchor.text or _named(anchor)
    return 0 < len(text) <= _LONGEST_WORD and (squeezed(text) in words or squeezed(text.strip(FRAMES)) in words)


def _named(anchor: Anchor) -> str:
    """Return what a link is called beside its text: by its `title` or label, or as the picture in it."""
    tag, image = anchor.attributes, anchor.image
    shown = attribute(tag, "title") or attribute(tag, "aria-label") or attribute(image, "alt")
    shown = shown or attribute(image, "title")
    return " ".join((shown or "").split())


def _is_in_pager(page: Page, anchor: Anchor) -> bool:
    """Tell whether numbers of pages, or words that only a pager says, stand around a link."""
    lines = page.lines.lines
    if anchor.line >= len(lines):
        return False
    first, last = _pager_box(page, anchor.line)
    return any(
        _NUMBER(other.text) or _says(other, _PREVIOUS | _ENDS)
        for line in lines[first:last]
        for other in line.anchors
        if other is not anchor
    )


def _pager_box(page: Page, index: int) -> tuple[int, int]:
    """Return the lines of the outermost box around line `index` that is as small as a pager."""
    lines, boxes = page.lines.lines, page.lines.boxes
    first, last = index, index + 1
    for box in islice(boxes.around(lines[index].box), _BOXES):
        start, end = boxes.starts[box], boxes.ends[box]
        around = lines[start : min(end, start + _LONGEST_PAGER)]
        if len(around) == _LONGEST_PAGER or sum(inner.size for inner in around) > _LONGEST_PAGER:
            break
        first, last = start, end
    return first, last


def pager_anchors(page: Page) -> Iterator[Anchor]:
    """Yield the links of every box around a word such as 下一页: its words, and its numbers."""
    lines = page.lines.lines
    seen: set[int] = set()
    for index, line in enumerate(lines):
        if not line.linked or line.size > _LONGEST_PAGER or not any(_says(anchor, _SIGNS) for anchor in line.anchors):
            continue
        first, last = _pager_box(page, index)
        if first in seen:
            continue
        seen.add(first)
        for inner in lines[first:last]:
            yield from (a for a in inner.anchors if _says(a, _SIGNS) or _says(a, _ENDS) or _NUMBER(a.text))


def counted_next(page: Page, entries: Collection[str], after: int) -> str | None:
    """Return where the number after the page's own leads, in a pager of nothing but numbers below line `after`."""
    lines = page.lines.lines
    looked = 0
    for index in range(after, len(lines)):
        line = lines[index]
        if (
            not line.linked
            or line.size > _LONGEST_PAGER
            or all(_number(anchor.text) is None for anchor in line.anchors)
        ):
            continue
        looked += 1
        if looked > _MOST_PAGERS:
            break
        first, last = _pager_box(page, index)
        url = _after_current(page, lines[first:last])
        if url is not None:
            return url if url not in entries else None
    return None


_MOST_PAGERS = 12


def _number(text: str) -> int | None:
    digits = text.strip(" []()【】|")
    return int(digits) if 0 < len(digits) <= _MOST_DIGITS and digits.isdecimal() else None


def _numbers(text: str) -> list[int]:
    return [number for word in text.split() if (number := _number(word)) is not None]


_MOST_DIGITS = 4


def _after_current(page: Page, lines: list[Line]) -> str | None:
    """Return where the number after the current one leads: the only one without a link, or the only one marked."""
    linked: dict[int, Anchor] = {}
    plain: list[int] = []
    for line in lines:
        text = line.text
        end = 0
        for anchor in line.anchors:
            number = _number(anchor.text)
            if number is not None:
                linked.setdefault(number, anchor)
            start = max(text.find(anchor.text, end), end)
            plain += _numbers(text[end:start])
            end = start + len(anchor.text)
        plain += _numbers(text[end:])
    if not plain:
        plain = [number for number, anchor in linked.items() if _is_current(page, anchor)]
    # 共 20 页 is no page's number; of the days of a calendar most have no link.
    current = [n for n in plain if n + 1 in linked and (n == 1 or n - 1 in linked)] if len(plain) <= _MOST_PLAIN else []
    following = linked[current[0] + 1] if len(current) == 1 else None
    url = target_of(page, following) if following is not None else None
    return url if url != page.url else None


_MOST_PLAIN = 3


def _is_current(page: Page, anchor: Anchor) -> bool:
    marks = (attribute(anchor.attributes, "class") or "").lower().split()
    return (
        not word_set("pager", "current_classes").isdisjoint(marks)
        or ' aria-current="' in anchor.attributes
        or target_of(page, anchor) in {None, page.url}
    )
