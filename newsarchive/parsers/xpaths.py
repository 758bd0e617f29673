"""XPaths of elements, counted in the tags of the page."""

from itertools import accumulate

from newsarchive.parsers.tags import STEPS, Tag

_NO_ELEMENT = "\uffff"


class XPaths:
    """Finds the XPath of an element; the page is looked through once, and then only at what stands above it."""

    __slots__ = ("_depths", "_known", "_tags")

    def __init__(self, tags: list[Tag]) -> None:
        self._tags = tags
        self._depths = ""
        """How many elements are open at each start tag, as one character; of end tags `_NO_ELEMENT`."""
        self._known: dict[int, str] = {}

    def of(self, tag: int) -> str:
        """Return the XPath of the element that a start tag begins, as a browser makes it; each step has its number."""
        if not self._depths:
            self._depths = _depths(self._tags)
        return self._path(tag)

    def _path(self, tag: int) -> str:
        steps: list[str] = []
        depths, known = self._depths, self._known
        at = tag
        above = "/html"
        unknown: list[int] = []
        while at >= 0:
            if at in known:
                above = known[at]
                break
            unknown.append(at)
            depth = depths[at]
            parent = depths.rfind(chr(ord(depth) - 1), 0, at) if depth != "\0" else -1
            steps.append(self._step(at, parent + 1, depth))
            at = parent
        for at, step in zip(reversed(unknown), reversed(steps), strict=True):
            above = known[at] = f"{above}/{step}"
        return above

    def _step(self, at: int, since: int, depth: str) -> str:
        """Return name and number of the element at `at`, whose siblings stand from `since` on."""
        tags, depths = self._tags, self._depths
        name = tags[at].name
        number = 1
        before = depths.find(depth, since, at)
        while before >= 0:
            number += tags[before].name == name
            before = depths.find(depth, before + 1, at)
        return f"{name}[{number}]"


def _depths(tags: list[Tag]) -> str:
    steps = [STEPS[kind] for kind, _ in tags]
    behind = list(accumulate(steps))
    if min(behind, default=0) < 0:
        # Raw text of an old `xmp` may hold an end without a beginning.
        behind = list(accumulate(steps, lambda depth, step: max(0, depth + step)))
    return "".join([
        _NO_ELEMENT if step < 0 else chr(depth - step) for step, depth in zip(steps, behind, strict=True)
    ])  # fmt: skip
