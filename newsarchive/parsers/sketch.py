"""What can be told of an article before it is known to be one: its title, its info lines, its body."""

import re

from newsarchive.parsers.body import Body, find_body
from newsarchive.parsers.boxed_dates import date_in_boxes
from newsarchive.parsers.bylines import collect_author, collect_source
from newsarchive.parsers.credits import collect_reporters, collect_signature
from newsarchive.parsers.dates import find_date
from newsarchive.parsers.info import MAX_LINE, collect, read_line
from newsarchive.parsers.page import Page
from newsarchive.parsers.postings import POSTED_BEGINS, collect_posting, is_posted
from newsarchive.parsers.titles import Title, find_title
from newsarchive.parsers.values import SIGNED, Info, LineInfo, Place, Value

_AFTER_TITLE = 16
"""Lines after the title among which the info line is looked for."""


class Sketch:
    """Title, info and body of a page before it is known whether they make an article."""

    __slots__ = ("body", "info", "infos", "title")

    def __init__(self, title: Title | None, infos: dict[int, LineInfo], info: Info, body: Body | None) -> None:
        self.title = title
        self.infos = infos
        self.info = info
        self.body = body


def sketch(page: Page) -> Sketch:
    """Return what can be told of the article on `page`."""
    infos = _info_lines(page)
    title = find_title(page, infos)
    anchor = _anchor(page, title, infos)
    if (
        title is not None
        and title.rule.startswith("line")
        and title.first < title.last
        and not _labelled(infos, anchor)
    ):
        # A document's own heading over several lines, with no info line under it, is a part of the text.
        anchor = title.first - 1
    body = find_body(page, anchor, infos)
    return Sketch(title, infos, read_info(page, title, infos, body), body)


def _info_lines(page: Page) -> dict[int, LineInfo]:
    """Return every line of the page that could be an info line."""
    lines = page.lines.lines
    infos: dict[int, LineInfo] = {}
    for index, line in enumerate(lines):
        size = line.size
        if not 0 < size <= MAX_LINE or line.hidden:
            continue
        if line.linked > 0.6 * size:
            lead = line.text[:8]
            labelled = (":" in lead or "：" in lead) and _LABEL_FIRST(lead) is not None
            if not labelled and (line.text[0] not in POSTED_BEGINS or not is_posted(line)):
                # Without a label before the link it is a line of a menu or a list.
                continue
        parts = read_line(page, line)
        if parts is None and size <= 7 and line.text[0].isdigit():  # noqa: PLR2004
            date = date_in_boxes([other.text for other in lines[index : index + 3]])
            parts = LineInfo((), date, "", frozenset()) if date is not None else None
        if parts is not None and (parts.fields or not _is_signature(page, index)):
            infos[index] = parts
            if len(infos) >= _MOST_INFO_LINES:
                break
    return infos


def _entries(page: Page, infos: dict[int, LineInfo]) -> set[int]:
    """Return the lines that are entries of lists: two or more links side by side, with a day beside each."""
    lines, parents = page.lines.lines, page.lines.boxes.parents
    beside: dict[int, list[int]] = {}
    for index, parts in infos.items():
        line = lines[index]
        if line.linked and parts.date is not None and not parts.fields and line.linked >= len(parts.rest) - 2:
            beside.setdefault(parents[line.box], []).append(index)
    return {index for members in beside.values() if len(members) > 1 for index in members}


_LABEL_FIRST = re.compile(r"[^\s:：]{1,6}\s?[:：]").match


_MOST_INFO_LINES = 1000
"""A page with more of them is a list, whatever follows."""


def _is_signature(page: Page, index: int) -> bool:
    """Tell whether a bare date stands under paragraphs of its own box: the date that a document is signed with."""
    lines = page.lines.lines
    return any(
        (lines[i].prose > 60 or (lines[i].prose >= 20 and lines[i].text[-1] in "。；"))  # noqa: PLR2004
        and _beside(page, i, index)
        for i in range(max(0, index - 6), index)
    )


