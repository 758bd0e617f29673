"""Sites to be crawled under faults: small, and with or without an end."""

from collections.abc import Iterator
from contextlib import contextmanager

from newsarchive.sample import SampleServer, SampleSite, sample_site
from newsarchive.sample.replies import Reply


@contextmanager
def served(articles: int, *, calendar: bool = False, record: bool = True) -> Iterator[SampleServer]:
    """Serve a sample site; without its endless calendar a crawl is as long as there are articles, and 14 pages."""
    with SampleServer(sample_site(articles), record=record) as server:
        if not calendar:
            without_calendar(server)
        yield server


def without_calendar(server: SampleServer, site: SampleSite | None = None) -> None:
    """Answer 404 to the calendar's first month."""
    site = site or server.site
    server.replies[site.traps.calendar.removeprefix(site.origin)] = Reply(404)
