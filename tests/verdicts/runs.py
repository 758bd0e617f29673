"""Reports of runs that never were: a site drawn by chance, read page by page as a crawl reads it."""

import datetime as dt
from collections.abc import Mapping
from random import Random

from newsarchive.records.run import RunReport
from newsarchive.records.site import Expectations
from newsarchive.records.verdict import ListTally
from newsarchive.verdicts.judge import judge
from newsarchive.verdicts.page import PageRead
from newsarchive.verdicts.past import FIELDS, Past
from newsarchive.verdicts.watch import Watch

START = dt.datetime(2026, 1, 5, 4, tzinfo=dt.UTC)
SECTIONS = ("/info/0/0.htm", "/news/0.htm")
NOTHING = Expectations()


def report(day: float = 0, **fields: object) -> RunReport:
    """Return the report of a run on a day that found nothing new, and nothing wrong."""
    at = START + dt.timedelta(days=day)
    held = {
        "run": f"{at:%Y%m%d%H%M%S}", "site": "drawn", "origin": "http://drawn.test", "started_at": at, "ended_at": at,
        "ended": "finished", "requests": 10, "outcomes": {"stored": 4, "unchanged": 6}, "robots_read": 1,
        "articles_held": 100, "lists": {"http://drawn.test/": ListTally(named=20, known=20)}, "parser": "1",
        "software": "x",
    }  # fmt: skip
    return RunReport.model_validate(held | fields)


class Drawn:
    """A site whose pages show each field with a probability of its own, and its runs."""

    def __init__(self, seed: int, shares: Mapping[str, float] | None = None) -> None:
        self.rng = Random(seed)  # noqa: S311 - no secret
        self.shares = {name: self.rng.choice((1.0, 1.0, 1.0, 0.97, 0.6, 0.1)) for name in FIELDS} | {"title": 1.0}
        self.shares |= shares or {}
        self.reports: list[RunReport] = []
        self.number = 0
        self.holds: list[str] = []

    def run(self, pages: int, without: frozenset[str] = frozenset(), **fields: object) -> RunReport:
        """Read `pages` new ones, none of which shows the fields of `without`, and add the report."""
        past = Past(self.reports)
        watch = Watch(past)
        self.holds = []
        for _ in range(pages):
            page = self.page(without)
            tries = 0
            while (reason := watch.look(page, tries)) is not None:
                self.holds.append(reason)
                tries += 1
                if reason.startswith("drifted") or tries == 3:
                    break
        made = report(len(self.reports), page_classes=watch.tallies(), articles_new=pages, **fields)
        made = made.model_copy(update={"verdict": judge(made, past, NOTHING)})
        self.reports.append(made)
        return made

    def page(self, without: frozenset[str]) -> PageRead:
        """Return the next page, which shows none of `without`."""
        self.number += 1
        shape = self.rng.choice(SECTIONS)
        fields = frozenset(name for name, share in self.shares.items() if self.rng.random() < share) - without
        return PageRead(
            url=f"http://drawn.test/{self.number}", page_class=f"article {shape}", fields=fields,
            rules=tuple(f"{name} info-line" for name in ("title", "date", "source") if name in fields),
            template=self.rng.choice(("1a", "2b")), warnings=frozenset(),
        )  # fmt: skip
