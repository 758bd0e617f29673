"""Append-only files: whole records at the end, and a known length up to which they are committed."""

import hashlib
import os
from pathlib import Path

from newsarchive.store.layout import sync_folder


class AppendFile:
    """One append-only file, opened at its committed length.

    What is appended is held until `sync` writes it in one piece and brings it to the disk; `commit` then makes that
    piece the past, `cut_back` drops it. Memory: one piece. Whatever lies beyond the committed length when the file is
    opened was written by a process that died: `recovery` has dealt with it before.
    """

    def __init__(self, path: Path) -> None:
        new = not path.exists()
        # Unbuffered: a write that returned has reached the kernel, so a killed process loses nothing of it.
        self._file = path.open("ab", buffering=0)
        self.path = path
        self.committed = os.fstat(self._file.fileno()).st_size
        self.length = self.committed
        self._held: list[bytes] = []
        self.piece_sha256 = ""
        """The sha256 of what was appended since the last commit, as hex; known after `sync`."""
        if new:
            sync_folder(path.parent)

    def append(self, data: bytes) -> int:
        """Hold `data` for the end of the file and return the offset at which it will begin."""
        offset = self.length
        self._held.append(data)
        self.length += len(data)
        return offset

    def sync(self) -> None:
        """Write what was appended, and bring it to the disk."""
        piece = b"".join(self._held)
        self._held.clear()
        self.piece_sha256 = hashlib.sha256(piece).hexdigest()
        if not piece:
            return
        view = memoryview(piece)
        while view:
            view = view[self._file.write(view) or 0 :]
        os.fdatasync(self._file.fileno()) if hasattr(os, "fdatasync") else os.fsync(self._file.fileno())

    def commit(self) -> None:
        """Take the present length as committed; call it after the catalogue's transaction."""
        self.committed = self.length

    def cut_back(self) -> None:
        """Drop what was appended since the last commit."""
        self._held.clear()
        self._file.truncate(self.committed)
        self.length = self.committed

    def close(self) -> None:
        """Close the file."""
        self._file.close()
