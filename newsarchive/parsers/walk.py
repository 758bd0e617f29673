"""Normal markup to lines."""

import re
from functools import lru_cache
from typing import Final

from newsarchive.parsers.lines import Anchor, Box, Line, Lines
from newsarchive.parsers.markup import VOID_TAGS, Token, plain

MAX_LINKS: Final = 5000
"""Links beyond this many are not looked at."""

_INLINE, _BLOCK, _ANCHOR, _BREAK, _BOLD, _IMAGE, _FRAME = range(7)

_BLOCKS = """
    html body address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form frameset h1 h2 h3 h4 h5 h6 header hgroup legend li main menu nav ol p pre section summary table tbody td
    tfoot th thead tr ul
"""
_BLOCK_TAGS = frozenset(_BLOCKS.split())
_KINDS: Final[dict[str, int]] = {
    **dict.fromkeys(_BLOCK_TAGS, _BLOCK),
    "br": _BREAK, "hr": _BREAK, "a": _ANCHOR, "b": _BOLD, "strong": _BOLD, "img": _IMAGE, "iframe": _FRAME,
    "frame": _FRAME,
}  # fmt: skip


def read_lines(body: str) -> Lines:
    """Return the lines of `body`, which is normal markup."""
    walk = _Walk(_TOKENS(body))
    walk.walk()
    return walk.page


_TOKENS = re.compile(r"<([a-z][^\s>]*+)([^>]*+)>([^<]*+)((?:</[^>]*+>[^<]*+)*+)").findall
"""A start tag's name and attributes, the text after it, and the end tags after that with what follows each."""
_MARK = "~"
"""Put before the name in the end tag of an inline element that hides itself; no tag's name begins so."""
_HIDDEN_STYLE = re.compile(r' style="[^"]*(?:display\s*:\s*none|visibility\s*:\s*hidden)', re.IGNORECASE).search


def _is_hidden(attributes: str) -> bool:
    """Tell whether an element's own start tag hides it; of style sheets nothing is known."""
    if ' style="' not in attributes:
        return ' hidden="' in attributes
    # Plain tests, since most styles pass here.
    lower = attributes.lower()
    return ' hidden="' in attributes or (
        ("none" in lower or "hidden" in lower) and _HIDDEN_STYLE(attributes) is not None
    )


def _steps(ends: str) -> tuple[int | str, ...]:
    """Return what end tags do, in order: what they end, and the texts between them."""
    steps: list[int | str] = []
    for piece in ends.split("</")[1:]:
        name, _, text = piece.partition(">")
        kind = _BLOCK if name[:1] == _MARK else _KINDS.get(name, _INLINE)
        if kind in {_BLOCK, _ANCHOR, _BOLD}:
            steps.append(kind)
        if text and not (text.isspace() and steps and steps[-1] == _BLOCK):
            steps.append(text)
    return tuple(steps)


_usual_steps = lru_cache(maxsize=256)(_steps)
"""The pages of a template end their elements alike: in some dozen ways. The rest is texts of one page."""
_USUAL = 80


