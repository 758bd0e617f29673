"""The files offered with an article: in its text, listed below it, or shown by a player in the page."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from newsarchive.parsers.blocks import Content
from newsarchive.parsers.body import Body
from newsarchive.parsers.files import attachment, is_file, names_file, player_title, read_attachment
from newsarchive.parsers.markup import attribute
from newsarchive.parsers.page import Page
from newsarchive.records.article import Attachment

_VSB_PLAYER = re.compile(rb"""showVsbpdfIframe\(\s*['"]([^'"<>]{1,500})['"]""")
_PLAYER = re.compile(r'<([^<>]* pdfsrc="[^<>]*)>').findall
_EMBEDDED = re.compile("<(?:embed|object)( [^<>]*)>").findall
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
    """Yield the files that are shown in the page: in frames and objects, by the players of Webplus and VSB."""
    for frame in page.lines.frames:
        shown = attribute(frame, "src") or ""
        if shown and is_file(shown) and (url := page.resolve(shown)):
            yield attachment(url, "")
    source = page.decoded.utf8
    if b"pdfsrc" in source:
        for tag in _PLAYER(page.markup.body):
            url = page.resolve(attribute(tag, "pdfsrc"))
            if url:
                yield attachment(url, player_title(attribute(tag, "sudyfile-attr") or ""))
    for shown in _embedded(page, source):
        if is_file(shown) and (url := page.resolve(shown)):
            yield attachment(url, "")


def _embedded(page: Page, source: bytes) -> Iterator[str]:
    """Yield the addresses in `embed` and `object`, and those that the player of VSB is called with."""
    if b"<embed" in source or b"<object" in source:
        for tag in _EMBEDDED(page.markup.body):
            yield attribute(tag, "src") or attribute(tag, "data") or ""
    if b"showVsbpdfIframe" in source:
        for match in _VSB_PLAYER.finditer(source):
            yield match[1].decode("utf-8", "replace")