def _anchor(page: Page, title: Title | None, infos: dict[int, LineInfo]) -> int:
    """Return the last line of the head of the article: the info line after the title, or the title."""
    after = title.last if title is not None else -1
    if after < 0:
        dated = [index for index, parts in infos.items() if parts.date is not None]
        return dated[0] if dated else -1
    lines = page.lines.lines
    anchor = after
    dated_at = -1
    has_source = False
    for index in range(after + 1, min(after + _AFTER_TITLE, len(lines))):
        line = lines[index]
        if line.hidden:
            continue
        parts = infos.get(index)
        if parts is None:
            if (line.size > 60 and not line.linked) or (line.size and line.text[-1] in _SENTENCE_ENDS):  # noqa: PLR2004
                break
            continue
        if dated_at >= 0 and (has_source or parts.date is not None):
            break
        if dated_at >= 0 and not _beside(page, index, dated_at):
            # A first line of the text may look like an info line (作者：…); it does not stand beside the date.
            break
        if parts.date is None and not parts.fields & _HEAD_FIELDS and not _beside(page, index, after):
            continue
        dated_at = index if parts.date is not None else dated_at
        has_source = has_source or "source" in parts.fields
        anchor = index
    return anchor


def _labelled(infos: dict[int, LineInfo], index: int) -> bool:
    return index in infos and bool(infos[index].fields)


def _beside(page: Page, index: int, other: int) -> bool:
    """Tell whether two lines stand in one box or in boxes side by side."""
    lines, parents = page.lines.lines, page.lines.boxes.parents
    return lines[index].box == lines[other].box or parents[lines[index].box] == parents[lines[other].box]


_HEAD_FIELDS = frozenset({"date", "source", "clicks", "section"})
_SENTENCE_ENDS = frozenset("。！？")
_UNDER_TITLE, _ABOVE_TITLE, _BELOW_BODY = (
    Place("info-line", 10),
    Place("info-line-above-title", 5),
    Place("line-below-body", 4),
)
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)[一二三四五六日天]")
"""A bare date with its weekday above the title is the clock in the head of the page."""
_ABOVE = 12
"""Lines above the title among which info lines are looked for; a table of them may reach further up."""
_STAFF = frozenset({"editor", "photographer", "supplier", "translator"})


def read_info(page: Page, title: Title | None, infos: dict[int, LineInfo], body: Body | None) -> Info:
    """Return what the info lines say: those between title and body, then those just above, then those below."""
    info = Info()
    first = title.first if title is not None else -1
    last = title.last if title is not None else -1
    start = body.lines[0] if body is not None and body.lines else len(page.lines.lines)
    # A day may stand beside the title, in its own heading.
    for index in (*range(max(first, 0), last + 1), *range(last + 1, min(start, last + 40))):
        if index in infos:
            collect(page, info, index, infos[index], _UNDER_TITLE)
    listed = _dates_of_lists(page, infos) | _entries(page, infos)
    lowest = first - _ABOVE
    for index in range(first - 1, max(-1, first - 40), -1):
        if index < lowest:
            break
        clock = index in infos and not infos[index].fields and _WEEKDAY.search(page.lines.lines[index].text)
        if index in infos and index not in listed and not clock and (info.date is None or info.first("source") is None):
            collect(page, info, index, infos[index], _ABOVE_TITLE)
            lowest = min(lowest, index - 3)
    if body is not None:
        _read_tail(page, info, {i: parts for i, parts in infos.items() if i not in listed}, body, start)
        _read_posting(page, info, body, start)
    _read_author(page, info, last, start, body)
    if not {"source", "source-unit"} & info.values.keys() and last >= 0:
        collect_source(page, info, last, _last_lines(page, body) if body is not None else ())
    _read_signature_date(page, info, body)
    return info


def _read_author(page: Page, info: Info, title_last: int, start: int, body: Body | None) -> None:
    """Take the author where no label names one: under the title, under the text, in the first words of a dispatch."""
    if info.first("author") is None and title_last >= 0:
        # The first line of the text may name who wrote it.
        collect_author(page, info, title_last, start + 1)
    if body is None:
        return
    if info.first("author") is None:
        collect_signature(page, info, body.lines[-_SIGNED_PARAGRAPHS:])
    if info.first("author") is None:
        collect_reporters(page, info, body.lines[:_FIRST_PARAGRAPHS])


