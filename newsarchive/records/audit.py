"""What a collection holds of what its site promises: the result of an audit."""

import datetime as dt
from typing import Literal

from pydantic import AwareDatetime, Field

from newsarchive.records.model import Record

MissingState = Literal[
    "pending", "failed", "refused", "outside hosts", "gone", "redirected", "alias", "not an article", "withdrawn",
    "never seen",
]  # fmt: skip
"""Why there is no article at a URL that was promised."""


class MissingItem(Record):
    """A URL that the site names as an article's and of which no article is held."""

    url: str
    """Canonical URL."""
    title: str | None
    """The title that the list shows; null where no list names it, or a sitemap does."""
    date: dt.date | None
    """The day that the list shows beside it; null where it shows none."""
    sections: tuple[str, ...]
    """Names of the sections whose lists name it; empty where only other pages link to it."""
    named_on: str | None
    """URL of the page that names it: the first list page or, without one, the page where it was found first; null for
    what was never named by a page."""
    state: MissingState
    """`pending`: not visited yet, or put off by the server; `failed`: no readable answer; `refused`: not asked for;
    `outside hosts`: on a host that the site file does not name; `gone`: the server has no such page; `redirected` and
    `alias`: leads to another URL at which there is no article; `not an article`: was read, and is something else;
    `withdrawn`: taken out of the collection; `never seen`: a list page names it, the catalogue does not know it."""
    reason: str | None
    """A stable word, then details, as in the runs' logs; null where the state says everything."""
    target: str | None
    """URL that it leads to; null where it leads nowhere."""
    due_at: AwareDatetime | None
    """UTC instant from which a run asks for it (again); null: never again by itself."""
    visited_at: AwareDatetime | None
    """UTC instant of the last answer; null where there was none."""


class UnreadList(Record):
    """A page of a list of which nothing could be read: what it names is not known."""

    url: str
    """Canonical URL."""
    section: str
    """Name of the section whose pager leads to it."""
    state: MissingState
    """As of a missing item; `not an article` where it was read and lists nothing."""
    reason: str | None
    """A stable word, then details; null where the state says everything."""
    due_at: AwareDatetime | None
    """UTC instant from which a run asks for it (again); null: never again by itself."""


class MonthGap(Record):
    """Months in a row with no article, or a month with far fewer than usual."""

    kind: Literal["empty", "thin"]
    """`empty`: no article at all, between months that have some; `thin`: under a quarter of the median of the six
    months before and after, if that is 6 or more, and under a quarter of the median of the same month in other years,
    if there are three of these."""
    first: str
    """First month, `YYYY-MM`."""
    last: str
    """Last month; the same as the first for a thin one."""
    months: int = Field(ge=1)
    """How many months in a row."""
    articles: int = Field(ge=0)
    """Articles that show a day in them."""
    usual: float = Field(ge=0)
    """Median of the six months before and the six after, as far as they lie between the first and the last article."""
    missing: int = Field(ge=0)
    """Missing items whose list shows a day in these months: so much of the gap is explained."""


class IdRun(Record):
    """Numbers in a row that no known article has, between two that are known."""

    first: int
    """First number that is not known."""
    last: int
    """Last number that is not known."""
    after: str
    """Key of the known article before them."""
    before: str
    """Key of the known article after them."""


class IdRuns(Record):
    """Runs of numbers missing between the keys of known articles.

    No list promises any of them: a number may be that of a draft, a deleted article, a file, or an article of another
    section or site of the same system.
    """

    counter: Literal["none", "by group", "across groups"]
    """`by group`: numbers are compared where the rest of the key is the same (`202012/`); `across groups`: no number
    comes twice, so one counter serves all groups; `none`: keys have no numbers."""
    known: int = Field(ge=0)
    """Keys with a number, of articles that are held or may still come; not of those that are gone."""
    absent: int = Field(ge=0)
    """Numbers in all runs together."""
    runs: tuple[IdRun, ...]
    """The longest runs, longest first, at most 200."""
    runs_in_all: int = Field(ge=0)
    """How many runs there are."""
    jumps: int = Field(ge=0)
    """Distances of more than fifty numbers for each known key of a counter: a counter that jumped, or a number that is
    none; they say nothing and are left out of everything above."""


class SectionAudit(Record):
    """What one section promises and what of it is held. A section is a list with all its pages, a feed or a sitemap."""

    name: str
    """What the list calls itself, else its URL; of two alike the second has its URL added."""
    kind: Literal["list", "feed", "sitemap"]
    """What it is."""
    url: str
    """Canonical URL of its first page."""
    list_pages: int = Field(ge=0)
    """Pages of the list that were read."""
    unread_pages: int = Field(ge=0)
    """Pages of the list that are known, or stated, and were not read."""
    stated_items: int | None
    """How many items the site says the list has; null where it does not say."""
    stated_pages: int | None
    """How many pages the site says the list has; null where it does not say."""
    promised: int = Field(ge=0)
    """Different URLs that its pages name, as they were captured last."""
    known: int = Field(ge=0)
    """Of these, the URLs that the catalogue knows."""
    fetched: int = Field(ge=0)
    """Of these, the URLs that were answered at least once."""
    read: int = Field(ge=0)
    """Of these, the URLs of which an article is held, also where the site has removed it since."""
    failed: int = Field(ge=0)
    """Of the promised, the URLs without an article whose last visit failed."""
    missing: int = Field(ge=0)
    """Promised and not read: each is named in `missing`."""
    gaps: tuple[MonthGap, ...]
    """Gaps by month among its articles; empty for the home page, feeds and sitemaps, which need not name everything."""


class Audit(Record):
    """What a collection holds of what its site promises, from the last capture of each list page, feed and sitemap."""

    audit: Literal[1] = 1
    """Version of this document's format; it grows when a field changes its meaning or goes away."""
    site: str
    """Name of the site."""
    origin: str
    """Scheme, host and port that were crawled."""
    as_of: AwareDatetime | None
    """UTC instant of the last answer in the collection; null in an empty one."""
    promised: int = Field(ge=0)
    """Different URLs that any section names."""
    known: int = Field(ge=0)
    """Of these, the URLs that the catalogue knows."""
    fetched: int = Field(ge=0)
    """Of these, the URLs that were answered at least once."""
    read: int = Field(ge=0)
    """Of these, the URLs of which an article is held."""
    failed: int = Field(ge=0)
    """Of these, the URLs without an article whose last visit failed."""
    articles: int = Field(ge=0)
    """Articles held, also those that no list names; withdrawn ones are not held."""
    missing: tuple[MissingItem, ...]
    """Every item that is promised, or known by its URL as an article's, and not held; by section, in the lists' order,
    then those that no list names."""
    states: dict[str, int]
    """Missing items by state."""
    unread_lists: tuple[UnreadList, ...]
    """Pages of lists that are known and could not be read."""
    undecided: int = Field(ge=0)
    """Other URLs of the site that were never answered: whether they lead to articles is not known."""
    sections: tuple[SectionAudit, ...]
    """The sections: lists, feeds, sitemaps, each in the order in which they were found."""
    gaps: tuple[MonthGap, ...]
    """Gaps by month among all articles, by the day that they show."""
    ids: IdRuns
    """Gaps by number."""

    @property
    def is_complete(self) -> bool:
        """Tell whether all that was promised is held, but for what was withdrawn, and every list page read."""
        lost = any(item.state != "withdrawn" for item in self.missing)
        return not lost and not self.unread_lists and not any(part.unread_pages for part in self.sections)
