"""Writes an article: its body and what its page shows around it, apart from what the rest of the site decides."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from newsarchive.records.article import Attachment, Roles, Series
from newsarchive.sample.bodies import compose_body
from newsarchive.sample.headlines import Headline, article_random
from newsarchive.sample.kinds import Kind
from newsarchive.sample.shown import ShownArticle
from newsarchive.sample.vocabulary import institute

ZONE = ZoneInfo("Asia/Shanghai")

_TIMED = 9
"""Every ninth page shows a time of day."""


@dataclass(frozen=True, slots=True)
class _Credits:
    source: str | None
    author: str | None
    roles: Roles


def compose_article(headline: Headline, seed: int, origin: str) -> ShownArticle:
    """Write the article that belongs to `headline`, without related lists and neighbours; URLs are on `origin`."""
    rng = article_random(headline.number, seed, "page")
    body = compose_body(headline, seed, origin)
    named = _credits(headline, body.translators)
    tags = institute().tags
    minutes = rng.randint(8 * 60, 20 * 60)
    published_at = dt.datetime.combine(headline.shown, dt.time(minutes // 60, minutes % 60), ZONE)
    return ShownArticle(
        url=f"{origin}/f/{headline.key}.html",
        title=headline.title,
        column=headline.column,
        series=Series(name=institute().review_series, number=headline.ordinal + 1) if body.references else None,
        date=headline.shown,
        published_at=published_at if headline.number % _TIMED == 0 else None,
        source=named.source,
        author=named.author,
        roles=named.roles,
        clicks=rng.randint(12, 4800) if headline.number % 6 == 0 else None,
        tags=tuple(rng.sample(tags, rng.randint(1, 3))) if headline.number % 5 in {1, 3} else (),
        breadcrumb=("首页", headline.section.name),
        body=body.blocks,
        references=body.references,
        attachments=_attachments(headline, origin),
    )


def _credits(headline: Headline, translators: tuple[str, ...]) -> _Credits:
    words, number = institute(), headline.number
    source: str | None = "原创"
    if headline.kind is Kind.REPOST:
        source = "互联网" if number % 2 else words.sources_named[number % len(words.sources_named)]
    elif headline.kind is Kind.REVIEW and number % 4 == 0:
        source = "互联网"
    if number % 23 == 0:
        source = None
    roles = Roles(
        translator=translators,
        editor=(words.person(number * 17),) if number % 7 == 0 else (),
        photographer=(words.person(number * 29),) if headline.has_images and number % 8 == 0 else (),
    )
    author = words.person(number * 13) if number % 11 == 0 and headline.kind is not Kind.REVIEW else None
    return _Credits(source, author, roles)


def _attachments(headline: Headline, origin: str) -> tuple[Attachment, ...]:
    titles = {
        Kind.NOTICE: ("报名表.pdf", "论文格式要求.pdf")[: 1 + headline.ordinal % 2],
        Kind.PAPERS: ("论文目录.pdf",),
        Kind.REPORT: ("考察简报.pdf",) if headline.ordinal % 2 else (),
    }.get(headline.kind, ())
    folder = f"{origin}/upload/{headline.entered:%Y/%m}"
    return tuple(
        Attachment(url=f"{folder}/{headline.number}_{at}.pdf", title=title, type="pdf")
        for at, title in enumerate(titles, 1)
    )
