"""The article of a page: title, info lines, body and surroundings brought together."""

import hashlib
import re
from urllib.parse import urlsplit

from newsarchive.errors import MissingFieldError, NotAnArticleError
from newsarchive.parsers.attachments import read_files
from newsarchive.parsers.blocks import Content, read_blocks, text_of
from newsarchive.parsers.body import Body, find_body
from newsarchive.parsers.boxed_dates import date_in_boxes
from newsarchive.parsers.construct import made
from newsarchive.parsers.evidence import date_evidence
from newsarchive.parsers.info import (
    Info,
    LineInfo,
    Place,
    Value,
    collect,
    collect_byline,
    read_line,
)
from newsarchive.parsers.language import language_of
from newsarchive.parsers.names import is_name
from newsarchive.parsers.noise import clean
from newsarchive.parsers.page import Page
from newsarchive.parsers.provenance import Places, add_info, add_surroundings, add_text, add_title
from newsarchive.parsers.series import column_and_series
from newsarchive.parsers.surroundings import Surroundings, read_surroundings
from newsarchive.parsers.titles import Title, find_title
from newsarchive.records.article import Article, EncodingEvidence, Paragraph, Roles
from newsarchive.urls import compiled, path_and_query

PARSER_VERSION = "1.1"
_AFTER_TITLE = 16
"""Lines after the title among which the info line is looked for."""
_NAMES = re.compile(r"[\s、,，;；/|]+")
_TRANSLATED = re.compile(
    r"^(?P<names>[\u3400-\u9fff·]{2,8}?(?:[\s、，,][\u3400-\u9fff·]{2,8}?){0,3})\s*(?:编译|翻译|译)$"
)
_REFERENCE = re.compile(r"^[【\[]?\s*(?:文献来源|参考文献|原文来源|文章原文)\s*[】\]]?\s*[:：]?\s*(?P<work>\S.*)$")


class Sketch:
    """Title, info and body of a page before it is known whether they make an article."""

    __slots__ = ("body", "info", "infos", "title")

    def __init__(self, title: Title | None, infos: dict[int, LineInfo], info: Info, body: Body | None) -> None:
        self.title = title
        self.infos = infos
        self.info = info
        self.body = body


def sketch(page: Page) -> Sketch:
    """Return what can be told of the article on `page`."""
    infos = _info_lines(page)
    title = find_title(page, infos)
    anchor = _anchor(page, title, infos)
    if (
        title is not None
        and title.rule.startswith("line")
        and title.first < title.last
        and not _labelled(infos, anchor)
    ):
        # A document's own heading over several lines, with no info line under it, is a part of the text.
        anchor = title.first - 1
    body = find_body(page, anchor, infos)
    return Sketch(title, infos, read_info(page, title, infos, body), body)


def _info_lines(page: Page) -> dict[int, LineInfo]:
    """Return every line of the page that could be an info line."""
    lines = page.lines.lines
    infos: dict[int, LineInfo] = {}
    for index, line in enumerate(lines):
        if not line.size or line.hidden or (line.linked > 0.6 * line.size and not _LABEL_FIRST(line.text)):
            continue
        parts = read_line(page, line)
        if parts is None and line.size <= 7 and line.text[:1].isdigit():  # noqa: PLR2004
            date = date_in_boxes([other.text for other in lines[index : index + 3]])
            parts = LineInfo((), date, "", frozenset()) if date is not None else None
        if parts is not None and (parts.fields or not _is_signature(page, index)):
            infos[index] = parts
            if len(infos) >= _MOST_INFO_LINES:
                break
    return infos


_LABEL_FIRST = re.compile(r"[^\s:：]{1,6}\s?[:：]").match
"""A label before a link; any other line of links is a menu or a list."""
_MOST_INFO_LINES = 1000
"""A page with more of them is a list, whatever follows."""


def _is_signature(page: Page, index: int) -> bool:
    """Tell whether a bare date stands under paragraphs of its own box: the date that a document is signed with."""
    lines = page.lines.lines
    return any(
        (lines[i].prose > 60 or (lines[i].prose >= 20 and lines[i].text[-1] in "。；"))  # noqa: PLR2004
        and _beside(page, i, index)
        for i in range(max(0, index - 6), index)
    )


def _anchor(page: Page, title: Title | None, infos: dict[int, LineInfo]) -> int:
    """Return the last line of the head of the article: the info line after the title, or the title."""
    after = title.last if title is not None else -1
    if after < 0:
        dated = [index for index, parts in infos.items() if parts.date is not None]
        return dated[0] if dated else -1
    lines = page.lines.lines
    anchor = after
    dated_at = -1
    has_source = False
    for index in range(after + 1, min(after + _AFTER_TITLE, len(lines))):
        line = lines[index]
        if line.hidden:
            continue
        parts = infos.get(index)
        if parts is None:
            if (line.size > 60 and not line.linked) or _HARD_SENTENCE.search(line.text):  # noqa: PLR2004
                break
            continue
        if dated_at >= 0 and (has_source or parts.date is not None):
            break
        if dated_at >= 0 and not _beside(page, index, dated_at):
            # A first line of the text may look like an info line (作者：…); it does not stand beside the date.
            break
        if parts.date is None and not parts.fields & _HEAD_FIELDS and not _beside(page, index, after):
            continue
        dated_at = index if parts.date is not None else dated_at
        has_source = has_source or "source" in parts.fields
        anchor = index
    return anchor


