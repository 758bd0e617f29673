"""What a reader sees of a page, one line of text after the other, each knowing the boxes it stands in."""

from collections.abc import Iterator, Sequence
from typing import Final

from newsarchive.parsers.markup import attribute, plain
from newsarchive.parsers.xpaths import XPaths

CUT: Final = ".…⋯"
"""What a cut text ends with."""

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
"""Tags of headings."""


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
        """The innermost box around the line."""
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


NO_BOX: Final = -2
"""In place of the box around an element that is none itself."""


class Boxes:
    """The block elements of a page, in columns: each by the number of its start tag, from 1 on; 0 is the root.

    Columns instead of an object each: a page has hundreds, and the rules look at a few.
    """

    __slots__ = ("ends", "parents", "starts", "tags")

    def __init__(self, names: Sequence[str]) -> None:
        self.tags = ["html", *names]
        """The names of all elements; the rows of those that are no boxes hold `NO_BOX` as their parent."""
        count = len(self.tags)
        self.parents = [NO_BOX] * count
        """The box around a box, which has a lower number; -1 for the root."""
        self.parents[0] = -1
        self.starts = [0] * count
        self.ends = [0] * count
        """The lines from `starts` up to `ends` stand in a box."""

    def around(self, box: int) -> Iterator[int]:
        """Yield the box and those around it, from the inside out."""
        parents = self.parents
        while box >= 0:
            yield box
            box = parents[box]

    def inside(self, box: int) -> Iterator[int]:
        """Yield the boxes inside a box, in the order of the page."""
        parents = self.parents
        for inner in range(box + 1, len(parents)):
            outer = parents[inner]
            if outer >= box:
                yield inner
            elif outer != NO_BOX:
                return

    def nearest(self, box: int, tags: frozenset[str]) -> int:
        """Return the innermost of the box and those around it that is one of the `tags`; -1 where none is."""
        parents, names = self.parents, self.tags
        while box >= 0 and names[box] not in tags:
            box = parents[box]
        return box


class Lines:
    """Every line, box and link of a page in reading order."""

    __slots__ = ("_xpaths", "anchors", "boxes", "frames", "lines", "skipped_anchors")

    def __init__(self, names: Sequence[str], ends: Sequence[str]) -> None:
        self._xpaths = XPaths(names, ends)
        self.lines: list[Line] = []
        self.boxes = Boxes(names)
        self.anchors: list[Anchor] = []
        self.frames: list[str] = []
        """Attributes of the frames."""
        self.skipped_anchors = 0
        """Links beyond the limit."""

    def xpath(self, box: int) -> str:
        """Return the XPath of a box in the document as a browser makes it; every step has its number."""
        return self._xpaths.of(max(box - 1, 0))
