"""Append-only files: whole records at the end, and a known length up to which they are committed."""

import hashlib
import os
from pathlib import Path

from newsarchive.store.layout import sync_folder


class AppendFile:
    """One append-only file, opened at its committed length.

    Whatever lies beyond that length when it is opened was written by a process that died: `recovery` has dealt with
    it before. After a failed write `cut_back` restores the committed length.
    """

    def __init__(self, path: Path) -> None:
        new = not path.exists()
        # Unbuffered: a write that returned has reached the kernel, so a killed process loses nothing of it.
        self._file = path.open("ab", buffering=0)
        self.path = path
        self.length = os.fstat(self._file.fileno()).st_size
        self.committed = self.length
        self._piece = hashlib.sha256()
        if new:
            sync_folder(path.parent)

    def append(self, data: bytes) -> int:
        """Write all of `data` at the end and return the offset at which it begins."""
        offset = self.length
        view = memoryview(data)
        while view:
            written = self._file.write(view) or 0
            self.length += written
            view = view[written:]
        self._piece.update(data)
        return offset

    @property
    def piece_sha256(self) -> str:
        """The sha256 of what was appended since the last commit, as hex."""
        return self._piece.hexdigest()

    def sync(self) -> None:
        """Bring what was appended to the disk."""
        if self.length != self.committed:
            os.fdatasync(self._file.fileno()) if hasattr(os, "fdatasync") else os.fsync(self._file.fileno())

    def commit(self) -> None:
        """Take the present length as committed; call it after the catalogue's transaction."""
        self.committed = self.length
        self._piece = hashlib.sha256()

    def cut_back(self) -> None:
        """Drop what was appended since the last commit."""
        self._file.truncate(self.committed)
        self.length = self.committed
        self._piece = hashlib.sha256()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