def _labelled(infos: dict[int, LineInfo], index: int) -> bool:
    return index in infos and bool(infos[index].fields)


def _beside(page: Page, index: int, other: int) -> bool:
    """Tell whether two lines stand in one box or in boxes side by side."""
    lines, boxes = page.lines.lines, page.lines.boxes
    return lines[index].box == lines[other].box or boxes[lines[index].box].parent == boxes[lines[other].box].parent


_HEAD_FIELDS = frozenset({"date", "source", "clicks", "section"})
_HARD_SENTENCE = re.compile(r"[。！？]\s*$")
_UNDER_TITLE, _ABOVE_TITLE, _BELOW_BODY = (
    Place("info-line", 10),
    Place("info-line-above-title", 5),
    Place("line-below-body", 4),
)
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)[一二三四五六日天]")
"""A bare date with its weekday above the title is the clock in the head of the page."""
_ABOVE = 12
"""Lines above the title among which info lines are looked for; a table of them may reach further up."""
_STAFF = frozenset({"editor", "photographer", "supplier", "translator"})


def read_info(page: Page, title: Title | None, infos: dict[int, LineInfo], body: Body | None) -> Info:
    """Return what the info lines say: those between title and body, then those just above, then those below."""
    info = Info()
    first = title.first if title is not None else -1
    last = title.last if title is not None else -1
    start = body.lines[0] if body is not None and body.lines else len(page.lines.lines)
    for index in range(last + 1, min(start, last + 40)):
        if index in infos:
            collect(page, info, index, infos[index], _UNDER_TITLE)
    listed = _dates_of_lists(infos)
    lowest = first - _ABOVE
    for index in range(first - 1, max(-1, first - 40), -1):
        if index < lowest:
            break
        clock = index in infos and not infos[index].fields and _WEEKDAY.search(page.lines.lines[index].text)
        if index in infos and index not in listed and not clock and (info.date is None or info.first("source") is None):
            collect(page, info, index, infos[index], _ABOVE_TITLE)
            lowest = min(lowest, index - 3)
    if body is not None:
        _read_tail(page, info, {i: parts for i, parts in infos.items() if i not in listed}, body, start)
    if not {"source", "source-unit"} & info.values.keys() and last >= 0:
        collect_byline(page, info, last)
    return info


def _dates_of_lists(infos: dict[int, LineInfo]) -> set[int]:
    """Return the lines of bare dates that stand close to others: they are the days of a list's entries."""
    bare = [index for index, parts in infos.items() if parts.date is not None and not parts.fields]
    close = [j for i, j in enumerate(bare) if i + 2 < len(bare) and bare[i + 2] - j <= _LIST]
    return {index for start in close for index in bare if start <= index <= start + _LIST}


_LIST = 12
"""Lines over which three bare dates make a list."""


def _read_tail(page: Page, info: Info, infos: dict[int, LineInfo], body: Body, start: int) -> None:
    """Add what the lines below the body say, and the staff and the source that are named at its end."""
    inside = set(body.lines)
    for index in range(start, min(body.box.end + 30, len(page.lines.lines))):
        parts = infos.get(index)
        if parts is None:
            continue
        signed = index in inside and parts.fields == {"source"} and index >= body.end - 3
        if index in inside and not signed and not parts.fields & _STAFF:
            continue
        tail = Info()
        collect(page, tail, index, parts, _BELOW_BODY)
        if signed:
            info.values.setdefault("source-signed", tail.values.get("source", []))
            continue
        for name, values in tail.values.items():
            if name in _STAFF or (name != "source?" and not info.values.get(name)):
                for value in values:
                    info.add(name, value)
        if tail.date is not None and tail.date_at is not None and index not in inside and index >= body.end - 3:
            info.offer_date(tail.date, tail.date_at, tail.trust)


def build_article(page: Page, found: Sketch) -> Article:
    """Return the article; raises `NotAnArticleError` or `MissingFieldError` where it lacks title or body."""
    title, info, body = found.title, found.info, found.body
    if title is None or body is None:
        missing = "title" if title is None else "body"
        if info.date is not None:
            raise MissingFieldError(f"an info line, and no {missing}")
        raise NotAnArticleError(f"no {missing} and no info line")
    content = read_blocks(page, body)
    if not content.blocks and content.attachments:
        # Where files are all that an article has, their names are what a reader reads.
        content.blocks += [made(Paragraph, text=t) for i in body.lines if (t := page.lines.lines[i].text)]
    if not content.blocks:
        raise MissingFieldError("no body")
    inside = set(range(body.lines[0], body.lines[-1] + 1)) | info.lines
    around = read_surroundings(page, title.text, title.last, inside)
    return _assembled(page, found, around, content)


