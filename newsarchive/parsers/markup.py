"""Bytes of decoded HTML to normal markup: nested as browsers nest it, every tag closed, every attribute quoted."""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString, Script, Stylesheet
from selectolax.lexbor import LexborHTMLParser

from newsarchive.errors import EmptyPageError, PageTooLargeError
from newsarchive.parsers.limits import check_size, is_tame
from newsarchive.parsers.packed import unpacked

MAX_SECOND_READER_TAGS = 50_000
"""The second reader takes about 20 µs a tag; a page with more tags is refused, since nobody wrote it by hand."""

MAX_DEPTH = 200
"""The second reader hangs what is nested deeper on the ancestor at this depth: nesting is lost, but no text."""

VOID_TAGS = frozenset((
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param", "source",
    "track", "wbr",
))  # fmt: skip
"""Tags without content and without an end."""


@dataclass(frozen=True, slots=True)
class Markup:
    """A page as normal markup: `<` begins a tag or a comment, except in raw text, and `>` ends a tag."""

    head: str
    body: str
    """The body element as parsed; of a page of frames, the frame set."""
    seen: str
    """The same without comments, scripts and what else no browser shows as text."""
    second_reader: bool
    """True where BeautifulSoup read the page, since lexbor would take too long over it."""


def read_markup(data: bytes) -> Markup:
    """Return the markup of `data`, which is UTF-8.

    Raises `EmptyPageError` if there is no element at all, `PageTooLargeError` beyond the limits.
    """
    data = unpacked(data)
    if not is_tame(data, check_size(data)):
        markup = _second_reader(data)
        return Markup("", markup, seen(markup), second_reader=True)
    tree = LexborHTMLParser(data)
    head, body = tree.head, tree.body
    markup = (body.html if body is not None else tree.html) or ""
    return Markup((head.html if head is not None else "") or "", markup, seen(markup), second_reader=False)


def attribute(tag: str, name: str) -> str | None:
    """Return the value of an attribute of a start tag, or None if it has none of that name."""
    key = f' {name}="'
    start = tag.find(key)
    if start < 0:
        return None
    start += len(key)
    end = tag.find('"', start)
    value = tag[start:end] if end >= 0 else tag[start:]
    return plain(value) if "&" in value else value


def plain(text: str) -> str:
    """Return the characters that `text` stands for: normal markup escapes four of them, and `"` in attributes."""
    text = text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&quot;", '"').replace("&amp;", "&")


_NESTABLE = "noscript|object|svg|template|video|audio|canvas|map|math|applet"
_UNSEEN = re.compile(
    # One look at the first two letters spares most tags the alternatives.
    r"<(?=[!sbdnotcmvai][-ctieoubavpf])"
    r"(?:!--[^-]*(?:-(?!->)[^-]*)*-->"
    r"|(script|style|textarea|title|noembed|noframes|select|button|datalist)(?=[ >])[^<]*(?:<(?!/\1>)[^<]*)*</\1>"
    rf"|({_NESTABLE})(?=[ >])[^<]*(?:<(?!/?\2[ >])[^<]*)*</\2>"
    r"|(iframe(?: [^<>]*)?>)[^<]*(?:<(?!/iframe>)[^<]*)*</iframe>)"
)
_NESTED = re.compile(rf"</({_NESTABLE})>")


def seen(body: str) -> str:
    """Return `body` without comments and what no browser shows as text; of frames, only the start tags are left."""
    body = _UNSEEN.sub(_frame_alone, body)
    while (nested := _NESTED.search(body)) is not None:
        body = _without(body, nested[1])
    return body


def _frame_alone(unseen: re.Match[str]) -> str:
    return f"<{unseen[3]}" if unseen[3] else ""


def _without(body: str, name: str) -> str:
    """Return `body` without the elements of a name, and what is in them."""
    kept: list[str] = []
    upto = depth = 0
    for tag in re.finditer(rf"<(/?){name}(?: [^<>]*)?>", body):
        if not tag[1]:
            if not depth:
                kept.append(body[upto : tag.start()])
            depth += 1
        elif depth:
            depth -= 1
        else:
            # An end without a beginning, as the raw text of an old `xmp` may hold.
            kept.append(body[upto : tag.start()])
        upto = tag.end()
    return "".join((*kept, "" if depth else body[upto:]))


def _second_reader(data: bytes) -> str:  # noqa: C901 - one branch for each kind of node
    if data.count(b"<") > MAX_SECOND_READER_TAGS:
        raise PageTooLargeError(f"nested too deep, with more than {MAX_SECOND_READER_TAGS} tags")
    soup = BeautifulSoup(data.decode("utf-8", "replace"), "html.parser")
    if soup.find() is None:
        raise EmptyPageError("no element")
    written = ["<body>"]
    path: list[Tag] = []
    iterators = [iter(soup.contents)]
    hung: list[str] = []
    while iterators:
        node = next(iterators[-1], None)
        if node is None:
            iterators.pop()
            if path:
                tag = path.pop()
                if len(path) < MAX_DEPTH and tag.name not in VOID_TAGS:
                    written.extend((*hung, f"</{tag.name}>"))
                    hung.clear()
        elif isinstance(node, Tag):
            # Below the limit a tag is closed where the next begins, so that it keeps its own text.
            written.extend(hung)
            hung.clear()
            written.append(_start_tag(node))
            if len(path) >= MAX_DEPTH and node.name not in VOID_TAGS:
                hung.append(f"</{node.name}>")
            path.append(node)
            iterators.append(iter(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString | Script | Stylesheet):
            if hung and hung[0] != f"</{path[-1].name}>":
                written.extend(hung)
                hung.clear()
            written.append(_escaped(node))
    written.append("</body>")
    return "".join(written)


def _start_tag(tag: Tag) -> str:
    attributes = "".join(
        f' {name}="{_escaped(" ".join(value) if isinstance(value, list) else value)}"'
        for name, value in tag.attrs.items()
    )
    return f"<{tag.name}{attributes}>"


def _escaped(text: str) -> str:
    text = text.replace("\x00", "\ufffd").replace("&", "&amp;").replace('"', "&quot;")
    return text.replace("<", "&lt;").replace(">", "&gt;")
