"""A collection of many years: the sample's articles spread over them, with sections, sources, edits and removals.

For looking at reports, and for what reads a collection with a history. The same arguments give the same bytes.
"""

import datetime as dt
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.made_collection import BEGAN, keep, revision_of
from newsarchive.dedupe.content import content_digest
from newsarchive.records.article import RelatedLink
from newsarchive.records.revision import Revision
from newsarchive.records.site import Site
from newsarchive.sample import sample_site
from newsarchive.store.layout import Layout

ARTICLE_URL = r"^/f/(?P<key>\d{6}/\d+)\.html$"
SECTIONS = (
    "新闻动态", "学术研究", "书评译介", "通知公告", "会议回顾", "科学动态", "研究报告", "人才培养", "对外交流",
    "党建工作", "学术讲座", "媒体关注", "下载中心", "招聘信息", "机构设置",
)  # fmt: skip
SOURCES = (
    "原创", "互联网", "绿洲通讯社", "榆下社会科学网", "河谷日报", "青榆大学新闻网", "沙地文保网", "Oasis Times",
    "水渠周刊", "Степной вестник", "驿站参考", "湿地观察", "边地研究通讯", "月沙晚报",
)  # fmt: skip
LAST_YEAR = 2025
UNDATED, REMOVED = 0.01, 0.15
"""Parts of the articles that show no day, and of the edits that are removals."""
CRAWLED_DAYS = 900
"""The first capture is so many days before the last."""
HOLE = frozenset({(LAST_YEAR - 7, 9), (LAST_YEAR - 14, 4), (LAST_YEAR - 14, 5)})
"""Months without an article."""


def make_history(archive: Path, articles: int, years: int = 20) -> Layout:
    """Make a collection of `articles` articles that show days of `years` years, the last of them 2025."""
    site = Site(name="sample", title="Sample", home="http://sample.newsarchive.test/", article_url=ARTICLE_URL)
    return keep(archive, site, _revisions(site, articles, years))


def _revisions(site: Site, articles: int, years: int) -> list[Revision]:
    """Return every revision in the order in which they were recorded."""
    chance = Random(articles)  # noqa: S311 - no secret
    shown = sample_site(articles).at(site.home).articles
    titles = [(article.title, article.url) for article in shown[: min(60, articles)]]
    latest: list[Revision] = []
    for number, article in enumerate(shown):
        part = number / articles
        at = BEGAN - dt.timedelta(days=CRAWLED_DAYS * (1 - part**0.2), seconds=articles - number)
        day = _day(chance, LAST_YEAR - years + 1 + int(years * part**0.8))
        said = {
            "date": day if chance.random() > UNDATED else None,
            "section": _one_of(chance, SECTIONS) if day.year > LAST_YEAR - years * 0.7 else None,
            "source": _one_of(chance, SOURCES),
            "related": tuple(_promoted(link, titles, at, place) for place, link in enumerate(article.related)),
        }
        made = revision_of(site, article, number)
        latest.append(_sealed(made, **said, captured_at=at, recorded_at=at, first_seen_at=at))
    every = list(latest)
    for number in range(articles // 12):
        place = chance.randrange(articles)
        before = latest[place]
        at = BEGAN - dt.timedelta(days=CRAWLED_DAYS * (1 - 12 * number / articles), seconds=number)
        removed = before.status == "published" and chance.random() < REMOVED
        latest[place] = _sealed(
            before, revision=before.revision + 1, status="removed" if removed else "published",
            title=before.title if removed else f"{before.title}（更新）",
            captured_at=max(at, before.recorded_at), recorded_at=max(at, before.recorded_at),
        )  # fmt: skip
        every.append(latest[place])
    return sorted(every, key=lambda revision: (revision.recorded_at, revision.revision))


def _day(chance: Random, year: int) -> dt.date:
    """Return a day in the rhythm of an institute: few in January, February and August, most in spring and autumn."""
    months = [month for month in range(1, 13) if (year, month) not in HOLE]
    weights = [(1, 1, 6, 7, 7, 6, 3, 1, 6, 7, 7, 5)[month - 1] for month in months]
    return dt.date(year, chance.choices(months, weights)[0], chance.randint(1, 28))


def _promoted(link: RelatedLink, titles: list[tuple[str, str]], at: dt.datetime, place: int) -> RelatedLink:
    """Return what stands at a place of a side list: another item every few months."""
    title, url = titles[(place * 7 + (at.year * 12 + at.month) // (1 + place % 5)) % len(titles)]
    return link.model_copy(update={"title": title, "url": url})


def _one_of(chance: Random, names: tuple[str, ...]) -> str:
    return chance.choices(names, [1 / (rank + 1) for rank in range(len(names))])[0]


def _sealed(revision: Revision, /, **changes: Any) -> Revision:  # noqa: ANN401 - the fields have many types
    changed = revision.model_copy(update=changes)
    return changed.model_copy(update={"content_digest": content_digest(changed)})
