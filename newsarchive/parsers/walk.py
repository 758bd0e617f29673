"""Normal markup to lines."""

import re
from collections.abc import Iterator
from itertools import accumulate, count
from typing import Final

from newsarchive.parsers.lines import Anchor, Line, Lines
from newsarchive.parsers.markup import VOID_TAGS, plain

MAX_LINKS: Final = 5000
"""Links beyond this many are not looked at."""

_INLINE, _BLOCK, _ANCHOR, _BREAK, _BOLD, _IMAGE, _FRAME = range(7)

_BLOCKS = """
    html body address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form frameset h1 h2 h3 h4 h5 h6 header hgroup legend li main menu nav ol p pre section summary table tbody td
    tfoot th thead tr ul
"""
_BLOCK_TAGS = frozenset(_BLOCKS.split())


class _Kinds(dict[str, int]):
    """The kind of an element by its name; any that is not known is inline."""

    def __missing__(self, name: str) -> int:
        return _INLINE


_KINDS: Final = _Kinds({
    **dict.fromkeys(_BLOCK_TAGS, _BLOCK), **dict.fromkeys(("span", "font", "em", "i", "u", "input", "label"), _INLINE),
    "br": _BREAK, "hr": _BREAK, "a": _ANCHOR, "b": _BOLD, "strong": _BOLD, "img": _IMAGE, "iframe": _FRAME,
    "frame": _FRAME,
})  # fmt: skip


def read_lines(body: str) -> Lines:
    """Return the lines of `body`, which is normal markup."""
    tokens = _TOKENS(body)
    walk = _Walk(tokens)
    walk.walk()
    if "visibility" in body and (uncovered := _uncovered(walk.page, tokens)):
        for at in uncovered:
            name, _, text, ends = tokens[at]
            tokens[at] = name, "", text, ends
        walk = _Walk(tokens)
        walk.walk()
    return walk.page


_TOKENS = re.compile(r"<([a-z][^\s>]*+)([^>]*+)>([^<]*+)((?:</[^>]*+>[^<]*+)*+)").findall
"""A start tag's name and attributes, the text after it, and the end tags after that with what follows each."""
_MARK = "~"
"""Put before the name in the end tag of an inline element that hides itself; no tag's name begins so."""
_HIDING = r"display\s*:\s*none|visibility\s*:\s*hidden"
_HIDES = re.compile(_HIDING).search
_HIDES_IN_STYLE = re.compile(rf' style="[^"]*?(?:{_HIDING})', re.IGNORECASE).search


def _is_hidden(attributes: str) -> bool:
    """Tell whether a start tag with `style` or `hidden` hides its element; of style sheets nothing is known."""
    if ' hidden="' in attributes:
        return True
    lower = attributes.lower()
    # Plain tests, since most styles pass here.
    if lower.isascii():
        if ("none" not in lower or "display" not in lower) and ("hidden" not in lower or "visibility" not in lower):
            return False
        hides = _HIDES(lower)
        if hides is None:
            return False
        if lower.endswith(' style="', 0, lower.rfind('"', 0, hides.start()) + 1):
            return True
    return _HIDES_IN_STYLE(attributes) is not None


_INVISIBLE = re.compile(r' style="[^"]*visibility\s*:\s*hidden').search


def _uncovered(page: Lines, tokens: list[tuple[str, str, str, str]]) -> list[int]:
    """Return the tokens of the elements whose `visibility` hides most of the page's prose: a script shows them.

    What `display` hides may be a second copy; what lies over the page (`position`) may be any window.
    """
    shown = sum([line.prose for line in page.lines if not line.hidden])
    sums = list(accumulate([line.prose if line.hidden else 0 for line in page.lines], initial=0))
    starts, ends = page.boxes.starts, page.boxes.ends
    return [
        at for at, (_, attributes, _, _) in enumerate(tokens)
        if "visibility" in attributes
        and sums[ends[at + 1]] - sums[starts[at + 1]] >= max(_LEAST_UNCOVERED, shown)
        and _INVISIBLE(attributes) is not None and "display" not in attributes and "position" not in attributes
    ]  # fmt: skip


_LEAST_UNCOVERED = 40


def _steps(ends: str) -> tuple[int | str, ...]:
    """Return what end tags do, in order: what they end, and the texts between them."""
    steps: list[int | str] = []
    for piece in ends.split("</")[1:]:
        name, _, text = piece.partition(">")
        kind = _BLOCK if name[:1] == _MARK else _KINDS[name]
        if kind in {_BLOCK, _ANCHOR, _BOLD}:
            steps.append(kind)
        if text and not (text.isspace() and steps and steps[-1] == _BLOCK):
            steps.append(text)
    return _ENDS_BLOCK if steps == [_BLOCK] else tuple(steps)


_ENDS_BLOCK: Final = (_BLOCK,)
_KNOWN: Final[dict[str, tuple[int | str, ...]]] = {"": ()}
"""What is known of end tags: the pages of a template end their elements alike, in some dozen ways."""
_MOST_KNOWN = 256
_USUAL = 80


def _learned(ends: str) -> tuple[int | str, ...]:
    """Return what end tags do, and keep it if they are of a usual length; a plain look-up costs half of `lru_cache`."""
    steps = _steps(ends)
    if len(ends) < _USUAL:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
            _KNOWN[""] = ()
        _KNOWN[ends] = steps
    return steps


