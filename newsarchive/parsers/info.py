"""The info line: date, source, persons and counter, from lines that hold labels, a date and little else."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from newsarchive.parsers.cells import CELLS, cell_beside, is_cell_value
from newsarchive.parsers.dates import FoundDate, date_in_words, find_date, relative_date
from newsarchive.parsers.labels import MAYBE_BARE, MAYBE_INFO, Labelled, squeezed, word_set
from newsarchive.parsers.lines import Line
from newsarchive.parsers.names import is_name, is_person
from newsarchive.parsers.noise import EDGES, clean, trimmed
from newsarchive.parsers.page import Page

MAX_LINE = 300
"""A longer line is text, whatever it begins with."""

_MAX_UNLABELLED = 80
_SENTENCE = re.compile(r"[。！？；!?]|，.*，|, .*, ")
_CLICKS = re.compile(r"^\s*[\[(（【]?\s*(?P<n>\d{1,9})(?![\d\-/.年:：])")
_EMPTY_VALUES = frozenset({"", "...", "…", "……", "--", "-", "null", "undefined", "暂无", "无"})
_SEPARATOR = re.compile(r"\s*[|｜]\s*")
_FIRST_DATES = re.compile(r"发[布表佈布]|公布|刊发|publish|posted", re.IGNORECASE)
DOCUMENT_DATE = "document-date"
"""The rule of a date that is the document's (成文日期) and not that of the page."""
_DOCUMENT_DATES = re.compile(r"生成|成文|发文")
_WEAK_DATES = re.compile(r"生成|成文|发文|更新|创建|录入|上传|updated", re.IGNORECASE)


class Value(NamedTuple):
    """A value of an info line: its text, the line it stands in, its span there, and the rule that found it."""

    text: str
    line: int
    start: int
    end: int
    rule: str


@dataclass(slots=True)
class Info:
    """What the info lines of a page say, by field; a field with nothing but empty texts had a label and no value."""

    values: dict[str, list[Value]] = field(default_factory=dict)
    date: FoundDate | None = None
    date_at: Value | None = None
    trust: int = -1
    """How far `date` is to be believed: a label for the date of publication is best."""
    unreadable: str | None = None
    lines: set[int] = field(default_factory=set)

    def first(self, name: str) -> Value | None:
        """Return the first value of a field that has a text, or None."""
        return next((value for value in self.values.get(name, ()) if value.text), None)

    def add(self, name: str, value: Value) -> None:
        """Add a value unless it is there already."""
        if all(value.text != known.text for known in self.values.get(name, ())):
            self.values.setdefault(name, []).append(value)

    def offer_date(self, date: FoundDate, at: Value, trust: int) -> None:
        """Take `date` if none is there that is believed as much."""
        if trust > self.trust:
            self.date, self.date_at, self.trust = date, at, trust


class LineInfo(NamedTuple):
    """An info line taken apart."""

    labels: tuple[Labelled, ...]
    date: FoundDate | None
    rest: str
    """What belongs to no label and no date."""
    fields: frozenset[str]


def read_line(page: Page, line: Line) -> LineInfo | None:
    """Return the parts of `line` if it can be an info line, else None."""
    text = line.text
    if not 2 <= line.size <= MAX_LINE:  # noqa: PLR2004
        return None
    if line.size > _MAX_UNLABELLED and "：" not in text and ":" not in text:
        return None
    if MAYBE_INFO(text) is None:
        return _cell_label(page, line) if line.size <= _LONGEST_LABEL else None
    labels = page.labels.read(text, bare=MAYBE_BARE(text) is not None)
    date = find_date(text, short_years=True) or relative_date(text, page.captured_at, page.site.zone)
    if not labels and date is None:
        return _cell_label(page, line)
    lead = text[: labels[0].start] if labels else text
    if date is not None and date.start < len(lead):
        lead = lead[: date.start] + " " + lead[min(date.end, len(lead)) :]
    rest = clean(lead)
    fields = frozenset(label.field for label in labels)
    limit = 60 if date is not None and "source" in fields else 24 if labels else 30
    plausible = len(rest) <= limit and not _SENTENCE.search(rest) and not _TODAY.match(text)
    if not plausible or (labels and not _plausible_values(text, labels, fields, date)):
        return None
    return LineInfo(tuple(labels), date, rest, fields)


_TODAY = re.compile(
    r"\W*(?:您好|欢迎您?|欢迎光临)?\W*(?:今天|今日|现在|当前|系统|本地|北京)(?:是|为|(?:时间|日期)?\s*[:：])"
)
"""The clock in the head of a page: its day is that of the visit."""
_LONGEST_LABEL = 8


def _cell_label(page: Page, line: Line) -> LineInfo | None:
    """Return the label that fills a cell of its own without a colon, such as 发布机构; short ones head columns, too."""
    if line.size > _LONGEST_LABEL or page.lines.boxes.tags[line.box] not in CELLS:
        return None
    name = squeezed(line.text)
    field_ = page.labels.fields.get(name) if len(name) >= 4 else None  # noqa: PLR2004
    if field_ is None or field_ == "contact":
        return None
    return LineInfo((Labelled(field_, name, 0, line.size, line.size),), None, "", frozenset({field_}))


