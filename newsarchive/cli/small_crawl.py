"""A short crawl into a folder that is thrown away: how commands look at a live site, by the crawl's own rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from newsarchive.configuration import read_configuration
from newsarchive.records.run import RunReport
from newsarchive.records.site import Site
from newsarchive.store.layout import Layout


@dataclass(frozen=True, slots=True)
class SmallCrawl:
    """What it left, until the folder is gone."""

    layout: Layout
    report: RunReport


@contextmanager
def small_crawl(site: Site, *, articles: int, pages: int, base_url: str | None = None) -> Iterator[SmallCrawl]:
    """Crawl `site` until `articles` articles were read or `pages` answers came, and yield what was kept of it.

    robots.txt, pacing, contact and addresses are what they are for any crawl. Raises the error that ended it, where no
    report came of it, and `UnreachableSiteError` where nothing answered.
    """
    from newsarchive.run import INTERRUPTED, CrawlOptions, crawl  # noqa: PLC0415 - Scrapy loads when a crawl begins

    with TemporaryDirectory(prefix="newsarchive-") as folder:
        options = CrawlOptions(
            archive=Path(folder) / "archive", exports=Path(folder) / "exports",
            contact=read_configuration().crawl.contact,
            base_url=base_url, limit=articles, pages=pages, log_level="ERROR", progress=False,
        )  # fmt: skip
        (ended,) = crawl([site], options)
        if ended.report is None or ended.exit_code == INTERRUPTED or _unreachable(ended.report):
            raise ended.error or KeyboardInterrupt
        yield SmallCrawl(Layout(options.archive, site.name), ended.report)


def _unreachable(report: RunReport) -> bool:
    return report.verdict is not None and any(item.kind == "unreachable" for item in report.verdict.evidence)
