"""Looks at every article page of a run as it is read: counts it, and says whether it has to be held back."""

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from newsarchive.records.verdict import ClassTally
from newsarchive.verdicts.chance import DOUBT, PER_RUN, Comparison
from newsarchive.verdicts.page import PageRead
from newsarchive.verdicts.past import FIELDS, HELD_FOR, Past

DRIFTED, DOUBTFUL = "drifted", "doubtful"
"""Stable words of the reasons for which an article is held back: its template is known to have changed, or it may
have, and a second look will tell."""

PATIENCE = 4
"""After so many looks without proof that the template has changed, the page simply has no such field."""

MAX_CLASSES = 40
OTHER = "article *"
"""The class of all pages whose shape came after so many others."""

MAX_EXAMPLES = 10
MAX_TEMPLATES = 50


@dataclass(slots=True)
class _Counts:
    """A class tally in the making."""

    pages: int = 0
    held: int = 0
    unread: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    templates: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def lacking(self, name: str) -> int:
        """Return how many pages had no value for a field."""
        return self.pages - self.held - self.hits[name] + self.missed[name]

    def show(self, name: str, url: str) -> None:
        """Keep `url` as an example."""
        urls = self.examples.setdefault(name, [])
        if len(urls) < MAX_EXAMPLES and url not in urls:
            urls.append(url)

    def hold(self, page: PageRead) -> None:
        """Count a page that was read and lacks a field which its like has."""
        self.held += 1
        self.missed.update(name for name in FIELDS if name not in page.fields)
        for name in HELD_FOR:
            if name not in page.fields:
                self.show(name, page.url)


class Watch:
    """Counts the pages of one run beside the past of its collection.

    Memory: the tallies, and the pages that wait for a second look in this run: a handful, or some hundred where few
    pages ever had the field, since with more of them the template is known to have changed.
    """

    def __init__(self, past: Past, *, optional: Iterable[str] = (), holds: bool = True) -> None:
        self._past = past
        self._held_for = [name for name in HELD_FOR if name not in set(optional)] if holds else []
        self._counts: dict[str, _Counts] = {}
        self._waiting: dict[str, PageRead] = {}
        self._standing = {(item.page_class, item.field) for item in past.standing("field-missing")}
        # As the run's judgement has it: what holds a page back as drifted is in the verdict, too.
        scopes = len(past.classes) + 1 if len(past.classes) > 1 else 1
        self._level = PER_RUN / ((len(FIELDS) + 2) * scopes)

    def look(self, page: PageRead, tries: int, had: AbstractSet[str] | None = None) -> str | None:
        """Count a page, and return the reason for which it is held back; None where it is taken in.

        `tries` is how many looks in a row, in earlier runs too, did not take it in; `had` are the fields of the
        article's last revision, None for a new one. What that lacks is no news, and what it had is missed here
        however few pages the site has.
        """
        self._forget(page.url)
        counts = self._of(page.page_class)
        counts.pages += 1
        missing = [name for name in self._held_for if name not in page.fields and (had is None or name in had)]
        proven = [name for name in missing if self._proven(page.page_class, name)]
        suspects = [name for name in missing if had or name in proven or self._strange(page.page_class, name)]
        if suspects and (proven or tries < PATIENCE):
            if proven:
                counts.hold(page)
            else:
                counts.pages -= 1
                self._waiting[page.url] = page
            return f"{DRIFTED if proven else DOUBTFUL}: {', '.join(suspects)}"
        self._take(counts, page)
        return None

    def unread(self, url: str, page_class: str) -> None:
        """Count a page that should be an article, and that no template explains."""
        counts = self._of(page_class)
        counts.unread += 1
        counts.show("unread", url)

    def tallies(self) -> dict[str, ClassTally]:
        """Return the tallies by class; what still waits for its second look is counted as held."""
        for page in self._waiting.values():
            counts = self._of(page.page_class)
            counts.pages += 1
            counts.hold(page)
        self._waiting.clear()
        return {name: _tally(counts) for name, counts in sorted(self._counts.items())}

    def _proven(self, page_class: str, name: str) -> bool:
        """Tell whether the template of a page is known to have lost a field: by this run, or by the one before.

        What that one proved stands until a page of this one shows the field again.
        """
        stands = any(
            field == name and scope in {None, page_class} and not self._shown(scope, name)
            for scope, field in self._standing
        )
        return stands or any(test.chance < self._level for test in self._tests(page_class, name))

    def _strange(self, page_class: str, name: str) -> bool:
        """Tell whether a new page lacks what its like has: more of them than likely, or the first that ever did."""
        first = self._test(None, name).is_first and not self._shown(None, name)
        return first or any(test.chance < DOUBT for test in self._tests(page_class, name))

    def _shown(self, scope: str | None, name: str) -> bool:
        """Tell whether a page of this run, of a class or of any, was taken in with a field."""
        return any(counts.hits[name] for known, counts in self._counts.items() if scope in {None, known})

    def _tests(self, page_class: str, name: str) -> Iterator[Comparison]:
        """Yield how many pages of this run lack a field: of all and, where there are several classes, of its own."""
        yield self._test(None, name)
        if len(self._past.classes) > 1:
            yield self._test(page_class, name)

    def _test(self, page_class: str | None, name: str) -> Comparison:
        before = self._past.missed(name, page_class)
        counts = [own for known, own in self._counts.items() if page_class in {None, known}]
        waiting = [page for page in self._waiting.values() if page_class in {None, page.page_class}]
        # The page that is looked at is among `pages`, and among those that were taken in with nothing hit yet.
        lacking = sum(own.lacking(name) for own in counts) + sum(name not in page.fields for page in waiting)
        return Comparison(lacking, sum(own.pages for own in counts) + len(waiting), before)

    def _take(self, counts: _Counts, page: PageRead) -> None:
        counts.hits.update(page.fields)
        counts.rules.update(page.rules)
        counts.warnings.update(page.warnings)
        known = page.template in counts.templates or len(counts.templates) < MAX_TEMPLATES
        counts.templates[page.template if known else "other"] += 1
        for name in HELD_FOR:
            if name not in page.fields:
                counts.show(name, page.url)

    def _forget(self, url: str) -> None:
        self._waiting.pop(url, None)

    def _of(self, page_class: str) -> _Counts:
        if page_class not in self._counts and len(self._counts) >= MAX_CLASSES:
            page_class = OTHER
        return self._counts.setdefault(page_class, _Counts())


def _tally(counts: _Counts) -> ClassTally:
    return ClassTally(
        pages=counts.pages,
        held=counts.held,
        unread=counts.unread,
        **{name: dict(sorted(getattr(counts, name).items())) for name in _COUNTERS},
        examples={name: tuple(urls) for name, urls in sorted(counts.examples.items())},
    )


_COUNTERS = ("hits", "missed", "rules", "templates", "warnings")


def is_doubtful(reason: str | None) -> bool:
    """Tell whether an outcome with this reason waits for a second look."""
    return (reason or "").startswith(f"{DOUBTFUL}: ")


def held_fields(reason: str | None) -> Iterator[str]:
    """Yield the fields for which an outcome with this reason was held back; none for any other reason."""
    word, _, names = (reason or "").partition(": ")
    if word in {DRIFTED, DOUBTFUL}:
        yield from names.split(", ")
