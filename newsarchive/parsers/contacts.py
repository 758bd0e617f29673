"""Pages that tell how to reach a place or a person: contact pages and staff profiles."""

import re
from collections.abc import Sequence
from functools import lru_cache

from newsarchive.parsers.dates import find_date
from newsarchive.parsers.labels import words

_KINDS = ("phone", "fax", "mail", "address", "postcode")
_LEAST_KINDS = 2
_LONGEST_FACT = 120
_MOST_LINES = 200
_SENTENCE_ENDS = frozenset("。！？!?.；;")
_MOST_IN_SENTENCES = 160
"""Letters in whole sentences, an ideograph counted as two: with more of them the page says something."""


def tells_contacts(texts: Sequence[str]) -> bool:
    """Tell whether the lines of a text tell how to reach someone, and hardly anything else.

    The facts stand in its first half: at the end of a notice they say whom to ask about it. A day makes it a notice.
    """
    if len(texts) > _MOST_LINES:
        return False
    half = sum(map(len, texts)) / 2
    kinds: set[str] = set()
    before = 0
    for text in texts:
        if before < half and len(text) <= _LONGEST_FACT:
            kinds.update(kind for kind in _KINDS if _fact(kind).search(text) is not None)
        before += len(text)
    if len(kinds) < _LEAST_KINDS:
        return False
    said = sum(_letters(text) for text in texts if text[-1:] in _SENTENCE_ENDS)
    return said <= _MOST_IN_SENTENCES and not any(find_date(text) is not None for text in texts)


@lru_cache(maxsize=8)
def _fact(kind: str) -> re.Pattern[str]:
    """Return a pattern for a label of a kind of fact, before its value or alone in its cell."""
    labels = "|".join(re.escape(word) for word in sorted(words("contacts", kind), key=len, reverse=True))
    return re.compile(rf"(?:^|[\s;；,，|/(（])(?:{labels})\.?\s*(?:[:：]|$|[+(\d])", re.IGNORECASE)


def _letters(text: str) -> int:
    return sum(2 if letter > "\u3000" else 1 for letter in text)
