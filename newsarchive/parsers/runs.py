"""The links of a page that may be entries of a list, in runs of one kind."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import islice, pairwise
from operator import attrgetter

from newsarchive.parsers.dates import find_date
from newsarchive.parsers.labels import squeezed, starts_with, word_set, words
from newsarchive.parsers.lines import HEADINGS, Anchor, Line
from newsarchive.parsers.markup import attribute
from newsarchive.parsers.members import LEAST_TITLE, Member
from newsarchive.parsers.next_links import FRAMES
from newsarchive.parsers.page import Page
from newsarchive.parsers.related import is_day, without_bullet
from newsarchive.parsers.row_titles import row_titles
from newsarchive.parsers.targets import target_of

_PATH_DEPTH = 12
_PAGER = frozenset[str]().union(*[word_set("pager", kind) for kind in ("next", "previous", "first", "last", "more")])
_NO_TITLES = _PAGER | word_set("read_on", "words") | word_set("crumbs", "home")
_PAGER_BEGINS = frozenset(word[0] for word in _PAGER) | frozenset(FRAMES)


class _DatedLines:
    """How many lines of a page show a day: counted once, since many runs may reach over the same lines."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._counts = [0]
        """Dated lines before each line, as far as they have been asked for."""

    def beside(self, run: list[Member], upto: int) -> bool:
        """Tell whether the lines from a run's first up to `upto` show days for half of its links."""
        counts, upto = self._counts, min(upto, len(self._lines))
        for line in self._lines[len(counts) - 1 : upto]:
            # A month over a group of entries is no entry's day.
            counts.append(
                counts[-1] + ((is_day(line.text) and not is_period(line)) or find_date(line.text) is not None)
            )
        return (counts[upto] - counts[min(run[0].first, upto)]) * 2 >= len(run)


def link_runs(page: Page) -> list[list[Member]]:
    """Return the links of the page in runs: same tags above them, and one list above all of them."""
    paths: dict[str, list[Member]] = {}
    known: dict[int, str] = {}
    for index, found in _without_read_on(_by_line(page)):
        for member in _one_each(page, index, found):
            paths.setdefault(_path(page, member.line, known), []).append(member)
    dated = _DatedLines(page.lines.lines)
    shorts = _shorts(page, paths, known)
    return [
        _without_tags(page, _with_shorts(page, run, shorts[path]) if path in shorts else run)
        for path, members in paths.items()
        for run in _split(page, members, dated)
    ] + row_titles(page)


def _path(page: Page, index: int, known: dict[int, str]) -> str:
    """Return the tags around line `index`, the innermost first."""
    boxes = page.lines.boxes
    box = page.lines.lines[index].box
    outer = boxes.parents[box]
    above = known.get(outer)
    if above is None:
        # Entries stand side by side: what is above them is put together once.
        above = known[outer] = "".join(
            [f">{boxes.tags[around]}" for around in islice(boxes.around(outer), _PATH_DEPTH - 1)]
        )
    return boxes.tags[box] + above


def _shorts(page: Page, paths: Collection[str], known: dict[int, str]) -> dict[str, list[Member]]:
    """Return the links of two or three letters, alone on their lines, by those of the `paths` that they stand on."""
    found: dict[str, list[Member]] = {}
    for index, line in enumerate(page.lines.lines):
        if not line.linked or len(line.anchors) != 1:
            continue
        anchor = line.anchors[0]
        text = anchor.text.strip()
        if not _LEAST_SHORT <= len(text) < LEAST_TITLE or not text.isalpha() or squeezed(text) in _NO_TITLES:
            continue
        path = _path(page, index, known)
        url = target_of(page, anchor) if path in paths else None
        if url is not None:
            found.setdefault(path, []).append(Member(anchor, index, index, index, text, url))
    return found


_LEAST_SHORT = 2


