"""Files that are shown in the page: in frames and objects, by the players of Webplus and VSB."""

import re
from collections.abc import Iterator

from newsarchive.parsers.files import attachment, is_file, player_title
from newsarchive.parsers.markup import attribute
from newsarchive.parsers.page import Page
from newsarchive.records.article import Attachment

_VSB_PLAYER = re.compile(rb"""showVsbpdfIframe\(\s*['"]([^'"<>]{1,500})['"]""")
_PLAYER = re.compile(r'<([^<>]* pdfsrc="[^<>]*)>').findall
_EMBEDDED = re.compile("<(?:embed|object)( [^<>]*)>").findall


def played_files(page: Page) -> Iterator[Attachment]:
    """Yield the files that a reader sees without following a link; one may come twice."""
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
