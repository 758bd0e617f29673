"""One peer in an interpreter of its own: pages as JSON lines in, what it reads and its CPU seconds as JSON lines out.

Started by benchmarks/peers.py with the name of the peer. Nothing of newsarchive is installed there.
"""

import base64
import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass
class Fields:
    """What a peer says of a page; none of them has a field for the source."""

    title: str | None = None
    date: str | None = None
    author: str | None = None
    body: str = ""


_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})")
"""GNE gives the text of a date as the page has it: 2020年1月2日."""

Reader = Callable[[bytes, str, str], Fields]
"""Bytes as served, text as a browser decodes it, URL."""


def trafilatura() -> Reader:
    """Return trafilatura on the bytes."""
    from trafilatura import bare_extraction

    def read(html: bytes, _text: str, _url: str) -> Fields:
        found = bare_extraction(html, with_metadata=True)
        return Fields(found.title, found.date, found.author, found.text or "") if found is not None else Fields()

    return read


def newspaper4k() -> Reader:
    """Return newspaper4k, told that the page is Chinese, on the text."""
    from newspaper import Article

    def read(_html: bytes, text: str, url: str) -> Fields:
        found = Article(url, language="zh", fetch_images=False)  # It would go to the net for each page.
        found.download(input_html=text)
        found.parse()
        day = str(found.publish_date)[:10] if found.publish_date else None
        return Fields(found.title, day, ", ".join(found.authors) or None, found.text)

    return read


def gne() -> Reader:
    """Return GNE on the text."""
    from gne import GeneralNewsExtractor

    def read(_html: bytes, text: str, _url: str) -> Fields:
        found = GeneralNewsExtractor().extract(text)
        day = _DAY.search(found["publish_time"])
        date = f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}" if day else None
        return Fields(found["title"], date, found["author"], found["content"])

    return read


def readability() -> Reader:
    """Return readability-lxml on the bytes."""
    from lxml.html import fromstring
    from readability import Document

    def read(html: bytes, _text: str, _url: str) -> Fields:
        document = Document(html)
        return Fields(document.short_title(), None, None, fromstring(document.summary()).text_content())

    return read


def resiliparse() -> Reader:
    """Return resiliparse on the text."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(_html: bytes, text: str, _url: str) -> Fields:
        tree = HTMLTree.parse(text)
        return Fields(tree.title, None, None, extract_plain_text(tree, main_content=True))

    return read


READERS: dict[str, Callable[[], Reader]] = {
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "gne": gne,
    "readability-lxml": readability,
    "resiliparse": resiliparse,
}


def main() -> int:
    """Answer pages until the input ends."""
    read = READERS[sys.argv[1]]()
    answers, sys.stdout = sys.stdout, sys.stderr  # Some peers print.
    for line in sys.stdin:
        asked = json.loads(line)
        html = base64.b64decode(asked["html"])
        started = time.process_time()
        error = None
        try:
            found = read(html, asked["text"], asked["url"])
        except Exception as problem:  # noqa: BLE001 - a peer that fails on a page has read nothing there
            found, error = Fields(), f"{type(problem).__name__}: {problem}"
        seconds = time.process_time() - started
        answers.write(json.dumps({**asdict(found), "error": error, "seconds": seconds}) + "\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
