"""How many entries a list page says that its list has."""

import re

from newsarchive.parsers.page import Page

_STATED = re.compile(
    r"(?:共有?|共计|总计|合计|总共)\s*(?P<first>\d{1,7})\s*(?:条|篇|则|个?记录|项)"
    r"|(?:总数|总条数|记录数|总记录数|文章总数)\s*[:：]?\s*(?P<second>\d{1,7})"
    r"|\bof\s+(?P<third>\d{1,7})\s+(?:entries|items|articles|results)\b"
)
_MAY_STATE = re.compile("[共总合记文o]").search
"""What a text holds that `_STATED` fits: a letter is looked for faster."""
_LONGEST_LINE = 400
"""A pager is no paragraph."""


def stated_total(page: Page) -> int | None:
    """Return the number of entries that a list page states (共 120 条), the highest of several; None where none is.

    A number of pages (共 10 页) is none of entries.
    """
    found = [
        int(match["first"] or match["second"] or match["third"])
        for line in page.lines.lines
        if line.size <= _LONGEST_LINE and not line.hidden and _MAY_STATE(line.text) is not None
        for match in _STATED.finditer(line.text)
    ]
    return max(found, default=None)
