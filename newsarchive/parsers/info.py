"""The info line: date, source, persons and counter, from lines that hold labels, a date and little else."""

import re
from dataclasses import dataclass, field

from newsarchive.parsers.dates import FoundDate, date_in_words, find_date, relative_date
from newsarchive.parsers.labels import Labelled, squeezed, word_set, words
from newsarchive.parsers.lines import Line
from newsarchive.parsers.page import Page

MAX_LINE = 300
"""A longer line is text, whatever it begins with."""

_MAYBE = re.compile(r"[:：﹕︰]|\d\d[-/.年 ]|\d前|[今昨前]天|刚刚|来源|[〇一二]年")
_SENTENCE = re.compile(r"[。！？；!?]|，.*，|, .*, ")
_EDGES = " \t|｜,，;；、·•/／-—–_>＞<＜«»　\u200b\ufeff"
_BRACKETS = {"[": "]", "【": "】", "(": ")", "（": "）", "<": ">", "〔": "〕", "「": "」"}
_CLICKS = re.compile(r"^\s*[\[(（【]?\s*(?P<n>\d{1,9})(?![\d\-/.年:：])")
_NOISE = re.compile(
    rf"(?:^|[\s|｜\[【(（]+)(?:{'|'.join(re.escape(w) for w in sorted(words('noise', 'words'), key=len, reverse=True))})(?=$|[\s|｜\]】)）:：+\-\d])"
    r"|[\[【(（]\s*(?:字体|字号|大\s*中\s*小|打印|关闭|分享|收藏).*",
)
_EMPTY_VALUES = frozenset({"", "...", "…", "……", "--", "-", "null", "undefined", "暂无", "无"})


@dataclass(frozen=True, slots=True)
class Value:
    """A value of an info line: its text, the line it stands in, its span there, and the rule that found it."""

    text: str
    line: int
    start: int
    end: int
    rule: str


@dataclass(slots=True)
class Info:
    """What the info lines of a page say, by field; a field that is there with an empty text had a label and no value."""

    values: dict[str, list[Value]] = field(default_factory=dict)
    date: FoundDate | None = None
    date_at: Value | None = None
    unreadable: str | None = None
    lines: set[int] = field(default_factory=set)

    def first(self, name: str) -> Value | None:
        """Return the first value of a field that has a text, or None."""
        return next((value for value in self.values.get(name, ()) if value.text), None)

    def add(self, name: str, value: Value) -> None:
        if all(value.text != known.text for known in self.values.get(name, ())):
            self.values.setdefault(name, []).append(value)


@dataclass(frozen=True, slots=True)
class LineInfo:
    """An info line taken apart."""

    labels: tuple[Labelled, ...]
    date: FoundDate | None
    rest: str
    """What belongs to no label and no date."""

    @property
    def fields(self) -> set[str]:
        return {label.field for label in self.labels}


def read_line(page: Page, line: Line) -> LineInfo | None:
    """Return the parts of `line` if it can be an info line, else None."""
    text = line.text
    if not 2 <= line.size <= MAX_LINE or not _MAYBE.search(text):  # noqa: PLR2004
        return None
    labels = page.labels.read(text, bare=True)
    date = find_date(text, short_years=True) or relative_date(text, page.captured_at, page.site.zone)
    if not labels and date is None:
        return None
    lead = text[: labels[0].start] if labels else text
    if date is not None and date.start < len(lead):
        lead = lead[: date.start] + " " + lead[min(date.end, len(lead)) :]
    rest = clean(lead)
    limit = 24 if labels else 30
    if len(rest) > limit or _SENTENCE.search(rest):
        return None
    if labels and not date and any(label.value_end - label.value_start > 80 for label in labels):  # noqa: PLR2004
        return None
    if labels and _SENTENCE.search(text[labels[-1].value_start :]) and "date" not in {x.field for x in labels}:
        return None
    return LineInfo(tuple(labels), date, rest)


def clean(text: str) -> str:
    """Return `text` without noise words, separators and brackets around it."""
    found = _NOISE.search(text)
    while found is not None:
        text = text[: found.start()] + " " + text[found.end() :]
        found = _NOISE.search(text)
    return trimmed(text)


