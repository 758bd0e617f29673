"""What a collection holds of what its site promises: by section, by month, by number; and why the rest is missing.

Reads the catalogue and the last captures of list pages; writes nothing, asks nothing of the site, and needs no clock.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from newsarchive.operations.access import Held, reading
from newsarchive.operations.gaps import id_runs, month_gaps
from newsarchive.operations.promised import MAX_HOPS, Named, Section, sections_of
from newsarchive.records.audit import Audit, MissingItem, MissingState, MonthGap, SectionAudit, UnreadList
from newsarchive.records.outcome import UrlClass
from newsarchive.store.catalogue import Catalogue
from newsarchive.timestamps import utc
from newsarchive.urls import compiled, path_and_query

_STATES: dict[str, MissingState] = {
    UrlClass.PENDING: "pending", UrlClass.FAILED: "failed", UrlClass.REFUSED: "refused", UrlClass.GONE: "gone",
    UrlClass.REDIRECTED: "redirected", UrlClass.ALIAS: "alias", UrlClass.STORED: "not an article",
    UrlClass.UNCHANGED: "not an article",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Known:
    """What the catalogue says of a URL and of the article there."""

    url: str
    kind: str
    outcome: str
    reason: str | None
    target: str | None
    via: str | None
    due_at: int | None
    visited_at: int | None
    shown_date: str | None
    status: str | None
    """Status of the article at the URL; None where there is none."""

    @property
    def is_held(self) -> bool:
        return self.status in {"published", "removed"}

    @property
    def is_other_page(self) -> bool:
        """Tell whether the page was read, or is left unasked, as something else than an article."""
        return self.status is None and (
            _STATES[self.outcome] == "not an article" or (self.reason or "").startswith(("offsite", "file", "ignored"))
        )


_KNOWN = (
    "SELECT u.url, u.kind, u.class, u.reason, u.target, u.via, u.due_at, u.visited_at, a.shown_date, a.status "
    "FROM urls u LEFT JOIN articles a ON a.id = u.article "
)


@dataclass(frozen=True, slots=True)
class _Item:
    """An item that a list names, and what became of it."""

    named: Named
    page: str
    known: _Known | None
    held: _Known | None
    """What is known of the URL at which its article is held: its own, or one to which it leads."""

    @property
    def month(self) -> str | None:
        """Return the month of the day that its page shows or, without one, the list beside it."""
        shown = self.held.shown_date if self.held else None
        day = shown or (self.named.date.isoformat() if self.named.date else None)
        return day[:7] if day else None


def audit(held: Held) -> Audit:
    """Return what a collection holds of what its site promises.

    A run that writes meanwhile is not disturbed, and changes nothing of the answer but where a list was captured anew.
    Memory: about two kilobytes for each item that lists name. Raises `StaleCatalogueError` without a catalogue.
    """
    with reading(held.layout) as catalogue:
        catalogue.execute("BEGIN")  # one state of it, to the end
        return _Auditor(held, catalogue).audit()


class _Auditor:
    def __init__(self, held: Held, catalogue: Catalogue) -> None:
        self._held = held
        self._catalogue = catalogue
        self._sections = sections_of(held, catalogue)
        found = catalogue.execute("SELECT max(visited_at) FROM urls").fetchone()[0]
        self._as_of = utc(found) if found is not None else None
        self._promised: dict[str, _Item] = {}
        self._naming: dict[str, list[str]] = {}

    def audit(self) -> Audit:
        parts = [self._section(section) for section in self._sections]
        items = self._promised.values()
        missing = [self._missing(item) for item in items if item.held is None]
        missing += self._unlisted()
        unread = [self._unread(section, url) for section in self._sections for url in section.unread]
        identity = self._held.layout.read_identity()
        return Audit(
            site=identity.site,
            origin=identity.origin,
            as_of=self._as_of,
            **_counts(items),
            articles=self._number("SELECT count(*) FROM articles WHERE status <> 'withdrawn'"),
            missing=tuple(missing),
            states=dict(sorted(Counter(item.state for item in missing).items())),
            unread_lists=tuple(unread),
            undecided=self._undecided({page.url for page in unread}),
            sections=tuple(parts),
            gaps=self._gaps(self._months(), _months_of(missing)),
            ids=id_runs(self._keys(missing)),
        )

    def _section(self, section: Section) -> SectionAudit:
        items = [self._item(named, page) for named, page in section.items.values()]
        if section.kind != "list":
            # They name pages of every kind: what was read as something else is no article that is missing.
            items = [item for item in items if item.held or item.known is None or not item.known.is_other_page]
        for item in items:
            self._promised.setdefault(item.named.url, item)
            self._naming.setdefault(item.named.url, []).append(section.name)
        counts = _counts(items)
        read = Counter(item.month for item in items if item.held and item.month)
        lost = Counter(item.month for item in items if not item.held and item.month)
        stated = section.stated_pages or 0
        return SectionAudit(
            name=section.name,
            kind=section.kind,
            url=section.url,
            list_pages=len(section.read),
            unread_pages=max(len(section.unread), stated - len(section.read)),
            stated_items=section.stated_items,
            stated_pages=section.stated_pages,
            missing=counts["promised"] - counts["read"],
            gaps=self._gaps(read, lost) if section.kind == "list" and section.url not in self._held.scope.homes else (),
            **counts,
        )

    def _item(self, named: Named, page: str) -> _Item:
        known = self._known(named.url)
        return _Item(named, page, known, self._leading_to(known))

    def _leading_to(self, known: _Known | None) -> _Known | None:
        """Return the URL at which the article is held: `known`, or where it leads; None where none is held."""
        for _ in range(MAX_HOPS):
            if known is None or known.is_held:
                return known
            known = self._known(known.target) if known.target and known.outcome in {"redirected", "alias"} else None
        return None

    def _known(self, url: str) -> _Known | None:
        values = self._catalogue.execute(_KNOWN + "WHERE u.url = ?", (url,)).fetchone()
        return _Known(*values) if values else None

    def _missing(self, item: _Item) -> MissingItem:
        known = item.known
        return MissingItem(
            url=item.named.url,
            title=item.named.title,
            date=item.named.date,
            sections=tuple(self._naming.get(item.named.url, ())),
            named_on=item.page or (known.via if known else None),
            state=_state(known),
            reason=self._reason(known),
            target=known.target if known else None,
            due_at=utc(known.due_at) if known and known.due_at is not None else None,
            visited_at=utc(known.visited_at) if known and known.visited_at is not None else None,
        )

    def _reason(self, known: _Known | None) -> str | None:
        """Return what the catalogue says of a URL or, where it leads to another, of that."""
        if known is None:
            return None
        target = self._known(known.target) if known.target and known.outcome in {"redirected", "alias"} else None
        if target is None or target.url == known.url:
            kind = f"read as {known.kind}" if _state(known) == "not an article" else None
            return known.reason or kind
        return f"to a URL that is {_state(target)}" + (f": {target.reason}" if target.reason else "")

    def _unlisted(self) -> Iterator[MissingItem]:
        """Yield the URLs that the site's pattern calls articles', which no list names and which are not held."""
        query = _KNOWN + "WHERE u.kind = 'article' AND (a.status IS NULL OR a.status = 'withdrawn') ORDER BY u.id"
        for values in self._catalogue.execute(query):
            known = _Known(*values)
            offsite = (known.reason or "").startswith("offsite")
            if known.url not in self._promised and not offsite and self._leading_to(known) is None:
                yield self._missing(_Item(Named(known.url, None, None), "", known, None))

    def _unread(self, section: Section, url: str) -> UnreadList:
        known = self._known(url)
        return UnreadList(
            url=url,
            section=section.name,
            state=_state(known),
            reason=section.unread[url] or (known.reason if known else None),
            due_at=utc(known.due_at) if known and known.due_at is not None else None,
        )

    def _undecided(self, lists: set[str]) -> int:
        query = "SELECT url FROM urls WHERE kind = 'unknown' AND class IN ('pending', 'failed')"
        return sum(url not in lists and url not in self._promised for (url,) in self._catalogue.execute(query))

    def _months(self) -> dict[str, int]:
        query = (
            "SELECT substr(shown_date, 1, 7), count(*) FROM articles "
            "WHERE shown_date IS NOT NULL AND status <> 'withdrawn' GROUP BY 1"
        )
        return dict(self._catalogue.execute(query))

    def _keys(self, missing: list[MissingItem]) -> Iterator[str]:
        """Yield the keys of all known articles; none where keys are digests of URLs."""
        pattern = self._held.scope.site.article_url
        if pattern is None:
            return
        for (article,) in self._catalogue.execute("SELECT id FROM articles"):
            yield str(article).partition("/")[2]
        for item in missing:
            match = compiled(pattern).search(path_and_query(item.url))
            if match is not None and item.state not in {"outside hosts", "withdrawn", "gone"}:
                yield match["key"]

    def _gaps(self, articles: Mapping[str, int], missing: Mapping[str, int]) -> tuple[MonthGap, ...]:
        return month_gaps(articles, missing, self._as_of.year) if self._as_of is not None else ()

    def _number(self, query: str) -> int:
        found: int = self._catalogue.execute(query).fetchone()[0]
        return found


def _state(known: _Known | None) -> MissingState:
    if known is None:
        return "never seen"
    if known.status == "withdrawn":
        return "withdrawn"
    if known.outcome == UrlClass.REFUSED and (known.reason or "").startswith("offsite"):
        return "outside hosts"
    return _STATES[known.outcome]


def _counts(items: Iterable[_Item]) -> dict[str, int]:
    counts = dict.fromkeys(("promised", "known", "fetched", "read", "failed"), 0)
    for item in items:
        counts["promised"] += 1
        counts["known"] += item.known is not None
        counts["fetched"] += item.known is not None and item.known.visited_at is not None
        counts["read"] += item.held is not None
        counts["failed"] += item.held is None and item.known is not None and item.known.outcome == UrlClass.FAILED
    return counts


def _months_of(missing: Iterable[MissingItem]) -> Counter[str]:
    return Counter(item.date.isoformat()[:7] for item in missing if item.date is not None)
