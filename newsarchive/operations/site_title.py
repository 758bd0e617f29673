"""What an institute is called, from the titles of its pages: what is left without the names of the pages."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from newsarchive.parsers.labels import squeezed, word_set

_LONGEST = 300
_PARTS = re.compile(
    r"\s*(?:[_|｜»＞>－—]+|--+|(?<=\s)[-–·•](?=\s)|(?<=[^\W\d_a-zA-Z])[-–](?=\S)|(?<=\S)[-–](?=[^\W\d_a-zA-Z]))\s*"
)
"""What stands between the parts of a title; a hyphen in a Latin name does not."""
_BESIDE_HOME = r"[\s\-_|｜—–·•:：»＞>－]+"
_FIRST = re.compile(rf"(?P<word>[^\s\-_|｜—–·•:：»＞>－]{{1,12}}){_BESIDE_HOME}(?P<rest>.+)", re.DOTALL)
_LAST = re.compile(rf"(?P<rest>.+?){_BESIDE_HOME}(?P<word>[^\s\-_|｜—–·•:：»＞>－]{{1,12}})", re.DOTALL)
_HOME = frozenset({"home", "homepage", "index", "mainpage", "官网首页", "网站主页", "门户首页", "主頁"})
_LEAST = 2
"""Titles of so many other pages are needed to tell what is common to them."""


def institute_name(home: str, others: Collection[str], names: Iterable[str]) -> str:
    """Return what the title `home` of a home page calls the institute, empty where no title says it.

    `others` are titles of other pages, `names` what menus and paths call pages. The words for a home page go first,
    then what other titles do not share, then names of pages; none of these takes all that is there.
    """
    parts = _without_home(_parts(home[:_LONGEST].strip()))
    shared = _shared(others)
    if not parts:
        return "".join(_joined([part for part in _parts(_common(others, shared)) if not is_home_word(part[0])]))
    kept = [part for part in parts if squeezed(part[0]) in shared] or parts
    called = {squeezed(name) for name in names}
    return "".join(_joined([part for part in kept if squeezed(part[0]) not in called] or kept))


def parts_of(title: str) -> list[str]:
    """Return the parts of a title, without what stands between them."""
    return [text for text, _ in _parts(title[:_LONGEST])]


def _parts(title: str) -> list[tuple[str, str]]:
    """Return the parts of a title, each with what stands before it."""
    found, before, start = [], "", 0
    for joint in _PARTS.finditer(title):
        found.append((title[start : joint.start()], before))
        before, start = joint[0], joint.end()
    found.append((title[start:], before))
    return [(text.strip(), joint) for text, joint in found if text.strip()]


def _without_home(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    left = []
    for text, before in parts:
        for form in (_FIRST, _LAST):
            while (match := form.fullmatch(text)) and is_home_word(match["word"]):
                text = match["rest"].strip()  # noqa: PLW2901 - what is left of it
        if not is_home_word(text):
            left.append((text, before))
    return left


def is_home_word(text: str) -> bool:
    """Tell whether `text` is a word for a home page, in whatever language it says so."""
    word = squeezed(text)
    return word in word_set("crumbs", "home") or word in _HOME


def _joined(parts: Sequence[tuple[str, str]]) -> list[str]:
    return [(before if at else "") + text for at, (text, before) in enumerate(parts)]


def _shared(titles: Collection[str]) -> frozenset[str]:
    """Return the parts that most of the titles have, squeezed; none where there are too few titles to say."""
    if len(titles) < _LEAST:
        return frozenset()
    counts = Counter(part for title in titles for part in {squeezed(text) for text, _ in _parts(title[:_LONGEST])})
    return frozenset(part for part, count in counts.items() if count >= _LEAST and count * 2 > len(titles))


def _common(titles: Collection[str], shared: frozenset[str]) -> str:
    """Return the shared parts of a title as one that has them all writes them; empty where nothing is shared."""
    for title in titles:
        parts = [part for part in _parts(title[:_LONGEST]) if squeezed(part[0]) in shared]
        if parts and len(parts) == len(shared):
            return "".join(_joined(parts))
    return ""
