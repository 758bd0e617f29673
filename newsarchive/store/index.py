"""How one outcome changes the catalogue: the same rule for a crawl, for recovery and for `rebuild`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from newsarchive.records.outcome import REQUISITE_KINDS, Outcome, UrlClass
from newsarchive.records.revision import Revision
from newsarchive.store.catalogue import EVERY_RUN, FRESH, RECHECK, ROBOTS, Catalogue, FoundUrl, Row
from newsarchive.store.file_versions import FileVersion, add_file_version
from newsarchive.store.ladder import (
    EVERY_RUN_KINDS,
    RETRY_SECONDS,
    article_due,
    failure_due,
    file_due,
    gone_due,
    page_due,
    robots_due,
)
from newsarchive.store.traps import Traps, within_depth

LONGEST_WAIT_SECONDS = 60
"""A run waits so long where a server asks it to come back later; a longer wait is the next run's business."""

TIMED_OUT = ("no answer: DownloadTimeoutError", "truncated: time")
REFUSED_FOR_NOW = ("robots.txt", "address", "certificate", "too-large", "not-http")
"""Reasons of refusals that another day may see undone, by the words with which they begin."""

MAX_REDIRECTS = 5
"""So many redirects in a row are followed; what the next one leads to is refused."""

_UNCOUNTED = frozenset({"robots", *REQUISITE_KINDS})
"""Kinds that are part of no trap."""

ANSWERED = frozenset({UrlClass.STORED, UrlClass.UNCHANGED})


@dataclass(frozen=True, slots=True)
class Answer:
    """What of an answer the catalogue keeps besides its outcome."""

    etag: str | None = None
    last_modified: str | None = None
    has_payload: bool = False
    found: Sequence[FoundUrl] = ()
    gist: str | None = None
    transient: bool = False
    not_before: int | None = None
    every_run: bool = False
    file: FileVersion | None = None
    """The file that was served, where the URL is an attachment's."""