def _with_shorts(page: Page, run: list[Member], shorts: list[Member]) -> list[Member]:
    """Return a run with the short links in its list whose URLs are built as those of the others are.

    A section before each title leads to a list, whose URL is built otherwise, and which several entries share.
    """
    if len(run) < 2:  # noqa: PLR2004
        return run
    boxes, lines = page.lines.boxes, page.lines.lines
    around = islice(boxes.around(lines[run[0].line].box), _PATH_DEPTH)
    box = next((box for box in around if boxes.ends[box] > run[-1].line), None)
    if box is None:
        return run
    # No further than a few entries beyond the run: others may stand in the same box.
    first = bisect_left(shorts, max(boxes.starts[box], run[0].line - _NEAR), key=_LINE)
    last = bisect_left(shorts, min(boxes.ends[box], run[-1].line + _NEAR), first, key=_LINE)
    if first == last:
        return run
    forms = {_FORM("0", member.url) for member in run}
    urls = Counter([member.url for member in (*run, *shorts[first:last])])
    added = [m for m in shorts[first:last] if urls[m.url] == 1 and _FORM("0", m.url) in forms]
    return sorted([*run, *added], key=_LINE) if added else run


_NEAR = 40
_FORM = re.compile(r"\d+").sub
_LINE = attrgetter("line")


def _by_line(page: Page) -> list[tuple[int, list[Member]]]:
    """Return the links of each line that may be entries."""
    found: list[tuple[int, list[Member]]] = []
    for index, line in enumerate(page.lines.lines):
        if line.linked:
            members = [m for anchor in line.anchors if (m := _member(page, anchor, index)) is not None]
            if members:
                found.append((index, members))
    return found


def _one_each(page: Page, index: int, members: list[Member]) -> Iterable[Member]:
    """Return the longest link of a line to each URL, without those to sections."""
    if len(members) == 1:
        return members
    best: dict[str, Member] = {}
    for member in members:
        if member.url not in best or len(best[member.url].title) < len(member.title):
            best[member.url] = member
    if len(best) == 1:
        return best.values()
    text = page.lines.lines[index].text
    return [m for m in best.values() if not _is_section(m, text)] or best.values()


def _is_section(member: Member, text: str) -> bool:
    """Tell whether a link of the line `text` stands in brackets and leads to a section: [招生工作]."""
    shown = member.anchor.text
    if len(shown) > _LONGEST_SECTION or len(text) > _LONGEST_LINE:
        return False
    if _CATEGORY(shown) is not None:
        return True
    start = text.find(shown)
    before, after = text[:start].rstrip()[-1:], text[start + len(shown) :].lstrip()[:1]
    return start > 0 and _BRACKETS.get(before, "none") == after


_LONGEST_SECTION = 18
_LONGEST_LINE = 2000
_BRACKETS = dict(zip("[【〔［(（", "]】〕］)）", strict=True))
_CATEGORY = re.compile(r"\s*[\[【〔［(（][^\]】〕］)）]{1,12}[\]】〕］)）]\s*").fullmatch


def _without_read_on(found: list[tuple[int, list[Member]]]) -> list[tuple[int, list[Member]]]:
    """Return the links without those that tell to read on (阅读全文, Read more about T) where another shows the title.

    Where none does, the title is what such a link quotes.
    """
    told = {member.url for _, members in found for member in members if _reads_on(member.title)}
    if not told:
        return found
    titled = {
        member.url
        for _, members in found
        for member in members
        if member.url in told and not is_day(member.title) and not _reads_on(member.title)
    }
    return [
        (index, [_quoted(m) if m.url in told else m for m in members if m.url not in titled or not _reads_on(m.title)])
        for index, members in found
    ]


def _reads_on(text: str) -> bool:
    # A plain test, since most titles pass here.
    if text[0].lower() not in _READ_ON_BEGINS:
        return False
    return _LEADS(text) is not None or squeezed(text.strip(_MARKS)) in _READ_ON


def _quoted(member: Member) -> Member:
    """Return a link that tells to read on under the title that it quotes, if it quotes one."""
    lead = _LEADS(member.title)
    rest = _ABOUT(member.title, lead.end()) if lead is not None else None
    title = (rest[1] or rest[2]).strip() if rest is not None else ""
    return member._replace(title=title) if len(title) >= LEAST_TITLE else member


