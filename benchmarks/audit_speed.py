"""What `newsarchive audit` costs, by the number of articles: seconds, CPU, and peak memory.

A collection is made with every list page of the sample as a capture, twelve articles a page, and every twentieth
article withheld; the audit runs in a process of its own and has to name each of these. The reference is the bare
reading of the same list pages by today's parser: what an audit cannot do without. Prints a table.

    python benchmarks/audit_speed.py [--articles 10000]
"""

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.made_collection import keep, revision_of
from newsarchive.operations.access import collection_of
from newsarchive.operations.audit import audit
from newsarchive.parsers.list_pages import read_list_page
from newsarchive.records.outcome import UrlClass
from newsarchive.sample import SampleSite, sample_site
from newsarchive.sample.lists import list_urls
from newsarchive.sample.replies import reply_to
from newsarchive.sites import load_site
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import FRESH, Row
from newsarchive.store.interpret import interpret
from newsarchive.store.opening import open_collection
from newsarchive.store.visit import Visit
from newsarchive.warc.exchange import read_exchange

AT = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
WITHHELD_EVERY = 20
BATCH = 128


def main() -> None:
    """Make the collection, measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="where the collection is made, and stays (default: nowhere)")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measured(options.measure)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        archive = (options.folder or Path(scratch)) / f"audited-{options.articles}"
        site = sample_site(options.articles)
        if not archive.exists():
            _make(archive, site)
        ran = subprocess.run(
            [sys.executable, __file__, "--measure", str(archive)], check=True, capture_output=True, text=True
        )
        figures: dict[str, float] = json.loads(ran.stdout)
        bare, pages = _bare(site)
    headings = {"articles": 9, "lists": 7, "named": 8, "missing": 9, "s": 7, "CPU s": 7, "MiB": 6, "bare CPU s": 12}
    print("".join(f"{name:>{width}}" for name, width in headings.items()) + f"{'ratio':>7}")
    print(
        f"{options.articles:9}{pages:7}{figures['promised']:8.0f}{figures['missing']:9.0f}{figures['wall']:7.1f}",
        end="",
    )
    print(f"{figures['cpu']:7.1f}{figures['mib']:6.0f}{bare:12.1f}{figures['cpu'] / bare:7.2f}")


def _measured(archive: Path) -> dict[str, float]:
    wall = time.perf_counter()
    found = audit(collection_of(archive, "sample"))
    wall = time.perf_counter() - wall
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "promised": found.promised, "missing": len(found.missing), "wall": wall, "mib": used[0].ru_maxrss / 1024,
        "cpu": sum(one.ru_utime + one.ru_stime for one in used),
    }  # fmt: skip


def _bare(site: SampleSite) -> tuple[float, int]:
    """Return the CPU seconds of reading every list page, and how many there are."""
    declared = load_site("sample")
    pages = [(url, reply_to(site, url.removeprefix(site.origin)).content) for url in list_urls(site)]
    began = time.process_time()
    for url, content in pages:
        read_list_page(content, url, declared)
    return time.process_time() - began, len(pages)


def _make(archive: Path, site: SampleSite) -> None:
    declared = load_site("sample")
    kept = (
        revision_of(declared, article, number)
        for number, article in enumerate(site.articles)
        if number % WITHHELD_EVERY
    )
    keep(archive, declared, kept)
    opened = open_collection(archive, Scope(declared), warcinfo={}, clock=time.time)
    committer = opened.collection._committer  # noqa: SLF001 - without its thread, which waits for more
    batch: list[Visit] = []
    for visit in _visits(site, Scope(declared)):
        batch.append(visit)
        if len(batch) == BATCH:
            committer.commit(batch)
            batch = []
    committer.commit(batch)
    opened.collection.close()


def _visits(site: SampleSite, scope: Scope) -> Iterator[Visit]:
    for url in list_urls(site):
        path = url.removeprefix(site.origin)
        body = reply_to(site, path).content
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        exchange = read_exchange(
            url=url, started_at=AT, request=f"GET {path} HTTP/1.1\r\nHost: sample.newsarchive.test\r\n\r\n".encode(),
            received=head.encode() + body, ip_address="127.0.0.1",
        )  # fmt: skip
        visit = Visit(row=_row(url))
        visit.captured(exchange)
        visit.kind = "list"
        visit.links(interpret(exchange, "list", scope, url=url, captured_at=AT).found)
        visit.finish(UrlClass.STORED, AT)
        yield visit


def _row(url: str) -> Row:
    return Row(
        id=0, url=url, host="sample.newsarchive.test", via=None, depth=1, deep=0, kind="list", outcome="pending",
        priority=FRESH, tries=0, etag=None, last_modified=None, first_seen_at=None, visited_at=None,
        changed_at=None, payload_digest=None, gone_at=None, article=None, content_digest=None, parser=None, status=None,
    )  # fmt: skip


if __name__ == "__main__":
    main()