class _Walk:
    """One walk over the tokens. The loop is the hottest of the parser: it keeps to locals and plain tests."""

    def __init__(self, tokens: list[tuple[str, str, str, str]]) -> None:
        names, attributes, texts, ends = map(list, zip(*tokens, strict=True)) if tokens else ([], [], [], [])
        self.page = Lines(names, ends)
        self._names, self._attributes, self._texts, self._ends = names, attributes, texts, ends
        self._boxes, self._lines = self.page.boxes, self.page.lines
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
        parts, images, lines, anchors = self._parts, self._images, self._lines, self.page.anchors
        starts, box_ends, parents = self._boxes.starts, self._boxes.ends, self._boxes.parents
        flush, append = self._flush, parts.append
        box = hidden = 0  # `hidden` is the outermost box that hides what is in it
        for at, kind, attributes, text, ends, steps in self._tokens():
            if not kind and (' style="' in attributes or ' hidden="' in attributes) and self._covers(at - 1):
                kind, steps = _BLOCK, _KNOWN.get(self._ends[at - 1])  # noqa: PLW2901 - with a mark now
            if steps is None:
                steps = _learned(self._ends[at - 1])  # noqa: PLW2901 - as they would have been known
            if kind == _BLOCK:
                if parts or images:
                    flush(box, hidden)
                if attributes and not hidden and (' style="' in attributes or ' hidden="' in attributes):
                    hidden = at if _is_hidden(attributes) else 0
                parents[at] = box
                starts[at] = box_ends[at] = len(lines)
                box = at
                if text and steps is _ENDS_BLOCK and self._is_clear():
                    # All of a paragraph, with nothing but text in it.
                    if shown := " ".join((plain(text) if "&" in text else text).split()):
                        lines.append(Line(shown, at, hidden != 0, 0, 0, ()))
                    text = ""  # noqa: PLW2901 - it is on the line already
            elif kind == _ANCHOR:
                if ends[:4] == "</a>" and self._anchor is None and len(anchors) < MAX_LINKS:
                    # All of a link, with nothing but text in it.
                    anchor = Anchor(attributes, len(lines), text)
                    anchors.append(anchor)
                    if steps[1:2] == _ENDS_BLOCK and anchor.text and not parts and self._is_clear():
                        # All of its line, too.
                        lines.append(Line(anchor.text, box, hidden != 0, len(anchor.text), 0, [anchor]))
                        text = ""  # noqa: PLW2901 - it is on the line already
                    else:
                        self._anchors.append(anchor)
                        self._linked += len(anchor.text)
                else:
                    self._open_anchor(attributes)
            elif kind == _BREAK:
                flush(box, hidden)
            elif kind:
                self._note(kind, attributes)
            if text and (parts or not text.isspace()):
                append(text)
            for step in steps:
                if step == _BLOCK:
                    if parts or images:
                        flush(box, hidden)
                    if box:  # Raw text of an old `xmp` may hold an end without a beginning.
                        box_ends[box] = len(lines)
                        if hidden == box:
                            hidden = 0
                        box = parents[box]
                elif isinstance(step, str):
                    if parts or not step.isspace():
                        append(step)
                elif step == _BOLD or self._anchor is not None:
                    self._close(step)
        flush(0, 0)
        box_ends[0] = len(lines)

    def _tokens(self) -> Iterator[tuple[int, int, str, str, str, tuple[int | str, ...] | None]]:
        """Yield of each token its number, kind, attributes, text, end tags and what they do; None if that is not known.

        Put together in C, and late: what is learned, or marked, on the way counts for the tokens that follow.
        """
        kinds, steps = map(_KINDS.__getitem__, self._names), map(_KNOWN.get, self._ends)
        return zip(count(1), kinds, self._attributes, self._texts, self._ends, steps)

    def _is_clear(self) -> bool:
        """Tell whether no image, no link and no bold letters wait for the end of a line."""
        return not self._images and not self._anchors and self._bold_from < 0

    def _covers(self, start: int) -> bool:
        """Tell whether the inline element that token `start` begins hides itself, and mark its end tag if it does."""
        name = self._names[start]
        if name in VOID_TAGS or not _is_hidden(self._attributes[start]):
            return False
        end = f"</{name}>"
        depth = 0
        for at in range(start, len(self._names)):
            depth += self._names[at] == name
            ended = self._ends[at].count(end)
            if ended >= depth:
                pieces = self._ends[at].split(end)
                self._ends[at] = f"{end.join(pieces[:depth])}</{_MARK}{name}>{end.join(pieces[depth:])}"
                break
            depth -= ended
        self._boxes.tags[start + 1] = "span"
        return True

    def _open_anchor(self, attributes: str) -> None:
        page = self.page
        if len(page.anchors) < MAX_LINKS:
            self._anchor = anchor = Anchor(attributes, len(page.lines), "")
            self._anchor_from = len(self._parts)
            page.anchors.append(anchor)
            self._anchors.append(anchor)
        else:
            page.skipped_anchors += 1

    def _close(self, kind: int) -> None:
        """Close what is open of a kind: the link, or bold letters."""
        if kind == _BOLD:
            self._close_bold()
        elif self._anchor is not None:
            self._close_anchor(self._anchor)

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

    def _flush(self, box: int, hidden: int) -> None:
        parts = self._parts
        anchor, images, anchors = self._anchor, self._images, self._anchors
        if anchor is not None:
            self._collect_anchor(anchor)
            self._anchor_from = 0
        if self._bold_from >= 0:
            self._bold += len(plain("".join(parts[self._bold_from :])).strip())
            self._bold_from = 0
        text = parts[0] if len(parts) == 1 else "".join(parts)
        text = " ".join((plain(text) if "&" in text else text).split())
        parts.clear()
        if not text and not images:
            return
        line = Line(text, box, hidden != 0, self._linked, self._bold, anchors or ())
        self._linked = self._bold = 0
        if anchors:
            self._anchors = [anchor] if anchor is not None else []
        if images:
            line.images = images.copy()
            images.clear()
        self._lines.append(line)