class _Walk:
    """One walk over the tokens. The loop is the hottest of the parser: it keeps to locals and plain tests."""

    def __init__(self, tokens: list[Token]) -> None:
        self.page = Lines(tokens)
        self._tokens = tokens
        self._parts: list[str] = []
        self._images: list[str] = []
        self._anchors: list[Anchor] = []
        self._anchor: Anchor | None = None
        self._anchor_from = 0
        self._linked = 0
        self._bold = 0
        self._bold_from = -1

    def walk(self) -> None:  # noqa: C901, PLR0912, PLR0915 - calls would double its time
        """Add everything that a reader sees to the page."""
        page, parts, images, boxes, lines = self.page, self._parts, self._images, self.page.boxes, self.page.lines
        flush, append, kind_of = self._flush, self._parts.append, _KINDS.get
        boxes.append(Box(0, -1, 0, "html", 0, False))  # noqa: FBT003
        box, hidden = 0, False
        for at, (name, attributes, text, ends) in enumerate(self._tokens):
            kind = kind_of(name, _INLINE)
            if kind == _BLOCK:
                if parts or images:
                    flush(box)
                hidden = hidden or (attributes != "" and _is_hidden(attributes))
                boxes.append(Box(len(boxes), box, at, name, len(lines), hidden))
                box = len(boxes) - 1
            elif kind == _ANCHOR:
                if ends[:4] == "</a>" and len(page.anchors) < MAX_LINKS and not self._anchor:
                    # All of a link, with nothing but text in it.
                    anchor = Anchor(attributes, len(lines))
                    anchor.text = shown = " ".join((plain(text) if "&" in text else text).split())
                    self._linked += len(shown)
                    page.anchors.append(anchor)
                    self._anchors.append(anchor)
                else:
                    self._open_anchor(attributes)
            elif kind == _BREAK:
                flush(box)
            elif kind != _INLINE:
                self._note(kind, attributes)
            elif attributes and _is_hidden(attributes) and name not in VOID_TAGS:
                flush(box)
                ends = self._cover(at)  # noqa: PLW2901 - with a mark now
                hidden = True
                boxes.append(Box(len(boxes), box, at, "span", len(lines), hidden))
                box = len(boxes) - 1
            if text and (parts or not text.isspace()):
                append(text)
            if ends:
                for step in _usual_steps(ends) if len(ends) < _USUAL else _steps(ends):
                    if step == _BLOCK:
                        if parts or images:
                            flush(box)
                        if box:  # Raw text of an old `xmp` may hold an end without a beginning.
                            ended = boxes[box]
                            ended.end = len(lines)
                            box = ended.parent
                            hidden = hidden and boxes[box].hidden
                    elif step == _ANCHOR:
                        if self._anchor is not None:
                            self._close_anchor(self._anchor)
                    elif step == _BOLD:
                        self._close_bold()
                    elif isinstance(step, str) and (parts or not step.isspace()):
                        append(step)
        flush(0)
        boxes[0].end = len(lines)

    def _cover(self, start: int) -> str:
        """Mark the end tag of the inline element that token `start` begins; return the end tags of that token."""
        tokens = self._tokens
        name = tokens[start][0]
        end = f"</{name}>"
        depth = 0
        for at in range(start, len(tokens)):
            depth += tokens[at][0] == name
            ended = tokens[at][3].count(end)
            if ended >= depth:
                *token, ends = tokens[at]
                pieces = ends.split(end)
                ends = f"{end.join(pieces[:depth])}</{_MARK}{name}>{end.join(pieces[depth:])}"
                tokens[at] = (token[0], token[1], token[2], ends)
                break
            depth -= ended
        return tokens[start][3]

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
        if not self._collect_anchor(anchor) and anchor.line < len(self.page.lines) and anchor in self._anchors:
            # The link began on a line before and shows nothing on this one.
            self._anchors.remove(anchor)
        self._anchor = None

    def _note(self, kind: int, attributes: str) -> None:
        """Note where bold letters begin, and images and frames stand."""
        if kind == _IMAGE:
            self._images.append(attributes)
            if self._anchor is not None:
                self._anchor.image = self._anchor.image or attributes
        elif kind == _FRAME:
            self.page.frames.append(attributes)
        elif self._bold_from < 0:
            self._bold_from = len(self._parts)

    def _close_bold(self) -> None:
        if self._bold_from >= 0:
            self._bold += len(plain("".join(self._parts[self._bold_from :])).strip())
            self._bold_from = -1

    def _collect_anchor(self, anchor: Anchor) -> bool:
        """Add what the open link shows on this line to it; tell whether it shows anything."""
        text = "".join(self._parts[self._anchor_from :])
        text = " ".join((plain(text) if "&" in text else text).split())
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
            self._collect_anchor(anchor)
            self._anchor_from = 0
        if self._bold_from >= 0:
            self._bold += len(plain("".join(parts[self._bold_from :])).strip())
            self._bold_from = 0
        text = parts[0] if len(parts) == 1 else "".join(parts)
        text = " ".join((plain(text) if "&" in text else text).split())
        parts.clear()
        if not text and not self._images:
            return
        line = Line(text, box)
        if self.page.boxes[box].hidden:
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
