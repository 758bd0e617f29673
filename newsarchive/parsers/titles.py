"""The title: the line that the reader takes for it, weighed by the title element, headings and the info line."""

import re
from dataclasses import dataclass

from newsarchive.parsers.info import LineInfo
from newsarchive.parsers.labels import squeezed, starts_with
from newsarchive.parsers.lines import Line
from newsarchive.parsers.page import Page

_HEADINGS = {"h1": 2.5, "h2": 1.6, "h3": 1.4, "h4": 1.0, "h5": 0.6, "h6": 0.4}
_SEPARATORS = re.compile(r"\s*(?:[_|｜»]|--+|(?<=\s)[-–—·](?=\s)|(?<=[^\W\d_a-zA-Z])-(?=\S)|>>|<<)\s*")
_METAS = ("articletitle", "og:title", "pagetitle", "title", "dc.title", "twitter:title", "headline")
_CUT = re.compile(r"(?:\.{2,}|…+|⋯+)$")


@dataclass(frozen=True, slots=True)
class Title:
    """The title and the lines it stands on; `first` and `last` are -1 where only the head names it."""

    text: str
    first: int
    last: int
    rule: str


@dataclass(frozen=True, slots=True)
class _Names:
    """What the head says of the title, without white space."""

    whole: str
    segments: tuple[str, ...]
    metas: frozenset[str]
    longest: int


def find_title(page: Page, infos: dict[int, LineInfo]) -> Title | None:
    """Return the title, or None if no line can be one and the head names none."""
    names = _names(page)
    lines = page.lines.lines
    dated = sorted(index for index, parts in infos.items() if parts.date is not None or "source" in parts.fields)
    best, best_score = None, 0.0
    for index, line in enumerate(lines):
        if line.hidden or not 2 <= line.size <= 200 or line.linked * 2 > line.size or index in infos:  # noqa: PLR2004
            continue
        score = _score(page, index, line, names, dated)
        if score > best_score:
            best, best_score = index, score
    if best is None or best_score < 2.5:  # noqa: PLR2004
        return _from_head(page, names)
    return _over_lines(page, best, names)


def _names(page: Page) -> _Names:
    whole = page.head.title
    parts = [part for part in _SEPARATORS.split(whole) if part]
    segments = {squeezed(_CUT.sub("", part)) for part in parts} | {squeezed(_CUT.sub("", whole))}
    metas = frozenset(squeezed(page.head.metas[name]) for name in _METAS if name in page.head.metas)
    ordered = tuple(sorted((s for s in segments if s), key=len, reverse=True))
    return _Names(squeezed(whole), ordered, metas, max((len(p) for p in map(squeezed, parts)), default=1))


def _score(page: Page, index: int, line: Line, names: _Names, dated: list[int]) -> float:
    tag = page.lines.boxes[line.box].tag
    score = _HEADINGS.get(tag, 0.0)
    if not score:
        for box in page.lines.ancestors(line.box):
            if box.tag in _HEADINGS:
                score = _HEADINGS[box.tag]
                break
            if box.tag not in {"span", "div", "center"} or box.end - box.start > 2:  # noqa: PLR2004
                break
    likely = line.text[:2] in page.head.title
    if not score and not likely and not any(0 < at - index <= 3 for at in dated):  # noqa: PLR2004
        return 0.0
    text = squeezed(line.text)
    if likely and len(text) >= 4:  # noqa: PLR2004
        score += _agreement(text, names)
    if text in names.metas:
        score += 3.0
    if score and starts_with("ends", "starts").match(line.text) and line.size < 8:  # noqa: PLR2004
        score -= 2.0
    following = next((at - index for at in dated if at > index), None)
    if following is not None and following <= 14:  # noqa: PLR2004
        score += 3.0 * (1 - following / 16)
    elif dated and 0 < index - max(at for at in dated if at < index) <= 4 if any(at < index for at in dated) else False:  # noqa: PLR2004
        score += 1.0
    if line.size < 6:  # noqa: PLR2004
        score -= 1.2
    if page.lines.within(line, "li") or page.lines.within(line, "nav"):
        score -= 1.5
    if line.linked:
        score -= 1.0
    return score


def _agreement(text: str, names: _Names) -> float:
    if text in names.whole:
        share = min(1.0, len(text) / max(1, names.longest))
        return 4.5 * share + (1.0 if text in names.segments else 0.0)
    for segment in names.segments:
        if len(segment) >= 8 and text.startswith(segment):  # noqa: PLR2004
            return 4.0
    return 0.0


def _over_lines(page: Page, index: int, names: _Names) -> Title:
    """Join the lines of one heading, or those that the head names together."""
    lines = page.lines.lines
    first = last = index
    text = lines[index].text
    box = lines[index].box
    sole = page.lines.boxes[box].tag in _HEADINGS
    for step in (1, -1):
        while True:
            near = (last if step == 1 else first) + step
            if not 0 <= near < len(lines) or not lines[near].size or lines[near].hidden:
                break
            joined = f"{text} {lines[near].text}" if step == 1 else f"{lines[near].text} {text}"
            same_heading = sole and lines[near].box == box
            named = squeezed(joined) in names.whole or squeezed(joined) in names.metas
            if not (same_heading or (named and lines[near].size >= 2)):  # noqa: PLR2004
                break
            text = joined
            first, last = min(first, near), max(last, near)
    rule = "heading" if sole else "line"
    if squeezed(text) in names.whole:
        rule += "-in-title-element"
    return Title(text, first, last, rule)


def _from_head(page: Page, names: _Names) -> Title | None:
    for name in _METAS:
        if page.head.metas.get(name) and name != "title":
            return Title(page.head.metas[name], -1, -1, f"meta-{name}")
    parts = [part.strip() for part in _SEPARATORS.split(page.head.title) if part.strip()]
    if not parts:
        return None
    return Title(max(parts, key=len) if len(parts) > 1 else parts[0], -1, -1, "title-element")
