"""A file of lines that stays sorted while lines come in, though only what lies around them is written again.

Every so many bytes a line ends in blanks, which no reader of CDXJ minds. New lines take their room: of a large file a
few lines cost a few windows of 64 KiB, not all of it. Where the blanks of a window are used up, or much comes in, the
file is written anew beside the old one and takes its place whole.

A window is laid down first in a journal beside the file, so that a process that dies leaves the old lines or the new:
`read_lines` sees through the journal, and the next `merge` or `finish` applies it.
"""

import hashlib
import heapq
import mmap
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import BinaryIO, Final

from newsarchive.errors import DamageError
from newsarchive.store.layout import sync_folder

WINDOW_BYTES: Final = 65536
"""So much behind the place of a new line is searched for blanks."""

PADDED_EVERY: Final = 16384
PADDING: Final = 4096
"""A file that is written anew gets so many blanks every so many bytes: a fifth of it."""

SMALL_BYTES: Final = 262_144
"""A smaller file is written anew each time, without blanks."""

MUCH_BYTES: Final = 1024**2
"""For more new lines than that no place is looked for: the file is written anew."""

NEW_SUFFIX: Final = ".new"
JOURNAL_SUFFIX: Final = ".journal"


@dataclass(slots=True)
class _Window:
    """A piece of the file, from the start of a line to the end of one, and what it becomes."""

    start: int
    end: int
    added: list[bytes]
    content: bytes = b""


def read_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of the file at `path` in their order, each with its end and without blanks before it.

    Raises `DamageError` where it ends within a line.
    """
    with path.open("rb") as file:
        windows = _journal(path) or []
        position = 0
        for start, content in windows:
            yield from _lines(file, path, position, start)
            yield from (_bare(line) for line in content.splitlines(keepends=True))
            position = start + len(content)
        yield from _lines(file, path, position, None)


def merge(path: Path, lines: Iterable[bytes]) -> None:
    """Bring sorted `lines` into the file at `path`, which is made where it is missing; those it has are left out.

    When it returns the file is on the disk. Raises OSError. Memory: `MUCH_BYTES` of the lines.
    """
    finish(path)
    distinct = (line for line, _ in groupby(lines))
    added = _up_to(distinct, MUCH_BYTES)
    size = path.stat().st_size if path.exists() else 0
    if not added and path.exists():
        return
    much = sum(map(len, added)) > MUCH_BYTES
    if size < SMALL_BYTES or much or not _fitted(path, added, size):
        every = chain(added, distinct)
        write(path, heapq.merge(read_lines(path), every) if size else every)


def finish(path: Path) -> None:
    """Apply what a process that died had laid down, and remove what it had not. Raises OSError."""
    path.with_name(path.name + NEW_SUFFIX).unlink(missing_ok=True)
    windows = _journal(path)
    if windows:
        _apply(path, windows)
    path.with_name(path.name + JOURNAL_SUFFIX).unlink(missing_ok=True)


def write(path: Path, lines: Iterable[bytes]) -> None:
    """Write sorted `lines` as the file at `path`, whole; the old one is there until then. Raises OSError."""
    fresh = path.with_name(path.name + NEW_SUFFIX)
    with fresh.open("wb") as file:
        _write_padded(file, lines)
        file.flush()
        os.fsync(file.fileno())
    path.with_name(path.name + JOURNAL_SUFFIX).unlink(missing_ok=True)
    fresh.replace(path)
    sync_folder(path.parent)


def _write_padded(file: BinaryIO, lines: Iterable[bytes]) -> None:
    """Write `lines`, each once; with blanks only where there are many."""
    distinct = (line for line, _ in groupby(lines))
    first = _up_to(distinct, SMALL_BYTES)
    if sum(map(len, first)) <= SMALL_BYTES:
        file.writelines(first)
        return
    since_padding = 0
    for line in chain(first, distinct):
        since_padding += len(line)
        if since_padding < PADDED_EVERY:
            file.write(line)
        else:
            file.write(line[:-1] + b" " * PADDING + b"\n")
            since_padding = 0


def _up_to(lines: Iterator[bytes], size: int) -> list[bytes]:
    """Return the first of `lines`, and no more than are needed for more than `size` bytes."""
    taken: list[bytes] = []
    for line in lines:
        taken.append(line)
        size -= len(line)
        if size < 0:
            break
    return taken


def _fitted(path: Path, added: Sequence[bytes], size: int) -> bool:
    """Write what `added` changes in place; return False, and change nothing, where there is too little room for it."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        windows = list(_windows(content, added))
        if sum(window.end - window.start for window in windows) > size // 4:
            return False
        for window in windows:
            if not _fill(content, window):
                return False
    changed = [(window.start, window.content) for window in windows]
    if changed:
        _write_journal(path, changed)
        _apply(path, changed)
        path.with_name(path.name + JOURNAL_SUFFIX).unlink()
    return True


