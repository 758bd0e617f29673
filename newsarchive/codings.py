"""Content codings (RFC 9110, section 8.4): from the bytes that were served to the bytes that were meant.

Stricter than browsers: a body that is cut is an error here, never a shorter page.
"""

import sys
import zlib
from collections.abc import Callable
from typing import Final

import brotli  # type: ignore[import-untyped]

from newsarchive.errors import ContentCodingError, ContentTooLargeError, TruncatedContentError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_LAYERS: Final = 2
"""Codings that may be nested; more than one is already a misconfigured server."""

_MAX_MEMBERS: Final = 64
"""Members of one gzip body, or frames of one zstd body, that are read; more is an attack on the clock."""

_GZIP_WBITS: Final = 31
_ZLIB_WBITS: Final = 15
_RAW_WBITS: Final = -15
_ZLIB_METHOD: Final = 8
_ZLIB_CHECK: Final = 31

_NO_CODING: Final = frozenset({
    "", "identity", "none", "binary", "8bit", "utf-8", "utf8", "gb2312", "gbk", "gb18030", "iso-8859-1",
})  # fmt: skip
"""Names that change no byte: `identity`, and names that servers send by mistake and every browser ignores."""


def decode_content(payload: bytes, content_encoding: str | None, max_bytes: int) -> bytes:
    """Return `payload` without the codings that the header field `content_encoding` names.

    None or an empty field means that there is none. An empty payload decodes to nothing, whatever is declared:
    servers label the body that they leave out of a 304.

    Raises `TruncatedContentError` if a layer ends early or its check sum or length is wrong, `ContentTooLargeError`
    if a layer gives more than `max_bytes`, `ContentCodingError` if it is no such coding or its name is not known.
    """
    names = [name.strip().lower() for name in (content_encoding or "").split(",")]
    layers = [name for name in names if name not in _NO_CODING]
    if len(layers) > MAX_LAYERS:
        raise ContentCodingError(f"{len(layers)} content codings, at most {MAX_LAYERS} are read: {content_encoding}")
    for name in reversed(layers):
        if not payload:
            return b""
        decoder = _DECODERS.get(name)
        if decoder is None:
            raise ContentCodingError(f"content coding {name!r} is not known")
        payload = decoder(payload, max_bytes)
    if len(payload) > max_bytes:
        raise _too_large("identity", max_bytes)
    return payload


def _decoded_gzip(data: bytes, max_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for _ in range(_MAX_MEMBERS):
        part, data = _inflated(data, _GZIP_WBITS, "gzip", max_bytes - size)
        parts.append(part)
        size += len(part)
        if not data:
            return b"".join(parts)
    raise ContentCodingError(f"gzip: more than {_MAX_MEMBERS} members")


def _decoded_deflate(data: bytes, max_bytes: int) -> bytes:
    """Decode `deflate`: with the zlib wrapper as the standard has it, or bare as some servers send it."""
    wrapped = len(data) > 1 and data[0] & 0x0F == _ZLIB_METHOD and int.from_bytes(data[:2], "big") % _ZLIB_CHECK == 0
    part, rest = _inflated(data, _ZLIB_WBITS if wrapped else _RAW_WBITS, "deflate", max_bytes)
    if rest:
        raise ContentCodingError(f"deflate: {len(rest)} bytes after the end")
    return part


def _inflated(data: bytes, wbits: int, name: str, max_bytes: int) -> tuple[bytes, bytes]:
    """Return what one stream gives and the bytes that follow it."""
    inflate = zlib.decompressobj(wbits)
    try:
        part = inflate.decompress(data, max_bytes + 1)
    except zlib.error as error:
        if "check" in str(error) and "header" not in str(error):
            raise TruncatedContentError(f"{name}: {error}") from error
        raise ContentCodingError(f"{name}: {error}") from error
    if len(part) > max_bytes:
        raise _too_large(name, max_bytes)
    if not inflate.eof:
        raise _truncated(name, len(part))
    return part, inflate.unused_data


def _decoded_brotli(data: bytes, max_bytes: int) -> bytes:
    decoder = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    pending = data
    try:
        while not decoder.is_finished():
            part: bytes = decoder.process(pending, output_buffer_limit=max_bytes + 1 - size)
            pending = b""
            size += len(part)
            if size > max_bytes:
                raise _too_large("br", max_bytes)
            if not part and decoder.can_accept_more_data():
                break
            parts.append(part)
    except brotli.error as error:
        raise ContentCodingError(f"br: {error}") from error
    if not decoder.is_finished():
        raise _truncated("br", size)
    return b"".join(parts)


def _decoded_zstd(data: bytes, max_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for _ in range(_MAX_MEMBERS):
        decoder = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})
        try:
            part = decoder.decompress(data, max_bytes + 1 - size)
        except zstd.ZstdError as error:
            if "checksum" in str(error):
                raise TruncatedContentError(f"zstd: {error}") from error
            raise ContentCodingError(f"zstd: {error}") from error
        size += len(part)
        if size > max_bytes:
            raise _too_large("zstd", max_bytes)
        if not decoder.eof:
            raise _truncated("zstd", size)
        parts.append(part)
        data = decoder.unused_data
        if not data:
            return b"".join(parts)
    raise ContentCodingError(f"zstd: more than {_MAX_MEMBERS} frames")


_ZSTD_WINDOW_LOG: Final = 23
"""8 MiB, what RFC 9659 allows a server to ask of a client."""


def _too_large(name: str, max_bytes: int) -> ContentTooLargeError:
    return ContentTooLargeError(f"{name}: decodes to more than {max_bytes} bytes")


def _truncated(name: str, size: int) -> TruncatedContentError:
    return TruncatedContentError(f"{name}: ends before its end mark, after {size} decoded bytes")


_DECODERS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _decoded_gzip,
    "x-gzip": _decoded_gzip,
    "deflate": _decoded_deflate,
    "br": _decoded_brotli,
    "zstd": _decoded_zstd,
}
