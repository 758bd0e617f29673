"""Takes lines of the logs into the catalogue again: the tail a dead process left, or everything for `rebuild`."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from newsarchive.records.capture import CaptureRef
from newsarchive.records.outcome import IMPORT_URN, REQUISITE_KINDS, Outcome, UrlClass
from newsarchive.records.revision import Revision
from newsarchive.sites.scope import Scope
from newsarchive.store.catalogue import Catalogue, FoundUrl, Row
from newsarchive.store.erasure import WITHDRAWN
from newsarchive.store.files import file_version
from newsarchive.store.index import ANSWERED, Answer, Indexer
from newsarchive.store.interpret import PARSE_LIMITED, READING_BROKE, Meaning, interpret, retry_after
from newsarchive.store.layout import Layout
from newsarchive.verdicts.watch import is_doubtful
from newsarchive.warc.reader import StoredResponse
from newsarchive.warc.revisits import read_capture
from newsarchive.warc.writer import Original

_NOT_TOLD_BY_URL = frozenset({"robots", *REQUISITE_KINDS})
"""Kinds of what no page named, a robots.txt and files that came with an import, which only the log knows."""

RevisionLine = tuple[Revision, int, int]
"""A revision, and where its line begins and how long it is in `revisions.jsonl`."""


def read_lines(path: Path, start: int = 0) -> Iterator[tuple[bytes, int]]:
    """Yield each whole line from byte `start` on, with the offset at which it begins."""
    with path.open("rb") as file:
        file.seek(start)
        offset = start
        for line in file:
            if line.endswith(b"\n"):
                yield line, offset
            offset += len(line)


def read_revisions(path: Path, start: int = 0) -> Iterator[RevisionLine]:
    """Yield the revisions from byte `start` of `revisions.jsonl` on. Raises ValueError at a line that is none."""
    if path.exists():
        for line, offset in read_lines(path, start):
            yield Revision.model_validate_json(line), offset, len(line)


def read_outcomes(path: Path, start: int = 0) -> Iterator[Outcome]:
    """Yield the outcomes from byte `start` of a run's log on. Raises ValueError at a line that is none."""
    for line, _ in read_lines(path, start):
        yield Outcome.model_validate_json(line)


class _Lines:
    """Revisions in their order, of which the next one can be seen before it is taken."""

    def __init__(self, revisions: Iterable[RevisionLine]) -> None:
        self._rest = iter(revisions)
        self.next: RevisionLine | None = next(self._rest, None)

    def taken(self) -> RevisionLine:
        """Take the next one."""
        if self.next is None:
            raise RuntimeError("no revision is left")
        line, self.next = self.next, next(self._rest, None)
        return line


