"""What a citation of one revision of an article says, whatever its style: who, what, where, when captured."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from newsarchive.records.description import Description
from newsarchive.records.revision import Revision

OWN_WORDS = frozenset({"原创", "本站", "本站原创", "本网", "本所", "本刊"})
"""What a page says of its source where it means the institute itself."""
NO_NAMES = frozenset({"互联网", "网络", "转载", "网络转载", "来自网络", "未知", "不详", "佚名", "其他", "admin"})
"""What a page says of its source, or its author, where it names nobody."""

_MARKS = re.compile(r"\s*[、，,；;/|]\s*")
_CHINESE_NAMES = re.compile(r"[\u3400-\u9fff]{2,4}(?:\s+[\u3400-\u9fff]{2,4})+")
_WESTERN_COMMA = re.compile(r"[A-Za-z\u00c0-\u024f\u0400-\u04ff]")


@dataclass(frozen=True, slots=True)
class Citation:
    """The parts of a citation. Every text is on one line and has no control character."""

    id: str
    revision: int
    title: str
    authors: tuple[str, ...]
    """Persons or offices that answer for the text, as shown; empty where nobody is named."""
    translators: tuple[str, ...]
    publisher: str
    """The institute whose site it stood on."""
    archive: str
    """The archive that holds the capture."""
    issued: dt.date | None
    """The day shown on the page; None where it shows none."""
    captured_at: dt.datetime
    """UTC instant of the capture."""
    url: str
    language: str | None
    payload_digest: str
    """Of the captured bytes, as the WARC record has it."""
    content_digest: str
    """Of what was read from them, as the datasets have it."""
    capture: str
    """Segment and offset of the WARC record, and its id."""
    removed_at: dt.datetime | None
    """UTC instant at which the page was recorded as gone from the site; None while it is there."""

    @classmethod
    def of(cls, revision: Revision, about: Description, removed_at: dt.datetime | None = None) -> Self:
        """Return the citation of a revision with content. `removed_at`: the site has no such page since."""
        capture = revision.capture
        return cls(
            id=revision.id,
            revision=revision.revision,
            title=_line(revision.title),
            authors=authors_of(revision.author, revision.source, about.title),
            translators=tuple(filter(None, map(_line, revision.roles.translator))),
            publisher=_line(about.title),
            archive=f"newsarchive {about.site}",
            issued=revision.date,
            captured_at=revision.captured_at.astimezone(dt.UTC),
            url=_line(revision.url),
            language=revision.language,
            payload_digest=capture.payload_digest,
            content_digest=revision.content_digest,
            capture=f"{capture.warc}:{capture.offset} {capture.record_id}",
            removed_at=removed_at,
        )


def names_of(text: str) -> tuple[str, ...]:
    """Return the names in `text` as a page shows them side by side.

    A Chinese name is one name and never a family name and a given one. White space parts Chinese names and no others;
    a comma parts names unless a western name may be written with it.
    """
    shown = _line(text)
    if _CHINESE_NAMES.fullmatch(shown):
        return tuple(shown.split())
    marks = re.compile(r"\s*[、；;/|]\s*") if _WESTERN_COMMA.search(shown) else _MARKS
    return tuple(filter(None, (name.strip() for name in marks.split(shown))))


def authors_of(author: str | None, source: str | None, institute: str) -> tuple[str, ...]:
    """Return the named authors; without one the office that the page names as source, where it names one.

    `institute` is whose site it is: the author where the page says that it is its own.
    """
    if author and (names := tuple(name for name in names_of(author) if name not in NO_NAMES)):
        return names
    source = _line(source or "")
    if source in OWN_WORDS:
        return (_line(institute),)
    return (source,) if source and source not in NO_NAMES else ()


def _line(text: str) -> str:
    """Return `text` on one line: without marks that show nothing, with U+FFFD for what no text file can hold."""
    return " ".join("".join(map(_shown, text)).split())


def _shown(sign: str) -> str:
    if sign.isspace() or sign.isprintable():
        return sign
    return "" if unicodedata.category(sign) == "Cf" else "\ufffd"
