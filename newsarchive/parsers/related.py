"""The link lists beside an article, each by its heading."""

import datetime as dt
import re

from newsarchive.parsers.construct import made_all
from newsarchive.parsers.dates import find_date
from newsarchive.parsers.labels import squeezed, starts_with, word_set
from newsarchive.parsers.lines import CUT, Anchor, Line
from newsarchive.parsers.page import Page
from newsarchive.records.article import RelatedLink

_DAY = re.compile(
    r"^[\[(（]?\s*(?:(?:19|20)?\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?\s*(?:\d\d?:\d\d(?::\d\d)?)?\s*[\])）]?$"
    r"|^\d{1,2}日?$|^(?:19|20)\d\d[-/.年]\d\d?月?$"
    r"|^\d\d\s*(?:19|20)\d\d[-/.年]\d\d月?$|^\d\d[-/.月]\d\d日?\s*(?:19|20)\d\d年?$"
).match
BULLET = re.compile(r"[\s·•▪■●◆◇▶►>＞»\-–—*#※☆★○□]+|\d{1,2}\s*[.、．]\s*").match
"""What a template puts before each entry."""
_MORE = re.compile(r"^[\[【(（<>＞+\s]*(?:更多|more|查看更多|全部)[\]】)）>＞+.…\s]*$", re.IGNORECASE)
_MORE_BEGINS = frozenset("[【(（<>＞+更mM查全")
_HEADING_END = re.compile(r"[\s:：>＞»/|]*(?:(?:更多|more)[\s>＞»+.]*)?$", re.IGNORECASE)
_NEIGHBOUR = re.compile(
    r"\W*(?:[上下前后][一]?[篇条则个页]|上一主题|下一主题|Prev(?:ious)?\b|Next\b|Предыд|Следую)"
).match
_CRUMBS = re.compile(r"\W*(?:首页|主页|Home|Главная)\s*[>＞»›/|]", re.IGNORECASE).match
_DIGIT = re.compile(r"\d")
_LONGEST_HEADING = 24
_MEAN_TITLE = 8
"""A list under a heading that is not known has titles at least this long on average; shorter ones are menus."""


_Entry = tuple[str, str | None, dt.date | None]
"""Title, URL and day. A plain tuple: a page has dozens."""


def read_related(page: Page, inside: set[int]) -> tuple[tuple[RelatedLink, ...], int]:
    """Return the entries of every list outside the lines `inside` the article, in page order, and the first's heading.

    The heading is the index of its line; -1 where there is no list.
    """
    lines = page.lines.lines
    known = word_set("lists", "headings")
    if page.site.lists:
        known |= {squeezed(name) for name in page.site.lists}
    found: list[RelatedLink] = []
    index = 0
    first = -1
    while index < len(lines):
        line = lines[index]
        at = index
        index += 1
        if not 2 <= line.size <= _LONGEST_HEADING or line.hidden or at in inside:  # noqa: PLR2004
            continue
        if line.linked >= line.size and line.text not in known:
            continue
        heading = _heading(line.text, known)
        if heading is None:
            continue
        entries, index = _entries(page, index, inside, known)
        name = squeezed(heading)
        if not entries:
            continue
        doubted = name not in known or (line.linked >= line.size and _stands_among(page, at))
        if doubted and sum([len(title) for title, _, _ in entries]) < _MEAN_TITLE * len(entries):
            continue
        first = at if first < 0 else first
        found += made_all(
            RelatedLink,
            [
                {"list": heading, "position": position, "title": title, "url": url, "date": date}
                for position, (title, url, date) in enumerate(entries, start=1)
            ],
        )
    return tuple(found), first


def _stands_among(page: Page, at: int) -> bool:
    """Tell whether a linked heading stands as the links that follow it do: it may be an item of a menu."""
    lines = page.lines.lines
    return at + 1 < len(lines) and bool(lines[at + 1].linked) and _place(page, lines[at]) == _place(page, lines[at + 1])


def is_day(text: str) -> bool:
    """Tell whether `text` is nothing but a day, with or without its year, or a piece of one."""
    # A plain test, since most texts begin with a letter.
    return not text[:1].isalpha() and _DAY(text) is not None


def is_more(text: str) -> bool:
    """Tell whether `text` is what the link from a list to all of it says, such as 更多>>."""
    return 0 < len(text) <= _LONGEST_MORE and text[0] in _MORE_BEGINS and _MORE.match(text) is not None


_LONGEST_MORE = 12


def _heading(shown: str, known: frozenset[str]) -> str | None:
    """Return the heading of a list that a line may be, or None."""
    if shown in known:
        return shown
    text = without_more(shown).strip(" 【】[]·■▪|")
    name = squeezed(text)
    if name in known:
        return text
    if not 2 <= len(text) <= 14 or name in _OWN:  # noqa: PLR2004
        return None
    if ":" in text or "：" in text or name in _ENDS or is_day(shown):
        return None
    return text if _leads(text) is None else None


_ENDS = word_set("ends", "starts")
_OWN = frozenset({"附件", "附件下载", "附件列表", "下载附件", "评论", "全部评论"})
"""Headings of what belongs to the article itself: its files, which its attachments tell, and what readers say."""
_leads = starts_with("crumbs", "leads").match


