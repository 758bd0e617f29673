"""A collection filled without a network: answers go in as bytes, through the same judgement and commit as a crawl's."""

import datetime as dt
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from newsarchive.operations.access import Held
from newsarchive.operations.rebuild import rebuild_catalogue
from newsarchive.operations.verify import verify
from newsarchive.records.outcome import Outcome
from newsarchive.sample import sample_site
from newsarchive.sample.replies import reply_to
from newsarchive.sites import load_site
from newsarchive.sites.scope import Scope, rebased
from newsarchive.store.catalogue import FRESH, Catalogue, Row
from newsarchive.store.ingest import read_outcomes
from newsarchive.store.interpret import interpret
from newsarchive.store.layout import Layout
from newsarchive.store.opening import Opened, open_collection
from newsarchive.store.segments import MAX_SEGMENT_BYTES
from newsarchive.store.visit import Visit
from newsarchive.timestamps import run_name
from newsarchive.warc.exchange import Exchange, Truncation, read_exchange

ORIGIN = "http://127.0.0.1:9"
START = dt.datetime(2026, 11, 22, 7, 15, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

SITE = sample_site(20).at(ORIGIN)
URLS = sorted(SITE.article_urls)


def page(url: str) -> bytes:
    """Return the body that the sample site serves at `url`."""
    return reply_to(SITE, url.removeprefix(ORIGIN)).content


def answer(body: bytes, *fields: str, status: str = "200 OK") -> bytes:
    """Return an answer as it comes over the wire."""
    head = "\r\n".join(
        [f"HTTP/1.1 {status}", "content-type: text/html", f"Content-Length: {len(body)}", *fields, "", ""]
    )
    return head.encode() + body


class Keeper:
    """One collection below `folder`; each `run` is a day after the one before."""

    def __init__(self, folder: Path, max_segment_bytes: int = MAX_SEGMENT_BYTES) -> None:
        self.archive = folder
        self.scope = Scope(rebased(load_site("sample"), ORIGIN))
        self.layout = Layout(folder, "sample")
        self.held = Held(self.layout, self.scope)
        self.now = START
        self._max_segment_bytes = max_segment_bytes

    def run(self, answers: Sequence[tuple[str, bytes]], truncated: Truncation | None = None) -> list[Outcome]:
        """Commit the answers to a request for each URL, and return their outcomes; not those of URLs they refuse."""
        opened = self.open()
        started_at = opened.collection.started_at
        try:
            for url, received in answers:
                opened.collection.submit(self.visit(opened.collection.catalogue, url, received, truncated))
        finally:
            opened.collection.close()
        outcomes = read_outcomes(self.layout.run_log(run_name(started_at)))
        return [outcome for outcome in outcomes if outcome.status is not None]

    def open(self) -> Opened:
        """Open the collection for a run, a day later."""
        self.now += DAY
        return open_collection(
            self.archive, self.scope, warcinfo={"software": "newsarchive"}, clock=self.now.timestamp, min_free_bytes=0,
            max_segment_bytes=self._max_segment_bytes,
        )  # fmt: skip

    def rebuild(self) -> None:
        """Make the catalogue again, a day later."""
        self.now += DAY
        rebuild_catalogue(self.held, self.now.timestamp())

    def damages(self) -> list[str]:
        """Return what `verify` says."""
        return [str(damage) for damage in verify(self.held)]

    @property
    def segments(self) -> list[Path]:
        """The WARC files, oldest first."""
        return sorted(self.layout.captures.glob("*.warc.gz*"))

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Return rows of the catalogue."""
        with closing(sqlite3.connect(f"file:{self.layout.catalogue}?mode=ro", uri=True)) as catalogue:
            return list(catalogue.execute(statement))

    def visit(self, catalogue: Catalogue, url: str, received: bytes, truncated: Truncation | None = None) -> Visit:
        """Return the finished visit of `url` that `received` answered."""
        row = catalogue.find(url) or unknown(url)
        visit = Visit(row=row, kind=row.kind)
        exchange = self.exchange(url, received, truncated)
        visit.captured(exchange)
        meaning = interpret(
            exchange, self.scope.kind(url), self.scope, url=url, captured_at=exchange.started_at,
            asked_if_changed=bool(row.etag or row.last_modified),
        )  # fmt: skip
        if meaning.article is not None:
            visit.read(meaning.article, unchanged=False)
        visit.kind = meaning.kind
        visit.article_id = visit.article_id or row.article
        visit.links(meaning.found)
        visit.transient = meaning.transient
        visit.finish(meaning.outcome, self.now, reason=meaning.reason, target=meaning.target)
        return visit

    def exchange(self, url: str, received: bytes, truncated: Truncation | None = None) -> Exchange:
        """Return the exchange in which `received` answered a request for `url` now."""
        path = url.removeprefix(ORIGIN)
        return read_exchange(
            url=url, started_at=self.now, request=f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:9\r\n\r\n".encode(),
            received=received, ip_address="127.0.0.1", truncated=truncated,
        )  # fmt: skip


def unknown(url: str) -> Row:
    """Return the row of a URL that a page of a run has just named."""
    return Row(
        id=0, url=url, host="127.0.0.1:9", via=None, depth=1, deep=0, kind="article", outcome="pending",
        priority=FRESH, tries=0, etag=None, last_modified=None, first_seen_at=None, visited_at=None, changed_at=None,
        payload_digest=None, gone_at=None, article=None, content_digest=None, parser=None, status=None,
    )  # fmt: skip
