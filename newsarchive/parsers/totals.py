"""How much a list page says that its list has: entries, and pages."""

import re

from newsarchive.parsers.listing import OwnList
from newsarchive.parsers.page import Page
from newsarchive.parsers.pagers import declared_total

_LONGEST_PAGER = 160
_PAGER_LINE = re.compile(r"页|頁|\d\s*/\s*\d|\bpages?\b|\bnext\b|[>»]", re.IGNORECASE)
"""What a line shows that tells of a list: a number of things beside other words may stand in any title."""
_ITEMS = (
    re.compile(
        r"(?:共有?|共计|总[计共数]|合计|\btotal)\s*[:：]?\s*(\d{1,7})\s*(?:条|篇|则|个?记录|项|items\b|records\b)",
        re.IGNORECASE,
    ),
    re.compile(r"(?:总条数|总?记录数|文章总数|总数)\s*[:：]?\s*(\d{1,7})(?!\s*[页頁\d])"),
    re.compile(r"\bof\s+(\d{1,7})\s+(?:entries|items|articles|results)\b", re.IGNORECASE),
)
_PAGES = (
    re.compile(r"(?:共有?|总[计共数])\s*[:：]?\s*(\d{1,5})\s*[页頁]"),
    re.compile(r"(?:条|篇|记录|[页頁]码?)\s*[:：]?\s*\d{1,5}\s*/\s*(\d{1,5})(?![\d/-])"),
    re.compile(r"(?<![\d/-])\d{1,5}\s*/\s*(\d{1,5})\s*(?:[页頁]|首|上|下|尾|末|next\b|[>»])", re.IGNORECASE),
    re.compile(r"\bpage\s+\d{1,5}\s+of\s+(\d{1,5})\b", re.IGNORECASE),
)
_NO_WORD = re.compile(r"[\W\d_]*").fullmatch


def stated_items(page: Page, own: OwnList) -> int | None:
    """Return how many entries the page says that its own list has (共 123 条); None where it does not say.

    It is said outside of the list, on a line like a pager's or on one of its own. A number of pages (共 10 页) is none
    of entries.
    """
    return _stated(page, own, _ITEMS)


def stated_pages(page: Page, own: OwnList) -> int | None:
    """Return how many pages the page says that its own list has (共 12 页, 1/12); None where it does not say."""
    return _stated(page, own, _PAGES) or declared_total(page)


def _stated(page: Page, own: OwnList, patterns: tuple[re.Pattern[str], ...]) -> int | None:
    """Return the number in the last line that states one."""
    lines = page.lines.lines
    for index in (*range(len(lines) - 1, own.last - 2, -1), *range(min(own.first, len(lines)) - 1, -1, -1)):
        line = lines[index]
        text = line.text
        if line.hidden or not 0 < line.size <= _LONGEST_PAGER:
            continue
        for pattern in patterns:
            match = pattern.search(text)
            if match is not None and (_PAGER_LINE.search(text) or _is_all_of(text, match)):
                return int(match[1])
    return None


def _is_all_of(text: str, match: re.Match[str]) -> bool:
    return bool(_NO_WORD(text, 0, match.start()) and _NO_WORD(text, match.end()))