_READ_ON = word_set("read_on", "words")
_LEADS = starts_with("read_on", "leads").match
_MARKS = " []【】[]()（）<>《》＜＞«»›→+.…·:："
_READ_ON_BEGINS = frozenset(word[0].lower() for word in (*_READ_ON, *words("read_on", "leads"))) | frozenset(_MARKS)
_ABOUT = re.compile(r"\s*(?:about\s+|[:：]\s*)(.+)|\s*[“\"«「](.+)[”\"»」]\s*$").match


def _member(page: Page, anchor: Anchor, index: int) -> Member | None:
    text = anchor.text
    if len(text) < LEAST_TITLE or (text[0].lower() in _PAGER_BEGINS and squeezed(text.strip(FRAMES)) in _PAGER):
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
    shown = [i for i in range(first, last + 1) if lines[i].size >= LEAST_TITLE and not _is_no_title(lines[i])]
    at = next((i for i in shown if tags[lines[i].box] in HEADINGS), shown[0] if shown else first)
    text = lines[at].text
    stem = text.rstrip(".…⋯ ")
    return at, named if len(named) > len(stem) and named.startswith(stem) and text != stem else text


def _is_no_title(line: Line) -> bool:
    """Tell whether a line of a card is a day, a month or the length of a video."""
    return is_day(line.text) or is_period(line) or (line.text[0].isdecimal() and _LENGTH(line.text) is not None)


_LENGTH = re.compile(r"\d{1,3}(?:[:：]\d\d){1,2}|(?:\d{1,2}\s*(?:小时|时|分钟?|秒)\s*){1,3}").fullmatch


def _without_tags(page: Page, run: list[Member]) -> list[Member]:
    """Return a run of cards, each with the text after its section for its title where sections were taken for titles.

    They are: short texts that several cards share.
    """
    if len(run) < _LEAST_CARDS or run[0].first == run[0].last:
        return run
    counts = Counter([member.title for member in run])
    shared = sum([count for title, count in counts.items() if count > 1 and len(title) <= _LONGEST_TAG])
    if shared * 2 < len(run):
        return run
    lines, tags = page.lines.lines, page.lines.boxes.tags
    found: list[Member] = []
    for member in run:
        at = next((i for i in range(member.line + 1, member.last + 1)
                   if lines[i].size >= LEAST_TITLE and not _is_no_title(lines[i])), None)  # fmt: skip
        is_tag = len(member.title) <= _LONGEST_TAG and tags[lines[member.line].box] not in HEADINGS
        found.append(member._replace(line=at, title=lines[at].text) if at is not None and is_tag else member)
    return found


_LEAST_CARDS = 3
_LONGEST_TAG = 8


def _split(page: Page, members: list[Member], dated: _DatedLines) -> list[list[Member]]:
    """Split links where they leave the box that holds most of the list, unless nothing stands between the parts."""
    # A second link of an entry, on its picture or summary, is no other entry.
    members = [members[0], *[other for member, other in pairwise(members) if member.url != other.url]]
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
        apart = any(line.size and not is_day(line.text) and not is_period(line) for line in between)
        if apart or dated.beside(merged[-1], run[0].first) != dated.beside(run, run[-1].last + 2):
            merged.append(run)
        else:
            merged[-1].extend(run)
    return [_distinct(run) for run in merged]


def is_period(line: Line) -> bool:
    """Tell whether a line is the heading of a year or a month in one list: 2021年, 5月, May 2021."""
    return line.size <= _LONGEST_PERIOD and _PERIOD(line.text) is not None


_LONGEST_PERIOD = 16
_PERIOD = re.compile(
    r"\W*(?:(?:(?:19|20)\d\d)\s*(?:年度?|г\.?)?|(?:(?:19|20)\d\d\s*[-/.年]\s*)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月份?"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)\s*(?:(?:19|20)\d\d)?)\W*",
    re.IGNORECASE,
).fullmatch


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
