"""The info line: date, source, persons and counter, from lines that hold labels, a date and little else."""

import re

from newsarchive.parsers.bylines import SEPARATOR, collect_bare_source, collect_byline
from newsarchive.parsers.cells import CELLS, cell_beside, is_cell_value, is_pair
from newsarchive.parsers.credits import collect_slashed, without_credits
from newsarchive.parsers.dates import FoundDate, date_in_words, find_date, relative_date
from newsarchive.parsers.labels import MAYBE_BARE, MAYBE_INFO, Labelled, squeezed, untranslated, word_set
from newsarchive.parsers.lines import Line
from newsarchive.parsers.markup import attribute
from newsarchive.parsers.names import byline, is_name
from newsarchive.parsers.noise import EDGES, clean, trimmed
from newsarchive.parsers.page import Page
from newsarchive.parsers.postings import collect_poster
from newsarchive.parsers.values import DOCUMENT_DATE, Info, LineInfo, Place, Value

MAX_LINE = 300
"""A longer line is text, whatever it begins with."""

_MAX_UNLABELLED = 80
_SENTENCE = re.compile(r"[。！？；!?]|，.*，|, .*, ")
_CLICKS = re.compile(r"^\s*[\[(（【]?\s*(?P<n>\d{1,9})(?![\d\-/.年:：])")
_EMPTY_VALUES = frozenset({"", "未知", "不详", "...", "…", "……", "--", "-", "null", "undefined", "暂无", "无"})
_FIRST_DATES = re.compile(r"发[布表佈布]|公布|刊发|publish|posted", re.IGNORECASE)
_DOCUMENT_DATES = re.compile(r"生成|成文|发文")
_WEAK_DATES = re.compile(r"生成|成文|发文|更新|创建|录入|上传|updated", re.IGNORECASE)


def read_line(page: Page, line: Line) -> LineInfo | None:
    """Return the parts of `line` if it can be an info line, else None."""
    text = line.text
    if not 2 <= line.size <= MAX_LINE:  # noqa: PLR2004
        return None
    if line.size > _MAX_UNLABELLED and "：" not in text and ":" not in text:
        return None
    if MAYBE_INFO(text) is None:
        return _cell_label(page, line) if line.size <= _LONGEST_LABEL else None
    if "modified" in text and (modified := _MODIFIED(text)) is not None:
        text = text[: modified.end(1)]
    labels = page.labels.read(text, bare=MAYBE_BARE(text) is not None)
    date = find_date(text, short_years=True) or relative_date(text, page.captured_at, page.site.zone)
    if not labels and date is None:
        return _cell_label(page, line)
    lead = text[: labels[0].start] if labels else text
    if date is not None and date.start < len(lead):
        before, after = lead[: date.start], lead[min(date.end, len(lead)) :]
        if before[-1:] in _OPENINGS and after[:1] in _CLOSINGS:
            before, after = before[:-1], after[1:]
        lead = before + " " + after
    rest = clean(without_credits(lead))
    fields = frozenset(label.field for label in labels)
    limit = 60 if date is not None and "source" in fields else 24 if labels else 30
    said = _POSTING.sub(" ", rest)
    plausible = len(said) <= limit and not _SENTENCE.search(said) and not _TODAY.match(text)
    if not plausible or (labels and not _plausible_values(text, labels, fields, date)):
        return None
    return LineInfo(tuple(labels), date, rest, fields)


_OPENINGS, _CLOSINGS = frozenset("[［【(（"), frozenset("]］】)）")
_POSTING = re.compile(
    r"\b(?:Submitted|Posted|Published|Written)\s+by\b|\bon\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?|\s-\s\d\d?:\d\d",
    re.IGNORECASE,
)
"""What an English info line says besides who and when."""
_MODIFIED = re.compile(r"((?:created|published)\b.{6,80}?),?\s+last modified\b", re.IGNORECASE).match
"""Two days as Plone shows them: the first is that of publication."""
_TODAY = re.compile(
    r"\W*(?:您好|欢迎您?|欢迎光临)?\W*(?:今天|今日|现在|当前|系统|本地|北京)(?:是|为|(?:时间|日期)?\s*[:：])"
)
"""The clock in the head of a page: its day is that of the visit."""
_LONGEST_LABEL = 16


