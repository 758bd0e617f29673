"""Whether a page is an inventory (its own list outweighs its prose) or an article that has links beside it."""

import re

from newsarchive.parsers.files import is_file, names_file
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.lines import Line
from newsarchive.parsers.listing import OwnList
from newsarchive.parsers.page import Page
from newsarchive.parsers.sketch import Sketch
from newsarchive.parsers.surroundings import find_breadcrumb
from newsarchive.parsers.values import SIGNED, LineInfo
from newsarchive.urls import path_and_query

is_home = re.compile(r"/(?:(?:index|default|main)(?:\.[a-z]{2,5})?)?").fullmatch
"""Match the path of a site's home."""


def outweighs(page: Page, found: Sketch, own: OwnList) -> bool:
    """Tell whether the list outweighs the prose that stands outside it."""
    lines = page.lines.lines
    body = found.body.lines if found.body is not None else ()
    # Entries of other lists are no prose; on the home of a site all of them are those of its sections.
    others = not is_home(path_and_query(page.url))
    outside = sum(
        lines[i].prose
        for i in body
        if not own.first <= i <= own.last and not (others and _is_dated_link(found.infos.get(i), lines[i]))
    )
    entries = len(own.listing.entries)
    if entries < FEW and all(is_file(entry.url) or names_file(entry.title) for entry in own.listing.entries):
        # What an article has attached.
        return False
    # Over links without days a day is an article's own, and an arrow may be that of the path to it.
    sure = not own.dated and found.info.date is not None
    paged = own.listing.next is not None or _has_pager(page, sure=sure)
    if own.dated >= 3 and own.dated * 2 >= entries and outside < max(120, own.titles / 2):  # noqa: PLR2004
        return True
    if own.dated and own.dated * 2 >= entries and paged and outside < 40:  # noqa: PLR2004
        return True
    if (paged and entries >= 5 and outside < own.titles) or (outside < 40 and _is_named(page, found, own)):  # noqa: PLR2004
        return True
    if (
        not own.dated
        and found.info.date is not None
        and found.title is not None
        and "title-element" in found.title.rule
    ):
        # A short article with a date under its title, and links beside it that show none.
        return False
    return entries >= 8 and outside < 80  # noqa: PLR2004


FEW = 3


def _is_dated_link(parts: LineInfo | None, line: Line) -> bool:
    """Tell whether a line is a link and its day: an entry of another list of the page, and no prose."""
    return bool(line.linked) and parts is not None and parts.date is not None and not parts.fields


def _is_named(page: Page, found: Sketch, own: OwnList) -> bool:
    """Tell whether a list stands under the page's name, no day between them, and is no text that has links.

    The name is that of a column, where the path to the page ends in it or all entries stand below the page.
    """
    at = found.info.date_at
    if not own.named:
        return False
    entries_dated = own.dated * 2 >= len(own.listing.entries)
    if found.info.date is not None and (at is None or at.line < (own.first if entries_dated else own.last)):
        return False
    if at is not None and at.line >= own.last and len(own.listing.entries) >= _MANY and _dates_an_entry(page, at.line):
        return True
    crumbs = find_breadcrumb(page, "", own.first, {})
    above = [squeezed(line.text) for line in page.lines.lines[max(0, own.first - 2) : own.first]]
    if len(crumbs) > 1 and squeezed(crumbs[-1]) in above:
        return True
    folder = page.url.partition("?")[0].rpartition("/")[0] + "/"
    # All pages stand below the root of the site.
    return folder.count("/") > 3 and all(entry.url.startswith(folder) for entry in own.listing.entries)  # noqa: PLR2004


_MANY = 5


def _dates_an_entry(page: Page, index: int) -> bool:
    """Tell whether a line stands beside a link in an item of a list."""
    lines, boxes = page.lines.lines, page.lines.boxes
    if lines[index].linked:
        return True
    item = boxes.nearest(lines[index].box, _ITEMS)
    if item < 0:
        return False
    first = boxes.starts[item]
    return any(line.linked for line in lines[first : min(boxes.ends[item], first + FEW)])


_ITEMS = frozenset({"li", "dd", "tr"})


def has_own_info_line(page: Page, found: Sketch) -> bool:
    """Tell whether an info line stands over prose, once on the page and not beside every entry of a list."""
    prose = sum(page.lines.lines[i].prose for i in found.body.lines) if found.body is not None else 0
    at = found.info.date_at
    if prose < 40 or at is None or at.rule == SIGNED or (at.line in found.infos and not found.infos[at.line].fields):  # noqa: PLR2004
        return False
    return _labelled_days(found) <= 4  # noqa: PLR2004


def is_repeated(found: Sketch) -> bool:
    """Tell whether several lines give a day with its label: they may be those of a list's entries."""
    return _labelled_days(found) >= FEW


def _labelled_days(found: Sketch) -> int:
    """Return how many lines give a day with its label."""
    return sum(1 for parts in found.infos.values() if parts.date is not None and parts.fields)


def is_an_entrys(found: Sketch, own: OwnList) -> bool:
    """Tell whether what was taken for the page's date is that of one of its entries, as each of them has one."""
    at = found.info.date_at
    return own.dated >= FEW and at is not None and own.first <= at.line <= own.last


_LONGEST_PAGER = 160
_PAGER_WORDS = word_set("pager", "next") | word_set("pager", "last")
_PAGER_SIGNS = frozenset(word for word in _PAGER_WORDS if not any(map(str.isalpha, word)))


def _has_pager(page: Page, *, sure: bool) -> bool:
    """Tell whether a line says what only a pager says; to be `sure`, an arrow beside other words is not enough."""
    for line in page.lines.lines:
        if 0 < line.size <= _LONGEST_PAGER:
            shown = _PAGER_WORDS.intersection(line.text.lower().split())
            if shown and (not sure or not shown <= _PAGER_SIGNS or _NO_WORDS(line.text)):
                return True
    return False


_NO_WORDS = re.compile(r"[\W\d_]+").fullmatch
