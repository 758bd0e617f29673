"""What a run was worth: its verdict, the evidence for it, and the tallies that both are made of."""

from typing import Literal

from pydantic import AwareDatetime, Field

from newsarchive.records.model import Record

State = Literal["healthy", "nothing-new", "degraded", "broken"]
"""`healthy`: news came in, and nothing speaks against what was read; `nothing-new`: none came in, and the site's lists
still name what is held; `degraded`: a part of the site no longer reads as it did; `broken`: nothing of it does."""


class Evidence(Record):
    """One observation that speaks for a verdict. Which numbers it has follows from its kind (docs/verdicts.md)."""

    kind: str
    """A stable word, such as `field-missing`, `list-empty` or `quiet`."""
    text: str
    """The observation in a sentence."""
    page_class: str | None = None
    """The class of pages it was made on, as in the run's `page_classes`; null where it is about none."""
    field: str | None = None
    """The field of the record that it is about; null where it is about none."""
    count: int | None = None
    """How many of this run's pages, answers or days it is about; null where nothing was counted."""
    of: int | None = None
    """Of how many in this run; null as above."""
    count_before: int | None = None
    """How many of them the past had; null where it is compared with no past."""
    of_before: int | None = None
    """Of how many in the past; null as above."""
    chance: float | None = None
    """Probability of as much, or more, if the site were as before; null where none was reckoned."""
    since: AwareDatetime | None = None
    """UTC start of the first run, of those without a gap up to this one, that had this evidence; null for none."""
    pages: tuple[str, ...] = ()
    """Canonical URLs of some of the pages, at most ten."""


class Verdict(Record):
    """The verdict on one run."""

    state: State
    """The verdict."""
    evidence: tuple[Evidence, ...] = ()
    """What speaks for it; what is worst comes first. A healthy run has evidence, too."""
    since: AwareDatetime | None = None
    """UTC start of the first run, of those without a gap up to this one, that had this state."""

    @property
    def against(self) -> tuple[Evidence, ...]:
        """The evidence that speaks against the run: only that has a `since`."""
        return tuple(evidence for evidence in self.evidence if evidence.since is not None)


class ClassTally(Record):
    """What a run read on the pages of one class: those of one kind whose URLs have one shape."""

    pages: int = 0
    """Pages that were read. One whose bytes are those of the last visit is not."""
    held: int = 0
    """Of these, pages that were held back since a field was missing; they are no part of the past that later runs
    are compared with."""
    unread: int = 0
    """Pages that no template explains: they should be articles and none could be read. Not among `pages`."""
    hits: dict[str, int] = Field(default_factory=dict)
    """Pages, held ones left out, by the field that they gave a value for."""
    missed: dict[str, int] = Field(default_factory=dict)
    """Held pages by each field that they gave no value for."""
    rules: dict[str, int] = Field(default_factory=dict)
    """Pages by field, a blank, and the rule by which it was read."""
    templates: dict[str, int] = Field(default_factory=dict)
    """Pages by fingerprint: eight hex digits of the elements in which title and body stand."""
    warnings: dict[str, int] = Field(default_factory=dict)
    """Pages by the stable word of each warning on their record."""
    examples: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Canonical URLs of some pages, at most ten, by each field whose lack holds a page back, or `unread`."""


class ListTally(Record):
    """What a page that every run looks at named, in one run."""

    named: int = 0
    """Links to articles of the site: those by their URL, or by what is held."""
    known: int = 0
    """Of these, links to articles that were held before this visit."""
    stated: int | None = None
    """How many entries the page says that its list has (共 120 条); null where it says nothing."""
