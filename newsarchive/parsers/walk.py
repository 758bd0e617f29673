"""Normal markup to lines."""

from typing import Final

from newsarchive.parsers.lines import Anchor, Box, Line, Lines
from newsarchive.parsers.markup import plain
from newsarchive.parsers.tags import (
    ANCHOR,
    ANCHOR_END,
    BLOCK,
    BLOCK_END,
    BOLD,
    BOLD_END,
    BREAK,
    FRAME,
    HIDING_BLOCK,
    HIDING_TAG,
    IMAGE,
    OTHER,
    SET_FRAME,
    Tag,
    cut,
    tags_of,
)

MAX_LINKS: Final = 5000
"""Links beyond this many are not looked at."""

_HIDDEN_END = Tag(BLOCK_END, "")


def read_lines(body: str) -> Lines:
    """Return the lines of `body`, which is normal markup."""
    pieces = cut(body)
    walk = _Walk(pieces.tags, tags_of(pieces.tags))
    walk.walk(pieces.texts)
    return walk.page


class _Walk:
    """One walk over the tags. The loop is the hottest of the parser: it keeps to locals and plain tests."""

    def __init__(self, written: list[str], tags: list[Tag]) -> None:
        self.page = Lines(tags)
        self._written = written
        self._tags = tags
        self._parts: list[str] = []
        self._images: list[str] = []
        self._anchors: list[Anchor] = []
        self._anchor: Anchor | None = None
        self._anchor_from = 0
        self._linked = 0
        self._bold = 0
        self._bold_from = -1

    def walk(self, texts: list[str]) -> None:  # noqa: C901, PLR0912 - calls would double its time
        """Add everything that a reader sees to the page."""
        page, parts, images, written, tags = self.page, self._parts, self._images, self._written, self._tags
        boxes, lines, anchors, flush, append = page.boxes, page.lines, page.anchors, self._flush, parts.append
        box = root = Box(0, -1, 0, "html", 0, False)  # noqa: FBT003
        boxes.append(root)
        for at, ((kind, name), text) in enumerate(zip(tags, texts, strict=False)):
            if kind == BLOCK_END:
                if parts or images:
                    flush(box)
                if box is not root:  # Raw text of an old `xmp` may hold an end without a beginning.
                    box.end = len(lines)
                    box = boxes[box.parent]
            elif kind == BLOCK:
                if parts or images:
                    flush(box)
                box = Box(len(boxes), box.index, at, name, len(lines), box.hidden)
                boxes.append(box)
            elif kind == ANCHOR:
                if tags[at + 1][0] == ANCHOR_END and not self._anchor and len(anchors) < MAX_LINKS:
                    # All of a link, with nothing but text in it.
                    anchor = Anchor(written[at], len(lines))
                    anchor.text = shown = " ".join((plain(text) if "&" in text else text).split())
                    self._linked += len(shown)
                    anchors.append(anchor)
                    self._anchors.append(anchor)
                else:
                    self._open_anchor(written[at])
            elif kind == ANCHOR_END:
                if self._anchor is not None:
                    self._close_anchor(self._anchor)
            elif kind == BREAK:
                if parts or images:
                    flush(box)
            elif kind == HIDING_BLOCK or kind == HIDING_TAG:  # noqa: PLR1714 - a set takes twice as long
                flush(box)
                box = Box(len(boxes), box.index, at, name if kind == HIDING_BLOCK else "span", len(lines), True)  # noqa: FBT003
                boxes.append(box)
                if kind == HIDING_TAG:
                    self._end_hidden(at)
            elif kind < OTHER:
                self._note(kind, written[at][len(name) :])
            if text and (parts or not text.isspace()):
                append(text)
        flush(root)
        root.end = len(lines)

    def _end_hidden(self, start: int) -> None:
        """Let the end of the inline element that tag `start` begins be that of a block."""
        tags = self._tags
        name = tags[start].name
        depth = 0
        for at in range(start, len(tags)):
            if tags[at].name == name:
                depth += -1 if self._written[at][0] == "/" else 1
                if not depth:
                    tags[at] = _HIDDEN_END
                    return

    def _open_anchor(self, attributes: str) -> None:
        page = self.page
        if len(page.anchors) < MAX_LINKS:
            self._anchor = anchor = Anchor(attributes, len(page.lines))
            self._anchor_from = len(self._parts)
            page.anchors.append(anchor)
            self._anchors.append(anchor)
        else:
            page.skipped_anchors += 1

    def _close_anchor(self, anchor: Anchor) -> None:
        if not self._collect_anchor() and anchor.line < len(self.page.lines) and anchor in self._anchors:
            # The link began on a line before and shows nothing on this one.
            self._anchors.remove(anchor)
        self._anchor = None

    def _note(self, kind: int, attributes: str) -> None:
        """Note where bold letters begin and end, and images and frames stand."""
        if kind == IMAGE:
            self._images.append(attributes)
            if self._anchor is not None:
                self._anchor.image = self._anchor.image or attributes
        elif kind in {FRAME, SET_FRAME}:
            self.page.frames.append(attributes)
        elif kind == BOLD:
            if self._bold_from < 0:
                self._bold_from = len(self._parts)
        elif kind == BOLD_END and self._bold_from >= 0:
            self._bold += len(plain("".join(self._parts[self._bold_from :])).strip())
            self._bold_from = -1

    def _collect_anchor(self) -> bool:
        """Add what the open link shows on this line to it; tell whether it shows anything."""
        anchor = self._anchor
        if anchor is None:
            return False
        text = "".join(self._parts[self._anchor_from :])
        text = " ".join((plain(text) if "&" in text else text).split())
        self._anchor_from = len(self._parts)
        if not text:
            return False
        self._linked += len(text)
        anchor.text = f"{anchor.text} {text}" if anchor.text else text
        return True

    def _flush(self, box: Box) -> None:
        parts = self._parts
        anchor = self._anchor
        if anchor is not None:
            self._collect_anchor()
            self._anchor_from = 0
        if self._bold_from >= 0:
            self._bold += len(plain("".join(parts[self._bold_from :])).strip())
            self._bold_from = 0
        text = parts[0] if len(parts) == 1 else "".join(parts)
        text = " ".join((plain(text) if "&" in text else text).split())
        parts.clear()
        if not text and not self._images:
            return
        line = Line(text, box.index)
        if box.hidden:
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
