"""What is known of article number n without writing it: its kind, place, dates and title.

Lists, side columns and sitemaps need no more than this, so a site of 100,000 articles costs nothing until a page
is asked for.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from newsarchive.sample.kinds import CYCLE, SECTION_OF, Kind, Section
from newsarchive.sample.titles import compose_title
from newsarchive.sample.vocabulary import Scholar, Topic

FIRST_NUMBER = 1001
"""Number of the oldest article; the counter runs through the whole site, whatever the section."""

_FIRST_DAY = dt.date(2019, 3, 4)
_SPAN_DAYS = 2700


@dataclass(frozen=True, slots=True)
class Headline:
    """An article's title, kind and dates."""

    number: int
    """The site's counter; the last part of the URL."""
    kind: Kind
    ordinal: int
    """Which article of its kind it is, from 0."""
    title: str
    column: str | None
    topic: Topic
    place: str
    scholar: Scholar
    names: Mapping[str, str]
    """What the title speaks of beyond topic, place and scholar, by slot; the text has to agree with it."""
    entered: dt.date
    """The day on which it was put on the site; its month is the folder."""
    shown: dt.date
    """The day that the page shows; earlier than `entered` where an old text was put in late."""

    @property
    def section(self) -> Section:
        """The section that lists the article."""
        return SECTION_OF[self.kind]

    @property
    def key(self) -> str:
        """Folder and number, as in `202012/1050`; the record's id after the site's name."""
        return f"{self.entered:%Y%m}/{self.number}"

    @property
    def has_images(self) -> bool:
        """Whether the body shows images."""
        return self.kind in {Kind.CONFERENCE, Kind.VISIT, Kind.REPORT} or self.number % 7 == 0


@lru_cache(maxsize=131_072)
def headline(number: int, seed: int, planned: int) -> Headline:
    """Return the headline of article `number` of the site that `seed` makes.

    `planned` is the number of articles that the site began with; it spreads them over seven years.
    """
    index = number - FIRST_NUMBER
    kind = CYCLE[index % len(CYCLE)]
    ordinal = index // len(CYCLE) * CYCLE.count(kind) + CYCLE[: index % len(CYCLE)].count(kind)
    entered = _FIRST_DAY + dt.timedelta(days=index * _SPAN_DAYS // planned)
    late = 45 + index * 37 % 300 if index % 13 == 0 else 0
    title = compose_title(kind, ordinal, seed)
    return Headline(
        number=number,
        kind=kind,
        ordinal=ordinal,
        title=f"【{title.column}】{title.text}" if title.column else title.text,
        column=title.column,
        topic=title.topic,
        place=title.place,
        scholar=title.scholar,
        names=title.names,
        entered=entered,
        shown=entered - dt.timedelta(days=late),
    )


def article_random(number: int, seed: int, purpose: str) -> Random:
    """Return the source of chance of one article for one purpose; the same for the same arguments, on any machine."""
    return Random(f"{seed}/{number}/{purpose}")  # noqa: S311 - wording, no secret
