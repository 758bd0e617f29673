"""Whether a collection is what was committed: every byte of its truth, and what its parts say of one another."""

import hashlib
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from itertools import takewhile
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from newsarchive.dedupe.content import SCHEME, content_digest
from newsarchive.errors import DamageError, NewsarchiveError
from newsarchive.operations.access import Held
from newsarchive.operations.damage import Damage
from newsarchive.operations.verify_articles import ArticleCheck
from newsarchive.operations.verify_records import record_damages
from newsarchive.records.capture import CaptureRef
from newsarchive.records.model import Record
from newsarchive.records.outcome import Outcome
from newsarchive.records.revision import Revision
from newsarchive.records.segment import ClosedSegment
from newsarchive.store.capture_index import index_files
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.ingest import read_lines
from newsarchive.store.layout import Layout, is_segment
from newsarchive.store.lock import is_held
from newsarchive.store.manifest import read_manifest
from newsarchive.store.seal import unlike_seal
from newsarchive.warc.fixity import Expectation, walk, whole_records
from newsarchive.warc.revisits import read_capture

CHUNK = 1 << 20

_LINES: Final[Mapping[str, type[Record]]] = {"revisions.jsonl": Revision, "manifest.jsonl": ClosedSegment}
"""What a line of a log is; of one that is not named here, an outcome."""


def verify(held: Held) -> Iterator[Damage]:
    """Yield every damage of a collection; none means that it is sound. Changes nothing, not even to mend.

    May run beside a crawl: it looks at what was committed when it began, and at what lies beyond only where nobody is
    writing. Memory does not grow with the collection but for one number for each article.
    """
    layout = held.layout
    if layout.withdrawing.exists() and not is_held(layout.lock):
        what = f"a withdrawal was interrupted; run `newsarchive rebuild {layout.folder.name}`"
        yield Damage(layout.withdrawing, None, what)
        return
    before = _activity(layout)
    sealed = list(_sealed(layout))
    doubtful: list[Damage] = []
    yield from _committed(layout, doubtful)
    if before == _activity(layout):
        yield from (*sealed, *doubtful)


def piece_damages(path: Path, pieces: Iterator[tuple[int, int, str]], length: int) -> Iterator[Damage]:
    """Yield what is not as it was committed, piece by piece, of the first `length` bytes of a file."""
    end = 0
    with path.open("rb") as file:
        for start, size, sha256 in pieces:
            if start != end:
                break
            file.seek(start)
            digest = hashlib.sha256()
            left = size
            while left and (data := file.read(min(left, CHUNK))):
                digest.update(data)
                left -= len(data)
            if digest.hexdigest() != sha256:
                yield Damage(path, start, f"the {size} bytes from here on are not those that were committed")
            end = start + size
    if end != length:
        yield Damage(path, end, "the catalogue has no digest of what follows; run `newsarchive rebuild`")


def _activity(layout: Layout) -> tuple[bool, object, tuple[str, ...]]:
    """Return what changes whenever a run begins or ends; what nobody committed is judged only while it does not."""
    sealed_at = layout.seal.stat().st_mtime_ns if layout.seal.exists() else None
    return is_held(layout.lock), sealed_at, tuple(sorted(path.name for path in layout.runs.glob("*.jsonl")))


def _committed(layout: Layout, doubtful: list[Damage]) -> Iterator[Damage]:
    """Yield what is wrong with what was committed, and put aside what is wrong unless a run is at work."""
    if not layout.catalogue.exists():
        yield Damage(layout.catalogue, None, f"lost; run `newsarchive rebuild {layout.folder.name}`")
        return
    try:
        catalogue = Catalogue(layout.catalogue, readonly=True)
        try:
            catalogue.execute("BEGIN")  # one state of the catalogue for all that follows
            faults = [text for (text,) in catalogue.execute("PRAGMA integrity_check") if text != "ok"]
            for text in faults:
                yield Damage(layout.catalogue, None, f"{text}; run `newsarchive rebuild {layout.folder.name}`")
            if not faults:
                yield from _files(layout, catalogue, doubtful)
                with closing(ArticleCheck(layout)) as articles:
                    yield from _revisions(layout, catalogue, articles)
                    at_rest = None if is_held(layout.lock) else doubtful
                    yield from record_damages(layout, catalogue.committed(), articles, at_rest)
                yield from _outcomes(layout, catalogue)
        finally:
            catalogue.close()
    except sqlite3.DatabaseError as error:
        yield Damage(layout.catalogue, None, f"{error}; run `newsarchive rebuild {layout.folder.name}`")


