"""The commit: a batch of finished visits becomes captures, revisions, outcomes and, last, catalogue rows.

Runs in one thread. The order is the promise: everything appended is on the disk before the transaction that counts
it is committed, so whatever the catalogue says is there.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from newsarchive.dedupe.content import content_digest
from newsarchive.errors import NewsarchiveError, StorageError
from newsarchive.records.article import Article
from newsarchive.records.capture import CaptureRef
from newsarchive.records.outcome import Outcome, UrlClass
from newsarchive.records.revision import Revision
from newsarchive.store.catalogue import Catalogue, FoundUrl, KnownArticle
from newsarchive.store.erasure import WITHDRAWN
from newsarchive.store.files import file_version
from newsarchive.store.guard import guarded
from newsarchive.store.index import ANSWERED, Answer, Indexer
from newsarchive.store.layout import Layout
from newsarchive.store.log import AppendFile
from newsarchive.store.removal import Rechecks, Removal
from newsarchive.store.segments import SegmentWriter
from newsarchive.store.visit import Visit
from newsarchive.timestamps import utc

Reread = Callable[[CaptureRef, str], Article]
"""Reads a kept capture of a URL again with today's parser. Raises a NewsarchiveError where that gives no article."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a batch added, by its visits' order."""

    outcomes: tuple[Outcome, ...]
    new_urls: int
    revisions: int
    revisits: int


class Committer:
    """Writes batches into one collection; its files and its catalogue connection are its own."""

    def __init__(  # noqa: PLR0913 - one argument for each thing it owns
        self,
        *,
        layout: Layout,
        catalogue: Catalogue,
        segments: SegmentWriter,
        run: str,
        indexer: Indexer,
        reread: Reread,
        clock: Callable[[], float],
        min_free_bytes: int,
        confirm_days: float,
    ) -> None:
        self._layout = layout
        self._catalogue = catalogue
        self._segments = segments
        self._revisions = AppendFile(layout.revisions)
        self._outcomes = AppendFile(layout.run_log(run))
        self._indexer = indexer
        self._reread = reread
        self._clock = clock
        self._min_free_bytes = min_free_bytes
        self.rechecks = Rechecks(confirm_days)

    def commit(self, visits: Sequence[Visit]) -> Committed:
        """Commit `visits`, all of them or none.

        Raises `StorageError` if the disk is full or failing; then nothing of the batch is in the collection.
        """
        recorded_at = utc(self._clock())
        with guarded(self._layout.folder):
            self._leave_room()
            self._segments.make_room(recorded_at)
            with self._all_or_nothing():
                committed = self._append(visits, recorded_at)
        for visit, outcome in zip(visits, committed.outcomes, strict=False):
            self.rechecks.add(visit, outcome)
        return committed

    def record_removals(self) -> int:
        """Commit a last revision for each article that this run confirmed as gone, and return how many.

        None where too many looked gone. Raises `StorageError` as `commit` does.
        """
        if self.rechecks.degraded or not self.rechecks.confirmed:
            return 0
        recorded_at = utc(self._clock())
        with guarded(self._layout.folder), self._all_or_nothing():
            return sum(self._remove(removal, recorded_at) for removal in self.rechecks.confirmed)

    def close(self) -> None:
        """Close the files and give the open segment its final name. Raises `StorageError` if the disk fails."""
        with guarded(self._layout.folder):
            self._segments.close(utc(self._clock()))
            self._revisions.close()
            self._outcomes.close()

    def abandon(self) -> None:
        """Close the files and leave them as they are, for the next opening to mend: the disk is not to be trusted."""
        for close in (self._segments.abandon, self._revisions.close, self._outcomes.close):
            with suppress(OSError):
                close()

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Append, bring it to the disk, and only then commit the catalogue's transaction."""
        files = (self._segments, self._revisions, self._outcomes)
        synced = False
        try:
            with self._catalogue.transaction():
                yield
                self._sync()
                synced = True
        except BaseException:
            # A commit that failed may still be in the write-ahead log. What it counts is synced, so it stays: the next
            # opening takes it in if the log does not have it.
            for file in () if synced else files:
                file.cut_back()
            raise
        for file in files:
            file.commit()

    def _leave_room(self) -> None:
        free = shutil.disk_usage(self._layout.folder).free
        if free < self._min_free_bytes:
            raise StorageError(
                f"{self._layout.folder}: {free // 1024**2} MiB free, {self._min_free_bytes // 1024**2} MiB are to stay "
                "free; make room, then run the same command again"
            )

    def _remove(self, removal: Removal, recorded_at: dt.datetime) -> int:
        known = self._catalogue.article(removal.article)
        if known is None or known.status != "published":
            return 0
        self._write(
            self._last(known).model_copy(
                update={
                    "status": "removed",
                    "revision": known.revision + 1,
                    "cause": "site",
                    "captured_at": utc(removal.at),
                    "recorded_at": recorded_at,
                    "capture": removal.capture,
                }
            )
        )
        return 1

    def _write(self, revision: Revision) -> bytes:
        """Append a revision, and return its line without the end."""
        line = revision.to_json().encode()
        self._indexer.revision(revision, self._revisions.append(line + b"\n"), len(line) + 1)
        return line

    def _append(self, visits: Sequence[Visit], recorded_at: dt.datetime) -> Committed:
        outcomes: list[Outcome] = []
        refused: list[Outcome] = []
        new_urls = revisions = 0
        revisits_before = self._segments.revisits
        for visit in visits:
            self._withhold(visit)
            capture = self._segments.append(visit.exchange, _unchanged_digest(visit)) if visit.exchange else None
            revision = self._revise(visit, capture, recorded_at)
            outcome = self._outcome(visit, capture, revision)
            added = self._indexer.outcome(outcome, _answer(visit))
            outcomes.append(outcome)
            refused += (_refused(found, outcome) for found in added if found.refusal is not None)
            new_urls += len(added)
            revisions += revision is not None
        outcomes += refused
        self._outcomes.append(b"".join(outcome.to_json().encode() + b"\n" for outcome in outcomes))
        return Committed(tuple(outcomes), new_urls, revisions, self._segments.revisits - revisits_before)

    def _withhold(self, visit: Visit) -> None:
        """Keep nothing of a page that was withdrawn and that the site shows at a further URL."""
        if visit.article is not None:
            known = self._catalogue.article(visit.article.id)
            withdrawn = known is not None and known.status == "withdrawn"
        elif visit.outcome is UrlClass.ALIAS and visit.target:
            row = self._catalogue.find(visit.target)
            withdrawn = row is not None and row.status == "withdrawn"
        else:
            return
        if withdrawn:
            visit.exchange = visit.article = visit.article_id = visit.target = None
            visit.found = ()
            visit.outcome, visit.reason = UrlClass.REFUSED, WITHDRAWN

    def _sync(self) -> None:
        self._segments.sync()
        for file in (self._revisions, self._outcomes):
            file.sync()
            length = file.length - file.committed
            self._catalogue.add_piece(self._layout.relative(file.path), file.committed, length, file.piece_sha256)

    def _revise(self, visit: Visit, capture: CaptureRef | None, recorded_at: dt.datetime) -> Revision | None:
        """Append a revision if the visit's article is a new one or reads differently; else settle the visit."""
        article = visit.article
        if article is None or capture is None or visit.exchange is None:
            return None
        known = self._catalogue.article(article.id)
        # Of an article whose own address is gone, the other one that shows it is the address from now on.
        if known is not None and known.url != article.url and known.status == "published":
            visit.outcome, visit.target, visit.article = UrlClass.ALIAS, known.url, None
            return None
        digest = visit.content_digest or content_digest(article)
        if known is not None and known.status == "published" and self._same_content(known, article, digest):
            visit.outcome, visit.unchanged = UrlClass.UNCHANGED, True
            return None
        captured_at = visit.exchange.started_at
        revision = Revision.model_construct(
            **{name: getattr(article, name) for name in Article.model_fields},
            aliases=self._catalogue.aliases(article.url),
            status="published",
            revision=known.revision + 1 if known else 1,
            cause="site",
            content_digest=digest,
            first_seen_at=utc(known.first_seen_at) if known else captured_at,
            captured_at=captured_at,
            recorded_at=recorded_at,
            capture=capture,
        )
        self._segments.append_article(visit.exchange, capture, self._write(revision))
        return revision

    def _same_content(self, known: KnownArticle, article: Article, digest: str) -> bool:
        """Compare with the latest revision as today's parser reads it: a new parser must not look like an edit."""
        if known.content_digest == digest:
            return True
        if known.parser == article.parser:
            return False
        # The capture of that revision, not the last one: what the old parser did not see may have changed since.
        try:
            before = self._reread(self._last(known).capture, known.url)
        except NewsarchiveError:
            # Today's parser cannot read the old page: the two contents cannot be compared, so both are kept.
            return False
        before_digest = content_digest(before)
        self._catalogue.execute(
            "UPDATE articles SET content_digest = ?, parser = ? WHERE id = ?", (before_digest, article.parser, known.id)
        )
        return before_digest == digest

    def _last(self, known: KnownArticle) -> Revision:
        """Return the latest revision of an article, as its line has it."""
        with self._layout.revisions.open("rb") as log:
            log.seek(known.log_offset)
            return Revision.model_validate_json(log.read(known.log_length))

    def _outcome(self, visit: Visit, capture: CaptureRef | None, revision: Revision | None) -> Outcome:
        if visit.ended_at is None:
            raise RuntimeError(f"visit of {visit.row.url} was not finished")
        return Outcome(
            at=visit.ended_at,
            url=visit.row.url,
            via=visit.row.via,
            kind=visit.kind,
            outcome=visit.outcome,
            reason=visit.reason,
            target=visit.target,
            status=visit.exchange.status if visit.exchange else None,
            id=visit.article_id if visit.outcome in {UrlClass.STORED, UrlClass.UNCHANGED} else None,
            revision=revision.revision if revision else None,
            capture=capture,
        )


def _refused(found: FoundUrl, page: Outcome) -> Outcome:
    """Return the outcome of a URL that is not visited, from the page that named it."""
    return Outcome(
        at=page.at, url=found.url, via=page.url, kind=found.kind, outcome=UrlClass.REFUSED, reason=found.refusal
    )


def _unchanged_digest(visit: Visit) -> str | None:
    return visit.row.payload_digest if visit.outcome is UrlClass.UNCHANGED else None


def _answer(visit: Visit) -> Answer:
    exchange = visit.exchange
    whole = exchange is not None and exchange.status == 200 and exchange.truncated is None  # noqa: PLR2004
    file = exchange is not None and whole and visit.kind == "attachment" and visit.outcome in ANSWERED
    return Answer(
        file=file_version(exchange) if file and exchange else None,
        etag=exchange.header("etag") if whole and exchange else None,
        last_modified=exchange.header("last-modified") if whole and exchange else None,
        has_payload=whole,
        found=visit.found,
        gist=visit.gist,
        transient=visit.transient,
        not_before=visit.not_before,
        every_run=visit.row.depth == 0,
    )
