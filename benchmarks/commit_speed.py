"""What a commit costs by the size of its batch: captures, revisions, outcomes, four syncs and a transaction.

Visits of the sample site's own pages are committed in batches of 1, 16 and 128 into collections of their own. Prints a
table; the reference is the batch of one, which is what a commit after every page would cost.

    python benchmarks/commit_speed.py [--articles 1000]
"""

import argparse
import datetime as dt
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from newsarchive.records.outcome import UrlClass
from newsarchive.sample import sample_site
from newsarchive.sample.replies import reply_to
from newsarchive.sites import load_site
from newsarchive.sites.scope import Scope, rebased
from newsarchive.store.catalogue import FRESH, Row
from newsarchive.store.interpret import interpret
from newsarchive.store.opening import open_collection
from newsarchive.store.visit import Visit
from newsarchive.warc.exchange import Exchange, read_exchange

ORIGIN = "http://127.0.0.1:9"
SIZES = (1, 16, 128)


def main() -> None:
    """Measure each size, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--short", action="store_true", help="200 articles")
    options = parser.parse_args()
    scope = Scope(rebased(load_site("sample"), ORIGIN))
    exchanges = list(_exchanges(200 if options.short else options.articles))
    visits = [list(_visits(exchanges, scope)) for _ in SIZES]
    print(f"{'visits a batch':>14}{'visits':>8}{'CPU ms/visit':>14}{'wall ms/visit':>15}{'CPU ratio':>11}")
    reference = None
    for size, prepared in zip(SIZES, visits, strict=True):
        cpu, wall = _committed(scope, prepared, size)
        reference = reference or cpu
        count = len(prepared)
        print(f"{size:14}{count:8}{cpu / count * 1000:14.3f}{wall / count * 1000:15.3f}{cpu / reference:11.2f}")


def _exchanges(articles: int) -> Iterator[Exchange]:
    site = sample_site(articles).at(ORIGIN)
    for url in sorted(site.article_urls):
        body = reply_to(site, url.removeprefix(ORIGIN)).content
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        yield read_exchange(
            url=url,
            started_at=dt.datetime.now(dt.UTC),
            request=f"GET {url.removeprefix(ORIGIN)} HTTP/1.1\r\nHost: 127.0.0.1:9\r\n\r\n".encode(),
            received=head.encode() + body,
            ip_address="127.0.0.1",
        )


def _visits(exchanges: list[Exchange], scope: Scope) -> Iterator[Visit]:
    for exchange in exchanges:
        visit = Visit(row=_row(exchange.url))
        visit.captured(exchange)
        meaning = interpret(exchange, "article", scope, url=exchange.url, captured_at=exchange.started_at)
        if meaning.article is None:
            raise RuntimeError(f"{exchange.url}: no article")
        visit.read(meaning.article, unchanged=False)
        visit.links(meaning.found)
        visit.finish(UrlClass.STORED, exchange.started_at)
        yield visit


def _row(url: str) -> Row:
    return Row(
        id=0, url=url, host="127.0.0.1:9", via=None, depth=1, deep=0, kind="article", outcome="pending",
        priority=FRESH, tries=0, etag=None, last_modified=None, first_seen_at=None, visited_at=None,
        changed_at=None, payload_digest=None, gone_at=None, article=None, content_digest=None, parser=None, status=None,
    )  # fmt: skip


def _committed(scope: Scope, visits: list[Visit], size: int) -> tuple[float, float]:
    """Return CPU and wall seconds of committing `visits` in batches of `size`."""
    with tempfile.TemporaryDirectory() as folder:
        opened = open_collection(Path(folder), scope, warcinfo={}, clock=time.time)
        committer = opened.collection._committer  # noqa: SLF001 - the commit alone is measured, without its thread
        cpu, wall = time.process_time(), time.perf_counter()
        for batch in _batched(visits, size):
            committer.commit(batch)
        spent = time.process_time() - cpu, time.perf_counter() - wall
        opened.collection.close()
    return spent


def _batched(visits: list[Visit], size: int) -> Iterator[list[Visit]]:
    for start in range(0, len(visits), size):
        yield visits[start : start + size]


if __name__ == "__main__":
    main()