def _assembled(page: Page, found: Sketch, around: Surroundings, content: Content) -> Article:
    title, info, body = found.title, found.info, found.body
    if title is None or body is None:
        raise NotAnArticleError("no title or no body")
    evidence, used, disagreements = date_evidence(page, info)
    text = text_of(content.blocks)
    column, series = column_and_series(title.text)
    source = source_of(info)
    clicks, author, section = info.first("clicks"), info.first("author"), info.first("section")
    decoded = page.decoded
    files = read_files(page, body, content)
    places = Places(page)
    article = made(
        Article,
        id=article_id(page),
        site=page.site.name,
        url=page.url,
        title=title.text,
        column=column,
        series=series,
        date=used.day if used else None,
        published_at=used.instant(page.site.zone) if used else None,
        date_evidence=evidence,
        source=source.text if source else _declared_source(page),
        author=author.text if author else None,
        roles=_roles(info, text),
        clicks=int(clicks.text) if clicks else None,
        tags=around.tags or _tag_values(info),
        section=around.section or (section.text if section else None),
        breadcrumb=around.breadcrumb,
        language=language_of(text or title.text),
        body=tuple(content.blocks),
        text=text,
        references=_references(text),
        attachments=files.attachments,
        related=around.related,
        previous=around.previous,
        next=around.next,
        encoding=made(EncodingEvidence, declared=decoded.declared, used=decoded.used, undecoded=decoded.undecoded),
        provenance=places.found,
        warnings=(*decoded.warnings, *disagreements, *_doubts(page, found), *map(_lost, files.unreachable)),
        parser=PARSER_VERSION,
    )
    add_title(places, title, column, numbered=series is not None)
    add_info(places, article, info, {"source": source, "author": author, "clicks": clicks})
    add_text(places, article, body, files.line)
    add_surroundings(places, article, around, info)
    return article


def _lost(name: str) -> str:
    return f"file-without-url: {name[:100]}"


def source_of(info: Info) -> Value | None:
    """Return the labelled source, else the office that publishes, else a name without label where no label is."""
    unlabelled = info.first("source?") if "source" not in info.values else None
    return info.first("source") or info.first("source-unit") or unlabelled or info.first("source-signed")


def _declared_source(page: Page) -> str | None:
    """Return the source that the head declares by the standard of government sites, where the page shows none."""
    declared = clean(page.head.metas.get("contentsource", ""))
    return declared if is_name(declared) else None


def _references(text: str) -> tuple[str, ...]:
    if "文献" not in text and "原文" not in text:
        return ()
    return tuple(match["work"] for line in text.split("\n")[-40:] if (match := _REFERENCE.match(line)))


def article_id(page: Page) -> str:
    """Return `site/key`: the key by the site's pattern, else from the URL's path and query."""
    pattern = page.site.article_url
    match = compiled(pattern).search(path_and_query(page.url)) if pattern else None
    if match is not None and match.groupdict().get("key"):
        return f"{page.site.name}/{match['key']}"
    parts = urlsplit(page.url)
    rest = page.url.partition("://")[2][len(parts.netloc) :] if parts.netloc else page.url
    return f"{page.site.name}/{hashlib.sha256(rest.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _doubts(page: Page, found: Sketch) -> list[str]:
    doubts = []
    if page.markup.second_reader:
        doubts.append("parse-limited: nested too deep or never closed, read with html.parser")
    if found.title is not None and found.title.first < 0:
        doubts.append(f"title-not-on-page: {found.title.rule}")
    if found.info.unreadable:
        doubts.append(f"unreadable-date: {found.info.unreadable[:100]}")
    if found.info.date is None and not found.info.values:
        doubts.append("no-info-line: body found by its prose")
    if found.info.values.keys() & {"source?", "source", "source-unit"} == {"source?"}:
        doubts.append("source-without-label")
    return doubts


def _roles(info: Info, text: str) -> Roles:
    people = {name: _people(info, name) for name in ("translator", "editor", "photographer", "supplier")}
    if not people["translator"]:
        for line in text.split("\n", 3)[:3]:
            match = _TRANSLATED.match(line)
            if match:
                people["translator"] = tuple(_NAMES.split(match["names"].strip()))
                break
    return made(Roles, **people)


def _people(info: Info, name: str) -> tuple[str, ...]:
    names: list[str] = []
    for value in info.values.get(name, ()):
        names.extend(part for part in _NAMES.split(value.text) if part)
    return tuple(dict.fromkeys(names))


def _tag_values(info: Info) -> tuple[str, ...]:
    value = info.first("tags")
    return tuple(part for part in _NAMES.split(value.text) if part) if value else ()
