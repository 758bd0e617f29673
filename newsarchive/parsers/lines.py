"""A tree to lines: what a reader sees, one line of text after the other, each knowing the boxes it stands in."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from newsarchive.parsers.tree import Tree

MAX_LINKS: Final = 5000
"""Links beyond this many are not looked at."""

_BLOCK, _SKIP, _BREAK, _ANCHOR, _BOLD, _IMAGE, _FRAME, _INLINE_BLOCK = range(1, 9)

_KINDS: Final[dict[object, int]] = {
    **dict.fromkeys(
        "html body address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section summary table "
        "tbody td tfoot th thead tr ul".split(),
        _BLOCK,
    ),
    **dict.fromkeys(
        "head script style noscript template select textarea button input option title meta link object applet "
        "audio video canvas svg math datalist map".split(),
        _SKIP,
    ),
    "br": _BREAK,
    "a": _ANCHOR,
    "b": _BOLD,
    "strong": _BOLD,
    "img": _IMAGE,
    "iframe": _FRAME,
    "frame": _FRAME,
}
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_ANY_HIDDEN = re.compile(rb"display\s*:\s*none|visibility\s*:\s*hidden|\shidden\b", re.IGNORECASE)


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
        title = " ".join((self.element.get("title") or "").split())
        if title and (not self.text or _is_cut(self.text, title)):
            return title
        return self.text


def _is_cut(shown: str, full: str) -> bool:
    stem = shown.rstrip(".…⋯ ")
    return len(full) > len(stem) and bool(stem) and full.startswith(stem) and (stem != shown or len(full) > len(shown))


class Line:
    """A run of text that a reader sees as one line or paragraph; or, with no text, an image of its own."""

    __slots__ = ("anchors", "bold", "box", "element", "hidden", "images", "linked", "size", "text")

    def __init__(self, text: str, box: int, element: etree._Element) -> None:
        self.text = text
        self.size = len(text)
        self.box = box
        self.element = element
        self.linked = 0
        self.bold = 0
        self.anchors: list[Anchor] = []
        self.images: list[etree._Element] = []
        self.hidden = False

    @property
    def prose(self) -> int:
        """Number of characters outside links."""
        return self.size - self.linked


class Box:
    """A block element: the lines from `start` up to `end` stand in it."""

    __slots__ = ("element", "end", "hidden", "index", "parent", "start", "tag")

    def __init__(self, index: int, parent: int, element: etree._Element, tag: str, start: int) -> None:
        self.index = index
        self.parent = parent
        self.element = element
        self.tag = tag
        self.start = start
        self.end = start
        self.hidden = False


class Lines:
    """Every line, box and link of a page in reading order."""

    __slots__ = ("anchors", "boxes", "frames", "lines")

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.boxes: list[Box] = []
        self.anchors: list[Anchor] = []
        self.frames: list[etree._Element] = []

    def ancestors(self, box: int) -> Iterator[Box]:
        """Yield the box and those around it, from the inside out."""
        while box >= 0:
            found = self.boxes[box]
            yield found
            box = found.parent

    def within(self, line: Line, tag: str) -> Box | None:
        """Return the innermost box of kind `tag` around `line`, or None."""
        for box in self.ancestors(line.box):
            if box.tag == tag:
                return box
        return None


def read_lines(tree: Tree, source: bytes) -> Lines:
    """Return the lines of `tree`; `source` is asked only whether the page hides anything."""
    walk = _Walk(may_hide=_ANY_HIDDEN.search(source) is not None)
    for root in tree.roots:
        walk.walk(root)
    return walk.page


class _Walk:
    """One walk over a tree. The loop is the hottest of the parser: it keeps to locals and plain tests."""

    def __init__(self, *, may_hide: bool) -> None:
        self.page = Lines()
        self._may_hide = may_hide
        self._parts: list[str] = []
        self._images: list[etree._Element] = []
        self._anchors: list[Anchor] = []
        self._anchor: Anchor | None = None
        self._anchor_from = 0
        self._linked = 0
        self._bold = 0
        self._bold_from = -1

    def walk(self, root: etree._Element) -> None:
        parts = self._parts
        kinds = _KINDS.get
        box = self._open(root, str(root.tag), -1)
        stack: list[tuple[Iterator[etree._Element], etree._Element, int, int]] = []
        elements: Iterator[etree._Element] = iter(root)
        if root.text:
            parts.append(root.text)
        while True:
            for element in elements:
                kind = kinds(element.tag, 0)
                if kind == _BLOCK:
                    if parts or self._images:
                        self._flush(box)
                    inner = self._open(element, element.tag, box)
                elif kind == 0:
                    inner = self._open_hidden(element, box) if self._may_hide and _is_hidden(element) else box
                elif kind == _SKIP or kind == _BREAK:
                    if kind == _BREAK and (parts or self._images):
                        self._flush(box)
                    if element.tail:
                        parts.append(element.tail)
                    continue
                else:
                    inner = box
                    self._enter(element, kind)
                if element.text:
                    parts.append(element.text)
                if len(element):
                    stack.append((elements, element, kind, box))
                    elements = iter(element)
                    box = inner
                    break
                if inner != box:
                    self._close(inner)
                elif kind:
                    self._leave(kind, box)
                if element.tail:
                    parts.append(element.tail)
            else:
                inner = box
                if not stack:
                    self._close(box)
                    return
                elements, element, kind, box = stack.pop()
                if inner != box:
                    self._close(inner)
                elif kind:
                    self._leave(kind, box)
                if element.tail:
                    parts.append(element.tail)

    def _open(self, element: etree._Element, tag: str, parent: int) -> int:
        boxes = self.page.boxes
        index = len(boxes)
        box = Box(index, parent, element, tag, len(self.page.lines))
        if parent >= 0 and boxes[parent].hidden or self._may_hide and _is_hidden(element):
            box.hidden = True
        boxes.append(box)
        return index

    def _open_hidden(self, element: etree._Element, box: int) -> int:
        self._flush(box)
        return self._open(element, "span", box)

    def _close(self, index: int) -> None:
        if self._parts or self._images:
            self._flush(index)
        self.page.boxes[index].end = len(self.page.lines)

    def _enter(self, element: etree._Element, kind: int) -> None:
        if kind == _ANCHOR:
            page = self.page
            if len(page.anchors) < MAX_LINKS:
                self._anchor = Anchor(element, element.get("href"), len(page.lines))
                self._anchor_from = len(self._parts)
                page.anchors.append(self._anchor)
                self._anchors.append(self._anchor)
        elif kind == _BOLD:
            if self._bold_from < 0:
                self._bold_from = len(self._parts)
        elif kind == _IMAGE:
            self._images.append(element)
        else:
            self.page.frames.append(element)

    def _leave(self, kind: int, box: int) -> None:
        if kind == _ANCHOR:
            anchor = self._anchor
            if not self._collect_anchor() and anchor is not None and anchor.line < len(self.page.lines) and anchor in self._anchors:
                # The link began on a line before and shows nothing on this one.
                self._anchors.remove(anchor)
            self._anchor = None
        elif kind == _BOLD and self._bold_from >= 0:
            self._bold += len("".join(self._parts[self._bold_from :]).strip())
            self._bold_from = -1
        elif kind == _FRAME:
            del self._parts[len(self._parts) :]

    def _collect_anchor(self) -> bool:
        """Add what the open link shows on this line to it; tell whether it shows anything."""
        anchor = self._anchor
        if anchor is not None:
            text = " ".join("".join(self._parts[self._anchor_from :]).split())
            self._anchor_from = len(self._parts)
            if text:
                self._linked += len(text)
                anchor.text = f"{anchor.text} {text}" if anchor.text else text
                return True
        return False

    def _flush(self, box: int) -> None:
        if self._anchor is not None:
            self._collect_anchor()
            self._anchor_from = 0
        if self._bold_from >= 0:
            self._bold += len("".join(self._parts[self._bold_from :]).strip())
            self._bold_from = 0
        text = " ".join("".join(self._parts).split())
        self._parts.clear()
        if text or self._images:
            owner = self.page.boxes[box]
            line = Line(text, box, owner.element)
            line.linked = self._linked
            line.bold = self._bold
            line.hidden = owner.hidden
            if self._anchors:
                line.anchors = self._anchors
                self._anchors = [self._anchor] if self._anchor is not None else []
            if self._images:
                line.images = self._images
                self._images = []
            self.page.lines.append(line)
            self._linked = self._bold = 0


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN_STYLE.search(style))