def trimmed(text: str) -> str:
    """Return `text` without separators at its ends and without brackets that open or close nothing."""
    text = " ".join(text.split()).strip(_EDGES)
    while text:
        if text[0] in _BRACKETS and (_BRACKETS[text[0]] not in text):
            text = text[1:].strip(_EDGES)
        elif text[0] in _BRACKETS and text[-1] == _BRACKETS[text[0]] and _BRACKETS[text[0]] not in text[1:-1]:
            text = text[1:-1].strip(_EDGES)
        elif text[-1] in _BRACKETS:
            text = text[:-1].strip(_EDGES)
        elif text[-1] in "]】)）〕」" and next(o for o, c in _BRACKETS.items() if c == text[-1]) not in text:
            text = text[:-1].strip(_EDGES)
        else:
            break
    return text


def collect(page: Page, info: Info, index: int, parts: LineInfo, rule: str) -> None:
    """Add what an info line says to `info`."""
    line = page.lines.lines[index]
    info.lines.add(index)
    for label in parts.labels:
        _collect_label(page, info, index, label, rule)
    date = parts.date
    if date is not None and info.date is None and not _inside_other_value(date, parts):
        info.date = date
        info.date_at = Value(line.text[date.start : date.end], index, date.start, date.end, rule)
    if date is not None and not parts.fields & {"source"} and info.date is date:
        _collect_bare_source(page, info, index, parts)


def _inside_other_value(date: FoundDate, parts: LineInfo) -> bool:
    for label in parts.labels:
        if label.value_start <= date.start < label.value_end:
            return label.field in {"tags", "section", "ignore"} and "date" in parts.fields
    return False


def _collect_label(page: Page, info: Info, index: int, label: Labelled, rule: str) -> None:
    line = page.lines.lines[index]
    raw = line.text[label.value_start : label.value_end]
    if label.field == "ignore":
        return
    if label.field == "date":
        _collect_date(page, info, index, label, rule)
        return
    if label.field == "clicks":
        match = _CLICKS.match(raw)
        info.add("clicks", Value(match["n"] if match else "", index, label.value_start, label.value_end, rule))
        return
    date = find_date(raw, short_years=True)
    if date is not None:
        raw = raw[: date.start]
    text = linked_name(line, raw)
    if text is None:
        text = clean(raw)
    if label.field == "source" and squeezed(text) in word_set("noise", "words"):
        text = text if squeezed(text) == "原创" else ""
    text = "" if text in _EMPTY_VALUES else text
    start = line.text.find(text, label.value_start) if text else label.value_start
    info.add(label.field, Value(text, index, start, start + len(text), rule))


def linked_name(line: Line, raw: str) -> str | None:
    """Return the text of the link that a value begins with, or the value up to a link inside it; None without links."""
    stripped = raw.strip(_EDGES)
    for anchor in line.anchors:
        text = anchor.text
        if not text or text not in stripped:
            continue
        if stripped.startswith(text):
            return trimmed(text)
        head = stripped[: stripped.index(text)]
        return clean(head) if clean(head) else None
    return None


def _collect_date(page: Page, info: Info, index: int, label: Labelled, rule: str) -> None:
    line = page.lines.lines[index]
    raw = line.text[label.value_start : label.value_end]
    found = find_date(raw, short_years=True) or relative_date(raw, page.captured_at, page.site.zone)
    if found is None:
        value = clean(raw)
        if value and value not in _EMPTY_VALUES:
            found = date_in_words(value, page.site.language, page.site.zone, page.captured_at)
            if found is None:
                info.unreadable = info.unreadable or value
        if found is None:
            return
    if (
        info.date is None
        or label.label in _FIRST_DATES
        and info.date_at is not None
        and info.date_at.rule != rule + "!"
    ):
        start = label.value_start + found.start
        info.date = found
        info.date_at = Value(found.text, index, start, start + len(found.text), rule)


_FIRST_DATES = frozenset({"发布日期", "发布时间", "发表时间", "发布于", "发表于"})


def _collect_bare_source(page: Page, info: Info, index: int, parts: LineInfo) -> None:
    """A name beside a date, with no label, is the source (新京报 2019-09-07)."""
    line = page.lines.lines[index]
    rest = linked_name(line, parts.rest) or parts.rest
    rest = clean(re.sub(r"^\s*原创\s+|\s+\d+$", "", rest))
    if 2 <= len(rest) <= 24 and not re.search(r"\d|[:：，。>]", rest):  # noqa: PLR2004
        start = max(0, line.text.find(rest))
        info.add("source?", Value(rest, index, start, start + len(rest), "name-beside-date"))
