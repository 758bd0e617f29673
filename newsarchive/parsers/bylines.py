"""Names without a label: beside a date, and on lines of their own under the title."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from newsarchive.parsers.cells import is_cell_value
from newsarchive.parsers.dates import FoundDate, find_date
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.lines import Anchor, Line
from newsarchive.parsers.names import are_names, byline, credited, is_name, is_person, with_office
from newsarchive.parsers.noise import clean
from newsarchive.parsers.page import Page
from newsarchive.parsers.values import Info, LineInfo, Value

SEPARATOR = re.compile(r"\s*[|｜]\s*")


def collect_bare_source(page: Page, info: Info, index: int, parts: LineInfo) -> None:
    """Take a name beside a date, with no label, for the source (新京报 2019-09-07)."""
    line = page.lines.lines[index]
    if page.lines.boxes.tags[line.box] in _HEADINGS:
        return
    ends = [0, *(label.start for label in parts.labels), line.size]
    named = [collect_slashed(info, index, line, span) for span in pairwise(ends)]
    if any(named) and info.first("source") is not None:
        return
    rest = clean(_BEFORE_NAME.sub("", without_credits(parts.rest)))
    paper = _PAPER.match(rest)
    if paper is not None:
        start = max(0, line.text.find(paper.group()))
        info.add("source?", Value(paper.group(), index, start, start + len(paper.group()), "name-beside-date"))
        return
    if _collect_account(info, index, line, rest):
        return
    linked = next((a for a in line.anchors if a.text and rest.startswith(a.text)), None)
    if linked is not None:
        after = clean(rest[len(linked.text) :])
        rest = after if is_name(after) or _is_category(linked) else linked.text
    pieces = [piece for piece in SEPARATOR.split(rest) if piece]
    if len(pieces) > 1 and (person := byline(pieces[0])) is not None:
        _add(info, "author", index, line, person, "name-beside-date")
        del pieces[0]
    rest = pieces[0] if pieces else ""
    posted = _POSTED_BY(parts.rest)
    persons = (posted["name"] or posted["by"]) if posted is not None else byline(rest)
    if persons is not None:
        _add(info, "author", index, line, persons, "name-beside-date")
        return
    office, _, person = rest.partition(" ")
    if is_person(office) or is_person(person):
        office, person = (person, office) if is_person(office) else (office, person)
        start = line.text.find(person)
        info.add("author", Value(person, index, start, start + len(person), "name-beside-date"))
        rest = office
    author = _BY.match(rest)
    name = author["name"] if author is not None else rest.removesuffix("供稿")
    half = name[: len(name) // 2]
    name = half if half * 2 == name else name
    if is_name(name) and name.lower() != "by" and name.strip("0123456789 ") not in word_set("noise", "words"):
        _add(info, "author" if author is not None else "source?", index, line, name, "name-beside-date")


def _is_category(anchor: Anchor) -> bool:
    """Tell whether a link leads to the section in which a blog has filed the article, which is no source."""
    return ' rel="category' in anchor.attributes or "/category/" in (anchor.href or "")


_HEADINGS = frozenset({"h1", "h2", "h3"})
"""A day beside a title in its own heading names nobody."""


def without_credits(text: str) -> str:
    """Return `text` without what says who did what (文/王小明, 图片 | 李小红)."""
    # A plain test, since most info lines have none.
    return _SLASHED.sub(" ", text) if "/" in text or "|" in text or "丨" in text or "／" in text else text


def collect_poster(info: Info, index: int, line: Line) -> None:
    """Take the author who is named after the day on which a blog posted: 发布于 2021年8月30日 由 林悦."""
    # A plain test, since few info lines hold either word.
    if "由" not in line.text and " by " not in line.text:
        return
    poster = _POSTER(line.text)
    if poster is not None and info.first("author") is None and is_name(poster[1]):
        _add(info, "author", index, line, poster[1], "name-beside-date")


_POSTER = re.compile(
    r"\d日?\s*(?:由\s?|by )([\u3400-\u9fff·]{2,8}?|[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,3})(?:\s?(?:发[布表]|撰写))?$"
).search


def _add(info: Info, name: str, index: int, line: Line, text: str, rule: str) -> None:  # noqa: PLR0913, PLR0917
    """Add a value that the line shows as it is."""
    start = max(0, line.text.find(text))
    info.add(name, Value(text, index, start, start + len(text), rule))


_PAPER = re.compile(r"《[^《》]{2,30}》(?:\s?\d{4}年第\s?\d{1,3}\s?期)?")
"""A paper or a journal, with its number."""


def _collect_account(info: Info, index: int, line: Line, rest: str) -> bool:
    """Take who wrote and the linked account from a messenger's page: 原创 王小明 海港观察; tell whether they are there.

    There may be no white space between them.
    """
    linked = (anchor.text for anchor in line.anchors if anchor.text and rest.endswith(anchor.text))
    account = next((text for text in linked if text != rest), None)
    if account is None or not is_name(account) or account.isascii():
        return False
    person = rest[: -len(account)].removeprefix("原创").strip()
    if person and not are_names(person):
        return False
    _add(info, "source?", index, line, account, "name-beside-date")
    if person:
        _add(info, "author", index, line, person, "name-beside-date")
    return True


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


def collect_byline(info: Info, index: int, line: Line, text: str) -> None:
    """Take the author of a line that labels its source and names who wrote it after By."""
    author = _BY.match(text)
    if author is not None and is_name(author["name"]):
        _add(info, "author", index, line, author["name"], "name-beside-date")


_SLASHED = re.compile(
    r"(?<![\u3400-\u9fff])(?P<label>来源|图文|文图|文字?|撰[文稿]|采[访写]|作者|图片?|摄影?|责编|编辑|供稿|整理|审核|校对)\s?[/／|｜丨]\s?"
    r"(?P<name>[\u3400-\u9fff·]{2,12}(?:[、，,]\s?[\u3400-\u9fff·]{2,12}){0,4})"
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


_BEFORE_NAME = re.compile(
    r"^\s*原创\s+|\s+\d+$|^\s*(?:Last\s+)?(?:Posted|Published|Updated)\b(?:\s+on\b)?|\s*(?:发布|发表|更新)[于在].*$",
    re.IGNORECASE,
)
_BY = re.compile(r"^By\s+(?P<name>\S.*)$", re.IGNORECASE)
_PRINTED = re.compile(
    r"[（(\s]*(?:本文)?(?:原载|原刊|刊载|载|刊|转载|转|摘|选)[于自]?\s?[:：]?\s?(《[^《》]{2,30}》(?:\s?\d{4}年第?\s?\d{1,3}\s?期)?)"
)
_POSTED_BY = re.compile(
    r"(?:由\s*(?P<name>[^\s于]{2,12}?)\s*(?:(?:提交|发布|发表)?\s*于|(?:提交|发布|发表|撰写)$)|(?:Submitted|Posted|Published|Written)\s+by\s+(?P<by>.{2,40}?)\s+on\b)",
    re.IGNORECASE,
).match


def collect_author(page: Page, info: Info, title_last: int, upto: int) -> None:
    """Take the persons of a line of their own between the title and line `upto` for the author (□ 王小明)."""
    lines = page.lines.lines
    for index in range(title_last + 1, min(title_last + _NEAR, upto, len(lines))):
        line = lines[index]
        if index in info.lines or line.hidden or not 0 < line.size <= _LONGEST or is_cell_value(page, index):
            continue
        text = clean(line.text)
        english = _BY.match(text)
        persons = english["name"] if english is not None else byline(text)
        work = _WORK(text)
        if persons is not None:
            _add(info, "author", index, line, persons, "name-under-title")
        elif work is not None:
            _add(info, "author", index, line, work["author"], "name-under-title")
            _add(info, "translator", index, line, work["translator"], "name-under-title")
            info.lines.add(index)
        elif collect_slashed(info, index, line, (0, line.size)):
            info.lines.add(index)
        elif (person := with_office(text)) is not None:
            _add(info, "author", index, line, person, "name-under-title")
        if info.first("author") is not None:
            return


def collect_reporters(page: Page, info: Info, indices: Sequence[int]) -> None:
    """Take the reporters whom the first words of a dispatch name for the author: 新华社北京11月30日电（记者王小明）."""
    for index in indices:
        line = page.lines.lines[index]
        dispatch = _DISPATCH(line.text)
        persons = byline(dispatch["who"]) if dispatch is not None else None
        if persons is not None:
            _add(info, "author", index, line, persons, "name-in-dispatch")
            return


_DISPATCH = re.compile(r"[^。（(]{0,40}?[电讯]\s*[（(]\s*(?P<who>[^（()）。]{0,8}记者[^（()）。]{2,30}?)\s*[)）]").match


def collect_signature(page: Page, info: Info, indices: Sequence[int]) -> None:
    """Take the persons in brackets at the end of a text for the author: （通讯员 王小明 文/图）."""
    for index in reversed(indices):
        line = page.lines.lines[index]
        signed = _SIGNED.search(line.text) if line.text[-1:] in _CLOSING else None
        if signed is None:
            if 0 < line.size <= _LONGEST and _collect_credit(info, index, line):
                return
            continue
        lead, who, tail = signed.groups()
        persons = byline(who) or (who if (lead or tail) and are_names(who) else None)
        if persons is not None:
            _add(info, "author", index, line, persons, "name-in-brackets")
            return


def _collect_credit(info: Info, index: int, line: Line) -> bool:
    """Take who wrote from a last line of the text that tells nothing else: 文/王小明 图/李小红, 通讯员 王小明."""
    persons = credited(line.text)
    if persons is not None:
        _add(info, "author", index, line, persons, "name-below-text")
    elif not without_credits(line.text).strip():
        collect_slashed(info, index, line, (0, line.size))
    return info.first("author") is not None


_CLOSING = frozenset(")）")
_SIGNED = re.compile(
    r"[（(]\s*(作者[:：]|撰[稿文][:：]|图?文字?[:：/／]|图\s?[/／]\s?文\s|文\s?[/／]\s?图\s)?\s*([^（()）:：]{2,30}?)\s*(文\s?[/／]\s?图|图\s?[/／]\s?文|\s(?:撰文|报道|文))?\s*[)）]$"
)
_DAYS = re.compile(r"[\d\s年月日号/.:：\-]{8,40}").fullmatch
POSTED_BEGINS = frozenset("pPuU发0123456789")
"""First characters of the lines that `is_posted` may be true of."""
_POSTED = re.compile(r"(?:Posted|Published|Updated)\s+(?:on|by)\b|发[布表][于在]", re.IGNORECASE).match


def is_posted(line: Line) -> bool:
    """Tell whether a line of links is an info line: it says when something was posted, or one of them is a day."""
    if _POSTED(line.text) is not None:
        return True
    if not line.anchors:
        return False
    shown = line.anchors[0].text
    return line.text.startswith(shown) and _DAYS(shown) is not None and find_date(shown) is not None


def posted_in_sentence(text: str) -> FoundDate | None:
    """Return the date of the sentence in which a blog tells when it posted an article and where it filed it."""
    match = _POSTED_SENTENCE(text)
    date = find_date(text[match.end() : match.end() + _LONGEST]) if match is not None else None
    if match is None or date is None or date.start > 1:
        return None
    after = text[match.end() + date.end :]
    if len(after) > 1 and not _FILED(after):
        # A sentence of the text, about another one.
        return None
    return date._replace(start=date.start + match.end(), end=date.end + match.end())


def collect_posting(page: Page, info: Info, indices: Iterable[int]) -> None:
    """Take the date of publication from what a blog says under a text."""
    for index in indices:
        line = page.lines.lines[index]
        date = posted_in_sentence(line.text) if not line.hidden else None
        if date is not None:
            info.offer_date(date, Value(date.text, index, date.start, date.end, "sentence-below-body"), 4)


_FILED = re.compile(r"分类|归类|归档|RSS|评论|filed under|comments", re.IGNORECASE).search
_POSTED_SENTENCE = re.compile(
    r"(?:这篇|本篇?|该|此)(?:文章|文|日志|条目|帖子?|博文)\s?(?:发[表布]|张贴|刊登|写)[于在]\s?"
    r"|This (?:entry|post|article) was (?:posted|published|written) (?:on (?:\w+day,?)?\s?)"
).match
_WORK = re.compile(
    r"(?:[\[［【（(][\u3400-\u9fff]{1,3}[\]］】）)])?\s*(?P<author>[\u3400-\u9fff·]{2,20})\s*著\s*[/／，,；;]?\s*"
    r"(?P<translator>[\u3400-\u9fff·]{2,20})\s*译"
).fullmatch
_NEAR = 6
"""Lines under the title among which a name is looked for."""
_LONGEST = 40


def collect_source(page: Page, info: Info, title_last: int, last: Sequence[int]) -> None:
    """Take a name in a box beside the date's, or linked right under the title, for the source (加拿大必读).

    A line that says where the text was printed first (原载《…》2020年第5期) comes before both, be it there or among the
    `last` ones of the text.
    """
    lines = page.lines.lines
    for index in (*range(title_last + 1, min(title_last + _NEAR, len(lines))), *last):
        printed = _PRINTED.match(lines[index].text)
        if printed is not None and not lines[index].hidden:
            _add(info, "source", index, lines[index], printed[1], "printed-in")
            return
    parents = page.lines.boxes.parents
    at = min((index for index in info.lines if index > title_last), default=None)
    upto = min(title_last + _NEAR, len(lines))
    shown = [i for i in range(title_last + 1, upto) if lines[i].size and not lines[i].hidden]
    near = [i for i in (at - 1, at + 1) if i in shown] if at is not None else shown[:1]
    for index in near:
        if index in info.lines or lines[index].text.startswith(("——", "--")) or is_cell_value(page, index):
            continue
        line = lines[index]
        if any(map(_is_category, line.anchors)):
            continue
        name = clean(line.text)
        if at is None:
            anchor = next((a.text for a in line.anchors if a.text and line.text.endswith(a.text)), "")
            name = anchor if line.size <= _LONGEST else ""
        elif parents[line.box] != parents[lines[at].box]:
            continue
        if is_name(name) and byline(name) is None and squeezed(name) not in word_set("noise", "words"):
            _add(info, "source?", index, line, name, "name-under-title")
            return
