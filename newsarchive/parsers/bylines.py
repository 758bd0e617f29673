"""Names without a label: beside a date, and on lines of their own under the title."""

import re
from collections.abc import Sequence
from itertools import pairwise

from newsarchive.parsers.cells import is_cell_value
from newsarchive.parsers.credits import collect_slashed, without_credits
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.lines import Anchor, Line
from newsarchive.parsers.names import are_names, byline, is_name, is_person, with_office
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
    if _collect_paper(info, index, line, rest) or _collect_account(info, index, line, rest):
        return
    rest = _linked_name(info, index, line, rest)
    # Between a name and a section (王小明 / 2020-12-02 / 学术) the day is gone.
    rest = rest.partition("/ /")[0].strip()
    timed = _READING_TIME(rest)
    if timed is not None and is_name(timed["name"]):
        info.add_shown("author", index, line, timed["name"], "name-beside-date")
        return
    pieces = [piece for piece in SEPARATOR.split(rest) if piece]
    if len(pieces) > 1 and (person := byline(pieces[0])) is not None:
        info.add_shown("author", index, line, person, "name-beside-date")
        del pieces[0]
    rest = pieces[0] if pieces else ""
    posted = _POSTED_BY(parts.rest)
    persons = (posted["name"] or posted["by"]) if posted is not None else byline(rest)
    if persons is not None:
        info.add_shown("author", index, line, persons, "name-beside-date")
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
        info.add_shown("author" if author is not None else "source?", index, line, name, "name-beside-date")


def _collect_paper(info: Info, index: int, line: Line, rest: str) -> bool:
    """Take a paper, and who wrote where only persons stand before it (本刊记者 王小明 《海港研究》2020年第4期)."""
    paper = _PAPER.search(rest)
    if paper is None:
        return False
    before = clean(rest[: paper.start()])
    persons = byline(before) if before else None
    if before and persons is None:
        return False
    info.add_shown("source?", index, line, paper.group(), "name-beside-date")
    if persons is not None:
        info.add_shown("author", index, line, persons, "name-beside-date")
    return True


def _linked_name(info: Info, index: int, line: Line, rest: str) -> str:
    """Return what is left of `rest` as a name where it begins with a link; persons after the link are the author."""
    linked = next((a for a in line.anchors if a.text and rest.startswith(a.text)), None)
    if linked is None:
        return rest
    after = clean(rest[len(linked.text) :])
    if _is_category(linked):
        return after
    persons = byline(after)
    if persons is None:
        return after if is_name(after) else linked.text
    info.add_shown("author", index, line, persons, "name-beside-date")
    return linked.text


def _is_category(anchor: Anchor) -> bool:
    """Tell whether a link leads to the section in which a blog has filed the article, which is no source."""
    return ' rel="category' in anchor.attributes or "/category/" in (anchor.href or "")


_HEADINGS = frozenset({"h1", "h2", "h3"})
"""A day beside a title in its own heading names nobody."""


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
    info.add_shown("source?", index, line, account, "name-beside-date")
    if person:
        info.add_shown("author", index, line, person, "name-beside-date")
    return True


def collect_byline(info: Info, index: int, line: Line, text: str) -> None:
    """Take the author of a line that labels its source and names who wrote it after By, or without a word."""
    author = _BY.match(text)
    persons = author["name"] if author is not None else byline(text)
    if persons is not None and (author is None or is_name(persons)):
        info.add_shown("author", index, line, persons, "name-beside-date")


_READING_TIME = re.compile(r"[·\s]*\d{1,3} (?:min|分钟)(?: read)?\s*·\s*(?P<name>\S.{2,40})").fullmatch
"""A blog tells after the day how long a text takes to read, and then who wrote it."""
_BEFORE_NAME = re.compile(
    r"^\s*原创\s+|\s+\d+$|^\s*(?:Last\s+)?(?:Posted|Published|Updated)\b(?:\s+on\b)?|\s*(?:发布|发表|更新)[于在].*$",
    re.IGNORECASE,
)
_BY = re.compile(r"^By\s+(?P<name>\S.*)$", re.IGNORECASE)
_PRINTED = re.compile(
    r"[（(\s]*(?:本文)?(?:原载|原刊|刊载|载|刊|转载|转|摘|选)[于自]?\s?[:：]?\s?"
    r"(《[^《》]{2,30}》(?:\s?\d{4}年第?\s?\d{1,3}\s?期)?|“[^“”]{2,20}”(?=\s?(?:微信)?公众号))"
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
            info.add_shown("author", index, line, persons, "name-under-title")
        elif work is not None:
            info.add_shown("author", index, line, work["author"], "name-under-title")
            info.add_shown("translator", index, line, work["translator"], "name-under-title")
            info.lines.add(index)
        elif collect_slashed(info, index, line, (0, line.size)):
            info.lines.add(index)
        elif (person := with_office(text)) is not None:
            info.add_shown("author", index, line, person, "name-under-title")
        if info.first("author") is not None:
            return


_WORK = re.compile(
    r"(?:[\[［【（(][\u3400-\u9fff]{1,8}[\]］】）)])?\s*(?P<author>[\u3400-\u9fff·]{2,20})\s*著\s*[/／，,；;]?\s*"
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
            info.add_shown("source", index, lines[index], printed[1].strip("“”"), "printed-in")
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
            info.add_shown("source?", index, line, name, "name-under-title")
            return