def _windows(content: mmap.mmap, added: Sequence[bytes]) -> Iterator[_Window]:
    window: _Window | None = None
    for line in added:
        place = _place(content, line)
        if window is not None and (place < window.end or window.end == len(content)):
            window.added.append(line)
            continue
        if window is not None:
            yield window
        end = content.find(b"\n", min(place + WINDOW_BYTES, len(content)) - 1) + 1
        window = _Window(place, end or len(content), [line])
    if window is not None:
        yield window


def _place(content: mmap.mmap, line: bytes) -> int:
    """Return where the first line begins that is not before `line`."""
    low, high = 0, len(content)
    while low < high:
        middle = content.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = content.find(b"\n", middle) + 1 or len(content)
        if _bare(content[middle:end]) < line:
            low = end
        else:
            high = middle
    return low


def _fill(content: mmap.mmap, window: _Window) -> bool:
    """Say whether a window has room for what is added to it, and set what it becomes."""
    old = [_bare(line) for line in content[window.start : window.end].splitlines(keepends=True)]
    lines = old[:]
    for line in window.added:
        at = bisect_left(lines, line)
        if at == len(lines) or lines[at] != line:
            lines.insert(at, line)
    room = window.end - window.start - sum(map(len, lines))
    if room < 0 and window.end < len(content):
        return False
    if room > 0:
        lines[-1] = lines[-1][:-1] + b" " * room + b"\n"
    window.content = b"".join(lines)
    return True


def _write_journal(path: Path, windows: Sequence[tuple[int, bytes]]) -> None:
    body = b"".join(b"%d %d\n%b" % (start, len(content), content) for start, content in windows)
    with path.with_name(path.name + JOURNAL_SUFFIX).open("wb") as file:
        file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def _journal(path: Path) -> list[tuple[int, bytes]] | None:
    """Return the windows of a whole journal; None where there is none, or a torn one: then nothing was applied."""
    try:
        digest, _, body = path.with_name(path.name + JOURNAL_SUFFIX).read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    if hashlib.sha256(body).hexdigest().encode() != digest:
        return None
    windows = []
    while body:
        place, _, rest = body.partition(b"\n")
        start, length = map(int, place.split())
        windows.append((start, rest[:length]))
        body = rest[length:]
    return windows


def _apply(path: Path, windows: Sequence[tuple[int, bytes]]) -> None:
    with path.open("r+b") as file:
        for start, content in windows:
            file.seek(start)
            file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _lines(file: BinaryIO, path: Path, start: int, end: int | None) -> Iterator[bytes]:
    file.seek(start)
    position = start
    for line in file:
        if end is not None and position >= end:
            return
        position += len(line)
        if not line.endswith(b"\n"):
            raise DamageError(f"{path}: offset {position - len(line)}: ends in a torn line")
        yield _bare(line)


def _bare(line: bytes) -> bytes:
    return line.rstrip(b" \n") + b"\n"