class Indexer:
    """Writes outcomes and revisions into the catalogue, inside the caller's transaction."""

    def __init__(self, catalogue: Catalogue, zone: str) -> None:
        self._catalogue = catalogue
        self._zone = ZoneInfo(zone)
        self._traps = Traps(catalogue)

    def revision(self, revision: Revision, offset: int, length: int) -> None:
        """Enter a line of `revisions.jsonl` as its article's latest."""
        with_date = revision.date.isoformat() if revision.date else None
        checked_at = int(revision.captured_at.timestamp())
        self._catalogue.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "url = excluded.url, revision = excluded.revision, status = excluded.status, "
            "content_digest = excluded.content_digest, parser = excluded.parser, shown_date = excluded.shown_date, "
            "checked_at = max(checked_at, excluded.checked_at), log_offset = excluded.log_offset, "
            "log_length = excluded.log_length",
            (
                revision.id, revision.url, revision.revision, revision.status, revision.content_digest,
                revision.parser, with_date, int(revision.first_seen_at.timestamp()), checked_at, offset, length,
            ),
        )  # fmt: skip

    def outcome(self, outcome: Outcome, answer: Answer) -> list[FoundUrl]:
        """Enter an outcome and what its page named, and return the URLs that were not known before."""
        now = int(outcome.at.timestamp())
        self._catalogue.add([FoundUrl(outcome.url, outcome.kind)], via=outcome.via, depth=self._depth(outcome), now=now)
        row = self._catalogue.find(outcome.url)
        if row is None:
            raise RuntimeError(f"row of {outcome.url} was not entered")
        added = self._enter_links(within_depth(answer.found, row.depth), row, now)
        if outcome.outcome in {UrlClass.REDIRECTED, UrlClass.ALIAS} and outcome.target:
            added += self._catalogue.add([self._target(outcome, row)], via=outcome.url, depth=row.depth + 1, now=now)
            if outcome.kind == "robots":
                self._follow_at_once(outcome.target, row.depth)
        looked = answer.has_payload or outcome.outcome is UrlClass.REDIRECTED
        is_article = outcome.kind == "article"
        counted = outcome.kind not in _UNCOUNTED and (answer.gist is not None or not is_article)
        if looked and row.visited_at is None and counted:
            self._traps.visited(row, answer.found, added, is_article=is_article, gist=answer.gist)
        bad = outcome.outcome in {UrlClass.FAILED, UrlClass.GONE, UrlClass.PENDING}
        tries = row.tries + 1 if bad else 0
        replaced = outcome.kind in REQUISITE_KINDS and outcome.outcome is UrlClass.STORED
        changed = now if replaced or outcome.revision is not None else row.changed_at
        if answer.file is not None and outcome.outcome in ANSWERED:
            add_file_version(self._catalogue, outcome.url, now, answer.file)
        priority, due_at, tries = self._due(outcome, answer, now, tries, deep=bool(row.deep), changed_at=changed)
        capture = outcome.capture if answer.has_payload else None
        self._catalogue.execute(
            "UPDATE urls SET kind = ?, class = ?, reason = ?, target = ?, priority = ?, due_at = ?, tries = ?, "
            "gone_at = CASE WHEN ? THEN coalesce(gone_at, ?) END, "
            "visited_at = coalesce(?, visited_at), changed_at = ?, article = coalesce(?, article), "
            "first_seen_at = coalesce(first_seen_at, ?), "
            "etag = CASE WHEN ? THEN ? ELSE etag END, last_modified = CASE WHEN ? THEN ? ELSE last_modified END, "
            'warc = coalesce(?, warc), "offset" = coalesce(?, "offset"), record_id = coalesce(?, record_id), '
            "payload_digest = coalesce(?, payload_digest) WHERE id = ?",
            (
                outcome.kind, outcome.outcome.value, outcome.reason, outcome.target, priority, due_at, tries,
                outcome.outcome is UrlClass.GONE, now, now if outcome.status is not None else None, changed, outcome.id,
                now if answer.has_payload and outcome.outcome in ANSWERED else None,
                answer.has_payload, answer.etag, answer.has_payload, answer.last_modified,
                capture.warc if capture else None, capture.offset if capture else None,
                capture.record_id if capture else None, capture.payload_digest if capture else None, row.id,
            ),
        )  # fmt: skip
        if outcome.id is not None and outcome.outcome in ANSWERED:
            self._catalogue.execute(
                "UPDATE articles SET checked_at = ? WHERE id = ? AND url = ?", (now, outcome.id, outcome.url)
            )
        return added

    def _enter_links(self, found: Sequence[FoundUrl], row: Row, now: int) -> list[FoundUrl]:
        """Enter what a page names; the pages of a list are as deep as its first."""
        pages = [item for item in found if item.deep]
        if not pages:
            return self._catalogue.add(found, via=row.url, depth=row.depth + 1, now=now)
        others = [item for item in found if not item.deep]
        return [
            *self._catalogue.add(pages, via=row.url, depth=max(row.depth, 1), now=now),
            *self._catalogue.add(others, via=row.url, depth=row.depth + 1, now=now),
        ]

    def _target(self, outcome: Outcome, row: Row) -> FoundUrl:
        # The robots.txt, or the file, that a redirect leads to has to be judged as one.
        kind = outcome.kind if outcome.kind in _UNCOUNTED else "unknown"
        refusal = f"too many redirects: more than {MAX_REDIRECTS} in a row" if self._is_last_hop(outcome, row) else None
        return FoundUrl(outcome.target or outcome.url, kind, refusal=refusal)

    def _is_last_hop(self, outcome: Outcome, row: Row) -> bool:
        """Tell whether as many redirects led to `row` as are followed; the redirect of `outcome` is one more."""
        if outcome.outcome is not UrlClass.REDIRECTED or outcome.kind == "robots":
            return False
        for _ in range(MAX_REDIRECTS):
            parent = self._catalogue.find(row.via) if row.via is not None else None
            if parent is None or parent.outcome != UrlClass.REDIRECTED.value:
                return False
            row = parent
        return True

    def _follow_at_once(self, target: str, depth: int) -> None:
        """Make the robots.txt that a redirect leads to due before everything else; deeper only, so no loop goes on."""
        self._catalogue.execute(
            "UPDATE urls SET priority = ?, due_at = 0 WHERE url = ? AND kind = 'robots' AND depth > ?",
            (ROBOTS, target, depth),
        )

    def _depth(self, outcome: Outcome) -> int:
        if outcome.via is None:
            return 0
        parent = self._catalogue.find(outcome.via)
        return parent.depth + 1 if parent else 1  # of what was imported, `via` is the file that it came from

    def _due(  # noqa: PLR0913, PLR0911, C901 - one case for each class, from everything that decides it
        self, outcome: Outcome, answer: Answer, now: int, tries: int, *, deep: bool, changed_at: int | None
    ) -> tuple[int | None, int | None, int]:
        """Return queue, due instant and failures in a row after `outcome`."""
        url = outcome.url
        if outcome.kind == "robots":
            # Each run makes it due, and a redirect what it leads to.
            again = outcome.outcome is UrlClass.FAILED and answer.transient
            return ROBOTS, robots_due(now, tries, answer.not_before) if again else None, tries
        match outcome.outcome:
            case UrlClass.STORED | UrlClass.UNCHANGED if outcome.kind == "article":
                return RECHECK, article_due(url, now, self._unchanged_since(outcome, changed_at, now)), 0
            case UrlClass.STORED | UrlClass.UNCHANGED if outcome.kind in REQUISITE_KINDS:
                return RECHECK, file_due(url, now, changed_at or now), 0
            case UrlClass.STORED | UrlClass.UNCHANGED:
                every_run = answer.every_run or outcome.kind in EVERY_RUN_KINDS or (outcome.kind == "list" and not deep)
                return EVERY_RUN if every_run else RECHECK, page_due(url, now, every_run=every_run), 0
            case UrlClass.FAILED:
                if not answer.transient:
                    tries = max(tries, len(RETRY_SECONDS) + 1)
                if (outcome.reason or "").startswith(TIMED_OUT):
                    tries += 1  # each such try takes half a minute of a connection: one more in this run, not two
                return *self._later(outcome, answer, now, tries), tries
            case UrlClass.PENDING if answer.not_before is not None:
                return *self._later(outcome, answer, now, tries), tries
            case UrlClass.GONE:
                return RECHECK, gone_due(url, now, tries), tries
            case UrlClass.REDIRECTED | UrlClass.ALIAS:
                return RECHECK, page_due(url, now, every_run=answer.every_run), 0
            case UrlClass.REFUSED if (outcome.reason or "").startswith(REFUSED_FOR_NOW):
                every_run = answer.every_run and outcome.status is not None
                return EVERY_RUN if every_run else RECHECK, page_due(url, now, every_run=every_run), tries
            case UrlClass.REFUSED | UrlClass.PENDING:
                return None, None, tries
        raise AssertionError(outcome.outcome)

    @staticmethod
    def _later(outcome: Outcome, answer: Answer, now: int, tries: int) -> tuple[int, int]:
        """Return queue and due instant of a URL that is tried again: not before the server wants it."""
        due_at, same_run = failure_due(outcome.url, now, max(tries, 1))
        if answer.not_before is not None and answer.not_before > due_at:
            due_at = answer.not_before
            same_run = same_run and due_at - now <= LONGEST_WAIT_SECONDS
        return FRESH if same_run else RECHECK, due_at

    def _unchanged_since(self, outcome: Outcome, changed_at: int | None, now: int) -> int:
        known = self._catalogue.article(outcome.id) if outcome.id else None
        if known is None:
            return now
        if known.revision > 1:
            return changed_at or now
        if known.shown_date is None:
            return known.first_seen_at
        shown = dt.datetime.combine(dt.date.fromisoformat(known.shown_date), dt.time(), self._zone)
        return min(int(shown.timestamp()), known.first_seen_at)