def _cell_label(page: Page, line: Line) -> LineInfo | None:
    """Return the label that fills a cell of its own without a colon, such as 发布机构; short ones head columns, too."""
    # A plain test, since most short lines begin otherwise.
    if line.size > _LONGEST_LABEL or line.text[0].lower() not in page.labels.begins:
        return None
    name = squeezed(untranslated(line.text))
    field_ = page.labels.fields.get(name)
    if field_ is None or field_ == "contact":
        return None
    tag = page.lines.boxes.tags[line.box]
    alone = tag == "dt" or (tag in CELLS and len(name) >= 4) or (line.images and field_ == "source")  # noqa: PLR2004
    if not alone and not is_pair(page, line, field_):
        return None
    return LineInfo((Labelled(field_, name, 0, line.size, line.size),), None, "", frozenset({field_}))


def _plausible_values(text: str, labels: list[Labelled], fields: frozenset[str], date: FoundDate | None) -> bool:
    if fields <= {"contact", "date"} and "contact" in fields and all(map(_is_plain, labels)):
        # 日期：2020年12月1日 地点：二楼 is about a meeting.
        return False
    if date is None and any(label.value_end - label.value_start > 80 for label in labels):  # noqa: PLR2004
        return False
    return "date" in fields or not _SENTENCE.search(text[labels[-1].value_start :])


_UNKNOWN_LABEL = re.compile(r"\s[\u3400-\u9fff]{2,5}\s?[:：]")
"""A value ends before a label, even before one that is not known."""


def _is_plain(label: Labelled) -> bool:
    """Tell whether a label is none of publication: 时间, 日期, 地点."""
    return label.field != "date" or len(label.label) <= 2  # noqa: PLR2004


def collect(page: Page, info: Info, index: int, parts: LineInfo, place: Place) -> None:
    """Add what an info line says to `info`."""
    info.lines.add(index)
    for label in parts.labels:
        if label.field == "date":
            _collect_date(page, info, (index, label), place)
        else:
            _collect_label(page, info, (index, label), place.rule)
    date = parts.date
    if date is None or (not parts.labels and is_cell_value(page, index)):
        return
    if not any(label.value_start <= date.start < label.value_end for label in parts.labels if label.field in _DATED):
        info.offer_date(date, Value(date.text, index, date.start, date.end, place.rule), place.trust + 1)
    if "source" not in parts.fields:
        collect_bare_source(page, info, index, parts)
    elif "author" not in parts.fields:
        collect_byline(info, index, page.lines.lines[index], parts.rest)
    if "author" not in parts.fields:
        collect_poster(info, index, page.lines.lines[index])


_DATED = frozenset({"date", "contact"})
"""Fields with dates of their own; after any other value (字体：大 中 小 2018-01-23) a date is that of the page."""


def _collect_label(page: Page, info: Info, at: tuple[int, Labelled], rule: str) -> None:
    index, label = at
    line = page.lines.lines[index]
    raw = line.text[label.value_start : label.value_end]
    if label.field in {"ignore", "contact"}:
        return
    if not raw.strip() and label.value_end == line.size:
        index, raw = cell_beside(page, index)
        line = page.lines.lines[index]
        label = Labelled(label.field, label.label, 0, 0, line.size)
    if label.field == "clicks":
        match = _CLICKS.match(raw)
        info.add("clicks", Value(match["n"] if match else "", index, label.value_start, label.value_end, rule))
        return
    if label.field == "author" and collect_slashed(info, index, line, (label.value_start, label.value_end)):
        if info.first("author") is not None:
            return
        # 作者：王小明 图/李小红
        raw = without_credits(raw).rstrip()
    if label.field == "source":
        raw = _without_author(info, index, line, raw)
    text = value_text(line, raw, label.value_start, label.field)
    if not text and label.field == "source" and line.images:
        # The paper's logo in place of its name.
        named = " ".join((attribute(line.images[0], "alt") or "").split())
        text = named if is_name(named) else ""
    start = line.text.find(text, label.value_start) if text else label.value_start
    name = "source-unit" if label.field == "source" and _UNIT(label.label) else label.field
    info.add(name, Value(text, index, start, start + len(text), rule))
    if name == "source-unit" and text and label.label.startswith("供稿"):
        info.add("supplier", Value(text, index, start, start + len(text), rule))


