"""Fixity: whether a segment is what was written, found by walking every gzip member.

`warcio check` passes files that were cut at a member's end or inside one (webrecorder/warcio#138), so nothing here
relies on a library's reader. Memory is bounded: pieces of 64 KiB, heads of at most 1 MiB, one id for each record.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from newsarchive.errors import DamageError
from newsarchive.warc.blocks import BlockCheck
from newsarchive.warc.members import GZIP_HEADER, MemberReader, unreadable
from newsarchive.warc.records import RecordHeader
from newsarchive.warc.writer import NO_REQUEST

OPEN_SUFFIX: Final = ".open"
"""What the name of a segment ends in while it is written."""

_PIECE: Final = 1024**2
_ANSWERS: Final = frozenset({"response", "revisit"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a segment."""

    path: Path
    offset: int
    """Where the damaged member begins; the length of the file for what is wrong with the whole."""
    what: str
    """One line."""

    def __str__(self) -> str:
        return f"{self.path}: offset {self.offset}: {self.what}"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a segment must come to; None for what is not known. Without it a cut at a member's end cannot show."""

    length: int | None = None
    """Bytes."""
    records: int | None = None
    """WARC records."""
    sha256: str | None = None
    """Of the file, as hex digits. Finds the rest: unused bits of a gzip member, whole captures that changed places."""


def walk(path: Path, expected: Expectation | None = None) -> Iterator[Problem]:
    """Yield every problem of the segment `path`; none means that it is sound.

    After a member that is not whole the walk goes on at the next one that can be found. Raises `StorageError` if the
    file cannot be read, `DamageError` if it is lost.
    """
    expected = expected or Expectation()
    try:
        with path.open("rb") as file:
            yield from _walked(file, path, expected)
    except OSError as error:
        raise unreadable(path, error) from error


def whole_records(path: Path, start: int = 0) -> tuple[int, int]:
    """Return where the whole records from offset `start` on end, and how many they are.

    What follows that offset is a torn tail: bytes that form no whole record, and before them an answer whose request
    they were, since a capture is both. Raises as `walk` does.
    """
    end = start
    count = walked = 0
    try:
        with path.open("rb") as file:
            members = MemberReader(file, start)
            while not members.at_end():
                try:
                    header = _checked(members).header
                except DamageError:
                    break
                walked += 1
                if not _wants_request(header):
                    end, count = members.offset, walked
    except OSError as error:
        raise unreadable(path, error) from error
    return end, count


def _walked(file: BufferedReader, path: Path, expected: Expectation) -> Iterator[Problem]:
    size = file.seek(0, 2)
    links = _Links(path.name.removesuffix(OPEN_SUFFIX))
    members = MemberReader(file)
    count = 0
    while not members.at_end():
        offset = members.offset
        try:
            check = _checked(members)
        except DamageError as error:
            yield Problem(path, offset, str(error))
            links.lose_track()
            members = MemberReader(file, _next_member(file, offset + 1, size))
            continue
        count += 1
        for what in (*check.faults(), *links.faults(check.header)):
            yield Problem(path, offset, what)
    for what in (*links.faults_at_end(), *_unmet(file, size, count, expected)):
        yield Problem(path, size, what)


def _checked(members: MemberReader) -> BlockCheck:
    """Return the check of the next record; raises `DamageError` if it is not whole."""
    check = BlockCheck()
    for piece in members.pieces():
        check.feed(piece)
    check.finish()
    return check


def _next_member(file: BufferedReader, start: int, size: int) -> int:
    """Return where the next gzip member may begin; `size` if none does."""
    overlap = len(GZIP_HEADER) - 1
    while start < size:
        file.seek(start)
        piece = file.read(_PIECE)
        found = piece.find(GZIP_HEADER)
        if found >= 0:
            return start + found
        start += max(len(piece) - overlap, 1) if len(piece) == _PIECE else len(piece)
    return size


def _unmet(file: BufferedReader, size: int, count: int, expected: Expectation) -> Iterator[str]:
    if expected.length is not None and size != expected.length:
        yield f"{size} bytes instead of {expected.length}"
    if expected.records is not None and count != expected.records:
        yield f"{count} whole records instead of {expected.records}"
    if expected.sha256 is not None:
        file.seek(0)
        found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != expected.sha256:
            yield f"sha256 is {found} instead of {expected.sha256}"


class _Links:
    """What records say of one another and of their file: order, twins, and names.

    State: the ids seen, 16 bytes of digest each; lost with the walk.
    """

    def __init__(self, filename: str) -> None:
        self._filename = filename
        self._seen: set[bytes] = set()
        self._warcinfo_id: str | None = None
        self._previous: RecordHeader | None = None
        self._answer: str | None = None
        self._first = True

    def lose_track(self) -> None:
        """Forget the record before: what lay between is damaged and already reported."""
        self._previous = None
        self._answer = None
        self._first = False

    def faults(self, header: RecordHeader) -> Iterator[str]:
        """Yield what is wrong between this record, the ones before it, and the file."""
        record_id = header.field("WARC-Record-ID") or ""
        key = hashlib.blake2b(record_id.encode(), digest_size=16).digest()
        if key in self._seen:
            yield f"record {record_id} is here twice"
        self._seen.add(key)
        if header.field("WARC-Type") == "warcinfo":
            yield from self._warcinfo_faults(header, record_id)
        else:
            yield from self._capture_faults(header)
        if header.field("WARC-Type") in _ANSWERS:
            self._answer = record_id
        self._previous = header
        self._first = False

    def faults_at_end(self) -> Iterator[str]:
        """Yield what is missing behind the last record."""
        if self._previous is not None and _wants_request(self._previous):
            yield "the last answer has no request behind it"

    def _warcinfo_faults(self, header: RecordHeader, record_id: str) -> Iterator[str]:
        if not self._first:
            yield "warcinfo is not the first record"
        self._warcinfo_id = record_id
        name = header.field("WARC-Filename")
        if name is not None and name != self._filename:
            yield f"written as {name}"

    def _capture_faults(self, header: RecordHeader) -> Iterator[str]:
        if self._first:
            yield "first record is no warcinfo"
        named = header.field("WARC-Warcinfo-ID")
        if named is not None and self._warcinfo_id is not None and named != self._warcinfo_id:
            yield f"belongs to the warcinfo {named}, which is not this file's"
        if self._previous is None:
            return
        refers_to = header.field("WARC-Refers-To")
        if header.field("WARC-Type") == "metadata" and refers_to is not None and refers_to != self._answer:
            yield f"describes {refers_to}, which is not the answer before it"
        is_request = header.field("WARC-Type") == "request"
        if is_request and header.field("WARC-Concurrent-To") != self._previous.field("WARC-Record-ID"):
            yield "request does not follow its answer"
        if not is_request and _wants_request(self._previous):
            yield "no request between this record and the answer before it"


def _wants_request(header: RecordHeader) -> bool:
    name, value = NO_REQUEST
    return header.field("WARC-Type") in _ANSWERS and header.field(name) != value
