"""HTTP/1 messages as bytes: where the head ends, what it says, and the payload without its framing.

Written for reading what was kept. It accepts what the crawler's own parser accepts (bare LF, folded fields, lines
without a colon) so that a capture never becomes unreadable here.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

NO_PAYLOAD_STATUSES: Final = frozenset({204, 304})
"""Status codes whose answers end with their head, whatever it declares."""

_HEAD_END: Final = re.compile(rb"\n\r?\n")
_STATUS_LINE: Final = re.compile(rb"[^ ]+ +(\d{3})(?: |$)")
_CHUNK_SIZE: Final = re.compile(rb"[0-9A-Fa-f]{1,15}")
_INTERIM: Final = range(100, 200)
_MAX_LINE: Final = 65536


@dataclass(frozen=True, slots=True)
class Head:
    """A response's status line and header fields."""

    status: int
    """Status code; 0 where the first line is no status line."""
    headers: tuple[tuple[str, str], ...]
    """Fields in their order and case, repeats kept, as latin-1; a folded value is joined by one space."""
    length: int
    """Bytes up to and with the empty line; all bytes there are where it never came."""
    complete: bool
    """Whether the empty line came."""

    def header(self, name: str) -> str | None:
        """Return the first field of that name, in any case; None where there is none."""
        return first_header(self.headers, name)


def first_header(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    """Return the first value of `name`, in any case; None where there is none."""
    wanted = name.lower()
    for key, value in headers:
        if key.lower() == wanted:
            return value
    return None


def parse_head(message: bytes, offset: int = 0) -> Head:
    """Read the head at `offset` of `message`; never fails, see `Head.status` and `Head.complete`."""
    end = _HEAD_END.search(message, offset)
    length = (end.end() if end else len(message)) - offset
    status_line, *lines = message[offset : offset + length].split(b"\n")
    matched = _STATUS_LINE.match(status_line.rstrip(b"\r"))
    return Head(
        status=int(matched[1]) if matched else 0,
        headers=_fields(lines),
        length=length,
        complete=end is not None,
    )


def _fields(lines: list[bytes]) -> tuple[tuple[str, str], ...]:
    fields: list[tuple[str, str]] = []
    for line in lines:
        text = line.decode("latin-1").rstrip("\r")
        if text[:1] in {" ", "\t"} and fields:
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {text.strip()}".strip())
            continue
        name, colon, value = text.partition(":")
        if colon:
            fields.append((name, value.strip()))
    return tuple(fields)


def final_head(received: bytes) -> tuple[int, Head]:
    """Return where the answer itself begins, after any interim (1xx) answers, and its head."""
    offset = 0
    while True:
        head = parse_head(received, offset)
        if head.status not in _INTERIM or not head.complete:
            return offset, head
        offset += head.length


def payload_of(head: Head, response: bytes) -> bytes:
    """Return the body of `response` (whole message, `head` included) without chunked framing, content coding kept.

    Of a body that was cut, what came of it.
    """
    if head.status in NO_PAYLOAD_STATUSES:
        return b""
    if is_chunked(head):
        dechunker = Dechunker()
        return dechunker.feed(response[head.length :]) + dechunker.rest()
    return response[head.length :]


def is_chunked(head: Head) -> bool:
    """Say whether the body is framed in chunks."""
    return (head.header("Transfer-Encoding") or "").lower() == "chunked"


class Dechunker:
    """Takes chunked framing off a body that comes in pieces (RFC 9112, section 7.1).

    A body that does not begin with a chunk comes back as it is: tools that decode what they keep leave the header
    field behind. State: one unfinished line of framing, at most 64 KiB. Bytes behind a fault of framing are dropped.
    """

    def __init__(self) -> None:
        self.finished = False
        """Whether the last chunk and the trailer came."""
        self.faulty = False
        """Whether something came that is no chunk."""
        self.unframed = False
        """Whether the body was never in chunks."""
        self._begun = False
        self._part = _Part.SIZE
        self._left = 0
        self._pending = b""

    def feed(self, data: bytes) -> bytes:
        """Return the payload bytes that `data` adds."""
        data = self._pending + data
        self._pending = b""
        if data and not self._begun and not self.unframed:
            line, ended, _ = data.partition(b"\r\n")
            self.unframed = not _is_size(line) if ended else not _may_be_size(line)
            self._begun = bool(ended) and not self.unframed
        if self.unframed:
            return data
        payload: list[bytes] = []
        position = 0
        while position < len(data) and not self.finished and not self.faulty:
            if self._part is _Part.DATA:
                piece = data[position : position + self._left]
                payload.append(piece)
                position += len(piece)
                self._left -= len(piece)
                if not self._left:
                    self._part = _Part.DATA_END
                continue
            end = data.find(b"\r\n", position)
            if end < 0:
                self._pending = data[position:]
                self.faulty = len(self._pending) > _MAX_LINE
                break
            self._take_line(data[position:end])
            position = end + 2
        return b"".join(payload)

    def rest(self) -> bytes:
        """Return what was held back of a body that ended before it showed whether it is in chunks, and is not."""
        return self._pending if not self._begun and not _is_size(self._pending) else b""

    def _take_line(self, line: bytes) -> None:
        if self._part is _Part.SIZE:
            if not _is_size(line):
                self.faulty = True
                return
            self._left = int(line.partition(b";")[0].strip(b" \t"), 16)
            self._part = _Part.DATA if self._left else _Part.TRAILER
        elif self._part is _Part.DATA_END:
            self.faulty = bool(line)
            self._part = _Part.SIZE
        elif not line:
            self.finished = True


def _is_size(line: bytes) -> bool:
    """Say whether a line gives the size of a chunk."""
    return _CHUNK_SIZE.fullmatch(line.partition(b";")[0].strip(b" \t")) is not None


def _may_be_size(start: bytes) -> bool:
    """Say whether a line that has not ended yet may still give the size of a chunk."""
    return len(start) <= _MAX_LINE and _is_size(start.removesuffix(b"\r"))


class _Part(Enum):
    SIZE = auto()
    DATA = auto()
    DATA_END = auto()
    TRAILER = auto()
