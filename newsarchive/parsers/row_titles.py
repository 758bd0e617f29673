"""Entries whose titles are no links: a cell of its own beside 查看, or the caption of a linked picture."""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from newsarchive.parsers.dates import find_date
from newsarchive.parsers.files import is_file
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.lines import Anchor
from newsarchive.parsers.markup import attribute
from newsarchive.parsers.members import LEAST_TITLE, Member
from newsarchive.parsers.page import Page
from newsarchive.parsers.related import is_day
from newsarchive.parsers.targets import target_of

_MUTE = word_set("read_on", "words") | word_set("read_on", "views")
_ROWS = frozenset({"tr", "li", "dd", "dl", "td", "article"})
_BOXES = 6
_LONGEST_ROW = 16
"""Lines of a row that are looked at."""
_LONGEST_TITLE = 100
_LEAST_ROWS = 3
_LONGEST_WORD = 10


def row_titles(page: Page) -> list[list[Member]]:
    """Return the rows whose titles are no links, in runs: one list or table around all of them.

    Each has one link that shows no title, and reaches over its row.
    """
    runs: dict[tuple[int, str], list[Member]] = {}
    seen: set[int] = set()
    host = urlsplit(page.url).netloc
    boxes = page.lines.boxes
    for anchor in page.lines.anchors:
        if not _is_mute(anchor):
            continue
        url = target_of(page, anchor)
        if url is None or url == page.url or is_file(url) or _is_elsewhere(url, host):
            continue
        for box in _rows(page, anchor):
            found = _title(page, anchor, box, url)
            if found is None:
                continue
            if box not in seen:
                seen.add(box)
                outer = boxes.parents[boxes.parents[box]] if boxes.tags[box] == "td" else boxes.parents[box]
                runs.setdefault((outer, boxes.tags[box]), []).append(found)
            break
    return [run for run in runs.values() if len({row.url for row in run}) == len(run) >= _LEAST_ROWS]


def _is_elsewhere(url: str, host: str) -> bool:
    """Tell whether a URL is another host's, or that of a picture."""
    parts = urlsplit(url)
    return parts.netloc != host or parts.path.lower().endswith(_PICTURES)


_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp")


def _is_mute(anchor: Anchor) -> bool:
    """Tell whether a link shows a picture, or a word such as 查看, and no title."""
    if not anchor.text:
        return bool(anchor.image) or " aria-label=" in anchor.attributes
    return len(anchor.text) <= _LONGEST_WORD and squeezed(anchor.text.strip(" []【】>＞»")) in _MUTE


def _rows(page: Page, anchor: Anchor) -> Iterator[int]:
    """Yield the rows around a link, the innermost first."""
    lines, boxes = page.lines.lines, page.lines.boxes
    # A link that shows nothing at all closes its row, and is on no line of it.
    at = anchor.line if anchor.text or anchor.image else anchor.line - 1
    if 0 <= at < len(lines):
        yield from (b for b in islice(boxes.around(lines[at].box), _BOXES) if boxes.tags[b] in _ROWS)


def _title(page: Page, anchor: Anchor, box: int, url: str) -> Member | None:
    """Return a row with its longest text that is no day for its title; None where another link stands in it."""
    boxes, lines = page.lines.boxes, page.lines.lines
    first, end = boxes.starts[box], boxes.ends[box]
    if end - first > _LONGEST_ROW:
        return None
    best = -1
    named = squeezed(attribute(anchor.attributes, "aria-label") or "") if " aria-label=" in anchor.attributes else ""
    for index in range(first, end):
        line = lines[index]
        if len(line.anchors) > 1 or any(other is not anchor and not _is_mute(other) for other in line.anchors):
            return None
        if line.linked or not LEAST_TITLE <= line.size <= _LONGEST_TITLE or is_day(line.text):
            continue
        date = find_date(line.text)
        if date is not None and date.end - date.start >= line.size - 2:
            continue
        if named.endswith(squeezed(line.text)):
            # The link itself says what it is about: post link to T.
            best = index
            break
        if best < 0 or line.size > lines[best].size:
            best = index
    return Member(anchor, best, first, end - 1, lines[best].text, url) if best >= 0 else None
