"""Texts of pages in a report: whatever a page says, it stands in its place, reads in its direction, and has an end."""

import re
import unicodedata

# C0 and C1 controls, marks that reorder or hide text, line and paragraph separators, surrogates, noncharacters.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_LETTER = 1.3
_SPACES = re.compile(r"\s+")


def shown(text: str) -> str:
    """Return `text` on one line, each character that a reader would not see, or that moves others, as U+FFFD."""
    return _UNSEEN.sub("\ufffd", _SPACES.sub(" ", text)).strip()


def cut(text: str, columns: float) -> str:
    """Return `shown(text)`, cut to `columns`; … marks the cut."""
    text = shown(text)
    if columns_of(text) <= columns:
        return text
    used, end = columns_of("…"), 0
    while used + _columns(text[end]) <= columns:
        used += _columns(text[end])
        end += 1
    return text[:end].rstrip() + "…"


def columns_of(text: str) -> float:
    """Return how wide a text is, in halves of a Chinese character; a letter takes at most so much as `_LETTER` says.

    By what Unicode says of characters and not by any font, so that a chart is the same on every machine.
    """
    return sum(map(_columns, text))


def _columns(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    width = unicodedata.east_asian_width(character)
    # Ambiguous are quotation marks, which Chinese fonts make wide, and Cyrillic and Greek letters, which none does.
    return 2 if width in {"W", "F"} or (width == "A" and not character.isalpha()) else _LETTER
