"""What stands where a record was withdrawn: a record of the same id, date and length that holds nothing."""

import zlib
from typing import Final

from newsarchive.digests import warc_sha1
from newsarchive.records.withdrawal import WithdrawnRecord
from newsarchive.timestamps import iso
from newsarchive.warc.members import GZIP_HEADER
from newsarchive.warc.records import BLOCK_END

_FRAME: Final = 8
"""Bytes of a gzip trailer."""

_STORED: Final = 5
"""Bytes before each stored block of deflate."""

_MAX_STORED: Final = 65535


def tombstone(record: WithdrawnRecord, withdrawn_at: str) -> bytes:
    """Return the gzip member that replaces `record`: not compressed, and filled with blanks to its length.

    Raises ValueError where a member is too short to hold one; no answer that was kept is.
    """
    room = record.length - len(GZIP_HEADER) - _FRAME
    blocks = -(-room // (_MAX_STORED + _STORED))
    content = _content(record, withdrawn_at, room - blocks * _STORED)
    packed = [GZIP_HEADER]
    for start in range(0, len(content), _MAX_STORED):
        piece = content[start : start + _MAX_STORED]
        last = start + _MAX_STORED >= len(content)
        size = len(piece)
        packed.append(bytes([last]) + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + piece)
    packed.append(zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little"))
    return b"".join(packed)


def _content(record: WithdrawnRecord, withdrawn_at: str, size: int) -> bytes:
    """Return a record of exactly `size` bytes."""
    told = f"withdrawn: {withdrawn_at}\r\n".encode()
    # The length of the block stands in the header, and its own digits count. At 99, 999 … the number that fits is one
    # digit shorter than the room that is left for it, and begins with a zero: it is digits (WARC 1.1, section 5.3).
    for digits in range(1, 10):
        header_size = len(_header(record, b"", "")) + digits
        length = size - header_size - len(BLOCK_END)
        if len(str(length)) <= digits and length >= len(told):
            block = told + b" " * (length - len(told))
            return _header(record, block, f"{length:0{digits}}") + block + BLOCK_END
    raise ValueError(f"{record.warc}: offset {record.offset}: {record.length} bytes are too few for a tombstone")


def _header(record: WithdrawnRecord, block: bytes, length: str) -> bytes:
    return (
        "WARC/1.1\r\nWARC-Type: metadata\r\n"
        f"WARC-Record-ID: <{record.record_id}>\r\nWARC-Date: {iso(record.captured_at)}\r\n"
        f"WARC-Block-Digest: {warc_sha1(block)}\r\nContent-Type: application/warc-fields\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()
