"""The links of a page that may be entries of a list, in runs of one kind."""

import re
from collections import Counter
from itertools import islice, pairwise
from typing import NamedTuple

from newsarchive.parsers.dates import find_date
from newsarchive.parsers.labels import squeezed, word_set
from newsarchive.parsers.lines import Anchor
from newsarchive.parsers.markup import attribute
from newsarchive.parsers.page import Page
from newsarchive.parsers.related import is_day, without_bullet
from newsarchive.parsers.targets import target_of

LEAST_TITLE = 4
_PATH_DEPTH = 12
_PAGER = (
    word_set("pager", "next") | word_set("pager", "previous") | word_set("pager", "first") | word_set("pager", "last")
)
_PAGER_BEGINS = frozenset(word[0] for word in _PAGER)


class Member(NamedTuple):
    """A link that may be an entry of a list."""

    anchor: Anchor
    line: int
    """The line that holds the title."""
    first: int
    last: int
    """The lines that the link reaches over: a link may hold a day, the title and a summary."""
    title: str
    url: str


def link_runs(page: Page) -> list[list[Member]]:
    """Return the links of the page in runs: same tags above them, and one list above all of them."""
    paths: dict[str, list[Member]] = {}
    known: dict[int, str] = {}
    lines, boxes = page.lines.lines, page.lines.boxes
    for index, line in enumerate(lines):
        if not line.linked:
            continue
        best: dict[str, Member] = {}
        for anchor in line.anchors:
            member = _member(page, anchor, index)
            if member is not None and (member.url not in best or len(best[member.url].title) < len(member.title)):
                best[member.url] = member
        if len(best) > 1:
            best = {url: m for url, m in best.items() if not _CATEGORY(m.anchor.text)} or best
        for member in best.values():
            box = lines[member.line].box
            outer = boxes.parents[box]
            above = known.get(outer)
            if above is None:
                # Entries stand side by side: what is above them is put together once.
                above = known[outer] = "".join(
                    [f">{boxes.tags[around]}" for around in islice(boxes.around(outer), _PATH_DEPTH - 1)]
                )
            paths.setdefault(boxes.tags[box] + above, []).append(member)
    return [run for members in paths.values() for run in _split(page, members)]


_CATEGORY = re.compile(r"\s*[\[【〔［(（][^\]】〕］)）]{1,12}[\]】〕］)）]\s*").fullmatch
"""A link before an entry's own that leads to its section: [招生工作]."""


def _member(page: Page, anchor: Anchor, index: int) -> Member | None:
    text = anchor.text
    if len(text) < LEAST_TITLE or (text[0].lower() in _PAGER_BEGINS and squeezed(text) in _PAGER):
        return None
    lines = page.lines.lines
    if index and lines[index - 1].linked and anchor in lines[index - 1].anchors:
        return None
    last = index
    while last + 1 < len(lines) and anchor in lines[last + 1].anchors:
        last += 1
    at, shown = (index, anchor.full_text) if last == index else _title_in(page, anchor, index, last)
    title = without_bullet(shown).strip()
    if len(title) < LEAST_TITLE:
        return None
    url = target_of(page, anchor)
    return Member(anchor, at, index, last, title, url) if url is not None else None


def _title_in(page: Page, anchor: Anchor, first: int, last: int) -> tuple[int, str]:
    """Return line and text of the title in a link over several lines: a heading, or the first that is no day."""
    lines, tags = page.lines.lines, page.lines.boxes.tags
    named = " ".join((attribute(anchor.attributes, "title") or "").split())
    shown = [i for i in range(first, last + 1) if lines[i].size >= LEAST_TITLE and not is_day(lines[i].text)]
    at = next((i for i in shown if tags[lines[i].box] in _HEADINGS), shown[0] if shown else first)
    text = lines[at].text
    stem = text.rstrip(".…⋯ ")
    return at, named if len(named) > len(stem) and named.startswith(stem) and text != stem else text


_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def _split(page: Page, members: list[Member]) -> list[list[Member]]:
    """Split links where they leave the box that holds most of the list, unless nothing stands between the parts."""
    if len(members) < 3:  # noqa: PLR2004
        return [_distinct(members)]
    lines = page.lines.lines
    parents = page.lines.boxes.parents
    known: dict[int, int] = {}
    depths = [_common_depth(parents, lines[a.line].box, lines[b.line].box, known) for a, b in pairwise(members)]
    usual = Counter(depths).most_common(1)[0][0]
    runs = [[members[0]]]
    for depth, member in zip(depths, members[1:], strict=True):
        if depth < usual:
            runs.append([])
        runs[-1].append(member)
    merged = [runs[0]]
    for run in runs[1:]:
        # Some templates close their list after every fifth entry; nothing that a reader sees stands between.
        between = lines[merged[-1][-1].last + 1 : run[0].first]
        apart = any(line.size and not is_day(line.text) for line in between)
        if apart or _shows_dates(page, merged[-1], run[0].first) != _shows_dates(page, run, run[-1].last + 2):
            merged.append(run)
        else:
            merged[-1].extend(run)
    return [_distinct(run) for run in merged]


def _shows_dates(page: Page, run: list[Member], upto: int) -> bool:
    lines = page.lines.lines[run[0].first : upto]
    return sum(1 for line in lines if is_day(line.text) or find_date(line.text) is not None) * 2 >= len(run)


def _distinct(members: list[Member]) -> list[Member]:
    seen: dict[str, Member] = {}
    for member in members:
        seen.setdefault(member.url, member)
    return list(seen.values())


def _common_depth(parents: list[int], first: int, second: int, known: dict[int, int]) -> int:
    """Return how deep the innermost box around two boxes is, noting it; a box comes after those around it."""
    while first != second:
        if first > second:
            first = parents[first]
        else:
            second = parents[second]
    if first not in known:
        depth, outer = 0, first
        while outer >= 0:
            outer = parents[outer]
            depth += 1
        known[first] = depth
    return known[first]
