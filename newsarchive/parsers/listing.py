"""List pages: the entries of the page's own list, and the link to the next page."""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsarchive.parsers.dates import find_date
from newsarchive.parsers.files import is_file
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.lines import Anchor
from newsarchive.parsers.page import Page
from newsarchive.parsers.surroundings import _BULLET, _DATE_ONLY  # noqa: PLC2701
from newsarchive.records.listing import Entry, Listing

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list of links that may be the page's own: entries in order, and how many show a date."""

    entries: tuple[Entry, ...]
    dated: int
    size: int


def read_listing(page: Page) -> tuple[Listing | None, int]:
    """Return the page's own list, and how many of its entries show a date; None where it has none."""
    groups = _groups(page)
    if not groups:
        return None, 0
    best = max(groups, key=lambda group: _score(group))
    if len(best.entries) < 2 and not best.dated:  # noqa: PLR2004
        return None, 0
    return Listing.model_construct(entries=best.entries, next=next_page(page)), best.dated


def _score(group: Candidate) -> float:
    return group.size * (2.0 if group.dated * 2 >= len(group.entries) else 1.0)


def _groups(page: Page) -> list[Candidate]:
    """Return the links of the page, grouped by the box that repeats: links with the same path of tags above them."""
    lines = page.lines.lines
    boxes = page.lines.boxes
    found: dict[tuple[int, str], list[tuple[Anchor, int]]] = {}
    for index, line in enumerate(lines):
        for anchor in line.anchors:
            if not anchor.href or len(anchor.text) < 2 or anchor.line != index and line.linked == 0:  # noqa: PLR2004
                continue
            item, path = line.box, boxes[line.box].tag
            for box in page.lines.ancestors(line.box):
                item, path = box.index, box.tag if box.index == line.box else f"{box.tag}>{path}"
                if box.tag in {"li", "tr", "dl", "dd"} or box.parent < 0 or _has_twins(page, box.index):
                    break
            found.setdefault((boxes[item].parent, path), []).append((anchor, item))
    return [candidate for members in found.values() if (candidate := _candidate(page, members)) is not None]


def _has_twins(page: Page, index: int) -> bool:
    boxes = page.lines.boxes
    box = boxes[index]
    near = [
        b
        for b in boxes[max(0, index - 12) : index + 40]
        if b.parent == box.parent and b.tag == box.tag and b.index != index
    ]
    return len(near) >= 2  # noqa: PLR2004


def _candidate(page: Page, members: list[tuple[Anchor, int]]) -> Candidate | None:
    entries: dict[str, Entry] = {}
    dated = size = 0
    for anchor, item in members:
        text = _BULLET.sub("", anchor.full_text).strip()
        url = page.resolve(anchor.href)
        if url is None or len(text) < 4 or squeezed(text) in _PAGER:  # noqa: PLR2004
            continue
        if url in entries:
            continue
        date = _date_of(page, item)
        entries[url] = Entry.model_construct(url=url, title=text, date=date)
        dated += date is not None or _shows_day(page, item)
        size += len(text)
    if not entries or size < 6 * len(entries):
        return None
    return Candidate(tuple(entries.values()), dated, size)


_PAGER = (
    word_set("pager", "next") | word_set("pager", "previous") | word_set("pager", "first") | word_set("pager", "last")
)


def _date_of(page: Page, item: int) -> dt.date | None:
    box = page.lines.boxes[item]
    parts = [line.text for line in page.lines.lines[box.start : box.end]]
    for part in parts:
        found = find_date(part)
        if found is not None:
            return found.day
    return _date_in_pieces(parts)


_YEAR_MONTH = re.compile(r"^((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})月?$")
_DAY = re.compile(r"^(\d{1,2})日?$")


def _date_in_pieces(parts: list[str]) -> dt.date | None:
    """Read a day and a year with month that stand in boxes of their own."""
    day = next((m for p in parts if (m := _DAY.match(p))), None)
    month = next((m for p in parts if (m := _YEAR_MONTH.match(p))), None)
    if day is None or month is None:
        return None
    try:
        return dt.date(int(month[1]), int(month[2]), int(day[1]))
    except ValueError:
        return None


def _shows_day(page: Page, item: int) -> bool:
    box = page.lines.boxes[item]
    return any(_DATE_ONLY.match(line.text) for line in page.lines.lines[box.start : box.end])


def next_page(page: Page) -> str | None:
    """Return the URL of the next page of a list: the link that says so, else the number after the current one."""
    own = page.url
    for anchor in page.lines.anchors:
        if anchor.text and len(anchor.text) <= 12 and squeezed(anchor.text) in _NEXT:  # noqa: PLR2004
            url = page.resolve(anchor.href)
            if url is not None and url != own:
                return url
    return _scripted_next(page)


_NEXT = word_set("pager", "next")
_CREATE_PAGE = re.compile(
    rb"createPageHTML\w*\s*\(\s*['\"]?(?P<total>\d+)['\"]?\s*,\s*['\"]?(?P<now>\d+)['\"]?\s*,\s*['\"](?P<name>[\w\-./]+)['\"]\s*,\s*['\"](?P<ext>s?html?|jsp|php)['\"]"
)


def _scripted_next(page: Page) -> str | None:
    """Read TRS's createPageHTML(total, current, name, extension): page k+1 is name_k."""
    match = _CREATE_PAGE.search(page.decoded.utf8)
    if match is None:
        return None
    total, now = int(match["total"]), int(match["now"])
    if now + 1 >= total:
        return None
    return page.resolve(f"{match['name'].decode()}_{now + 1}.{match['ext'].decode()}")