def _plausible_values(text: str, labels: list[Labelled], fields: frozenset[str], date: FoundDate | None) -> bool:
    if fields <= {"contact", "date"} and "contact" in fields and all(map(_is_plain, labels)):
        # 日期：2020年12月1日 地点：二楼 is about a meeting.
        return False
    if date is None and any(label.value_end - label.value_start > 80 for label in labels):  # noqa: PLR2004
        return False
    return "date" in fields or not _SENTENCE.search(text[labels[-1].value_start :])


def _is_plain(label: Labelled) -> bool:
    """Tell whether a label is none of publication: 时间, 日期, 地点."""
    return label.field != "date" or len(label.label) <= 2  # noqa: PLR2004


class Place(NamedTuple):
    """Where on the page an info line stands: the rule that looked there, and how far it is to be believed."""

    rule: str
    trust: int


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
        _collect_bare_source(page, info, index, parts)


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
    text = value_text(line, raw, label.value_start, label.field)
    start = line.text.find(text, label.value_start) if text else label.value_start
    name = "source-unit" if label.field == "source" and _UNIT(label.label) else label.field
    info.add(name, Value(text, index, start, start + len(text), rule))


_UNIT = re.compile(r"(?:发布|发文|信息发布|供稿|发稿|信息)(?:单位|机构|部门|机关|提供)").fullmatch
"""Labels of the office that publishes, which is the source where no other is named."""


def value_text(line: Line, raw: str, start: int, name: str) -> str:
    """Return the value at `start`: up to a date or a separator, a link's text without what follows it, no noise."""
    date = find_date(raw, short_years=True)
    if date is not None and raw[: date.start].strip():
        raw = raw[: date.start]
    text = linked_name(line, raw, start)
    if text is None:
        pieces = [piece for piece in _SEPARATOR.split(raw.strip(EDGES)) if piece]
        text = clean(pieces[0]) if pieces else ""
    if squeezed(text) in word_set("noise", "words") and not (name == "source" and squeezed(text) == "原创"):
        text = ""
    return "" if text in _EMPTY_VALUES else text


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


def _collect_bare_source(page: Page, info: Info, index: int, parts: LineInfo) -> None:
    """Take a name beside a date, with no label, for the source (新京报 2019-09-07)."""
    line = page.lines.lines[index]
    rest = clean(_BEFORE_NAME.sub("", parts.rest))
    anchor = next((a.text for a in line.anchors if a.text and rest.startswith(a.text)), None)
    if anchor is not None:
        after = clean(rest[len(anchor) :])
        rest = after if is_name(after) else anchor
    rest = next((piece for piece in _SEPARATOR.split(rest) if piece), "")
    if "/" in rest and _collect_slashed(info, index, line):
        return
    office, _, person = rest.partition(" ")
    if is_person(office) or is_person(person):
        office, person = (person, office) if is_person(office) else (office, person)
        start = line.text.find(person)
        info.add("author", Value(person, index, start, start + len(person), "name-beside-date"))
        rest = office
    author = _BY.match(rest)
    name = author["name"] if author is not None else rest
    if is_name(name):
        start = max(0, line.text.find(name))
        value = Value(name, index, start, start + len(name), "name-beside-date")
        info.add("author" if author is not None else "source?", value)


def _collect_slashed(info: Info, index: int, line: Line) -> bool:
    """Take the names of 文/王小明 图/李小红; tell whether there were any."""
    found = list(_SLASHED.finditer(line.text))
    for match in found:
        info.add(_SLASH_FIELDS[match["label"][0]], Value(match["name"], index, *match.span("name"), "name-after-slash"))
    return bool(found)


_SLASHED = re.compile(r"(?P<label>文字?|撰[文稿]|图片?|摄影?|编辑|供稿)\s?/\s?(?P<name>[\u3400-\u9fff·]{2,12})")
_SLASH_FIELDS = {
    "文": "author",
    "撰": "author",
    "图": "photographer",
    "摄": "photographer",
    "编": "editor",
    "供": "supplier",
}


_BEFORE_NAME = re.compile(r"^\s*原创\s+|\s+\d+$|^\s*(?:Posted|Published|Updated)\b(?:\s+on\b)?", re.IGNORECASE)
_BY = re.compile(r"^By\s+(?P<name>\S.*)$", re.IGNORECASE)


def collect_byline(page: Page, info: Info, title_last: int) -> None:
    """Take a name in a box beside the date's, or linked right under the title, for the source (加拿大必读)."""
    lines = page.lines.lines
    parents = page.lines.boxes.parents
    at = min((index for index in info.lines if index > title_last), default=None)
    shown = [i for i in range(title_last + 1, min(title_last + 6, len(lines))) if lines[i].size and not lines[i].hidden]
    near = [i for i in (at - 1, at + 1) if i in shown] if at is not None else shown[:1]
    for index in near:
        if index in info.lines or lines[index].text.startswith(("——", "--")):
            continue
        line = lines[index]
        name = clean(line.text)
        if at is None:
            anchor = next((a.text for a in line.anchors if a.text and line.text.endswith(a.text)), "")
            name = anchor if line.size <= 40 else ""  # noqa: PLR2004
        elif parents[line.box] != parents[lines[at].box]:
            continue
        if is_name(name) and squeezed(name) not in word_set("noise", "words"):
            start = line.text.find(name)
            info.add("source?", Value(name, index, start, start + len(name), "name-under-title"))
            return
