"""The article of a page: title, info lines, body and surroundings brought together."""

import hashlib
import re
from urllib.parse import urlsplit

from newsarchive.errors import MissingFieldError, NotAnArticleError
from newsarchive.parsers.attachments import read_files
from newsarchive.parsers.blocks import Content, read_blocks, text_of
from newsarchive.parsers.construct import made
from newsarchive.parsers.evidence import date_evidence
from newsarchive.parsers.language import language_of
from newsarchive.parsers.names import is_name
from newsarchive.parsers.noise import clean
from newsarchive.parsers.page import Page
from newsarchive.parsers.players import played_files
from newsarchive.parsers.provenance import Places, add_info, add_surroundings, add_text, add_title
from newsarchive.parsers.series import column_and_series
from newsarchive.parsers.sketch import Sketch
from newsarchive.parsers.surroundings import Surroundings, read_surroundings
from newsarchive.parsers.values import Info, Value
from newsarchive.records.article import Article, EncodingEvidence, Paragraph, Roles
from newsarchive.urls import compiled, path_and_query

PARSER_VERSION = "1.3"
_NAMES = re.compile(r"[\s、,，;；/|]+")
_TRANSLATED = re.compile(
    r"^(?P<names>[\u3400-\u9fff·]{2,8}?(?:[\s、，,][\u3400-\u9fff·]{2,8}?){0,3})\s*(?:编译|翻译|译)$"
)
_REFERENCE = re.compile(r"^[【\[]?\s*(?:文献来源|参考文献|原文来源|文章原文)\s*[】\]]?\s*[:：]?\s*(?P<work>\S.*)$")


def build_article(page: Page, found: Sketch) -> Article:
    """Return the article; raises `NotAnArticleError` or `MissingFieldError` where it lacks title or body."""
    title, info, body = found.title, found.info, found.body
    if title is None or body is None:
        missing = "title" if title is None else "body"
        if info.date is not None:
            raise MissingFieldError(f"an info line, and no {missing}")
        raise NotAnArticleError(f"no {missing} and no info line")
    content = read_blocks(page, body)
    if not content.blocks:
        # Where files are all that an article has, their names are what a reader reads.
        texts = [page.lines.lines[i].text for i in body.lines] if content.attachments else []
        names = texts if body.lines else [file.title for file in played_files(page)]
        content.blocks += [made(Paragraph, text=name) for name in dict.fromkeys(names) if name]
    if not content.blocks:
        raise MissingFieldError("no body")
    inside = set(range(body.lines[0], body.lines[-1] + 1)) if body.lines else set()
    inside |= info.lines
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
        # 宋　歌 is one name, and so is Mu Xuequan.
        gaps = _NAMES if _IDEOGRAPH(value.text) and not _SPACED_NAME(value.text) else _COMMAS
        names.extend("".join(part.split()) if _SPACED_NAME(part) else part for part in gaps.split(value.text) if part)
    return tuple(dict.fromkeys(names))


_COMMAS = re.compile(r"\s*[、,，;；/|]\s*")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]").search
_SPACED_NAME = re.compile(r"[\u3400-\u9fff]\s[\u3400-\u9fff]").fullmatch


def _tag_values(info: Info) -> tuple[str, ...]:
    value = info.first("tags")
    return tuple(part for part in _NAMES.split(value.text) if part) if value else ()
