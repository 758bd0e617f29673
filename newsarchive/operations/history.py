"""What changed: over a collection since an instant, and between two revisions of one article."""

import datetime as dt
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from newsarchive.errors import ConfigurationError
from newsarchive.operations.access import Held, reading
from newsarchive.records.revision import Revision
from newsarchive.records.tables import ChangeKind, change_kind
from newsarchive.store.file_versions import Replacement, replacements
from newsarchive.store.ingest import read_revisions

# A Chinese character is a word of its own; anything else is split as words are.
_WORDS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[^\W\u3400-\u9fff]+|\s+|.", re.DOTALL)

COMPARED = (
    "title", "date", "published_at", "source", "author", "roles", "attachments", "tags", "section", "clicks", "status",
)  # fmt: skip
"""Fields that a difference names, besides the text."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of `revisions.jsonl`, as what it did."""

    kind: ChangeKind
    revision: Revision


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs between two revisions."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that both, or one, of two paragraphs have."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two revisions: fields, and the text paragraph by paragraph (unchanged ones left out)."""

    before: Revision
    after: Revision
    fields: tuple[FieldChange, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]


def changes(held: Held, since: dt.datetime | None = None) -> Iterator[Change]:
    """Yield the changes recorded at `since` (aware) or later, oldest first. Memory: one status for each article."""
    status: dict[str, str] = {}
    for revision, _, _ in read_revisions(held.layout.revisions):
        change = Change(change_kind(revision.status, revision.cause, status.get(revision.id)), revision)
        status[revision.id] = revision.status
        if since is None or revision.recorded_at >= since:
            yield change


def replaced_files(held: Held, since: dt.datetime | None = None) -> Iterator[Replacement]:
    """Yield the attachments that were replaced under their URL at `since` (aware) or later, oldest first.

    Raises `StaleCatalogueError` where there is no catalogue.
    """
    with reading(held.layout) as catalogue:
        yield from replacements(catalogue, int(since.timestamp()) if since else 0)


def difference(held: Held, article_id: str, first: int | None = None, second: int | None = None) -> Difference:
    """Return what differs between two revisions of an article; default: the last two.

    Raises `ConfigurationError` where the article or a revision of it is not held.
    """
    with reading(held.layout) as catalogue:
        known = catalogue.article(article_id)
    if known is None:
        raise ConfigurationError(f"{article_id}: no such article in {held.layout.folder}; its id is SITE/KEY")
    if known.revision == 1 and first is None and second is None:
        raise ConfigurationError(f"{article_id}: has one revision; there is nothing to compare it with yet")
    after = second if second is not None else known.revision
    before = first if first is not None else after - 1
    found = {
        revision.revision: revision
        for revision, _, _ in read_revisions(held.layout.revisions)
        if revision.id == article_id and revision.revision in {before, after}
    }
    for number in (before, after):
        if number not in found:
            has = f"has revisions 1 to {known.revision}" if known.revision > 1 else "has one revision"
            raise ConfigurationError(f"{article_id}: no revision {number}; it {has}")
    return Difference(
        found[before], found[after], tuple(_fields(found[before], found[after])),
        tuple(_paragraphs(found[before].text, found[after].text)),
    )  # fmt: skip


def _fields(before: Revision, after: Revision) -> Iterator[FieldChange]:
    for name in COMPARED:
        old, new = (_shown(getattr(revision, name)) for revision in (before, after))
        if old != new:
            yield FieldChange(name, old, new)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(_shown(item) for item in value)
    dump = getattr(value, "model_dump", None)
    if dump is not None:
        parts = dump(mode="json", exclude_defaults=True)
        return ", ".join(f"{name}: {item}" for name, item in parts.items())
    return "" if value is None else str(value)


def _paragraphs(before: str, after: str) -> Iterator[tuple[Piece, ...]]:
    """Yield the paragraphs that differ, each as its pieces."""
    old, new = before.split("\n"), after.split("\n")
    for tag, i, i_end, j, j_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        paired = min(i_end - i, j_end - j)
        for offset in range(paired):
            yield tuple(_pieces(old[i + offset], new[j + offset]))
        yield from ((Piece("removed", text),) for text in old[i + paired : i_end])
        yield from ((Piece("added", text),) for text in new[j + paired : j_end])


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    for tag, i, i_end, j, j_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[i:i_end]))
            continue
        if i_end > i:
            yield Piece("removed", "".join(old[i:i_end]))
        if j_end > j:
            yield Piece("added", "".join(new[j:j_end]))
