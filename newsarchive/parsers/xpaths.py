"""XPaths of elements, counted in the tokens of a page."""

from collections.abc import Sequence
from itertools import accumulate, repeat
from operator import add, sub

from newsarchive.parsers.markup import VOID_TAGS

_WITHOUT_END = VOID_TAGS | {"iframe"}
"""Of frames only the start tags are left."""


class XPaths:
    """Finds the XPath of an element: the tokens before it are looked through once, then only what stands above it."""

    __slots__ = ("_behind", "_depths", "_ends", "_known", "_names")

    def __init__(self, names: Sequence[str], ends: Sequence[str]) -> None:
        self._names, self._ends = names, ends
        """Each token's element and the end tags behind it."""
        self._depths = ""
        """How many elements are open at each token looked through, as one character: such are found in C."""
        self._behind = 0
        """How many are open behind the last of these."""
        self._known: dict[int, str] = {}

    def of(self, token: int) -> str:
        """Return the XPath of the element that a token begins, as a browser makes it; every step has its number."""
        if token >= len(self._depths):
            self._look_until(token + 1)
        depths, known = self._depths, self._known
        unknown: list[int] = []
        at = token
        while at >= 0 and at not in known:
            unknown.append(at)
            depth = ord(depths[at])
            at = depths.rfind(chr(depth - 1), 0, at) if depth else -1
        path = known[at] if at >= 0 else "/html"
        for inner in reversed(unknown):
            path = known[inner] = f"{path}/{self._step(inner, at + 1)}"
            at = inner
        return path

    def _step(self, at: int, since: int) -> str:
        """Return name and number of the element at token `at`, whose siblings stand from `since` on."""
        names, depths = self._names, self._depths
        name, depth = names[at], depths[at]
        number = 1
        before = depths.find(depth, since, at)
        while before >= 0:
            number += names[before] == name
            before = depths.find(depth, before + 1, at)
        return f"{name}[{number}]"

    def _look_until(self, end: int) -> None:
        since = len(self._depths)
        voids = map(_WITHOUT_END.__contains__, self._names[since:end])
        closed = map(str.count, self._ends[since:end], repeat("</"))
        steps = list(map(sub, repeat(1), map(add, voids, closed)))
        behind = list(accumulate(steps, initial=self._behind))
        if min(behind) < 0:
            # Raw text of an old `xmp` may hold an end without a beginning.
            behind = list(accumulate(steps, lambda depth, step: max(0, depth + step), initial=self._behind))
        self._behind = behind.pop()
        self._depths += "".join(map(chr, behind))
