"""What became of one URL in one run."""

from enum import StrEnum

from pydantic import AwareDatetime

from newsarchive.records.capture import CaptureRef
from newsarchive.records.model import Record


class UrlClass(StrEnum):
    """The one class in which every URL ever found ends."""

    PENDING = "pending"
    STORED = "stored"
    UNCHANGED = "unchanged"
    REDIRECTED = "redirected"
    ALIAS = "alias"
    GONE = "gone"
    FAILED = "failed"
    REFUSED = "refused"


class Outcome(Record):
    """One line of `runs/<run>.jsonl`."""

    at: AwareDatetime
    """UTC instant at which the visit ended."""
    url: str
    """Canonical URL that was due."""
    via: str | None = None
    """Canonical URL of the page that first named it; null for seeds."""
    kind: str
    """What the URL turned out to be: `article`, `list`, `page`, `robots`, `sitemap`, `feed`, `file` or `unknown`."""
    outcome: UrlClass
    """The class."""
    reason: str | None = None
    """Why, for `failed`, `refused`, `gone` and unread pages: a stable word, then details; else null."""
    target: str | None = None
    """Canonical URL that a `redirected` or `alias` URL leads to; else null."""
    status: int | None = None
    """HTTP status code; null where there was no answer."""
    id: str | None = None
    """Id of the article; null where the page is none."""
    revision: int | None = None
    """Number of the revision that this visit wrote; null where it wrote none."""
    capture: CaptureRef | None = None
    """The capture of the answer; null where there was none."""