_UNIT = re.compile(r"(?:发布|发文|信息发布|供稿|发稿|信息)(?:单位|机构|部门|机关|提供)").fullmatch
"""Labels of the office that publishes, which is the source where no other is named."""


def _without_author(info: Info, index: int, line: Line, raw: str) -> str:
    """Return a source's value without who wrote, and note the author: China Daily By Zhou Ning, 文艺报 | 许冬林."""
    date = find_date(raw, short_years=True)
    shown = raw[: date.start] if date is not None else raw
    english = _BYLINE(shown)
    if english is not None:
        collect_byline(info, index, line, clean(shown[english.start() :]))
        return shown[: english.start()]
    pieces = SEPARATOR.split(shown.strip(EDGES))
    if len(pieces) == _SOURCE_AND_AUTHOR and (persons := byline(clean(pieces[1]))) is not None:
        collect_byline(info, index, line, f"By {persons}")
    return raw


_BYLINE = re.compile(r"(?<=\w)\s+By\s+(?=[A-Z])").search
_SOURCE_AND_AUTHOR = 2


def value_text(line: Line, raw: str, start: int, name: str) -> str:
    """Return the value at `start`: up to a date or a separator, a link's text without what follows it, no noise."""
    date = find_date(raw, short_years=True)
    if date is not None:
        raw = raw[: date.start] if raw[: date.start].strip() else raw[date.end :]
    following = _UNKNOWN_LABEL.search(raw)
    if following is not None and raw[: following.start()].strip():
        raw = raw[: following.start()]
    text = linked_name(line, raw, start)
    if text is None:
        pieces = [piece for piece in SEPARATOR.split(raw.strip(EDGES)) if piece]
        text = clean(pieces[0]) if pieces else ""
    if squeezed(text) in word_set("noise", "words") and not (name == "source" and squeezed(text) == "原创"):
        text = ""
    if name in _PERSONS:
        text = _AFTER_NAME.sub("", _BOTH.sub("", text))
    return "" if text in _EMPTY_VALUES else text


_BOTH = re.compile(r"^(?:图\s?[/／]?\s?文|文\s?[/／]?\s?图)(?:[/／:：]\s?|\s)(?=\S)")
"""What says that a person wrote and took the pictures, too."""
_PERSONS = frozenset({"author", "editor"})
_AFTER_NAME = re.compile(
    r"(?<=[\u3400-\u9fff]{2})(?:_[A-Z]{1,4}\d{2,6}|\s?[（(][^（()）]{5,}[)）]|[，,]\s?系?[\u3400-\u9fff]{4,}(?:教授|研究员|院长|所长|主任|讲师))$"
)
"""What follows a person's name: the number of a member of staff, the office in brackets."""


def linked_name(line: Line, raw: str, start: int) -> str | None:
    """Return the text of the link that a value begins with, or the value up to a link inside it; None without links.

    `start` is where `raw` begins in the line: a link before it may be called 小 as well.
    """
    stripped = raw.strip(EDGES)
    end = start + len(raw)
    position = 0
    for anchor in line.anchors:
        text = anchor.text
        found = line.text.find(text, position) if text else -1
        if found < 0:
            continue
        position = found + len(text)
        if not start <= found < end or text not in stripped:
            continue
        if stripped.startswith(text):
            return trimmed(text)
        return clean(stripped[: stripped.index(text)]) or None
    return None


def _collect_date(page: Page, info: Info, at: tuple[int, Labelled], place: Place) -> None:
    index, label = at
    trust = place.trust
    line = page.lines.lines[index]
    raw, offset = line.text[label.value_start : label.value_end], label.value_start
    if not raw.strip() and label.value_end == line.size:
        index, raw = cell_beside(page, index)
        offset = 0
    found = find_date(raw, short_years=True) or relative_date(raw, page.captured_at, page.site.zone)
    if found is None:
        value = clean(raw)
        if value and value not in _EMPTY_VALUES:
            found = date_in_words(value, page.site.language, page.site.zone, page.captured_at)
            if found is None:
                info.unreadable = info.unreadable or value
        if found is None:
            return
    if _FIRST_DATES.search(label.label):
        trust += 3
    elif not _WEAK_DATES.search(label.label):
        trust += 2
    start = offset + found.start
    rule = DOCUMENT_DATE if _DOCUMENT_DATES.search(label.label) else place.rule
    info.offer_date(found, Value(found.text, index, start, start + len(found.text), rule), trust)
