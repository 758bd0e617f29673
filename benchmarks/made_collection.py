"""A collection of the sample site's articles without a crawl: what the log and the catalogue say of them.

For benchmarks and tests of what reads a collection. There are no captures behind it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

from newsarchive.dedupe.content import content_digest
from newsarchive.records.article import Article, EncodingEvidence, Provenance
from newsarchive.records.capture import CaptureRef
from newsarchive.records.outcome import Outcome, UrlClass
from newsarchive.records.revision import Revision
from newsarchive.records.site import Site
from newsarchive.sample import ShownArticle, sample_site
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.index import Answer, Indexer
from newsarchive.store.layout import Layout
from newsarchive.store.log import AppendFile

BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
BATCH = 1000


def make_collection(archive: Path, articles: int, name: str = "sample", seed: int = 2026) -> Layout:
    """Make the collection of a sample site with `articles` articles; the same arguments give the same bytes."""
    site = Site(name=name, title="Sample", home=f"http://{name}.newsarchive.test/")
    shown = sample_site(articles, seed).at(f"http://{name}.newsarchive.test").articles
    return keep(archive, site, (revision_of(site, article, number) for number, article in enumerate(shown)))


def keep(archive: Path, site: Site, revisions: Iterable[Revision]) -> Layout:
    """Append revisions to the collection of `site`, which is made where there is none."""
    layout = Layout(archive, site.name)
    layout.make(site, BEGAN)
    catalogue = Catalogue(layout.catalogue)
    indexer = Indexer(catalogue, site.zone)
    files = AppendFile(layout.revisions), AppendFile(layout.run_log(f"{len(list(layout.runs.iterdir())):014}"))
    for batch in _batches(revisions):
        with catalogue.transaction():
            for revision in batch:
                line = revision.to_json().encode() + b"\n"
                indexer.revision(revision, files[0].append(line), len(line))
                outcome = _outcome_of(revision)
                indexer.outcome(outcome, Answer(has_payload=True))
                files[1].append(outcome.to_json().encode() + b"\n")
            for file in files:
                file.sync()
                catalogue.add_piece(
                    layout.relative(file.path), file.committed, file.length - file.committed, file.piece_sha256
                )
        for file in files:
            file.commit()
    for file in files:
        file.close()
    catalogue.close()
    return layout


def revision_of(site: Site, shown: ShownArticle, number: int) -> Revision:
    """Return the first revision of an article, captured `number` seconds after the first."""
    at = BEGAN + dt.timedelta(seconds=number)
    key = shown.url.partition("/f/")[2].removesuffix(".html")
    article = Article(
        **{**shown.expected(), "url": shown.url},
        id=f"{site.name}/{key}",
        site=site.name,
        encoding=EncodingEvidence(declared="utf-8", used="utf-8", undecoded=0),
        provenance={"title": Provenance(rule="heading", xpath="/html/body/h1", span=(0, len(shown.title)))},
        parser="1.0",
    )  # fmt: skip
    return Revision(
        **dict(article), revision=1, content_digest=content_digest(article), first_seen_at=at, captured_at=at,
        recorded_at=at,
        capture=CaptureRef(
            warc=f"{site.name}-00001.warc.gz", offset=number, record_id=f"urn:uuid:{number}", payload_digest="sha1:A"
        ),
    )  # fmt: skip


def _outcome_of(revision: Revision) -> Outcome:
    return Outcome(
        at=revision.recorded_at, url=revision.url, kind="article", outcome=UrlClass.STORED, status=200, id=revision.id,
        revision=revision.revision, capture=revision.capture,
    )  # fmt: skip


def _batches(revisions: Iterable[Revision]) -> Iterator[list[Revision]]:
    batch: list[Revision] = []
    for revision in revisions:
        batch.append(revision)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