def _read_signature_date(page: Page, info: Info, body: Body | None) -> None:
    """Take the day under a text for its date, as notices are signed, where neither page nor head shows another."""
    if info.date is not None or body is None:
        return
    lines = page.lines.lines
    for index in reversed(_last_lines(page, body)):
        line = lines[index]
        date = find_date(line.text) if not line.hidden and line.size <= _LONGEST_DAY else None
        if date is not None and date.start == 0 and _AFTER_DAY(line.text[date.end :]) is not None:
            info.offer_date(date, Value(date.text, index, date.start, date.end, SIGNED), 0)
            return


_LONGEST_DAY = 24
_AFTER_DAY = re.compile(r"\s*(?:[（(]?(?:星期|周)[一二三四五六日天][）)]?)?\s*").fullmatch


def _last_lines(page: Page, body: Body) -> list[int]:
    """Return the last lines of a body and the first ones under it."""
    return [*body.lines[-_SIGNED_PARAGRAPHS:], *range(body.end, min(body.end + 2, len(page.lines.lines)))]


def _dates_of_lists(page: Page, infos: dict[int, LineInfo]) -> set[int]:
    """Return the lines of bare dates that stand close to others: they are the days of a list's entries."""
    bare = [index for index, parts in infos.items() if parts.date is not None and not parts.fields]
    close = [j for i, j in enumerate(bare) if i + 2 < len(bare) and bare[i + 2] - j <= _LIST]
    listed = {index for start in close for index in bare if start <= index <= start + _LIST}
    if not listed:
        return listed
    lines = page.lines.lines
    # Where the list's days stand above their links, the one with no link under it is the article's.
    above = {index for index in listed if any(line.linked >= line.size > 0 for line in lines[index + 1 : index + 3])}
    below = {index for index in listed if index and lines[index - 1].linked >= lines[index - 1].size > 0}
    return above if len(above) >= len(below) and len(above) == len(listed) - 1 else listed


_LIST = 12
"""Lines over which three bare dates make a list."""


_SIGNATURE = frozenset({"source", "author", "editor"})
_SIGNED_LINES = 6
_SIGNED_PARAGRAPHS = 3
_FIRST_PARAGRAPHS = 2


def _read_tail(page: Page, info: Info, infos: dict[int, LineInfo], body: Body, start: int) -> None:
    """Add what the lines below the body say, and the staff and the source that are named at its end."""
    inside = set(body.lines)
    for index in range(start, min(page.lines.boxes.ends[body.box] + 30, len(page.lines.lines))):
        parts = infos.get(index)
        if parts is None:
            continue
        signed = index in inside and "source" in parts.fields <= _SIGNATURE and index >= body.end - 3
        if index in inside and not signed and not parts.fields & _STAFF:
            # Who wrote it may stand on the first line of a text, or on one of its last.
            at_edge = index == start or index >= body.end - _SIGNED_LINES
            if "author" not in parts.fields or not at_edge or info.first("author") is not None:
                continue
        tail = Info()
        collect(page, tail, index, parts, _BELOW_BODY)
        if signed:
            info.values.setdefault("source-signed", tail.values.pop("source", []))
        for name, values in tail.values.items():
            if name in _STAFF or (name != "source?" and not info.values.get(name)):
                for value in values:
                    info.add(name, value)
        if tail.date is not None and tail.date_at is not None and index not in inside and index >= body.end - 3:
            info.offer_date(tail.date, tail.date_at, tail.trust)


def _read_posting(page: Page, info: Info, body: Body, start: int) -> None:
    """Take the date from the sentence under a body that tells when it was posted, where nothing else shows one."""
    if info.date is None:
        collect_posting(page, info, range(max(start, body.end - 3), min(body.end + 3, len(page.lines.lines))))