def _sealed(layout: Layout) -> Iterator[Damage]:
    """Compare catalogue and identity with what the last run left."""
    try:
        for path in unlike_seal(layout):
            yield Damage(path, None, f"not as the last run left it; run `newsarchive rebuild {layout.folder.name}`")
    except (OSError, ValueError):
        yield Damage(layout.seal, None, "cannot be read; the next run makes it anew")


def _files(layout: Layout, catalogue: Catalogue, doubtful: list[Damage]) -> Iterator[Damage]:
    """Compare every file with what was committed of it, piece by piece, and segments record by record."""
    committed = catalogue.committed()
    written = is_held(layout.lock)
    for name, (length, closed) in committed.items():
        path = layout.committed_file(name)
        size = path.stat().st_size if path.exists() else 0
        if size < length:
            yield Damage(path, size, f"lost: {length} bytes were committed" if size else "lost")
        if size < length or not path.exists():  # a segment is entered before its file is made
            continue
        yield from piece_damages(path, catalogue.pieces(name), length)
        if is_segment(name):
            if not closed:
                yield from (Damage(path, found.offset, found.what) for found in walk(path) if found.offset < length)
            if closed and size > length:
                yield Damage(path, length, f"{size - length} bytes more than were committed")
            elif not written and whole_records(path, length)[0] < size:
                torn = "ends in bytes that form no record; the next run sets them aside"
                doubtful.append(Damage(path, length, torn))
        elif size > length and not written:
            doubtful += _beyond(path, length, committed)
    yield from _closed(layout, [Path(name).name for name, (_, closed) in committed.items() if closed])
    if not written:
        doubtful += _unknown(layout, committed)


def _closed(layout: Layout, closed: Collection[str]) -> Iterator[Damage]:
    """Compare each closed segment with its line in the manifest, which no loss of the catalogue takes away."""
    try:
        manifest = read_manifest(layout)
    except DamageError as error:
        yield Damage(layout.manifest, None, str(error))
        return
    for name in closed:
        path = layout.captures / name
        if name not in manifest:
            yield Damage(path, None, f"closed, and not in {layout.manifest.name}; run `newsarchive rebuild`")
        if path.exists():
            said = manifest.get(name)
            expected = Expectation(records=said.records, sha256=said.sha256) if said else None
            yield from (Damage(path, found.offset, found.what) for found in walk(path, expected))
    for name in manifest.keys() - closed:
        if not layout.segment(name).exists():
            yield Damage(layout.captures / name, None, f"lost: {layout.manifest.name} has it")


def _unknown(layout: Layout, committed: Mapping[str, tuple[int, bool]]) -> Iterator[Damage]:
    """Look for files that the catalogue does not know; the log of a run that died in its first batch is in order."""
    known = {layout.folder / name for name in committed} | {layout.open_segment(Path(name).name) for name in committed}
    known |= index_files(layout)
    newest = max((path.name for path in known if path.parent == layout.runs), default="")
    for folder, pattern in ((layout.captures, "*"), (layout.runs, "*.jsonl")):
        for path in sorted(folder.glob(pattern)):
            if path in known or not path.stat().st_size:
                continue
            if folder == layout.runs and path.name > newest and _of_known_segments(path, committed):
                yield from _beyond(path, 0, committed)
            else:
                yield Damage(path, None, "not known to the catalogue: an extra file, or the catalogue is an old one")


def _of_known_segments(path: Path, committed: Mapping[str, tuple[int, bool]]) -> bool:
    """Tell whether a run's log names only captures of segments that are still open: those of a run that died."""
    for line, _ in read_lines(path):
        try:
            capture = Outcome.model_validate_json(line).capture
        except ValidationError:
            return False
        if capture is not None and committed.get(f"captures/{capture.warc}", (0, True))[1]:
            return False
    return True


def _beyond(path: Path, length: int, committed: Mapping[str, tuple[int, bool]]) -> Iterator[Damage]:
    """Look at what lies beyond the committed length: whole lines a dead run left are in order.

    Torn ones are not, nor lines that stand there twice, nor lines that name a capture that was committed: a batch
    commits its captures and its lines together. (A removal and a reparse name one of a batch before.)
    """
    before = _last_line(path, length)
    for line, offset in read_lines(path, length):
        try:
            record = _LINES.get(path.name, Outcome).model_validate_json(line)
        except ValidationError:
            yield Damage(path, offset, "not committed, and no record")
            continue
        capture = getattr(record, "capture", None)
        later = isinstance(record, Revision) and (record.status == "removed" or record.cause == "reparse")
        past = capture is not None and capture.offset < committed.get(f"captures/{capture.warc}", (0, False))[0]
        if line == before or (past and not later):
            yield Damage(path, offset, "a line that stands there twice")
        before = line
    with path.open("rb") as file:
        file.seek(-1, 2)
        if file.read() != b"\n":
            yield Damage(path, length, "ends in a torn line that was never committed; the next run sets it aside")


