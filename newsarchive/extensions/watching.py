"""What a crawl counts for its verdict, and which articles it holds back: the adapter of `verdicts` to visits."""

import sys
from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from newsarchive.errors import NewsarchiveError, StorageError
from newsarchive.parsers import PARSER_VERSION
from newsarchive.records.article import Article
from newsarchive.records.outcome import UrlClass
from newsarchive.records.run import RunReport
from newsarchive.records.site import Site
from newsarchive.records.verdict import ListTally
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import EVERY_RUN, Catalogue, FoundUrl, Row
from newsarchive.store.collection import Collection
from newsarchive.store.drafts import Draft, write_drafts
from newsarchive.store.ingest import read_revisions
from newsarchive.store.interpret import Meaning, content_of
from newsarchive.store.opening import Reread
from newsarchive.store.reports import read_reports
from newsarchive.store.visit import Visit
from newsarchive.verdicts.judge import judge
from newsarchive.verdicts.page import class_of, page_read
from newsarchive.verdicts.past import HELD_FOR, Past
from newsarchive.verdicts.watch import DOUBTFUL, Watch, held_fields

MAX_LISTS = 100
MAX_FAILING = 10_000
"""URLs that failed are remembered up to so many, for their next try."""
MAX_DRAFTS = 3
MAX_LOOKED_UP = 900
"""Links of one page that are looked up among the articles held."""

_FAULTS = frozenset({"certificate", "address", "too-large", "not-http"})
"""Words of refusals that are a fault of the site or its server."""

_READ = frozenset({UrlClass.STORED, UrlClass.UNCHANGED, UrlClass.REDIRECTED, UrlClass.ALIAS})
_UNEXPLAINED = frozenset({"unknown-template", "missing-field", "unreadable-field", "script-only", "login-wall"})
"""Words for pages that no template explains."""


