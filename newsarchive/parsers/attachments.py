"""The files offered with an article: in its text, listed below it, or shown by a player in the page."""

from typing import NamedTuple

from newsarchive.parsers.blocks import Content
from newsarchive.parsers.body import Body
from newsarchive.parsers.files import names_file, read_attachment
from newsarchive.parsers.page import Page
from newsarchive.parsers.players import played_files
from newsarchive.records.article import Attachment

_BELOW = 12
"""Lines after the body among which files are looked for."""


class Files(NamedTuple):
    """The files of an article."""

    attachments: tuple[Attachment, ...]
    line: int
    """The line of the first; -1 where none stands on a line."""
    unreachable: tuple[str, ...]
    """Names of files to which the page gives no address: only its scripts can fetch them."""


def read_files(page: Page, body: Body, content: Content) -> Files:
    """Return the files of the body, in its text or as lines of their own, and those listed just below it."""
    found = {item.url: item for item in content.attachments}
    first = -1
    unreachable: dict[str, None] = {}
    start = body.lines[0] if body.lines else body.end
    for index in range(start, min(body.end + _BELOW, len(page.lines.lines))):
        line = page.lines.lines[index]
        if line.hidden:
            continue
        for anchor in line.anchors:
            item = read_attachment(page, anchor)
            if item is not None:
                found.setdefault(item.url, item)
                first = index if first < 0 else first
            elif anchor.text and names_file(anchor.text):
                unreachable[anchor.text] = None
    for item in played_files(page):
        found.setdefault(item.url, item)
    return Files(tuple(found.values()), first, tuple(unreachable))
