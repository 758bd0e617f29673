"""The files offered with an article: in its text, listed below it, or shown by a player in the page."""

from collections.abc import Iterator
from typing import NamedTuple

from newsarchive.parsers.blocks import Content
from newsarchive.parsers.body import Body
from newsarchive.parsers.files import attachment, is_file, names_file, player_title, read_attachment
from newsarchive.parsers.page import Page
from newsarchive.parsers.tree import found_elements
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
    for index in range(body.lines[0], min(body.end + _BELOW, len(page.lines.lines))):
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
    for item in _played(page):
        found.setdefault(item.url, item)
    return Files(tuple(found.values()), first, tuple(unreachable))


def _played(page: Page) -> Iterator[Attachment]:
    """Yield the files that frames and the players of Webplus show in the page."""
    for frame in page.lines.frames:
        source = frame.get("src") or ""
        if source and is_file(source) and (url := page.resolve(source)):
            yield attachment(url, "")
    if b"pdfsrc" in page.decoded.utf8:
        for root in page.tree.roots:
            for element in found_elements(root.xpath("//*[@pdfsrc]")):
                url = page.resolve(element.get("pdfsrc"))
                if url:
                    yield attachment(url, player_title(element.get("sudyfile-attr") or ""))
