"""A tree to lines: what a reader sees, one line of text after the other, each knowing the boxes it stands in."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

from newsarchive.parsers.tree import Tree

MAX_LINKS: Final = 5000
"""Links beyond this many are not looked at."""

_BLOCK, _SKIP, _BREAK, _ANCHOR, _BOLD, _IMAGE, _FRAME = range(1, 8)

_BLOCK_TAGS = """
    html body address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section summary table tbody td tfoot
    th thead tr ul
"""
_SKIPPED_TAGS = """
    head script style noscript template select textarea button input option title meta link object applet embed audio
    video canvas svg math datalist map
"""
_KINDS: Final[dict[object, int]] = {
    **dict.fromkeys(_BLOCK_TAGS.split(), _BLOCK),
    **dict.fromkeys(_SKIPPED_TAGS.split(), _SKIP),
    "br": _BREAK,
    "a": _ANCHOR,
    "b": _BOLD,
    "strong": _BOLD,
    "img": _IMAGE,
    "iframe": _FRAME,
    "frame": _FRAME,
}


class Anchor:
    """A link of the page: its element, the target as written, and the text that a reader sees."""

    __slots__ = ("element", "href", "line", "text")

    def __init__(self, element: etree._Element, href: str | None, line: int) -> None:
        self.element = element
        self.href = href
        self.text = ""
        self.line = line

    @property
    def full_text(self) -> str:
        """The `title` attribute where the visible text is cut, else the visible text."""
        shown = self.text
        if shown and shown[-1] not in ".…⋯":
            return shown
        title = " ".join((self.element.get("title") or "").split())
        stem = shown.rstrip(".…⋯ ")
        return title if title and title.startswith(stem) and len(title) > len(stem) else shown


class Line:
    """A run of text that a reader sees as one line or paragraph; or, with no text, an image of its own."""

    # No slots: most lines have the values of the class, and an attribute that is not set costs no time.
    hidden: bool = False
    linked: int = 0
    """Number of characters inside links."""
    bold: int = 0
    """Number of characters inside b and strong."""
    anchors: Sequence[Anchor] = ()
    images: Sequence[etree._Element] = ()

    def __init__(self, text: str, box: int, element: etree._Element) -> None:
        self.text = text
        self.size = len(text)
        """Number of characters."""
        self.box = box
        """Index of the innermost box around the line."""
        self.element = element
        """The element of that box."""

    @property
    def prose(self) -> int:
        """Number of characters outside links."""
        return self.size - self.linked


class Box:
    """A block element: the lines from `start` up to `end` stand in it."""

    __slots__ = ("element", "end", "hidden", "index", "parent", "start", "tag")

    def __init__(  # noqa: PLR0913, PLR0917 - made for every block of every page
        self, index: int, parent: int, element: etree._Element, tag: str, start: int, hidden: bool,  # noqa: FBT001
    ) -> None:  # fmt: skip
        self.index = index
        self.parent = parent
        """Index of the box around it; -1 for a root."""
        self.element = element
        self.tag = tag
        self.start = start
        self.end = start
        self.hidden = hidden


class Lines:
    """Every line, box and link of a page in reading order."""

    __slots__ = ("anchors", "boxes", "frames", "lines", "skipped_anchors")

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.boxes: list[Box] = []
        self.anchors: list[Anchor] = []
        self.frames: list[etree._Element] = []
        self.skipped_anchors = 0
        """Links beyond the limit."""

    def ancestors(self, box: int) -> Iterator[Box]:
        """Yield the box and those around it, from the inside out."""
        while box >= 0:
            found = self.boxes[box]
            yield found
            box = found.parent

    def within(self, line: Line, tag: str) -> Box | None:
        """Return the innermost box of kind `tag` around `line`, or None."""
        boxes = self.boxes
        index = line.box
        while index >= 0:
            box = boxes[index]
            if box.tag == tag:
                return box
            index = box.parent
        return None


def read_lines(tree: Tree, source: bytes) -> Lines:
    """Return the lines of `tree`; `source`, in lower case, is asked only whether the page hides anything."""
    walk = _Walk(_hidden_elements(tree, source))
    for root in tree.roots:
        walk.walk(root)
    return walk.page


_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_SOURCE = re.compile(rb"style\s*=\s*(?:\"[^\"<>]*|'[^'<>]*|[^\s<>\"']*)(?:none|hidden)")
_HIDDEN_ATTRIBUTE = re.compile(rb" hidden[\s=>/]")


def _hidden_elements(tree: Tree, source: bytes) -> set[etree._Element]:
    """Return the elements that the page hides by itself; what a style sheet hides is not known."""
    hidden: set[etree._Element] = set()
    # Asked of the source first: most pages hide nothing, and XPath takes half a millisecond to say so.
    if _HIDDEN_SOURCE.search(source) is not None:
        for root in tree.roots:
            hidden.update(
                e for e in root.iter() if (style := e.get("style")) is not None and _HIDDEN_STYLE.search(style)
            )
    if _HIDDEN_ATTRIBUTE.search(source) is not None:
        for root in tree.roots:
            hidden.update(element for element in root.iter() if element.get("hidden") is not None)
    return hidden


class _Walk:
    """One walk over a tree. The loop is the hottest of the parser: it keeps to locals and plain tests."""

    def __init__(self, hidden: set[etree._Element]) -> None:
        self.page = Lines()
        self._hidden = hidden
        self._parts: list[str] = []
        self._images: list[etree._Element] = []
        self._anchors: list[Anchor] = []
        self._anchor: Anchor | None = None
        self._anchor_from = 0
        self._linked = 0
        self._bold = 0
        self._bold_from = -1

    def walk(self, root: etree._Element) -> None:  # noqa: C901, PLR0912, PLR0915 - calls would double its time
        """Add the lines of `root` and everything in it to the page."""
        parts, images, boxes, lines = self._parts, self._images, self.page.boxes, self.page.lines
        hidden, flush, append, kind_of = self._hidden, self._flush, parts.append, _KINDS.get
        box = self._open(root, "html", -1)
        if root.text:
            append(root.text)
        stack: list[tuple[Iterator[etree._Element], etree._Element, int, int]] = []
        elements: Iterator[etree._Element] = iter(root)
        while True:
            for element in elements:
                kind, inner = kind_of(element.tag, 0), box
                if kind == _BLOCK:
                    if parts or images:
                        flush(box)
                    inner = len(boxes)
                    hides = bool(hidden) and (boxes[box].hidden or element in hidden)
                    boxes.append(Box(inner, box, element, element.tag, len(lines), hides))
                elif kind == 0:
                    if hidden and element in hidden:
                        flush(box)
                        inner = self._open(element, "span", box)
                elif kind <= _BREAK:
                    if kind == _BREAK and (parts or images):
                        flush(box)
                    if (text := element.tail) is not None and (parts or not text.isspace()):
                        append(text)
                    continue
                else:
                    self._enter(element, kind)
                if (text := element.text) is not None and (parts or not text.isspace()):
                    append(text)
                if len(element):
                    stack.append((elements, element, kind, box))
                    elements = iter(element)
                    box = inner
                    break
                if inner != box:
                    if parts or images:
                        flush(inner)
                    boxes[inner].end = len(lines)
                elif kind:
                    self._leave(kind)
                if (text := element.tail) is not None and (parts or not text.isspace()):
                    append(text)
            else:
                if not stack:
                    flush(box)
                    boxes[box].end = len(lines)
                    return
                inner = box
                elements, element, kind, box = stack.pop()
                if inner != box:
                    if parts or images:
                        flush(inner)
                    boxes[inner].end = len(lines)
                elif kind:
                    self._leave(kind)
                if (text := element.tail) is not None and (parts or not text.isspace()):
                    append(text)

    def _open(self, element: etree._Element, tag: str, parent: int) -> int:
        boxes = self.page.boxes
        index = len(boxes)
        hidden = self._hidden
        boxes.append(
            Box(index, parent, element, tag, len(self.page.lines),
                bool(hidden) and (element in hidden or (parent >= 0 and boxes[parent].hidden)))
        )  # fmt: skip
        return index

    def _enter(self, element: etree._Element, kind: int) -> None:
        if kind == _ANCHOR:
            page = self.page
            if len(page.anchors) < MAX_LINKS:
                self._anchor = anchor = Anchor(element, element.get("href"), len(page.lines))
                self._anchor_from = len(self._parts)
                page.anchors.append(anchor)
                self._anchors.append(anchor)
            else:
                page.skipped_anchors += 1
        elif kind == _BOLD:
            if self._bold_from < 0:
                self._bold_from = len(self._parts)
        elif kind == _IMAGE:
            self._images.append(element)
        else:
            self.page.frames.append(element)

    def _leave(self, kind: int) -> None:
        if kind == _ANCHOR:
            anchor = self._anchor
            if anchor is not None:
                if not self._collect_anchor() and anchor.line < len(self.page.lines) and anchor in self._anchors:
                    # The link began on a line before and shows nothing on this one.
                    self._anchors.remove(anchor)
                self._anchor = None
        elif kind == _BOLD and self._bold_from >= 0:
            self._bold += len("".join(self._parts[self._bold_from :]).strip())
            self._bold_from = -1

    def _collect_anchor(self) -> bool:
        """Add what the open link shows on this line to it; tell whether it shows anything."""
        anchor = self._anchor
        if anchor is None:
            return False
        text = " ".join("".join(self._parts[self._anchor_from :]).split())
        self._anchor_from = len(self._parts)
        if not text:
            return False
        self._linked += len(text)
        anchor.text = f"{anchor.text} {text}" if anchor.text else text
        return True

    def _flush(self, box: int) -> None:
        parts = self._parts
        anchor = self._anchor
        if anchor is not None:
            self._collect_anchor()
            self._anchor_from = 0
        if self._bold_from >= 0:
            self._bold += len("".join(parts[self._bold_from :]).strip())
            self._bold_from = 0
        text = " ".join("".join(parts).split())
        parts.clear()
        if not text and not self._images:
            return
        owner = self.page.boxes[box]
        line = Line(text, box, owner.element)
        if owner.hidden:
            line.hidden = True
        if self._linked:
            line.linked = self._linked
            self._linked = 0
        if self._bold:
            line.bold = self._bold
            self._bold = 0
        if self._anchors:
            line.anchors = self._anchors
            self._anchors = [anchor] if anchor is not None else []
        if self._images:
            line.images = self._images.copy()
            self._images.clear()
        self.page.lines.append(line)
