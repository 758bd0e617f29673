"""Dates as evidence: the one that is used, the others that the page holds, and where they disagree."""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newsarchive.parsers.construct import made
from newsarchive.parsers.dates import FoundDate, compact_date, find_date
from newsarchive.parsers.page import Page
from newsarchive.parsers.values import DOCUMENT_DATE, Info
from newsarchive.records.article import DateCandidate, DateEvidence

_METAS = ("pubdate", "publishdate", "article:published_time", "publish-date", "publish_time", "og:release_date",
          "weibo: article:create_at", "date", "dc.date", "datepublished", "bytedance:published_time")  # fmt: skip

_FAR = 6
"""Trust of a bare date above the title or below the text."""


def date_evidence(page: Page, info: Info) -> tuple[DateEvidence | None, FoundDate | None, list[str]]:
    """Return the evidence, the date that is used, and warnings; the info line is believed before meta and URL."""
    candidates: list[tuple[str, FoundDate]] = []
    if info.date is not None:
        candidates.append(("info line", info.date))
    for name in _METAS:
        content = page.head.metas.get(name)
        found = (find_date(content) or compact_date(content)) if content else None
        if found is not None:
            candidates.append(("meta", found))
            if info.date_at is not None and (info.date_at.rule == DOCUMENT_DATE or info.trust <= _FAR):
                # The head says when the page was published; the page only when the document was written, or it has
                # no more than a date without a label that does not stand under the title.
                candidates.reverse()
            break
    if not candidates and (found := _scripted_date(page)) is not None:
        candidates.append(("script", found))
    found = _date_of_path(urlsplit(page.url).path)
    if found is not None and page.url:
        candidates.append(("url", found))
    if not candidates:
        return None, None, []
    place, used = candidates[0]
    others = tuple(
        made(DateCandidate, text=other.text[:100], place=where, date=other.day) for where, other in candidates[1:]
    )
    warnings = [
        f"date-disagrees: {place} {used.day}, {other.place} {other.date}" for other in others if other.date != used.day
    ]
    evidence = made(DateEvidence,
        text=used.text[:100], place=place, precision=used.precision,
        zone=_offset_name(used.offset) if used.offset is not None else page.site.zone,
        zone_stated=used.offset is not None, others=others,
    )  # fmt: skip
    return evidence, used, warnings


def _date_of_path(path: str) -> FoundDate | None:
    """Return the date in a URL's path; in /2013/06/2013-06-14_7.html it is not the twentieth."""
    found = _PATH_DATE(path)
    if found is not None:
        return find_date("-".join(found.groups()))
    return find_date(path.replace("/", "-").replace("_", "-")) or compact_date(path)


_PATH_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-](1[0-2]|0[1-9])[/_-]?(3[01]|[12]\d|0[1-9])(?=[/_-])").search

_SCRIPTED = re.compile(rb"""["']?\s*[:=]\s*["'](?:(?P<seconds>1\d{9})|(?P<text>\d{4}[^"'<>]{4,30}))["']""")
_VARIABLES = (b'"datePublished', b"publish_time", b"publishTime", b"pubTime", b"pubtime", b"var ct ", b"var ct=")
"""JSON-LD (schema.org), and variables from which scripts write the date that a reader sees."""


def _set(source: bytes, name: bytes) -> Iterator[re.Match[bytes]]:
    """Yield what a variable is set to, of its first mentions; one pattern for all would be tried at each byte."""
    at = source.find(name)
    for _ in range(_MOST_MENTIONS):
        if at < 0:
            return
        match = _SCRIPTED.match(source, at + len(name.rstrip(b" =")))
        if match is not None:
            yield match
        at = source.find(name, at + 1)


_MOST_MENTIONS = 5


def _scripted_date(page: Page) -> FoundDate | None:
    """Return the date that a script of the page holds; only asked where nothing else of the page shows one."""
    source = page.decoded.utf8
    for match in chain.from_iterable(_set(source, name) for name in _VARIABLES):
        if match["seconds"]:
            local = dt.datetime.fromtimestamp(int(match["seconds"]), ZoneInfo(page.site.zone))
            return FoundDate(match["seconds"].decode(), local.date(), local.time(), "second", None, 0, 10)
        if (found := find_date(match["text"].decode("utf-8", "replace"))) is not None:
            return found
    return None


def _offset_name(offset: dt.timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