def _last_line(path: Path, end: int) -> bytes:
    """Return the line that ends at byte `end`; empty at the start of the file, or if it is longer than a mebibyte."""
    with path.open("rb") as file:
        start = max(0, end - CHUNK)
        file.seek(start)
        head, _, line = file.read(end - start).removesuffix(b"\n").rpartition(b"\n")
    return line + b"\n" if line and (head or not start) else b""


def _revisions(layout: Layout, catalogue: Catalogue, articles: ArticleCheck) -> Iterator[Damage]:
    """Look at each revision: readable, its number the next, its digest its content's, its capture there."""
    path = layout.revisions
    if not path.exists():
        return
    numbers: dict[str, int] = {}
    for line, offset in _committed_lines(layout, catalogue, path):
        try:
            revision = Revision.model_validate_json(line)
        except ValidationError as error:
            yield Damage(path, offset, f"no revision: {error.errors()[0]['msg']}")
            continue
        if revision.revision != numbers.get(revision.id, 0) + 1:
            expected = numbers.get(revision.id, 0) + 1
            yield Damage(path, offset, f"revision {revision.revision} of {revision.id} where {expected} is due")
        numbers[revision.id] = revision.revision
        articles.add(revision, line, offset)
        if revision.content_digest.startswith(f"{SCHEME}:") and revision.content_digest != content_digest(revision):
            yield Damage(path, offset, f"content of {revision.id} is not that of its digest")
        yield from _capture(layout, path, offset, revision.capture)
    for article, number in numbers.items():
        known = catalogue.article(article)
        if known is None or known.revision != number:
            yield Damage(layout.catalogue, None, f"{article}: not at revision {number}; run `newsarchive rebuild`")
    if catalogue.count_articles() != len(numbers):
        yield Damage(layout.catalogue, None, f"{catalogue.count_articles()} articles instead of {len(numbers)}")


def _outcomes(layout: Layout, catalogue: Catalogue) -> Iterator[Damage]:
    """Look at each outcome: readable, its capture there; and whether the catalogue has every URL's last one."""
    last = sqlite3.connect("")  # a temporary file: a URL's last outcome, however many there are
    try:
        last.execute("CREATE TABLE last (url TEXT PRIMARY KEY, class TEXT, kind TEXT) WITHOUT ROWID")
        for path in sorted(layout.runs.glob("*.jsonl")):
            for line, offset in _committed_lines(layout, catalogue, path):
                try:
                    outcome = Outcome.model_validate_json(line)
                except ValidationError as error:
                    yield Damage(path, offset, f"no outcome: {error.errors()[0]['msg']}")
                    continue
                last.execute(
                    "INSERT OR REPLACE INTO last VALUES (?, ?, ?)", (outcome.url, outcome.outcome, outcome.kind)
                )
                if outcome.capture is not None:
                    yield from _capture(layout, path, offset, outcome.capture)
        ended = "SELECT url, class, kind FROM urls WHERE class <> 'pending' ORDER BY url"
        # A URL whose server asked to come back later is pending on both sides.
        said_last = "SELECT url, class, kind FROM last WHERE class <> 'pending' ORDER BY url"
        pairs = zip(catalogue.execute(ended), last.execute(said_last), strict=False)
        for known, said in pairs:
            if known != said:
                yield Damage(layout.catalogue, None, f"has {known}, the runs say {said}; run `newsarchive rebuild`")
                return
        total = last.execute("SELECT count(*) FROM last WHERE class <> 'pending'").fetchone()[0]
        held = catalogue.execute("SELECT count(*) FROM urls WHERE class <> 'pending'").fetchone()[0]
        if total != held:
            yield Damage(layout.catalogue, None, f"{held} URLs with an outcome, the runs have {total}")
    finally:
        last.close()


def _committed_lines(layout: Layout, catalogue: Catalogue, path: Path) -> Iterator[tuple[bytes, int]]:
    length, _ = catalogue.committed().get(layout.relative(path), (0, False))
    yield from takewhile(lambda line: line[1] < length, read_lines(path))


def _capture(layout: Layout, path: Path, offset: int, capture: CaptureRef) -> Iterator[Damage]:
    """Look whether a line's capture is where the line says, and what it refers to where it is a revisit."""
    try:
        record = read_capture(capture, layout.segment).record
    except NewsarchiveError as error:
        yield Damage(path, offset, f"names a capture that cannot be read ({error})")
        return
    if (record.payload_digest or capture.payload_digest) != capture.payload_digest:
        yield Damage(path, offset, f"names a capture of {capture.payload_digest}, it is of {record.payload_digest}")
