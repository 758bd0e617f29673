"""The sample site as a value: which articles it has, where they stand, and what every list on it shows."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil
from random import Random
from typing import Any, overload

from newsarchive.records.article import Neighbour, Paragraph, RelatedLink
from newsarchive.records.listing import Entry
from newsarchive.sample.articles import compose_article
from newsarchive.sample.headlines import FIRST_NUMBER, Headline, headline
from newsarchive.sample.kinds import SECTIONS, Section
from newsarchive.sample.shown import ShownArticle
from newsarchive.sample.traps import Traps, traps_of

ORIGIN = "http://sample.newsarchive.test"
"""Where the sample would be if it were anywhere; a server puts its own origin in."""

PER_PAGE = 12
_PICTURES, _RECOMMENDED, _RECENT = 8, 7, 10
_HOME_ENTRIES = 8
_HOT = 6


@dataclass(frozen=True)
class SampleSite:
    """The whole site; a change makes another site, and both can be served and compared.

    Articles are named by their number: the site's counter, from 1001. Memory does not grow with the number of
    articles but for one list of numbers; their text is written when it is asked for.
    """

    planned: int
    """How many articles the site began with."""
    seed: int
    origin: str = ORIGIN
    added: int = 0
    removed: frozenset[int] = frozenset()
    edits: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    moves: Mapping[int, str] = field(default_factory=dict)
    redesigned: bool = False
    """Whether articles are served in the template of `with_redesign`."""
    version: int = 0
    """How many changes were made; Last-Modified grows with it."""

    def at(self, origin: str) -> "SampleSite":
        """Return the same site at `origin`, such as `http://127.0.0.1:8000`."""
        return replace(self, origin=origin.rstrip("/"))

    def with_added(self, count: int = 1) -> "SampleSite":
        """Return the site after `count` more articles appeared; they get the next numbers."""
        return self._changed(added=self.added + count)

    def with_edited(self, number: int, **changes: object) -> "SampleSite":
        """Return the site after fields of article `number` changed, named as in `ShownArticle`.

        What follows from a changed field (the column from a title, the references from a body) is given along.
        """
        return self._changed(edits={**self.edits, number: {**self.edits.get(number, {}), **changes}})

    def with_paragraph(self, number: int, text: str) -> "SampleSite":
        """Return the site after a paragraph was put at the head of article `number`."""
        return self.with_edited(number, body=(Paragraph(text=text), *self.article(number).body))

    def with_removed(self, *numbers: int) -> "SampleSite":
        """Return the site without the articles: their URLs are 404 and nothing links to them."""
        return self._changed(removed=self.removed | set(numbers))

    def with_restored(self, *numbers: int) -> "SampleSite":
        """Return the site after removed articles came back as they were."""
        return self._changed(removed=self.removed - set(numbers))

    def with_moved(self, number: int, folder: str) -> "SampleSite":
        """Return the site after the article went to another `folder` (YYYYMM); the old URL redirects to the new."""
        return self._changed(moves={**self.moves, number: folder})

    def with_redesign(self) -> "SampleSite":
        """Return the site after its template changed: day and source of an article stand in a picture from now on."""
        return self._changed(redesigned=True)

    def _changed(self, **changes: Any) -> "SampleSite":  # noqa: ANN401 - the fields have many types
        return replace(self, **changes, version=self.version + 1)

    @property
    def articles(self) -> "Articles":
        """Every article, oldest first, written when it is looked at."""
        return Articles(self)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the articles on the site, oldest first."""
        end = FIRST_NUMBER + self.planned + self.added
        return tuple(number for number in range(FIRST_NUMBER, end) if number not in self.removed)

    @cached_property
    def article_urls(self) -> frozenset[str]:
        """The one right URL of every article."""
        return frozenset(self.url(number) for number in self.numbers)

    def headline(self, number: int) -> Headline:
        """Return what is known of an article without writing it."""
        return headline(number, self.seed, self.planned)

    def path(self, number: int) -> str:
        """Return the path of an article."""
        folder = self.moves.get(number) or f"{self.headline(number).entered:%Y%m}"
        return f"/f/{folder}/{number}.html"

    def url(self, number: int) -> str:
        """Return the URL of an article."""
        return self.origin + self.path(number)

    def title(self, number: int) -> str:
        """Return the title that pages show for an article."""
        edited = self.edits.get(number, {}).get("title")
        return str(edited) if edited is not None else self.headline(number).title

    def article(self, number: int) -> ShownArticle:
        """Return the article as its page shows it."""
        written = compose_article(self.headline(number), self.seed, self.origin)
        around = {
            "url": self.url(number),
            "related": self.related,
            "previous": self._neighbour(number, -1),
            "next": self._neighbour(number, 1),
        }
        return replace(written, **{**around, **self.edits.get(number, {})})

    def __contains__(self, number: int) -> bool:
        return number in self._places

    def _neighbour(self, number: int, step: int) -> Neighbour | None:
        at = self._places[number] + step
        if not 0 <= at < len(self.numbers):
            return None
        other = self.numbers[at]
        return Neighbour(title=self.title(other), url=self.url(other))

    @cached_property
    def _places(self) -> Mapping[int, int]:
        return {number: at for at, number in enumerate(self.numbers)}

    @cached_property
    def related(self) -> tuple[RelatedLink, ...]:
        """The side column, the same on every page: it changes whenever the site does."""
        with_images = (number for number in reversed(self.numbers) if self.headline(number).has_images)
        pictures = [number for number, _ in zip(with_images, range(_PICTURES), strict=False)]
        chance = Random(self.seed)  # noqa: S311 - wording, no secret
        count = len(self.numbers)
        recommended = [self.numbers[at] for at in chance.sample(range(count), min(_RECOMMENDED, count))]
        lists = (("图片新闻", pictures), ("推荐内容", recommended), ("最近更新", self.numbers[: -_RECENT - 1 : -1]))
        return tuple(
            RelatedLink(list=name, position=at, title=self.title(number), url=self.url(number))
            for name, chosen in lists
            for at, number in enumerate(chosen, 1)
        )

    @cached_property
    def traps(self) -> Traps:
        """Every URL of the site that is not a plain page."""
        return traps_of(self.origin, [self.url(number) for number in self.numbers[: -_HOT - 1 : -1]])

    @property
    def disallowed(self) -> frozenset[str]:
        """URLs that pages link to and robots.txt forbids."""
        return self.traps.disallowed

    @property
    def offsite(self) -> frozenset[str]:
        """URLs of other hosts that pages link to."""
        return self.traps.offsite

    def section_numbers(self, section: Section) -> Sequence[int]:
        """Return the numbers of a section's articles, newest first."""
        return self._sections[section]

    @cached_property
    def _sections(self) -> Mapping[Section, Sequence[int]]:
        sections: dict[Section, list[int]] = {section: [] for section in SECTIONS}
        for number in reversed(self.numbers):
            sections[self.headline(number).section].append(number)
        return sections

    def pages_of(self, section: Section) -> int:
        """Return how many list pages a section has."""
        return max(1, ceil(len(self.section_numbers(section)) / PER_PAGE))

    def entries(self, section: Section, page: int) -> tuple[Entry, ...]:
        """Return what list page `page`, from 1, of a section lists."""
        chosen = self.section_numbers(section)[(page - 1) * PER_PAGE : page * PER_PAGE]
        return tuple(self.entry(number) for number in chosen)

    def newest(self, section: Section) -> tuple[Entry, ...]:
        """Return what the home page lists of a section."""
        return tuple(self.entry(number) for number in self.section_numbers(section)[:_HOME_ENTRIES])

    def entry(self, number: int) -> Entry:
        """Return the line of an article on a list page."""
        date = self.edits.get(number, {}).get("date") or self.headline(number).shown
        return Entry(url=self.url(number), title=self.title(number), date=date)

    @property
    def modified_at(self) -> dt.datetime:
        """The instant of the last change: the evening of the newest article's day, an hour more for each change."""
        day = self.headline(self.numbers[-1]).entered if self.numbers else dt.date(2019, 1, 1)
        return dt.datetime.combine(day, dt.time(12), dt.UTC) + dt.timedelta(hours=self.version)


def sample_site(articles: int = 120, seed: int = 2026) -> SampleSite:
    """Return the sample site with `articles` articles; the same arguments give the same site on any machine."""
    return SampleSite(planned=articles, seed=seed)


class Articles(Sequence[ShownArticle]):
    """A site's articles, oldest first. Nothing is kept: an article is written each time it is asked for."""

    def __init__(self, site: SampleSite) -> None:
        self._site = site

    def __len__(self) -> int:
        return len(self._site.numbers)

    @overload
    def __getitem__(self, at: int) -> ShownArticle: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[ShownArticle]: ...
    def __getitem__(self, at: int | slice) -> ShownArticle | Sequence[ShownArticle]:
        if isinstance(at, slice):
            return [self._site.article(number) for number in self._site.numbers[at]]
        return self._site.article(self._site.numbers[at])

    def __iter__(self) -> Iterator[ShownArticle]:
        return (self._site.article(number) for number in self._site.numbers)
