"""Labels and other fixed words of pages, from labels.toml, and the values that follow them."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

_FILE: Final[dict[str, Any]] = tomllib.loads(
    resources.files("newsarchive.parsers").joinpath("labels.toml").read_text(encoding="utf-8")
)
_STRICT: Final = frozenset(_FILE["labels"]["strict"])
_COLON: Final = r"\s*[:：﹕︰]"
_LATIN: Final = re.compile(r"^[\w .-]+$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label in a text, the field it stands for, and the span of its value up to the next label."""

    field: str
    label: str
    start: int
    value_start: int
    value_end: int


@dataclass(frozen=True, slots=True)
class LabelTable:
    """The labels that are known on one site."""

    fields: dict[str, str]
    pattern: re.Pattern[str]
    glued: re.Pattern[str]
    """As `pattern`, without the break that some labels need before them."""
    bare: re.Pattern[str]

    def read(self, text: str, *, bare: bool = False) -> list[Labelled]:
        """Return the labels of `text` in order; with `bare`, also those that stand before a value without a colon."""
        matches = [(m.start(), m.end(), m.group("label")) for m in self.pattern.finditer(text)]
        if matches:
            matches = self._with_glued(text, matches)
        if bare:
            taken = {start for start, _, _ in matches}
            matches += [(m.start("label"), m.end(), m.group("label")) for m in self.bare.finditer(text)]
            matches = sorted(m for i, m in enumerate(matches) if i < len(taken) or m[0] not in taken)
        found = []
        for index, (start, end, label) in enumerate(matches):
            following = matches[index + 1][0] if index + 1 < len(matches) else len(text)
            if following < end:
                continue
            found.append(Labelled(self.fields[squeezed(label)], squeezed(label), start, end, following))
        return found


    def _with_glued(self, text: str, matches: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """Add labels that follow a value without a break, as in 来源：新华网时间：2020-12-02, but not 来源：某某 报名时间：."""
        result: list[tuple[int, int, str]] = []
        starts = {start for start, _, _ in matches}
        for match in self.glued.finditer(text):
            known = match.start() in starts
            if known or (result and not any(c.isspace() for c in text[result[-1][1] : match.start()].strip())):
                result.append((match.start(), match.end(), match.group("label")))
        return result or matches


def squeezed(text: str) -> str:
    """Return `text` without white space, in lower case: two labels are equal if they look so."""
    return "".join(text.split()).lower()


@lru_cache(maxsize=64)
def label_table(extra: tuple[tuple[str, str], ...] = ()) -> LabelTable:
    """Return the table of all known labels and a site's own, as (label, field)."""
    spelled: dict[str, str] = {}
    for field in ("date", "source", "author", "translator", "editor", "photographer", "supplier", "clicks", "tags",
                  "section", "ignore", "contact"):  # fmt: skip
        spelled |= dict.fromkeys(_FILE["labels"][field], field)
    spelled |= dict(extra)
    ordered = sorted(spelled, key=len, reverse=True)
    strict = "|".join(_spelling(label, strict=True) for label in ordered)
    glued = "|".join(_spelling(label, strict=False) for label in ordered)
    bare = "|".join(re.escape(label) for label in sorted(_FILE["labels"]["bare"], key=len, reverse=True))
    return LabelTable(
        {squeezed(label): field for label, field in spelled.items()},
        re.compile(f"(?P<label>{strict}){_COLON}", re.IGNORECASE),
        re.compile(f"(?P<label>{glued}){_COLON}", re.IGNORECASE),
        re.compile(rf"(?:^|[\s|｜])(?P<label>{bare})(?=[^\s:：|｜])"),
    )


def _spelling(label: str, *, strict: bool) -> str:
    if _LATIN.match(label):
        return rf"(?<![A-Za-z]){re.escape(label)}"
    boundary = r"(?<![\u3400-\u9fff])" if strict and label in _STRICT else ""
    if label[0] > "\u3000" and len(label) <= 4:  # noqa: PLR2004 - longer labels are not spaced out
        return boundary + r"\s*".join(re.escape(character) for character in label if not character.isspace())
    return boundary + re.escape(label)


def words(section: str, name: str) -> tuple[str, ...]:
    """Return a list of labels.toml."""
    return tuple(_FILE[section][name])


@lru_cache(maxsize=64)
def word_set(section: str, name: str) -> frozenset[str]:
    """Return a list of labels.toml for comparison with `squeezed` text."""
    return frozenset(squeezed(word) for word in words(section, name))


@lru_cache(maxsize=64)
def starts_with(section: str, name: str) -> re.Pattern[str]:
    """Return a pattern for texts that begin with one of a list's words, after bullets and brackets."""
    alternatives = "|".join(re.escape(word) for word in sorted(words(section, name), key=len, reverse=True))
    return re.compile(rf"[\s\[【(（<«·▪■●◆|>＞\-—*#]*(?:{alternatives})", re.IGNORECASE)


@lru_cache(maxsize=64)
def contains(section: str, name: str) -> re.Pattern[str]:
    """Return a pattern for texts that hold one of a list's words."""
    alternatives = "|".join(re.escape(word) for word in sorted(words(section, name), key=len, reverse=True))
    return re.compile(alternatives, re.IGNORECASE)
