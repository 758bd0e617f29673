"""What a reader sees of a page, one line of text after the other, each knowing the boxes it stands in."""

from collections.abc import Iterator, Sequence
from typing import Final

from newsarchive.parsers.markup import Token, attribute, plain
from newsarchive.parsers.xpaths import XPaths

CUT: Final = ".…⋯"
"""What a cut text ends with."""


class Anchor:
    """A link of the page: its attributes, the target as written, and the text that a reader sees."""

    __slots__ = ("attributes", "href", "image", "line", "text")

    def __init__(self, attributes: str, line: int, text: str) -> None:
        self.attributes = attributes
        if attributes[:7] == ' href="' and attributes[-1] == '"':
            href = attributes[7 : attributes.find('"', 7)]
            self.href: str | None = plain(href) if "&" in href else href
        else:
            self.href = attribute(attributes, "href")
        self.text = " ".join((plain(text) if "&" in text else text).split())
        self.image = ""
        """Attributes of the first image in the link."""
        self.line = line

    @property
    def full_text(self) -> str:
        """The `title` attribute where the visible text is cut, else the visible text."""
        shown = self.text
        if shown and shown[-1] not in CUT:
            return shown
        title = " ".join((attribute(self.attributes, "title") or "").split())
        stem = shown.rstrip(f"{CUT} ")
        return title if title and title.startswith(stem) and len(title) > len(stem) else shown


class Line:
    """A run of text that a reader sees as one line or paragraph; or, with no text, an image of its own."""

    __slots__ = ("anchors", "bold", "box", "hidden", "images", "linked", "size", "text")

    def __init__(self, text: str, box: int, hidden: bool, linked: int, bold: int, anchors: Sequence[Anchor]) -> None:  # noqa: FBT001, PLR0913, PLR0917
        self.text = text
        self.size = len(text)
        """Number of characters."""
        self.box = box
        """Index of the innermost box around the line."""
        self.hidden = hidden
        self.linked = linked
        """Number of characters inside links."""
        self.bold = bold
        """Number of characters inside b and strong."""
        self.anchors = anchors
        self.images: Sequence[str] = ()
        """Attributes of the images."""

    @property
    def prose(self) -> int:
        """Number of characters outside links."""
        return self.size - self.linked


class Box:
    """A block element: the lines from `start` up to `end` stand in it."""

    __slots__ = ("end", "hidden", "index", "parent", "start", "tag", "token")

    def __init__(  # noqa: PLR0913, PLR0917 - made for every block of every page
        self, index: int, parent: int, token: int, tag: str, start: int, hidden: bool,  # noqa: FBT001
    ) -> None:  # fmt: skip
        self.index = index
        self.parent = parent
        """Index of the box around it; -1 for the root."""
        self.token = token
        """Index of its start tag among those of the page."""
        self.tag = tag
        self.start = start
        self.end = start
        self.hidden = hidden


class Lines:
    """Every line, box and link of a page in reading order."""

    __slots__ = ("_xpaths", "anchors", "boxes", "frames", "lines", "skipped_anchors")

    def __init__(self, tokens: list[Token]) -> None:
        self._xpaths = XPaths(tokens)
        self.lines: list[Line] = []
        self.boxes: list[Box] = []
        self.anchors: list[Anchor] = []
        self.frames: list[str] = []
        """Attributes of the frames."""
        self.skipped_anchors = 0
        """Links beyond the limit."""

    def ancestors(self, box: int) -> Iterator[Box]:
        """Yield the box and those around it, from the inside out."""
        while box >= 0:
            found = self.boxes[box]
            yield found
            box = found.parent

    def within(self, line: Line, tags: frozenset[str]) -> Box | None:
        """Return the innermost box around `line` of one of the `tags`, or None."""
        boxes = self.boxes
        index = line.box
        while index >= 0:
            box = boxes[index]
            if box.tag in tags:
                return box
            index = box.parent
        return None

    def xpath(self, box: int) -> str:
        """Return the XPath of a box in the document as a browser makes it; every step has its number."""
        return self._xpaths.of(self.boxes[box].token)
