"""Which revision of an article a citation means, and whether the site still has the page."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from newsarchive.errors import ConfigurationError, DamageError
from newsarchive.operations.access import Held, reading
from newsarchive.records.revision import Revision
from newsarchive.store.ingest import read_lines
from newsarchive.timestamps import iso


@dataclass(frozen=True, slots=True)
class Cited:
    """A revision with content."""

    revision: Revision
    removed_at: dt.datetime | None
    """UTC instant of the look that found the page gone; None where the site had it at the instant that is meant."""


def cited_revision(held: Held, article_id: str, *, at: dt.datetime | None = None, number: int | None = None) -> Cited:
    """Return the revision of an article that is meant: number `number`, or the one that was there at `at` (aware).

    Default: the latest. Where that one says that the page is gone, it is the last one before, which has the content.
    Raises `ConfigurationError` where there is none, or the article was withdrawn.
    """
    with reading(held.layout) as catalogue:
        known = catalogue.article(article_id)
    if known is None:
        raise ConfigurationError(f"{article_id}: no such article in {held.layout.folder}; its id is SITE/KEY")
    revisions = list(_revisions_of(held, article_id))
    if withdrawn := next((one for one in revisions if one.status == "withdrawn"), None):
        raise ConfigurationError(
            f"{article_id}: was withdrawn from the archive; nothing is left to cite of what it said from "
            f"{iso(withdrawn.captured_at)} on"
        )
    meant = [one for one in revisions if _is_meant(one, at, number)]
    if number is not None and (not meant or meant[-1].revision != number):
        raise ConfigurationError(f"{article_id}: no revision {number}; it has revisions 1 to {known.revision}")
    with_content = [one for one in meant if one.status == "published"]
    if not with_content:
        first = iso(revisions[0].captured_at) if revisions else "never"
        raise ConfigurationError(f"{article_id}: not captured by then; its first capture is of {first}")
    removed = meant[-1].status == "removed"
    return Cited(with_content[-1], meant[-1].captured_at if removed else None)


def _is_meant(revision: Revision, at: dt.datetime | None, number: int | None) -> bool:
    return (at is None or revision.captured_at <= at) and (number is None or revision.revision <= number)


def _revisions_of(held: Held, article_id: str) -> Iterator[Revision]:
    """Yield the revisions of one article; lines of others are told by their bytes and not read."""
    path = held.layout.revisions
    mark = f'"id":{json.dumps(article_id, ensure_ascii=False)}'.encode("utf-8", "replace")
    for line, offset in read_lines(path) if path.exists() else ():
        if mark not in line:
            continue
        try:
            revision = Revision.model_validate_json(line)
        except ValueError as error:
            raise DamageError(f"{path}: offset {offset}: no revision; run `newsarchive verify`") from error
        if revision.id == article_id:
            yield revision
