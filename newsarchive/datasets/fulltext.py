"""Words for SQLite's full-text index, in which every Chinese word of two or more characters is found.

Chinese has no spaces, and SQLite's tokenizers either take a sentence for a word or know no words of two characters. So
a run of Chinese characters is indexed as every two neighbours, and its last character alone: then each character
begins exactly one token. A word of n characters is the phrase of its n - 1 pairs, and a single character is a prefix.
Other words are indexed as they are. Width and case are folded (NFKC); simplified and traditional are not one.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

CREATE_INDEX = "CREATE VIRTUAL TABLE search USING fts5(title, text, content='', tokenize='ascii')"
"""The tokens come separated by spaces; the tokenizer `ascii` leaves everything that is not ASCII as it is."""

CHINESE = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
"""Characters of writings without spaces, as the inside of a pattern's brackets."""

_RUNS = re.compile(f"([{CHINESE}]+)|((?:(?![{CHINESE}_])\\w)+)")


def folded(text: str) -> str:
    """Return `text` as it is compared: full width as half width, capital as small."""
    return unicodedata.normalize("NFKC", text).casefold()


def index_words(title: str, text: str) -> tuple[str, str]:
    """Return the tokens of an article's title and text, for the index's two columns."""
    return tokens(title), tokens(text)


def tokens(text: str) -> str:
    """Return the tokens of `text`, separated by spaces."""
    parts: list[str] = []
    for chinese, other in _RUNS.findall(folded(text)):
        if chinese:
            parts += [first + second for first, second in pairwise(chinese)]
            parts.append(chinese[-1])
        else:
            parts.append(other)
    return " ".join(parts)


def phrase(text: str, *, prefix: bool = False) -> str | None:
    """Return the FTS5 phrase that finds `text`, None where nothing in it is indexed.

    `prefix`: the last word may go on, as in `kazakh*`. A Chinese word is found wherever its characters stand.
    """
    runs = list(_RUNS.findall(folded(text)))
    found = list(_phrase_tokens(runs))
    if not found:
        return None
    open_end = prefix or (bool(runs[-1][0]) and len(runs[-1][0]) == 1)
    quoted = '"' + " ".join(found) + '"'
    return f"{quoted} *" if open_end else quoted


def _phrase_tokens(runs: list[tuple[str, str]]) -> Iterator[str]:
    for at, (chinese, other) in enumerate(runs):
        if other:
            yield other
            continue
        yield from map("".join, pairwise(chinese))
        if len(chinese) == 1 or at < len(runs) - 1:
            yield chinese[-1]
