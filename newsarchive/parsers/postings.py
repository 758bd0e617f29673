"""What a blog says of when an article was posted and by whom, in words: 发布于 … 由 …, This entry was posted on …."""

import re
from collections.abc import Iterable

from newsarchive.parsers.dates import FoundDate, find_date
from newsarchive.parsers.lines import Line
from newsarchive.parsers.names import is_name, is_person
from newsarchive.parsers.page import Page
from newsarchive.parsers.values import Info, Value


def collect_poster(info: Info, index: int, line: Line) -> None:
    """Take the author who is named after the day on which a blog posted: 发布于 2021年8月30日 由 林悦."""
    # A plain test, since few info lines hold either word.
    if "由" not in line.text and " by " not in line.text and "автором" not in line.text:
        return
    poster = _POSTER(line.text)
    if poster is None or info.first("author") is not None or not is_name(poster[1]):
        return
    # 2020年12月2日由海港大学主办 tells of an event.
    if is_person(poster[1]) or poster[1][0] < "\u3400" or any(anchor.text == poster[1] for anchor in line.anchors):
        info.add_shown("author", index, line, poster[1], "name-beside-date")


_POSTER = re.compile(
    r"\d日?\s*(?:由\s?|by |автором )"
    r"([\u3400-\u9fff·]{2,8}?|[A-ZА-ЯЁ][\w.'-]*(?: [A-ZА-ЯЁ][\w.'-]*){0,3})"
    r"(?:\s?(?:发[布表]|撰写))?(?=\s|\d|$)"
).search


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
    date = find_date(text[match.end() : match.end() + _LONGEST_DATE]) if match is not None else None
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
_LONGEST_DATE = 40
