"""The article before and the one after: by their labels (上一篇), by their links' types, by arrows."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from newsarchive.parsers.construct import made
from newsarchive.parsers.labels import squeezed, starts_with, word_set, words
from newsarchive.parsers.lines import Anchor
from newsarchive.parsers.markup import attribute
from newsarchive.parsers.page import Page
from newsarchive.records.article import Neighbour

_KINDS = "|".join(map(re.escape, words("ends", "kinds")))


def _label(name: str) -> re.Pattern[str]:
    """Return a pattern for a label with what it is the label of: 上一篇, 上一条新闻：, Previous post.

    Prevention and Next steps begin no neighbour: a Latin or Cyrillic label is a whole word, and no word of a sentence.
    """
    label = starts_with("ends", name).pattern
    kind = rf"(?:\s?(?:{_KINDS})(?=\s?[:：]|[\s»›→>]*$|\s+(?-i:[A-ZА-ЯЁ])))?"
    return re.compile(
        rf"{label}{kind}(?:(?<=[\u3400-\u9fff])|(?![A-Za-zА-Яа-яЁё])(?!\s+(?-i:[a-zа-яё])))", re.IGNORECASE
    )


_PREVIOUS, _NEXT = _label("previous"), _label("next")
_Pair = tuple[Neighbour | None, Neighbour | None]
"""The previous article and the next one."""


def read_neighbours(
    page: Page, title_line: int, labelled: Sequence[int], inside: set[int], at: dict[str, int]
) -> _Pair:
    """Return the articles before and after the one under `title_line`, and note their lines in `at`.

    `labelled` are the lines that may begin with a label, `inside` those that belong to the article.
    """
    for of_pages in (False, True):
        # 下一页 may lead to the next page of the same article: 下一篇 comes first.
        found = _named(page, labelled, inside, at, of_pages=of_pages)
        if found != (None, None):
            return found
    marked = _marked(page, title_line, inside, at)
    return marked.get("previous"), marked.get("next")


def _named(page: Page, labelled: Sequence[int], inside: set[int], at: dict[str, int], *, of_pages: bool) -> _Pair:
    previous = following = None
    for index in labelled:
        text = page.lines.lines[index].text
        if previous is None and (match := _PREVIOUS.match(text)) and match.group().endswith("页") == of_pages:
            previous, same = _named_in_line(page, index, match.end(), previous=True)
            following = following or same
            at |= {name: index for name, found in (("previous", previous), ("next", same)) if found is not None}
        if (
            following is None
            and index not in inside
            and (match := _NEXT.match(text))
            and match.group().endswith("页") == of_pages
        ):
            following, _ = _named_in_line(page, index, match.end(), previous=False)
            if following is not None:
                at["next"] = index
    if previous is not None and following is None and not of_pages:
        following = _touching(page, at["previous"])
        if following is not None:
            at["next"] = at["previous"]
    return previous, following


def _touching(page: Page, index: int) -> Neighbour | None:
    """Return the next article whose link, with the label in it, touches that of the previous one."""
    links = (anchor for _, anchor in _links(page, index, index + 3) if _NEXT.match(anchor.text))
    return next((found for anchor in links if (found := _neighbour(page, anchor))), None)


def _named_in_line(page: Page, index: int, after_label: int, *, previous: bool) -> _Pair:
    """Return the neighbour whose label begins line `index`, and the next one where it is named there, too."""
    line = page.lines.lines[index]
    split = _NEXT.search(line.text, after_label) if previous else None
    rest = line.text[after_label : split.start() if split else None].strip(" :：】]）)>＞|")
    found = []
    labelled: dict[bool, Neighbour] = {}
    anchors = line.anchors or _anchors_below(page, index)
    for anchor in anchors:
        neighbour = _neighbour(page, anchor)
        if neighbour is None:
            continue
        found.append(neighbour)
        if _PREVIOUS.match(anchor.text) or _NEXT.match(anchor.text):
            labelled.setdefault(_PREVIOUS.match(anchor.text) is not None, neighbour)
    if labelled:
        # Each link says what it is; others may stand between them.
        return labelled.get(previous), labelled.get(False) if previous else None
    if split is not None:
        first = next((n for n in found if n.title and (n.title in rest or rest.startswith(n.title[:6]))), None)
        last = next((n for n in reversed(found) if n is not first), None)
        return first, last
    if found:
        return found[0], _labelled_at_its_end(page, index) if previous and not line.anchors else None
    if not rest or squeezed(rest.strip("！!。.")) in word_set("ends", "none"):
        return None, None
    return made(Neighbour, title=rest, url=None), None


def _neighbour(page: Page, anchor: Anchor) -> Neighbour | None:
    """Return where a link leads; None for one that says that there is nothing, or leads to the list."""
    label = _PREVIOUS.match(anchor.full_text) or _NEXT.match(anchor.full_text)
    shown = anchor.full_text[label.end() if label is not None else 0 :].strip(_ARROWS).lstrip(":：】]）)>＞» ")
    url = page.resolve(anchor.href)
    if url is None or shown.startswith(_BACK) or squeezed(shown.strip("！!。.")) in word_set("ends", "none"):
        return None
    return made(
        Neighbour, title=shown or attribute(anchor.attributes, "title") or anchor.full_text.strip(_ARROWS), url=url
    )


_BACK = ("返回", "回到", "Back to")
"""How links begin that lead to the list where there is no neighbour."""


def _anchors_below(page: Page, index: int) -> Sequence[Anchor]:
    """Return the links of the line under a label that stands alone."""
    lines = page.lines.lines
    if index + 1 < len(lines) and lines[index + 1].linked and len(lines[index].text) <= _LONGEST_LABEL:
        following = lines[index + 1]
        if not starts_with("ends", "starts").match(following.text):
            return following.anchors
    return []


_LONGEST_LABEL = 6


def _labelled_at_its_end(page: Page, index: int) -> Neighbour | None:
    """Return the next article where its label stands at the end of the line under label `index`: 标题 下一篇."""
    lines = page.lines.lines
    label = _NEXT.search(lines[index + 1].text, len(lines[index + 1].anchors[0].text))
    if label is None or lines[index + 1].text[label.end() :].strip(" :：") or index + 2 >= len(lines):
        return None
    return next((found for anchor in lines[index + 2].anchors if (found := _neighbour(page, anchor))), None)


def _marked(page: Page, title_line: int, inside: set[int], at: dict[str, int]) -> dict[str, Neighbour]:
    """Return the neighbours that no label names, as `previous` and `next`, and note their lines in `at`."""
    end = max(inside, default=title_line)
    for links in (_typed, _between_arrows, _over_title):
        found: dict[str, Neighbour] = {}
        for kind, index, anchor in links(page, title_line, end):
            neighbour = _neighbour(page, anchor)
            shown = anchor.full_text.strip(_ARROWS)
            if kind in found or neighbour is None or shown.isdecimal():
                # A number leads to another page of the same article.
                continue
            if squeezed(shown) in _PAGER:
                if any(other.text.isdecimal() for _, other in _links(page, index - 2, index + 3)):
                    continue
                shown = attribute(anchor.attributes, "title") or shown
            found[kind] = neighbour.model_copy(update={"title": shown}) if shown else neighbour
            at[kind] = index
        if found:
            return found
    return {}


def _typed(page: Page, _title_line: int, end: int) -> Iterator[tuple[str, int, Anchor]]:
    """Yield links under the article that their types tell of (HTML Standard, sequential link types)."""
    for index, anchor in _links(page, end + 1, len(page.lines.lines)):
        if ' rel="' in anchor.attributes:
            kind = _KIND_OF_TYPE.get((attribute(anchor.attributes, "rel") or "").lower())
            if kind is not None:
                yield kind, index, anchor


def _between_arrows(page: Page, title_line: int, end: int) -> Iterator[tuple[str, int, Anchor]]:
    """Yield two links under the article or over its title, an arrow before the first and one after the second."""
    lines = page.lines.lines
    for since in (end + 1, title_line - _NEAR):
        for (index, left), (other, right) in pairwise(_links(page, since, since + _NEAR)):
            # The arrows may stand in the links, or around them.
            if lines[index].text[:1] in _LEFT and lines[other].text[-1:] in _RIGHT:
                yield "previous", index, left
                yield "next", other, right
                return


def _over_title(page: Page, title_line: int, _end: int) -> Iterator[tuple[str, int, Anchor]]:
    """Yield links over the title that are labelled, as newspapers have them."""
    lines = page.lines.lines
    for index, anchor in _links(page, title_line - _NEAR, title_line):
        for kind, label in (("previous", _PREVIOUS), ("next", _NEXT)):
            before = lines[index].text.partition(anchor.text)[0] if anchor.text else ""
            if label.match(anchor.text) or (before and label.fullmatch(before.rstrip(" :："))):
                yield kind, index, anchor


def _links(page: Page, start: int, stop: int) -> Iterator[tuple[int, Anchor]]:
    lines = page.lines.lines
    for index in range(max(0, start), min(stop, len(lines))):
        if not lines[index].hidden:
            for anchor in lines[index].anchors:
                yield index, anchor


_KIND_OF_TYPE = {"prev": "previous", "previous": "previous", "next": "next"}
_LEFT, _RIGHT = frozenset("«‹←<＜"), frozenset("»›→>＞")
_ARROWS = "«‹←<＜»›→>＞ "
_NEAR = 8
"""Lines under an article and over its title in which neighbours without labels are looked for."""
_PAGER = frozenset[str]().union(word_set("pager", "next"), word_set("pager", "previous"))
