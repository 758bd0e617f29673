"""What attachments were: a line for each time that another file was served under one URL."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsarchive.store.catalogue import Catalogue

MAX_REDIRECTS = 5
"""So many redirects are followed from the URL that an article gives to the file."""


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One file that was served at the URL of an attachment."""

    bytes: int
    """Length of the file, content coding undone."""
    media_type: str | None
    """As the server said, lower case without parameters; None where it said nothing."""
    sha256: str
    """Of the file, as hex digits."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Another file under the URL of an attachment."""

    url: str
    article: str | None
    """Id of the article that first offered it; None where another page did."""
    at: int
    """Instant at which the new file was seen, seconds since 1970."""
    before: FileVersion
    after: FileVersion


def add_file_version(catalogue: Catalogue, url: str, at: int, version: FileVersion) -> None:
    """Enter what an attachment was at an instant, where it is not the file that it was before."""
    known = _last(catalogue, url)
    if known is None or version.sha256 != known.sha256:
        catalogue.execute(
            "INSERT OR REPLACE INTO file_versions VALUES (?, ?, ?, ?, ?)",
            (url, at, version.bytes, version.media_type, version.sha256),
        )


def last_file_version(catalogue: Catalogue, url: str, by: int | None = None) -> FileVersion | None:
    """Return what was last seen at `url`, or where it redirects to; None where no file ever was.

    `by` is the instant, seconds since 1970, after which nothing counts; None: everything does.
    """
    for _ in range(MAX_REDIRECTS):
        if (version := _last(catalogue, url, by)) is not None:
            return version
        target = catalogue.execute("SELECT target FROM urls WHERE url = ? AND class = 'redirected'", (url,)).fetchone()
        if target is None:
            break
        url = target[0]
    return None


def replacements(catalogue: Catalogue, since: int) -> Iterator[Replacement]:
    """Yield the replacements seen at `since`, seconds since 1970, or later, oldest first."""
    query = (
        "SELECT * FROM (SELECT f.url, p.article, f.at, lag(f.bytes) OVER versions, "
        "lag(f.media_type) OVER versions, lag(f.sha256) OVER versions AS before, f.bytes, f.media_type, f.sha256 "
        "FROM file_versions f LEFT JOIN urls u ON u.url = f.url LEFT JOIN urls p ON p.url = u.via "
        "WINDOW versions AS (PARTITION BY f.url ORDER BY f.at)) WHERE before IS NOT NULL AND at >= ? ORDER BY at"
    )
    for url, article, at, *values in catalogue.execute(query, (since,)):
        yield Replacement(url, article, at, FileVersion(*values[:3]), FileVersion(*values[3:]))


def _last(catalogue: Catalogue, url: str, by: int | None = None) -> FileVersion | None:
    query = (
        "SELECT bytes, media_type, sha256 FROM file_versions WHERE url = ? AND (? IS NULL OR at <= ?) "
        "ORDER BY at DESC LIMIT 1"
    )
    values = catalogue.execute(query, (url, by, by)).fetchone()
    return FileVersion(*values) if values else None
