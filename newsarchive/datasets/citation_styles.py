"""Citations in the styles that people paste: GB/T 7714—2015, APA 7, BibTeX, CSL-JSON.

By hand, since a reference list's processor knows nothing of a capture: see ARCHITECTURE.md for what was tried.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from newsarchive.datasets.citation import Citation
from newsarchive.timestamps import iso

MOST_IN_GBT = 3
"""Names that GB/T 7714—2015 gives in full; of more, the first three and 等 (8.1.2)."""
MOST_IN_APA = 20
"""Names that APA 7 gives in full; of more, the first nineteen, an ellipsis and the last (9.8)."""

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_ENDS = ".。？！?!…"

_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "&": r"\&", "%": r"\%",
    "$": r"\$", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
"""How TeX writes what it would obey. A brace by its name: BibTeX counts braces, escaped ones too."""


def gbt7714(cited: Citation) -> str:
    """Return a reference under GB/T 7714—2015, 4.6 (electronic resources), with the archive's evidence behind it.

    Name, title[EB/OL], other names, (day shown)[day of the capture, UTC], URL. Without a name 佚名 (8.1.4), without a
    day no parentheses. The last sentence is none of the standard's elements: it names the capture.
    """
    chinese = cited.language in {None, "zh"}
    parts = [
        _gbt_names(cited.authors, chinese=chinese) or ("佚名" if chinese else "Anon"),
        f"{_unended(cited.title)}[EB/OL]",
    ]
    if cited.translators:
        parts.append(_gbt_names(cited.translators, chinese=chinese) + (", 译" if chinese else ", trans"))
    issued = f"({cited.issued.isoformat()})" if cited.issued else ""
    parts.append(f"{issued}[{cited.captured_at.date().isoformat()}]")
    return f"{'. '.join(parts)}. {cited.url}. {_evidence(cited, chinese=chinese)}"


def apa(cited: Citation) -> str:
    """Return a reference in APA style, 7th edition, 10.16 (webpages), with the archive's evidence in brackets.

    Without a name the title comes first (9.12), without a day `n.d.` (9.17); the institute is not said twice (10.16).
    A day of retrieval, since what is cited is the page as it was then (9.16).
    """
    issued = f"({_apa_day(cited.issued)})" if cited.issued else "(n.d.)"
    title = _unended(cited.title)
    credit = f" ({_apa_names(cited.translators)}, Trans.)" if cited.translators else ""
    if cited.authors:
        head = f"{_ended(_apa_names(cited.authors))} {issued}. {_ended(title + credit)}"
    else:
        head = f"{_ended(title + credit)} {issued}."
    where = "" if cited.authors == (cited.publisher,) else f" {_ended(cited.publisher)}"
    day = cited.captured_at.date()
    retrieved = f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
    return f"{head}{where} Retrieved {retrieved}, from {cited.url} [{_evidence(cited, chinese=False)}]"


def bibtex(cited: Citation) -> str:
    """Return a BibTeX entry: `@misc` with the fields of BibTeX and, for biblatex, `date`, `urldate`, `translator`.

    Each name is in braces of its own, so that none is taken apart into family name and given name.
    """
    fields: dict[str, str] = {}
    if cited.authors:
        fields["author"] = _tex_names(cited.authors)
    fields["title"] = f"{{{_tex(cited.title)}}}"
    if cited.translators:
        fields["translator"] = _tex_names(cited.translators)
    fields["howpublished"] = _tex(cited.publisher)
    if cited.issued:
        fields |= {
            "year": f"{cited.issued.year:04}", "month": f"{cited.issued.month}", "date": cited.issued.isoformat(),
        }  # fmt: skip
    fields |= {
        "url": cited.url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D"),
        "urldate": cited.captured_at.date().isoformat(),
        "note": _tex(f"{_evidence(cited, chinese=False)}; {cited.content_digest}"),
    }
    if cited.language:
        fields["language"] = cited.language
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{_key(cited)},\n{lines}}}"


def csl_json(cited: Citation) -> str:
    """Return CSL-JSON: a list of one item, valid under the schema of CSL data."""
    item: dict[str, Any] = {"id": _key(cited), "type": "webpage", "title": cited.title}
    if cited.authors:
        item["author"] = [{"literal": name} for name in cited.authors]
    if cited.translators:
        item["translator"] = [{"literal": name} for name in cited.translators]
    if cited.issued:
        item["issued"] = _csl_day(cited.issued)
    item |= {
        "accessed": _csl_day(cited.captured_at.date()), "container-title": cited.publisher, "URL": cited.url,
        "version": f"revision {cited.revision}", "archive": cited.archive, "archive_location": cited.capture,
        "note": _evidence(cited, chinese=False),
    }  # fmt: skip
    if cited.language:
        item["language"] = cited.language
    item["custom"] = {
        "newsarchive_id": cited.id, "captured_at": iso(cited.captured_at), "payload_digest": cited.payload_digest,
        "content_digest": cited.content_digest,
        "removed_at": iso(cited.removed_at) if cited.removed_at else None,
    }  # fmt: skip
    return json.dumps([item], ensure_ascii=False, indent=2)


STYLES: Mapping[str, Callable[[Citation], str]] = {
    "gbt7714": gbt7714, "apa": apa, "bibtex": bibtex, "csl-json": csl_json,
}  # fmt: skip


def _evidence(cited: Citation, *, chinese: bool) -> str:
    """Return the sentence that names the capture, and says so where the site has the page no more."""
    at = iso(cited.captured_at)
    if chinese:
        gone = f"; 原页面已删除, 记录于 {iso(cited.removed_at)}" if cited.removed_at else ""
        return f"存档: {cited.archive}, {cited.id}, 修订 {cited.revision}, 采集于 {at}, {cited.payload_digest}{gone}."
    gone = f"; removed from the site, recorded {iso(cited.removed_at)}" if cited.removed_at else ""
    return (
        f"Archived: {cited.archive}, {cited.id}, revision {cited.revision}, captured {at}, {cited.payload_digest}{gone}"
    )


def _gbt_names(names: tuple[str, ...], *, chinese: bool) -> str:
    shown = ", ".join(names[:MOST_IN_GBT])
    return shown + (", 等" if chinese else ", et al") if len(names) > MOST_IN_GBT else shown


def _apa_names(names: tuple[str, ...]) -> str:
    if len(names) > MOST_IN_APA:
        return ", ".join(names[: MOST_IN_APA - 1]) + f", . . . {names[-1]}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


def _apa_day(day: dt.date) -> str:
    return f"{day.year}, {_MONTHS[day.month - 1]} {day.day}"


def _csl_day(day: dt.date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _ended(text: str) -> str:
    return text if text.endswith(tuple(_SENTENCE_ENDS)) else f"{text}."


def _unended(text: str) -> str:
    """Return a title without the full stop at its end, which the style sets itself."""
    return text[:-1] if text.endswith((".", "。")) and not text.endswith("..") else text


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)


def _tex_names(names: tuple[str, ...]) -> str:
    return " and ".join(f"{{{_tex(name)}}}" for name in names)


def _key(cited: Citation) -> str:
    """Return a key that BibTeX takes: of an id, and other for every other id and revision."""
    return f"{''.join(_key_signs(cited.id))}-r{cited.revision}"


def _key_signs(text: str) -> Iterator[str]:
    for sign in text:
        if sign.isascii() and (sign.isalnum() or sign in "-."):
            yield sign
        else:
            yield ":" if sign == "/" else f"+{ord(sign):x}+"
