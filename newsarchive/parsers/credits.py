"""Credits: who wrote, and who took the pictures, where a slash or a bracket tells it and no label does."""

import re
from collections.abc import Sequence

from newsarchive.parsers.lines import Line
from newsarchive.parsers.names import are_names, byline, credited
from newsarchive.parsers.page import Page
from newsarchive.parsers.values import Info, Value


def without_credits(text: str) -> str:
    """Return `text` without what says who did what (文/王小明, 图片 | 李小红)."""
    # A plain test, since most info lines have none.
    return _SLASHED.sub(" ", text) if "/" in text or "|" in text or "丨" in text or "／" in text else text


def collect_slashed(info: Info, index: int, line: Line, span: tuple[int, int]) -> bool:
    """Take the names of 文/王小明 图/李小红 or 王小明/文 in a span of the line; tell whether there were any."""
    text = line.text
    # A plain test, since most info lines have none.
    if "/" not in text and "|" not in text and "丨" not in text and "／" not in text and "｜" not in text:
        return False
    found = list(_SLASHED.finditer(text, *span)) or list(_BEFORE_SLASH.finditer(text, *span))
    for match in found:
        name = "author" if match["label"] == "图文" else _SLASH_FIELDS.get(match["label"][0])
        if name is not None:
            info.add(name, Value(match["name"], index, *match.span("name"), "name-after-slash"))
    return bool(found)


_CREDITS = "来源|图文|文图|文字|撰[文稿]|采[访写]|作者|图片|摄影|责编|编辑|供稿|整理|审核|校对"
_SLASHED = re.compile(
    rf"(?P<label>{_CREDITS}|(?<![\u3400-\u9fff])[文图摄])\s?[/／|｜丨]\s?"
    rf"(?P<name>[\u3400-\u9fff·]{{2,12}}?(?:[、，,]\s?[\u3400-\u9fff·]{{2,12}}?){{0,4}})"
    rf"(?=(?:{_CREDITS})\s?[/／|｜丨]|[^\u3400-\u9fff·、，,]|[、，,](?!\s?[\u3400-\u9fff])|$)"
)
_BEFORE_SLASH = re.compile(
    r"(?<![\u3400-\u9fff])(?P<name>[\u3400-\u9fff·]{2,4})\s?[/／]\s?(?P<label>文|图|摄)(?=$|[\s，,、；;影字])"
)
_SLASH_FIELDS = {
    "来": "source",
    "文": "author",
    "作": "author",
    "采": "author",
    "撰": "author",
    "图": "photographer",
    "摄": "photographer",
    "编": "editor",
    "责": "editor",
    "供": "supplier",
}


def collect_reporters(page: Page, info: Info, indices: Sequence[int]) -> None:
    """Take the reporters whom the first words of a dispatch name for the author: 新华社北京11月30日电（记者王小明）."""
    for index in indices:
        line = page.lines.lines[index]
        dispatch = _DISPATCH(line.text)
        persons = byline(dispatch["who"]) if dispatch is not None else None
        if persons is not None:
            info.add_shown("author", index, line, persons, "name-in-dispatch")
            return


_DISPATCH = re.compile(r"[^。（(]{0,40}?[电讯]\s*[（(]\s*(?P<who>[^（()）。]{0,8}记者[^（()）。]{2,30}?)\s*[)）]").match


def collect_signature(page: Page, info: Info, indices: Sequence[int]) -> None:
    """Take the persons in brackets at the end of a text for the author: （通讯员 王小明 文/图）."""
    for index in reversed(indices):
        line = page.lines.lines[index]
        signed = _SIGNED.search(line.text) if line.text[-1:] in _CLOSING else None
        if signed is None:
            if 0 < line.size <= _LONGEST_CREDIT and _collect_credit(info, index, line):
                return
            continue
        lead, who, tail = signed.groups()
        persons = byline(who) or (who if (lead or tail) and are_names(who) else None)
        if persons is not None:
            info.add_shown("author", index, line, persons, "name-in-brackets")
            return
        if line.size <= _LONGEST_CREDIT and _collect_credit(info, index, line):
            return


def _collect_credit(info: Info, index: int, line: Line) -> bool:
    """Take who wrote from a last line of the text that tells nothing else: 文/王小明 图/李小红, 通讯员 王小明."""
    persons = credited(line.text)
    if persons is not None:
        info.add_shown("author", index, line, persons, "name-below-text")
    elif not without_credits(line.text).strip(" （）()"):
        collect_slashed(info, index, line, (0, line.size))
    return info.first("author") is not None


_CLOSING = frozenset(")）")
_SIGNED = re.compile(
    r"[（(]\s*(作者[:：]|撰[稿文][:：]|图?文字?[:：/／]|图\s?[/／]\s?文\s|文\s?[/／]\s?图\s|作者[系为][^（()）:：]{4,40}[\s，,])?\s*([^（()）:：]{2,30}?)\s*(文\s?[/／]\s?图|图\s?[/／]\s?文|\s(?:撰文|报道|文)|[，,]\s?(?:系|为|现任|单位)[^（()）]*)?\s*[)）]$"
)
_LONGEST_CREDIT = 40
