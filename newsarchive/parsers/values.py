"""What info lines say: values by field, each with its line, its span and the rule that found it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from newsarchive.parsers.dates import FoundDate
from newsarchive.parsers.labels import Labelled
from newsarchive.parsers.lines import Line

SIGNED = "signed-below-text"
"""The rule of a date under a text, by which a notice is signed."""
DOCUMENT_DATE = "document-date"
"""The rule of a date that is the document's (成文日期) and not that of the page."""


class Value(NamedTuple):
    """A value of an info line: its text, the line it stands in, its span there, and the rule that found it."""

    text: str
    line: int
    start: int
    end: int
    rule: str


@dataclass(slots=True)
class Info:
    """What the info lines of a page say, by field; a field with nothing but empty texts had a label and no value."""

    values: dict[str, list[Value]] = field(default_factory=dict)
    date: FoundDate | None = None
    date_at: Value | None = None
    trust: int = -1
    """How far `date` is to be believed: a label for the date of publication is best."""
    unreadable: str | None = None
    lines: set[int] = field(default_factory=set)

    def first(self, name: str) -> Value | None:
        """Return the first value of a field that has a text, or None."""
        return next((value for value in self.values.get(name, ()) if value.text), None)

    def add(self, name: str, value: Value) -> None:
        """Add a value unless it is there already."""
        if all(value.text != known.text for known in self.values.get(name, ())):
            self.values.setdefault(name, []).append(value)

    def add_shown(self, name: str, index: int, line: Line, text: str, rule: str) -> None:
        """Add a value that line `index` shows as it is."""
        start = max(0, line.text.find(text))
        self.add(name, Value(text, index, start, start + len(text), rule))

    def offer_date(self, date: FoundDate, at: Value, trust: int) -> None:
        """Take `date` if none is there that is believed as much."""
        if trust > self.trust:
            self.date, self.date_at, self.trust = date, at, trust


class LineInfo(NamedTuple):
    """An info line taken apart."""

    labels: tuple[Labelled, ...]
    date: FoundDate | None
    rest: str
    """What belongs to no label and no date."""
    fields: frozenset[str]


class Place(NamedTuple):
    """Where on the page an info line stands: the rule that looked there, and how far it is to be believed."""

    rule: str
    trust: int
