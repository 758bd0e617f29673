"""What is not read at all, and what lexbor is not given: shapes over which it takes seconds or gigabytes."""

import re
from collections.abc import Callable, Iterable, Iterator

from newsarchive.errors import PageTooLargeError

MAX_PAGE_BYTES = 4 * 1024 * 1024
"""Larger pages are refused: in the worst shapes parsing costs a second of CPU and 100 MB for each MiB."""

MAX_TAGS = 60_000
"""Pages with more tags are refused; the longest of 126 real pages has 7,600."""

MAX_ATTRIBUTES = 2_000
"""A tag with more attributes is refused: each is compared with all before it."""

_MAX_DEPTH = 2_000
"""Elements within elements: at each start tag lexbor may look through all that are open."""
_TAMEST_TAGS = 8_000
"""Pages with fewer tags cannot be too deep: so many open elements cost a fifth of a second."""
_MAX_OPENED_AGAIN = 400_000
"""A `<b>` or `<font>` that was left open is opened again in every paragraph that follows; so many times at most."""
_FEW_TAGS = 900
"""With fewer tags half of them cannot be opened again that often."""
_MAX_BODIES = 20
"""Further body tags give their attributes to the first, and each is compared with all that it has."""

_STEP = 1_500
"""Where so many bytes hold no `<`, there may be a tag with thousands of attributes."""
_SMALL_PAGE = 40_000
"""So many bytes hold no tags that could take a second."""
_FORMATTING = frozenset(b"b big code em font i nobr s small strike strong tt u".split())
_CELLS = frozenset((b"td", b"th", b"caption"))
_SPELLINGS = (bytes.lower, bytes.upper, bytes.capitalize)


def _tags(names: Iterable[bytes]) -> Callable[[bytes], list[bytes]]:
    """Return a function that lists the tags of the names, in lower case, upper case or capitalised."""
    spelled = sorted({spell(name) for name in names for spell in _SPELLINGS})
    # One look at the first letter spares most tags the alternatives.
    first = bytes(sorted({name[0] for name in spelled}))
    return re.compile(rb"<(?=[%b])(%b)(?![a-zA-Z])" % (first, b"|".join(spelled))).findall


_BODIES = frozenset((b"body", b"html"))
_suspects = _tags(_FORMATTING | _BODIES)
_watched = _tags(end + name for name in _FORMATTING | _CELLS | {b"table"} for end in (b"", b"/"))
_TAG = re.compile(rb"<(/?)([a-zA-Z][^\s/>]*)")
_EMPTY = b"area base br col embed frame hr img input link meta param source track wbr"
_ENDED_BY_THE_NEXT = b"a dd dt li optgroup option p tbody tfoot thead tr"
_FLAT = _CELLS | _FORMATTING | frozenset(_EMPTY.split()) | frozenset(_ENDED_BY_THE_NEXT.split())
"""Tags that have no content, that are closed by the next of their kind, or that `_left_open` counts."""


def check_size(data: bytes) -> int:
    """Return how many `<` there are; raise `PageTooLargeError` if `data` is beyond the limits."""
    if len(data) > MAX_PAGE_BYTES:
        raise PageTooLargeError(f"{len(data)} bytes, more than {MAX_PAGE_BYTES}")
    tags = data.count(b"<")
    if tags > MAX_TAGS:
        raise PageTooLargeError(f"more than {MAX_TAGS} tags")
    for tag in _long_tags(data):
        if len(tag.split()) > MAX_ATTRIBUTES:
            raise PageTooLargeError(f"a tag with more than {MAX_ATTRIBUTES} attributes")
    return tags


def _long_tags(data: bytes) -> Iterator[bytes]:
    """Yield the tags of more than twice as many bytes as every so many bytes are looked at."""
    start = -1
    for at in range(_STEP, len(data) - _STEP, _STEP):
        if data.find(b"<", at, at + _STEP) < 0:
            began = data.rfind(b"<", start + 1, at)
            if began >= 0:
                start = began
                end = data.find(b">", start)
                yield data[start : end if end >= 0 else len(data)]


def is_tame(data: bytes, tags: int) -> bool:
    """Tell whether lexbor reads `data`, with so many `<`, in time and memory that grow with its size."""
    if tags > _TAMEST_TAGS and _depth(data) > _MAX_DEPTH:
        return False
    if tags <= _FEW_TAGS and len(data) <= _SMALL_PAGE:
        return True
    suspects = _suspects(data)
    if len(suspects) > _MAX_BODIES and sum(name.lower() in _BODIES for name in suspects) > _MAX_BODIES:
        return False
    if len(suspects) * tags <= _MAX_OPENED_AGAIN:
        return True
    return _left_open([name.lower() for name in _watched(data)]) * tags <= _MAX_OPENED_AGAIN


def _depth(data: bytes) -> int:
    """Return how deep the elements are nested, at least."""
    open_: dict[bytes, int] = {}
    depth = deepest = 0
    for slash, raw in _TAG.findall(data):
        name = raw.lower()
        if not slash and name not in _FLAT:
            open_[name] = open_.get(name, 0) + 1
            depth += 1
            deepest = max(depth, deepest)
        elif slash and open_.get(name, 0) > 0:
            open_[name] -= 1
            depth -= 1
    return deepest


def _left_open(names: list[bytes]) -> int:
    """Return how many formatting elements are open at once; a cell shuts out those around its table."""
    open_: list[bytes] = []
    shut: list[list[bytes]] = []
    most = 0
    for name in names:
        if name in _FORMATTING:
            open_.append(name)
            most = max(most, len(open_))
        elif name in _CELLS:
            open_ = []
        elif name == b"table":
            shut.append(open_)
        elif name == b"/table":
            open_ = shut.pop() if shut else open_
        elif name[1:] in _FORMATTING and name[1:] in open_:
            del open_[len(open_) - 1 - open_[::-1].index(name[1:])]
    return most
