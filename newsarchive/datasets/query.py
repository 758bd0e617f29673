"""What people type to search, as FTS5 reads it: words, "phrases", AND, OR, NOT, parentheses, prefix*."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsarchive.datasets.fulltext import phrase
from newsarchive.errors import ConfigurationError

LONGEST = 500
"""Characters that a query may have."""

_PIECES = re.compile(r'"([^"]*)"(\*?)|([()])|([^\s()"]+)')
_SPELLINGS = str.maketrans({"“": '"', "”": '"', "（": "(", "）": ")", "\u3000": " "})

_OPERATORS = frozenset({"AND", "OR", "NOT"})


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood."""

    expression: str
    """For FTS5's MATCH."""
    phrases: tuple[str, ...]
    """What is looked for and not excluded, as typed: the hits to show."""


def parse_query(text: str) -> Query:
    """Return what `text` asks for. Words side by side must all be there; NOT binds before AND, AND before OR.

    Raises `ConfigurationError`, which says what was expected.
    """
    if len(text) > LONGEST:
        raise ConfigurationError(f"search: a query of {len(text)} characters; expected at most {LONGEST}")
    reader = _Reader(list(_pieces(text)))
    expression = reader.alternatives()
    if reader.ahead() is not None:
        raise ConfigurationError("search: a ) without its (")
    return Query(expression, tuple(reader.phrases))


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    operator: bool = False
    prefix: bool = False


def _pieces(text: str) -> Iterator[_Piece]:
    text = text.translate(_SPELLINGS)
    if text.count('"') % 2:
        raise ConfigurationError('search: a " without its other one')
    for match in _PIECES.finditer(text):
        quoted, star, bracket, word = match.groups()
        if bracket or word in _OPERATORS:
            yield _Piece(bracket or word, operator=True)
        elif word is not None:
            yield _Piece(word.rstrip("*"), prefix=word.endswith("*"))
        else:
            yield _Piece(quoted, prefix=bool(star))


class _Reader:
    """Reads pieces from left to right: alternatives of conjunctions of words."""

    def __init__(self, pieces: list[_Piece]) -> None:
        self._pieces = pieces
        self._at = 0
        self._excluding = 0
        self.phrases: list[str] = []

    def ahead(self) -> _Piece | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _is_next(self, operator: str) -> bool:
        piece = self.ahead()
        return piece is not None and piece.operator and piece.text == operator

    def _took(self, operator: str) -> bool:
        if not self._is_next(operator):
            return False
        self._at += 1
        return True

    def alternatives(self) -> str:
        found = [self._conjunction()]
        while self._took("OR"):
            found.append(self._conjunction())
        return found[0] if len(found) == 1 else "(" + " OR ".join(found) + ")"

    def _conjunction(self) -> str:
        found = self._word()
        while self.ahead() is not None and not self._is_next("OR") and not self._is_next(")"):
            if self._took("NOT"):
                self._excluding += 1
                found = f"({found} NOT {self._word()})"
                self._excluding -= 1
            else:
                if self._took("AND") and self._is_next("NOT"):
                    continue  # `a AND NOT b` is what many type for `a NOT b`
                found = f"({found} AND {self._word()})"
        return found

    def _word(self) -> str:
        piece = self.ahead()
        self._at += 1
        if piece is None:
            raise ConfigurationError("search: expected a word at the end of the query")
        if piece.operator and piece.text == "(":
            found = self.alternatives()
            if not self._took(")"):
                raise ConfigurationError("search: a ( without its )")
            return found
        if piece.operator:
            hint = "; NOT needs a word before it" if piece.text == "NOT" else ""
            raise ConfigurationError(f"search: expected a word before {piece.text}{hint}; as a word it goes in quotes")
        expression = phrase(piece.text, prefix=piece.prefix)
        if expression is None:
            raise ConfigurationError(f"search: {piece.text + '*' * piece.prefix!r} holds no word")
        if not self._excluding:
            self.phrases.append(piece.text)
        return expression
