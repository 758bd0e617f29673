"""Normal markup cut into tags and texts, and what each tag is to a reader of lines."""

import re
from typing import Final, NamedTuple

from newsarchive.parsers.markup import VOID_TAGS

(
    BLOCK, BLOCK_END, HIDING_BLOCK, HIDING_TAG, ANCHOR, ANCHOR_END, BREAK, BOLD, BOLD_END, IMAGE, FRAME, SET_FRAME,
    OTHER, OTHER_END, OTHER_VOID,
) = range(15)  # fmt: skip
"""Kinds of tags; from `OTHER` on a tag changes nothing for a reader. Plain integers: they are compared at every tag."""

_BLOCKS = """
    html body address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form frameset h1 h2 h3 h4 h5 h6 header hgroup legend li main menu nav ol p pre section summary table tbody td
    tfoot th thead tr ul
"""
_STARTS: Final = {
    **dict.fromkeys(_BLOCKS.split(), BLOCK), **dict.fromkeys(VOID_TAGS, OTHER_VOID),
    "br": BREAK, "hr": BREAK, "a": ANCHOR, "b": BOLD, "strong": BOLD, "img": IMAGE, "iframe": FRAME,
    "frame": SET_FRAME,
}  # fmt: skip
_ENDS: Final = {**dict.fromkeys(_BLOCKS.split(), BLOCK_END), "a": ANCHOR_END, "b": BOLD_END, "strong": BOLD_END}
_VOID: Final = frozenset((BREAK, IMAGE, SET_FRAME, OTHER_VOID))
_ENDING: Final = frozenset((BLOCK_END, ANCHOR_END, BOLD_END, OTHER_END))
STEPS: Final = tuple(-1 if kind in _ENDING else 0 if kind in _VOID else 1 for kind in range(15))
"""How much deeper the elements are nested behind a tag of each kind."""


class Cut(NamedTuple):
    """Markup in pieces: tags without their brackets, and as many texts, each the one after its tag."""

    tags: list[str]
    texts: list[str]


class Tag(NamedTuple):
    """What a tag is: one of the kinds above, and the name of the element."""

    kind: int
    name: str


class _Known(dict[str, Tag]):
    """What the tags are that were met before: a template writes few tags, and those again and again."""

    def __missing__(self, tag: str) -> Tag:
        found = _looked_at(tag)
        if len(tag) <= _LONGEST_KNOWN and found.kind != ANCHOR:
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[tag] = found
        return found


_LONGEST_KNOWN = 80
_MOST_KNOWN = 4096
_known = _Known()


def tags_of(tags: list[str]) -> list[Tag]:
    """Return what each of the tags is, and then a tag that is nothing, so that each has a next one."""
    return [*map(_known.__getitem__, tags), _NOTHING]


_ANCHOR: Final = Tag(ANCHOR, "a")
_NOTHING: Final = Tag(OTHER_VOID, "")
_NAME = re.compile(r"\S*").match
_HIDDEN_STYLE = re.compile(r' style="[^"]*(?:display\s*:\s*none|visibility\s*:\s*hidden)', re.IGNORECASE).search


def _looked_at(tag: str) -> Tag:
    if tag[:2] == "a ":
        return _ANCHOR
    if tag[:1] == "/":
        return Tag(_ENDS.get(tag[1:], OTHER_END), tag[1:])
    found = _NAME(tag)
    name = found[0] if found is not None else tag
    kind = _STARTS.get(name, OTHER)
    if kind in _HIDING and _is_hidden(tag[len(name) :]):
        kind = _HIDING[kind]
    return Tag(kind, name)


_HIDING: Final = {BLOCK: HIDING_BLOCK, OTHER: HIDING_TAG}


def _is_hidden(attributes: str) -> bool:
    """Tell whether an element's own start tag hides it; of style sheets nothing is known."""
    return (' style="' in attributes and _HIDDEN_STYLE(attributes) is not None) or ' hidden="' in attributes


_START = re.compile(r"<([a-z][^>]*+)>([^<]*+)((?:</[^>]*+>[^<]*+)*+)").findall
"""A start tag, the text after it, and the end tags after that with what follows each."""


def cut(body: str) -> Cut:
    """Return the pieces of `body`, which is normal markup without comments and raw text."""
    if body.count("<") == body.count(">") and "<xmp" not in body and "<plaintext" not in body:
        pieces = body.replace(">", "<").split("<")
        return Cut(pieces[1::2], pieces[2::2])
    # `<div <p>` gives an attribute `<p`, and what is written in an `xmp` stays as it is.
    found = Cut([], [])
    for tag, text, ends in _START(body):
        found.tags.append(tag)
        found.texts.append(text)
        for end in ends.split("</")[1:]:
            name, _, following = end.partition(">")
            found.tags.append(f"/{name}")
            found.texts.append(following)
    return found