def _entries(  # noqa: C901, PLR0912 - one branch for each kind of line
    page: Page, index: int, inside: set[int], known: frozenset[str]
) -> tuple[list[_Entry], int]:
    """Return the entries from line `index` on, and the line that follows them."""
    lines = page.lines.lines
    entries: dict[str, _Entry] = {}
    place: tuple[object, ...] | None = None
    above = -1
    parents = page.lines.boxes.parents
    while index < len(lines):
        line = lines[index]
        if index in inside or line.hidden:
            break
        if not line.size:
            index += 1
            continue
        text = line.text
        if line.linked == line.size and len(line.anchors) == 1:
            if text in known or (text[0] in _MORE_BEGINS and _MORE.match(text)):
                break
            sole = _sole_entry(page, line)
            if sole is None:
                break
            found = [sole]
        elif line.size <= 20 and (is_day(text) or (text[0] in _MORE_BEGINS and _MORE.match(text))):  # noqa: PLR2004
            _date_last(entries, text)
            index += 1
            continue
        elif _ends_list(line, known):
            break
        else:
            found = _line_entries(page, line)
        if not found:
            if entries and not line.linked and line.size >= _SUMMARY and _in_one_item(page, index - 1, index):
                # What an entry is about, under its title.
                index += 1
                continue
            break
        if parents[line.box] != above:
            here = _place(page, line)
            if place is not None and here != place:
                break
            place, above = here, parents[line.box]
        for entry in found:
            entries.setdefault(entry[1] or entry[0], entry)
        index += 1
    return list(entries.values()), index


def _in_one_item(page: Page, index: int, other: int) -> bool:
    """Tell whether two lines stand in one item of a list."""
    lines, boxes = page.lines.lines, page.lines.boxes
    item = boxes.nearest(lines[index].box, _ITEM)
    return item >= 0 and item == boxes.nearest(lines[other].box, _ITEM)


_ITEM = frozenset({"li"})
_SUMMARY = 12
"""Characters of the shortest text that is one; counters are shorter."""


def _ends_list(line: Line, known: frozenset[str]) -> bool:
    """Tell whether a line is the heading of the next list, a path or a neighbour of the article."""
    text = line.text
    if _NEIGHBOUR(text) or _leads(text) or _CRUMBS(text):
        return True
    return line.size <= _LONGEST_HEADING and squeezed(without_more(text)) in known


def without_more(text: str) -> str:
    """Return a heading without the link 更多 after it."""
    # Plain tests, since most headings end in a letter of their own.
    return _HEADING_END.sub("", text) if text[-1] in _MORE_ENDS or not text[-1].isalnum() else text


_MORE_ENDS = frozenset("多eE")


def _place(page: Page, line: Line) -> tuple[object, ...]:
    """Return the tags above a line, and the list or table that it stands in: entries of one list share both."""
    tags: list[object] = []
    parents, names = page.lines.boxes.parents, page.lines.boxes.tags
    box = line.box
    while box >= 0 and len(tags) < 4:  # noqa: PLR2004
        tag = names[box]
        tags.append(tag)
        if tag in {"ul", "ol", "dl", "table"}:
            tags.append(box)
            break
        box = parents[box]
    return tuple(tags)


def _date_last(entries: dict[str, _Entry], text: str) -> None:
    """Give the day of a line of its own to the entry before it."""
    if entries and text:
        last = next(reversed(entries))
        title, url, date = entries[last]
        found = find_date(text, short_years=True) if date is None else None
        if found is not None:
            entries[last] = title, url, found.day


def _sole_entry(page: Page, line: Line) -> _Entry | None:
    """Return the entry of a line that is one link, the usual case; None where it leads nowhere."""
    anchor = line.anchors[0]
    shown = anchor.text
    url = page.resolve(anchor.href)
    if url is None or not shown:
        return None
    if shown[-1] in CUT or not shown[0].isalpha():
        shown = without_bullet(anchor.full_text)
    found = find_date(line.text, short_years=True)
    if found is None and len(shown) > line.size and shown.startswith(line.text):
        # A card is one link around title and day, each in a box of its own.
        found = find_date(shown[line.size :], short_years=True)
        shown = line.text if found is not None else shown
    return shown, url, found.day if found is not None else None


def _line_entries(page: Page, line: Line) -> list[_Entry]:
    anchors = entry_anchors(line)
    if not anchors:
        plain = not line.linked and page.lines.boxes.tags[line.box] == "li" and line.size >= _MEAN_TITLE
        return [(without_bullet(line.text), None, None)] if plain else []
    found = find_date(line.text, short_years=True) if len(anchors) == 1 and _DIGIT.search(line.text) else None
    entries: list[_Entry] = []
    for anchor in anchors:
        url = page.resolve(anchor.href)
        if url is not None:
            entries.append((without_bullet(anchor.full_text), url, found.day if found is not None else None))
    return entries


def without_bullet(text: str) -> str:
    """Return `text` without what a template puts before each entry."""
    if text[:1].isalpha():
        return text
    bullet = BULLET(text)
    return text if bullet is None else text[bullet.end() :]


def entry_anchors(line: Line) -> list[Anchor]:
    """Return the links of a line that consists of links (and dates, numbers, bullets), else an empty list."""
    if not line.linked:
        return []
    rest = line.size - line.linked
    if rest > 24 and rest > line.linked:  # noqa: PLR2004
        return []
    return [
        anchor for anchor in line.anchors
        if anchor.text and anchor.href and not is_more(anchor.text)
    ]  # fmt: skip
