"""Packed WARC files of any make as one stream of bytes: gzip (one member or many), zstd (dictionary or not), plain.

A stream that grows more than any web page does is a bomb, and is refused as soon as that shows.
"""

import sys
import zlib
from io import RawIOBase
from typing import IO, Final

from newsarchive.errors import DamageError, UnsafeArchiveError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_RATIO: Final = 200
"""A file may grow so many times; text that repeats itself comes to about 50."""

RATIO_FROM_BYTES: Final = 16 * 1024**2
"""What is shorter than this does no harm, however much it grew."""

_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_DICTIONARY_MAGIC: Final = b"\x5d\x2a\x4d\x18"
"""A skippable frame that holds the dictionary (https://iipc.github.io/warc-specifications/specifications/warc-zstd/)."""

_MAX_DICTIONARY_BYTES: Final = 16 * 1024**2
_WINDOW_LOG_MAX: Final = 27
_GZIP_WBITS: Final = 31
_PIECE: Final = 64 * 1024


class Inflated(RawIOBase):
    """What a packed file holds, as a stream to read. Memory: a piece of each side.

    Raises `DamageError` where the packing is broken or cut, `UnsafeArchiveError` where it grows too much; the text
    names `name`.
    """

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name
        self._packed = self._given = 0
        self._ahead = self._more(6)
        self._dictionary: zstd.ZstdDict | None = None
        self._codec: zlib._Decompress | zstd.ZstdDecompressor | None = None
        self._kind = "plain"
        if self._ahead.startswith(_GZIP_MAGIC):
            self._kind = "gzip"
        elif self._ahead.startswith((_ZSTD_MAGIC, _DICTIONARY_MAGIC)):
            self._kind = "zstd"
            if self._ahead.startswith(_DICTIONARY_MAGIC):
                self._read_dictionary()

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill `buffer` with what comes next, and return how many bytes; 0 at the end."""
        data = self._next(len(buffer))
        buffer[: len(data)] = data
        self._given += len(data)
        if self._given > RATIO_FROM_BYTES and self._given > MAX_RATIO * self._packed:
            raise UnsafeArchiveError(
                f"{self._name}: grows from {self._packed} to more than {self._given} bytes, over {MAX_RATIO} times"
            )
        return len(data)

    def _next(self, size: int) -> bytes:
        if self._kind == "plain":
            data, self._ahead = self._ahead[:size], self._ahead[size:]
            return data or self._more(size)
        while True:
            if self._codec is None:
                self._ahead = self._ahead or self._more(_PIECE)
                if not self._ahead:
                    return b""
                self._codec = self._new_codec()
            data = self._inflate(size)
            if data:
                return data

    def _inflate(self, size: int) -> bytes:
        """Return the next bytes of the present member, which may be none; at its end there is no codec any more."""
        codec = self._codec
        assert codec is not None  # noqa: S101 - `_next` made one
        hungry = isinstance(codec, zstd.ZstdDecompressor) and not codec.needs_input
        if not self._ahead and not hungry:
            self._ahead = self._more(_PIECE)
            if not self._ahead:
                raise DamageError(f"{self._name}: ends within a {self._kind} member")
        given, self._ahead = self._ahead, b""
        try:
            data = codec.decompress(given, size)
        except (zlib.error, zstd.ZstdError) as error:
            raise DamageError(f"{self._name}: does not inflate: {error}") from error
        if codec.eof:
            self._ahead = codec.unused_data
            self._codec = None
        elif not isinstance(codec, zstd.ZstdDecompressor):
            self._ahead = codec.unconsumed_tail
        return data

    def _new_codec(self) -> "zlib._Decompress | zstd.ZstdDecompressor":
        if self._kind == "gzip":
            return zlib.decompressobj(_GZIP_WBITS)
        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG_MAX}
        return zstd.ZstdDecompressor(zstd_dict=self._dictionary, options=options)

    def _read_dictionary(self) -> None:
        while len(self._ahead) < 8:  # noqa: PLR2004 - magic and length
            self._need_more()
        length = int.from_bytes(self._ahead[4:8], "little")
        if length > _MAX_DICTIONARY_BYTES:
            raise UnsafeArchiveError(f"{self._name}: a dictionary of {length} bytes")
        while len(self._ahead) < 8 + length:
            self._need_more()
        content, self._ahead = self._ahead[8 : 8 + length], self._ahead[8 + length :]
        try:
            if content.startswith(_ZSTD_MAGIC):
                content = zstd.ZstdDecompressor().decompress(content, _MAX_DICTIONARY_BYTES)
            self._dictionary = zstd.ZstdDict(content, is_raw=False)
        except (zstd.ZstdError, ValueError) as error:
            raise DamageError(f"{self._name}: its dictionary cannot be read: {error}") from error

    def _need_more(self) -> None:
        data = self._more(_PIECE)
        if not data:
            raise DamageError(f"{self._name}: ends within its dictionary")
        self._ahead += data

    def _more(self, size: int) -> bytes:
        data = self._file.read(size)
        self._packed += len(data)
        return data
