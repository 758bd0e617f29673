"""A page that was taken out of a collection."""

from pydantic import AwareDatetime

from newsarchive.records.model import Record


class WithdrawnRecord(Record):
    """A WARC record that is replaced by a tombstone of its own length, so that no other record moves."""

    warc: str
    """File name of the segment."""
    offset: int
    """Where its gzip member begins."""
    length: int
    """Bytes of that member."""
    record_id: str
    """WARC-Record-ID, which the tombstone keeps, without angle brackets."""
    captured_at: AwareDatetime
    """WARC-Date, which the tombstone keeps."""


class WithdrawnLine(Record):
    """A line of `revisions.jsonl` that is replaced by one without content, of its own length."""

    offset: int
    """Where it begins."""
    line: str
    """What it becomes, its end included."""


class Withdrawal(Record):
    """`withdrawing.json`: everything that a withdrawal will change, there until it is done, so that it can be ended."""

    at: AwareDatetime
    """UTC instant of the withdrawal."""
    reason: str
    """Why, in the words of whoever withdrew it."""
    agent: str
    """Name and version of the software that did it."""
    articles: tuple[str, ...]
    """Ids of the articles: the one that was meant, and those whose pages have the very same bytes."""
    urls: tuple[str, ...]
    """Canonical URLs that are not asked for any more."""
    records: tuple[WithdrawnRecord, ...]
    """The WARC records that hold the page, or what was read from it."""
    lines: tuple[WithdrawnLine, ...]
    """The revisions."""