class Ingester:
    """Applies outcomes and revisions in the order in which they were committed, inside the caller's transaction."""

    def __init__(self, layout: Layout, catalogue: Catalogue, indexer: Indexer, scope: Scope) -> None:
        self._layout = layout
        self._catalogue = catalogue
        self._indexer = indexer
        self._scope = scope

    def enter_unnamed(self, outcomes: Iterable[Outcome], at: dt.datetime) -> None:
        """Enter what no page had named, seeds and imports, before the pages of `outcomes` name it, as the runs did.

        A page would enter it at another depth, and not to be due in every run. The log has no `via` of what was a seed
        then; the site file says what is one now, and counts for what nobody has asked for. `at` is when the first run
        started.
        """
        now = int(at.timestamp())
        unasked = dict.fromkeys(self._scope.seeds())
        for outcome in outcomes:
            if outcome.reason == WITHDRAWN:  # no visit: it says nothing of `via`
                continue
            unasked.pop(outcome.url, None)
            if outcome.via is None:
                self._catalogue.add([self._seed(outcome.url, outcome.kind)], via=None, depth=0, now=now)
            elif outcome.via.startswith(IMPORT_URN):
                found, captured_at = self._unnamed(outcome.url, outcome.kind), int(outcome.at.timestamp())
                self._catalogue.add([found], via=outcome.via, depth=1, now=captured_at)
        self._catalogue.add(map(self._seed, unasked), via=None, depth=0, now=now)

    def ingest(self, outcomes: Iterable[Outcome], revisions: Iterable[RevisionLine]) -> tuple[int, int]:
        """Apply everything, and return the numbers of outcomes and revisions."""
        lines = _Lines(revisions)
        counts = [0, 0]
        for outcome in outcomes:
            # A reparse between two runs counts for what the second one found.
            while lines.next and lines.next[0].cause == "reparse" and lines.next[0].recorded_at <= outcome.at:
                counts[1] += self._revise(lines.taken())
            if outcome.revision is not None:
                counts[1] += self._revisions_up_to(outcome, lines)
            self._indexer.outcome(outcome, self._answer(outcome))
            counts[0] += 1
        while lines.next:
            counts[1] += self._revise(lines.taken())
        return counts[0], counts[1]

    def _revisions_up_to(self, outcome: Outcome, lines: "_Lines") -> int:
        count = 0
        while lines.next:
            line = lines.taken()
            count += self._revise(line)
            if (line[0].id, line[0].revision) == (outcome.id, outcome.revision):
                break
        return count

    def _unnamed(self, url: str, kind: str = "unknown") -> FoundUrl:
        return FoundUrl(url, kind if kind in _NOT_TOLD_BY_URL else self._scope.kind(url))

    def _seed(self, url: str, kind: str = "unknown") -> FoundUrl:
        return FoundUrl(url, kind if kind in _NOT_TOLD_BY_URL else self._scope.seed_kind(url))

    def _revise(self, line: RevisionLine) -> int:
        self._indexer.revision(*line)
        return 1

    def _answer(self, outcome: Outcome) -> Answer:
        row = self._catalogue.find(outcome.url)
        every_run = row is not None and row.depth == 0
        if outcome.capture is None:
            return Answer(transient=outcome.outcome is UrlClass.FAILED, every_run=every_run)
        answer = self._stored(outcome.capture)
        meaning = self._meaning(outcome, answer, row)
        whole = answer.status == 200 and answer.truncated is None  # noqa: PLR2004
        file = whole and outcome.kind == "attachment" and outcome.outcome in ANSWERED
        return Answer(
            file=file_version(answer) if file else None,
            etag=answer.header("etag") if whole else None,
            last_modified=answer.header("last-modified") if whole else None,
            has_payload=whole,
            gist=meaning.gist,
            found=meaning.found,  # an article whose content is unchanged may name new pages beside it
            transient=meaning.transient,
            not_before=retry_after(answer, outcome.at),
            every_run=every_run,
        )

    def _meaning(self, outcome: Outcome, answer: StoredResponse, row: Row | None) -> Meaning:
        if (outcome.reason or "").startswith((PARSE_LIMITED, READING_BROKE)):
            # How far reading comes in its time is no property of the page: what the run decided is the truth.
            return Meaning(outcome.outcome, outcome.kind, outcome.reason)
        unnamed = self._unnamed(outcome.url, outcome.kind).kind
        digest = outcome.capture.payload_digest if outcome.capture else None
        meaning = interpret(
            answer, row.kind if row else unnamed, self._scope, url=outcome.url, captured_at=answer.captured_at,
            asked_if_changed=True, same_as_last=row is not None and row.payload_digest == digest,
        )  # fmt: skip
        # Whether a page is held back follows from all that its run read: what the run decided is the truth.
        return replace(meaning, transient=True) if is_doubtful(outcome.reason) else meaning

    def _stored(self, capture: CaptureRef) -> StoredResponse:
        kept = read_capture(capture, self._layout.segment)
        record, response = kept.record, kept.response
        if record.type == "response" and response.truncated is None and response.payload:
            self._catalogue.keep_original(Original(capture, response.url, response.captured_at))
        return response