class PageWatch:
    """Counts what a run reads, and judges the run at its end. State: tallies, and at most three pages for drafts."""

    def __init__(self, collection: Collection, site: Site, *, compared: bool) -> None:
        self._collection = collection
        self._site = site
        self._compared = compared
        self._past = Past(read_reports(collection.layout).reports if compared else ())
        self._reread = Reread(collection.layout, Scope(site))
        self._watch = Watch(self._past, optional=site.expect.optional, holds=compared)
        self._lists: dict[str, ListTally] = {}
        self._lists_unchanged = 0
        self._lists_lost = self._still_lost(site)
        self._robots_read = 0
        self._robots_forbidden = 0
        self._asked = 0
        self._failing: dict[int, str] = {}
        self._drafts: dict[str, Draft] = {}

    def _still_lost(self, site: Site) -> dict[str, str]:
        """Return the seeds that were lost in the last run: they are until they are read again, or no seeds any more."""
        last = self._past.reports[-1].lists_lost if self._past.reports else {}
        seeds = set(Scope(site).seeds())
        return {url: reason for url, reason in last.items() if url in seeds}

    def judged(self, visit: Visit, meaning: Meaning) -> Meaning:
        """Count an article that was read. If it has to be held back, its meaning is a failure that says so."""
        article = meaning.article
        if article is None or meaning.outcome is not UrlClass.STORED:
            return meaning
        page = page_read(article)
        known = visit.row.article if not page.fields.issuperset(HELD_FOR) else None
        reason = self._watch.look(page, visit.row.tries, self._had(known, page.fields) if known else None)
        if reason is None:
            self._drafts.pop(article.url, None)
            return meaning
        self._draft(visit, article, reason)
        doubtful = reason.startswith(DOUBTFUL)
        return replace(meaning, outcome=UrlClass.FAILED, reason=reason, article=None, transient=doubtful)

    def finished(self, visit: Visit, meaning: Meaning) -> None:
        """Count a visit that has ended."""
        row, outcome = visit.row, meaning.outcome
        every_run = row.priority == EVERY_RUN and _leads_on(row, row.kind)
        if outcome in _READ:
            self._lists_lost.pop(row.url, None)
        elif every_run and outcome is not UrlClass.PENDING and len(self._lists_lost) < MAX_LISTS:
            self._lists_lost[row.url] = meaning.reason or outcome.value
        self._count_failure(visit, meaning)
        newly = outcome is UrlClass.REFUSED and row.outcome != UrlClass.REFUSED
        self._robots_forbidden += newly and (meaning.reason or "").startswith("robots.txt")
        if meaning.kind == "robots":
            self._robots_read += outcome in {UrlClass.STORED, UrlClass.UNCHANGED}
        elif outcome is UrlClass.UNCHANGED and row.kind != "article":
            self._lists_unchanged += every_run
        elif outcome is UrlClass.STORED and _leads_on(row, meaning.kind):
            again = row.depth == 0 or (meaning.kind != "page" and not row.deep)
            if again and len(self._lists) < MAX_LISTS:
                self._lists[row.url] = self._named(visit.found, meaning.stated)
        word = (meaning.reason or "").partition(":")[0]
        no_longer = row.article is not None and outcome is UrlClass.STORED and meaning.kind != "article"
        nameless = self._site.article_url is None and row.kind == "unknown" and word in _UNEXPLAINED
        if word == "unread" or no_longer or nameless:
            self._watch.unread(row.url, class_of(row.url))

    def _count_failure(self, visit: Visit, meaning: Meaning) -> None:
        """Count the URL, once however often it is tried, and as failed if its last try was."""
        word = (meaning.reason or "").partition(":")[0]
        failed = meaning.outcome is UrlClass.FAILED or (meaning.outcome is UrlClass.REFUSED and word in _FAULTS)
        again = self._failing.pop(visit.row.id, None) is not None
        self._asked += not again and (failed or visit.exchange is not None)
        if failed and len(self._failing) < MAX_FAILING:
            self._failing[visit.row.id] = sys.intern(word)

    def report(self, report: RunReport, *, answered: bool) -> RunReport:
        """Return the report with what was counted, and its verdict."""
        counted = report.model_copy(
            update={
                "page_classes": self._watch.tallies(),
                "lists": dict(sorted(self._lists.items())),
                "lists_unchanged": self._lists_unchanged,
                "lists_lost": dict(sorted(self._lists_lost.items())),
                "urls_asked": self._asked,
                "urls_failed": dict(sorted(Counter(self._failing.values()).items())),
                "robots_read": self._robots_read,
                "robots_forbidden": self._robots_forbidden,
            }
        )
        verdict = judge(counted, self._past, self._site.expect, answered=answered, compared=self._compared)
        return counted.model_copy(update={"verdict": verdict})

    def write_drafts(self, report: RunReport) -> None:
        """Lay down some of the held pages, where the verdict says that a field went missing.

        Raises `StorageError` where they cannot be written.
        """
        evidence = report.verdict.evidence if report.verdict else ()
        if not self._drafts or not any(item.kind == "field-missing" for item in evidence):
            return
        try:
            write_drafts(self._collection.layout, report.run, list(self._drafts.values()))
        except OSError as error:
            folder = self._collection.layout.drafts
            raise StorageError(f"{folder}: cannot be written ({error.strerror}); make room") from error

    def _had(self, article_id: str, shown: AbstractSet[str]) -> frozenset[str] | None:
        """Return the counted fields of an article's last revision, as today's parser reads it; None for none to read.

        What only an older parser read and is not `shown` is not missed: an upgrade never looks like a changed template.
        """
        known = self._collection.catalogue.article(article_id)
        if known is None:
            return None
        try:
            revision, _, _ = next(read_revisions(self._collection.layout.revisions, known.log_offset))
            had = page_read(revision).fields
            if revision.parser != PARSER_VERSION and not shown >= had & set(HELD_FOR):
                had = page_read(self._reread(revision.capture, known.url)).fields
        except (ValueError, StopIteration, OSError, NewsarchiveError):
            return None  # damage, which `verify` tells, or a page for another parser: the page is judged as a new one
        return had

    def _draft(self, visit: Visit, article: Article, reason: str) -> None:
        if visit.exchange is None or (len(self._drafts) >= MAX_DRAFTS and article.url not in self._drafts):
            return
        try:
            content = content_of(visit.exchange)
        except NewsarchiveError:
            return
        self._drafts[article.url] = Draft(content, article, tuple(held_fields(reason)))

    def _named(self, found: Iterable[FoundUrl], stated: int | None) -> ListTally:
        links = list(found)
        known = _held(self._collection.catalogue, [link.url for link in links[:MAX_LOOKED_UP]])
        named = sum(link.kind == "article" or link.url in known for link in links)
        return ListTally(named=named, known=len(known), stated=stated)


def _leads_on(row: Row, kind: str) -> bool:
    """Tell whether the page at `row`, which is of `kind`, is one by which it shows that a site goes on.

    Of what is written for machines only the seeds are, and the sitemaps that they name: a site may forget the others.
    """
    if kind in {"sitemap", "feed"}:
        of_a_seed = kind == "sitemap" and row.depth == 1 and not (row.via or "").endswith("/robots.txt")
        return row.depth == 0 or of_a_seed
    return kind in {"list", "page"}


def _held(catalogue: Catalogue, urls: list[str]) -> set[str]:
    """Return those of `urls` that are articles which are held."""
    marks = ", ".join("?" * len(urls))
    query = f"SELECT url FROM urls WHERE article IS NOT NULL AND url IN ({marks})"  # noqa: S608 - marks only
    return {url for (url,) in catalogue.execute(query, urls)}
