"""Labels and other fixed words of pages, from labels.toml, and the values that follow them."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final, NamedTuple

_FILE: Final[dict[str, Any]] = tomllib.loads(
    resources.files("newsarchive.parsers").joinpath("labels.toml").read_text(encoding="utf-8")
)
_STRICT: Final = frozenset(_FILE["labels"]["strict"])
_COLON: Final = re.compile("[:：﹕︰]")
_BARE: Final = "|".join(sorted({label[:2] for label in _FILE["labels"]["bare"]}))
MAYBE_BARE: Final = re.compile(_BARE).search
"""What a text holds that has a label without a colon."""
MAYBE_INFO: Final = re.compile(rf"[:：﹕︰0-9０-９〇刚昨今前年]|{_BARE}").search
"""What a text holds that has a label or a date."""


_TRANSLATION: Final = re.compile(r"\s*(?:[（(]\s*[A-Za-z][A-Za-z .]*[)）]|[/／]?\s*[A-Za-z][A-Za-z .]*)\s*\Z").search
_LONGEST_TRANSLATION: Final = 24
_BRACKETED: Final = re.compile(r"[\[【]\s*([^\[\]【】:：]{2,8}?)\s*(?:[:：]\s*)?[\]】](?:\s*[:：])?").finditer
_BEFORE_BARE: Final = frozenset("|｜0123456789")


def untranslated(label: str) -> str:
    """Return a label without its translation: 来源 for 来源 / Source."""
    if label.isascii() or not (label[-1:].isascii() or label[-1] == "）"):
        return label
    translation = _TRANSLATION(label)
    return label[: translation.start()] if translation is not None else label


class Labelled(NamedTuple):
    """A label in a text, the field it stands for, and the span of its value up to the next label."""

    field: str
    label: str
    start: int
    value_start: int
    value_end: int


@dataclass(frozen=True, slots=True)
class LabelTable:
    """The labels that are known on one site: squeezed label to field."""

    fields: dict[str, str]
    tails: frozenset[str]
    """How labels end: each of them, and what is left of it without its first characters."""
    begins: frozenset[str]
    """First characters of the labels, in lower case."""
    bare: re.Pattern[str]
    """Labels before a value without a colon, wherever they stand."""

    def read(self, text: str, *, bare: bool = False) -> list[Labelled]:
        """Return the labels of `text` in order; with `bare`, also those that stand before a value without a colon.

        Found backwards from each colon: much faster than a pattern of all labels at every character.
        """
        matches: list[tuple[int, int, str]] = []
        for colon in _COLON.finditer(text):
            at, since = colon.start(), matches[-1][1] if matches else 0
            match = self._before(text, at, since)
            if match is None or match[1].isascii():
                match = self._before_translated(text, at, since) or match
            if match is not None:
                matches.append((match[0], colon.end(), match[1]))
        if bare:
            taken = {start for start, _, _ in matches}
            found = [
                (start, match.end(), squeezed(match[1]))
                for match in self.bare.finditer(text)
                if not (start := match.start()) or text[start - 1] in _BEFORE_BARE or text[start - 1].isspace()
            ]
            bracketed = self._bracketed(text)
            if bracketed:
                # The colon may stand in the brackets, too.
                matches = [m for m in matches if not any(start <= m[0] < end for start, end, _ in bracketed)]
            matches = sorted(matches + [m for m in found + bracketed if m[0] not in taken])
        if not matches:
            return []
        return [
            Labelled(self.fields[label], label, start, end, matches[i + 1][0] if i + 1 < len(matches) else len(text))
            for i, (start, end, label) in enumerate(matches)
        ]

    def _bracketed(self, text: str) -> list[tuple[int, int, str]]:
        """Return the labels that stand in brackets: [来源]海港通讯."""
        if "[" not in text and "【" not in text:
            return []
        found = ((match.start(), match.end(), squeezed(match[1])) for match in _BRACKETED(text))
        return [label for label in found if label[2] in self.fields]

    def _before_translated(self, text: str, colon: int, since: int) -> tuple[int, str] | None:
        """Return the label at whose end its translation stands (来源(From)：, 日期 Date：), or None."""
        begin = max(since, colon - _LONGEST_TRANSLATION)
        # A plain test, since few labels are translated.
        if not begin < colon or not (text[colon - 1].isascii() or text[colon - 1] == "）"):
            return None
        translation = _TRANSLATION(text, begin, colon)
        found = self._before(text, translation.start(), since) if translation is not None else None
        return found if found is not None and not found[1].isascii() else None

    def _before(self, text: str, colon: int, since: int) -> tuple[int, str] | None:
        """Return start and name of the longest label that ends at `colon` and begins at `since` or later."""
        best = None
        name = ""
        position = colon
        tails, fields = self.tails, self.fields
        while position > since:
            position -= 1
            character = text[position]
            if character.isspace():
                continue
            name = character.lower() + name
            if name not in tails:
                break
            if name in fields and _may_begin(text, position, since, name, text[position:colon]):
                best = position, name
        return best


def _may_begin(text: str, start: int, since: int, name: str, shown: str) -> bool:
    """Tell whether a label may begin at `start`: whole words, and no tail of a longer word."""
    before = text[start - 1] if start else ""
    if name[0].isascii():
        return not (before.isascii() and before.isalpha())
    if len(name) > 4 and any(c.isspace() for c in shown.strip()):  # noqa: PLR2004 - only short labels are spaced out
        return False
    if name in _STRICT and "\u3400" <= before <= "\u9fff":
        # 报名时间： is no date of publication; but in 来源：新华网时间：2020-12-02 the label is glued to a value,
        # and in 作者：记者 周易时间： to the end of one.
        value = text[since:start].split()
        return since > 0 and (len(value) == 1 or (bool(value) and 2 <= len(value[-1].rpartition("/")[2]) <= 4))  # noqa: PLR2004
    return True


def squeezed(text: str) -> str:
    """Return `text` without white space, in lower case: two labels are equal if they look so."""
    return _remembered(text) if len(text) <= _SHORT else _squeezed(text)


def _squeezed(text: str) -> str:
    return "".join(text.split()).lower()


_SHORT = 100
_remembered = lru_cache(maxsize=512)(_squeezed)
"""Rules ask for the same headings and titles again, on one page and on the next."""


@lru_cache(maxsize=64)
def label_table(extra: tuple[tuple[str, str], ...] = ()) -> LabelTable:
    """Return the table of all known labels and a site's own, as (label, field)."""
    spelled: dict[str, str] = {}
    for field in ("date", "source", "author", "translator", "editor", "photographer", "supplier", "clicks", "tags",
                  "section", "ignore", "contact"):  # fmt: skip
        spelled |= dict.fromkeys(_FILE["labels"][field], field)
    fields = {squeezed(label): field for label, field in (spelled | dict(extra)).items()}
    bare = "|".join(re.escape(label) for label in sorted(_FILE["labels"]["bare"], key=len, reverse=True))
    parts = "|".join(map(re.escape, _FILE["labels"]["parts"]))
    tails = frozenset(label[start:] for label in fields for start in range(len(label)))
    return LabelTable(
        fields,
        tails,
        frozenset(label[0] for label in fields),
        re.compile(rf"({bare})(?:\s(?:[A-Z][a-z]+\s)?)?(?=[^\s:：|｜/于自])(?!(?:{parts})(?:\s|$))"),
    )


