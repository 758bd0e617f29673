"""ZIP files from others, read in place: nothing is ever extracted, and what a trick needs is refused before reading.

The directory at the end of the file is judged as a whole: names that lead elsewhere or stand twice, links, encryption,
members that share bytes, or that would grow beyond what any web archive does.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from newsarchive.errors import ConfigurationError, DamageError, StorageError, UnsafeArchiveError
from newsarchive.warc.inflating import MAX_RATIO, RATIO_FROM_BYTES

MAX_MEMBERS: Final = 10_000
MAX_TOTAL_BYTES: Final = 2 * 1024**4
"""What all members together may come to: two tebibytes, a thousand large WARC files."""

MAX_NAME_LENGTH: Final = 255
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1


class ZipReader:
    """The members of a ZIP file, after all that is said of them was found harmless."""

    def __init__(self, path: Path, opened: zipfile.ZipFile) -> None:
        self.path = path
        self._zip = opened
        self._members = {info.filename: info for info in _checked(path, opened)}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files in it, sorted."""
        return tuple(sorted(self._members))

    def read(self, name: str, max_bytes: int) -> bytes:
        """Return a member. Raises `UnsafeArchiveError` if it is longer than `max_bytes`, `DamageError` if it is cut."""
        with self.open(name) as member:
            data = member.read(max_bytes + 1)
        if len(data) > max_bytes:
            raise UnsafeArchiveError(f"{self.path}: {name!r} is longer than {max_bytes} bytes")
        return data

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a member. What it raises inside the context is a `DamageError` with the member's name."""
        try:
            with self._zip.open(self._members[name]) as member:
                yield member
        except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
            raise DamageError(f"{self.path}: {name!r} cannot be read: {error}") from error


@contextmanager
def open_zip(path: Path) -> Iterator[ZipReader]:
    """Open the ZIP file `path`. Raises `UnsafeArchiveError` where it is none or is made to do harm.

    `ConfigurationError` where there is no such file.
    """
    try:
        opened = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        raise UnsafeArchiveError(f"{path}: no ZIP file, or its directory is broken ({error})") from error
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise ConfigurationError(f"{path}: no such file; name a package, a .wacz file") from error
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}") from error
    with opened:
        yield ZipReader(path, opened)


def _checked(path: Path, opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = opened.infolist()
    if len(members) > MAX_MEMBERS:
        raise UnsafeArchiveError(f"{path}: {len(members)} members, at most {MAX_MEMBERS} are read")
    seen: set[str] = set()
    for info in members:
        if fault := _name_fault(info) or _kind_fault(info):
            raise UnsafeArchiveError(f"{path}: member {info.orig_filename!r} {fault}")
        if info.filename.casefold() in seen:
            raise UnsafeArchiveError(f"{path}: member {info.filename!r} is there twice")
        seen.add(info.filename.casefold())
    if (total := sum(info.file_size for info in members)) > MAX_TOTAL_BYTES:
        raise UnsafeArchiveError(f"{path}: {total} bytes in all, at most {MAX_TOTAL_BYTES} are read")
    _refuse_shared_bytes(path, members)
    return [info for info in members if not info.is_dir()]


def _name_fault(info: zipfile.ZipInfo) -> str | None:
    # Not `filename` alone: zipfile cuts it at a NUL and turns the system's separators into slashes.
    name = info.orig_filename
    if not name or len(name) > MAX_NAME_LENGTH or any(ord(character) < ord(" ") for character in name):
        return "has a name that is no file's"
    parts = name.removesuffix("/").split("/")
    if name.startswith("/") or "\\" in name or ":" in parts[0] or ".." in parts or "." in parts or "" in parts:
        return "has a name that leads out of the archive"
    return None


def _kind_fault(info: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "is a link or a device"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if info.compress_type not in _METHODS:
        return f"is packed by method {info.compress_type}; stored and deflated ones are read"
    if info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return f"grows from {info.compress_size} to {info.file_size} bytes, more than {MAX_RATIO} times"
    return None


def _refuse_shared_bytes(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse members that lie over one another: the same bytes read many times are a bomb of another kind."""
    end = 0
    for info in sorted(members, key=lambda member: member.header_offset):
        if info.header_offset < end:
            raise UnsafeArchiveError(f"{path}: member {info.filename!r} shares bytes with another")
        end = info.header_offset + info.compress_size
    if end > path.stat().st_size:
        raise UnsafeArchiveError(f"{path}: its directory names bytes beyond its end")
