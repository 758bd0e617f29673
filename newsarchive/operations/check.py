"""Whether pages that are held still read as they did, field by field."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newsarchive.errors import NewsarchiveError
from newsarchive.operations.access import Held, reading
from newsarchive.records.article import Article
from newsarchive.records.model import Record
from newsarchive.records.revision import Revision
from newsarchive.store.ingest import read_revisions
from newsarchive.store.opening import Reread
from newsarchive.verdicts.chance import PER_RUN, Comparison
from newsarchive.verdicts.page import page_read
from newsarchive.verdicts.past import FIELDS


class FieldCheck(Record):
    """One field of the pages that were looked at."""

    field: str
    """Its name."""
    held: int
    """Pages whose last revision has a value."""
    read: int
    """Of these, pages that give one now."""
    state: str
    """`well`, `fewer` (some pages lost it, which edits may do), or `lost` (more than edits explain)."""


class SiteCheck(Record):
    """`newsarchive check --json`: what came of a check."""

    site: str
    """Name of the site."""
    pages: int
    """Known articles that were looked at."""
    unread: dict[str, str]
    """Why, by URL, of those that gave no article."""
    fields: tuple[FieldCheck, ...]
    """The fields that any of them had."""
    well: bool
    """Whether the site still reads well: no field is lost, and pages are read."""


class Looked(NamedTuple):
    """A page that is held, and what it gives now."""

    held: Revision
    now: Article | None
    reason: str | None
    """Why it gives nothing; None where it gives an article."""


def newest(held: Held, count: int) -> list[Revision]:
    """Return the last revisions of the `count` articles with the latest days that are published.

    Raises `StaleCatalogueError` where there is no catalogue.
    """
    query = (
        "SELECT log_offset FROM articles WHERE status = 'published' "
        "ORDER BY coalesce(shown_date, '') DESC, first_seen_at DESC, id LIMIT ?"
    )
    with reading(held.layout) as catalogue:
        offsets = [offset for (offset,) in catalogue.execute(query, (count,))]
    return [next(read_revisions(held.layout.revisions, offset))[0] for offset in offsets]


def read_again(held: Held, pages: Sequence[Revision]) -> Iterator[Looked]:
    """Yield the kept captures of `pages` as today's parser and site file read them; no network."""
    reread = Reread(held.layout, held.scope)
    for page in pages:
        try:
            yield Looked(page, reread(page.capture, page.url), None)
        except NewsarchiveError as error:
            yield Looked(page, None, str(error))


def read_live(fresh: Held, pages: Sequence[Revision]) -> Iterator[Looked]:
    """Yield `pages` as a small crawl into the collection `fresh` read them."""
    found = {revision.url: revision for revision, _, _ in read_revisions(fresh.layout.revisions)}
    with reading(fresh.layout) as catalogue:
        for page in pages:
            if (now := found.get(page.url)) is not None:
                yield Looked(page, now, None)
                continue
            row = catalogue.execute("SELECT class, reason, target FROM urls WHERE url = ?", (page.url,)).fetchone()
            if row is None or row[0] == "pending":
                continue  # the crawl did not come to it
            told = " ".join(str(part) for part in row if part)
            yield Looked(page, None, told)


def check_of(site: str, looked: Sequence[Looked], articles: int) -> SiteCheck:
    """Return what comes of pages that were looked at, in a collection of so many `articles`.

    Pages are edited, so a field may be missing on one: it is lost where as much would come about by chance once in ten
    years of daily checks, if one in all articles lost it.
    """
    read = [(page_read(page.held).fields, page_read(page.now).fields) for page in looked if page.now is not None]
    fields = tuple(_field(name, read, articles) for name in FIELDS if any(name in before for before, _ in read))
    unread = {page.held.url: page.reason or "no article" for page in looked if page.now is None}
    gone = Comparison(len(unread), len(looked), (0, articles)).chance < PER_RUN or (bool(looked) and not read)
    well = bool(looked) and not gone and all(field.state != "lost" for field in fields)
    return SiteCheck(site=site, pages=len(looked), unread=unread, fields=fields, well=well)


def _field(name: str, read: Sequence[tuple[frozenset[str], frozenset[str]]], articles: int) -> FieldCheck:
    held = sum(name in before for before, _ in read)
    still = sum(name in before and name in now for before, now in read)
    lost = Comparison(held - still, held, (0, articles)).chance < PER_RUN
    state = "well" if still == held else "lost" if lost else "fewer"
    return FieldCheck(field=name, held=held, read=still, state=state)