def words(section: str, name: str) -> tuple[str, ...]:
    """Return a list of labels.toml; what ends an article includes the headings of the lists beside it."""
    found = tuple(_FILE[section][name])
    return (*found, *_FILE["lists"]["headings"]) if (section, name) == ("ends", "starts") else found


@lru_cache(maxsize=64)
def word_set(section: str, name: str) -> frozenset[str]:
    """Return a list of labels.toml for comparison with `squeezed` text."""
    return frozenset(squeezed(word) for word in words(section, name))


@lru_cache(maxsize=64)
def starts_with(section: str, name: str) -> re.Pattern[str]:
    """Return a pattern for texts that begin with one of a list's words, after bullets and brackets."""
    alternatives = "|".join(re.escape(word) for word in sorted(words(section, name), key=len, reverse=True))
    # One look at the first letter spares most texts the alternatives.
    first = "".join(sorted({re.escape(word[0]) for word in words(section, name)}))
    return re.compile(rf"[\s\[【(（<«‹←·▪■●◆|>＞\-—*#]*(?=[{first}])(?:{alternatives})", re.IGNORECASE)


@lru_cache(maxsize=64)
def first_ideographs(section: str, name: str) -> frozenset[str]:
    """Return the ideographs that the words of a list begin with: a quick test for `starts_with`."""
    return frozenset(word[0] for word in words(section, name) if "\u3400" <= word[0] <= "\u9fff")


@lru_cache(maxsize=64)
def contains(section: str, name: str) -> re.Pattern[str]:
    """Return a pattern for texts that hold one of a list's words."""
    alternatives = "|".join(re.escape(word) for word in sorted(words(section, name), key=len, reverse=True))
    # One look at the first letter spares most places the alternatives.
    first = "".join(sorted({re.escape(word[0]) for word in words(section, name)}))
    return re.compile(f"(?=[{first}])(?:{alternatives})", re.IGNORECASE)
