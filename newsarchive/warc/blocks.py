"""One record checked piece by piece: lengths and digests against its own header."""

import base64
import binascii
import hashlib
from typing import Final

from newsarchive.errors import DamageError
from newsarchive.warc.messages import NO_PAYLOAD_STATUSES, Dechunker, is_chunked, parse_head
from newsarchive.warc.records import BLOCK_END, MAX_HEADER_BYTES, RecordHeader, parse_record_header

_MAX_HEAD: Final = 1024**2
"""An HTTP head without end is taken as a head up to here; the download handler stops at a quarter of it."""


class BlockCheck:
    """Checks one record as it comes out of its gzip member.

    `feed` and `finish` raise `DamageError` where the record is not whole; `faults` then says what is wrong with a
    record that is. State: the header, then two digests and one piece.
    """

    header: RecordHeader
    """Right as soon as `feed` has seen the whole header."""

    def __init__(self) -> None:
        self._start = b""
        self._in_header = True
        self._left = 0
        self._behind = b""
        self._block = hashlib.sha1(usedforsecurity=False)
        self._payload: _PayloadDigest | None = None

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the record."""
        if self._in_header:
            self._start += piece
            if b"\r\n\r\n" not in self._start and len(self._start) < MAX_HEADER_BYTES:
                return
            piece = self._begin_block()
        if self._left:
            part = piece[: self._left]
            self._left -= len(part)
            self._block.update(part)
            if self._payload:
                self._payload.feed(part)
            piece = piece[len(part) :]
        self._behind += piece
        if len(self._behind) > len(BLOCK_END):
            raise DamageError("block is longer than its Content-Length")

    def finish(self) -> None:
        """Take the end of the record."""
        if self._in_header:
            self._begin_block()
        if self._left:
            raise DamageError(f"block is {self._left} bytes shorter than its Content-Length")
        if self._behind != BLOCK_END:
            raise DamageError("block does not end with two empty lines")

    def faults(self) -> list[str]:
        """Return which digests differ from what the header says."""
        faults = []
        if not _agrees(self.header.field("WARC-Block-Digest"), self._block.digest()):
            faults.append("block differs from WARC-Block-Digest")
        if self._payload and not _agrees(self.header.field("WARC-Payload-Digest"), self._payload.digest()):
            faults.append("payload differs from WARC-Payload-Digest")
        return faults

    def _begin_block(self) -> bytes:
        self.header = parse_record_header(self._start)
        self._in_header = False
        self._left = self.header.content_length
        if self.header.field("WARC-Type") == "response":
            self._payload = _PayloadDigest()
        rest = self._start[self.header.length :]
        self._start = b""
        return rest


class _PayloadDigest:
    """sha1 over the body of an HTTP answer without chunked framing."""

    def __init__(self) -> None:
        self._start = b""
        self._in_head = True
        self._empty = False
        self._dechunker: Dechunker | None = None
        self._sha1 = hashlib.sha1(usedforsecurity=False)

    def feed(self, part: bytes) -> None:
        if self._in_head:
            self._start += part
            head = parse_head(self._start)
            if not head.complete and len(self._start) < _MAX_HEAD:
                return
            self._in_head = False
            self._empty = head.status in NO_PAYLOAD_STATUSES
            self._dechunker = Dechunker() if is_chunked(head) else None
            part = self._start[head.length :]
            self._start = b""
        if not self._empty:
            self._sha1.update(self._dechunker.feed(part) if self._dechunker else part)

    def digest(self) -> bytes:
        if self._dechunker and not self._empty:
            self._sha1.update(self._dechunker.rest())
        return self._sha1.digest()


def _agrees(stated: str | None, digest: bytes) -> bool:
    """Say whether `stated` (`sha1:` and base32, as every record here has it) is `digest`."""
    if stated is None:
        return False
    algorithm, _, value = stated.partition(":")
    try:
        return algorithm == "sha1" and base64.b32decode(value) == digest
    except binascii.Error:
        return False
