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


REQUISITE_KINDS = frozenset({"attachment", "requisite"})
"""Kinds of URLs that are no pages: `attachment`, a file that an article offers, and `requisite`, what a browser needs
to show a page."""

IMPORT_URN = "urn:newsarchive:import:"
"""What the `via` of a URL begins with that no page named; the name of the WARC file follows."""


class Outcome(Record):
    """One line of `runs/<run>.jsonl`."""

    at: AwareDatetime
    """UTC instant at which the visit ended."""
    url: str
    """Canonical URL that was due."""
    via: str | None = None
    """Canonical URL of the page that first named it; null for seeds, `urn:newsarchive:import:` and the name of a WARC
    file for a URL that came from there and was named by no page before."""
    kind: str
    """What the URL turned out to be: `article`, `list`, `page`, `robots`, `sitemap`, `feed`, `attachment`,
    `requisite`, `file` (a file behind a link to a page) or `unknown`."""
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
