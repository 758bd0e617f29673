"""Answers that grow: small on the wire, large in memory."""

import gzip
import sys
import zlib
from functools import cache

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MIB = 1024 * 1024
_WBITS = {"gzip": 31, "deflate": 15}


@cache
def deflated(mebibytes: int, unit: bytes = b"\x00", coding: str = "gzip") -> bytes:
    """Return gzip or deflate that grows to so many MiB of `unit`.

    One MiB is packed once and its block repeated, so that the server is ready at once; the check sum at the end is
    that of one MiB, which nobody will read.
    """
    deflate = zlib.compressobj(9, zlib.DEFLATED, _WBITS[coding])
    piece = (unit * (MIB // len(unit) + 1))[:MIB]
    first = deflate.compress(piece) + deflate.flush(zlib.Z_FULL_FLUSH)
    again = deflate.compress(piece) + deflate.flush(zlib.Z_FULL_FLUSH)
    return first + again * (mebibytes - 1) + deflate.flush()


@cache
def double_gzip(mebibytes: int) -> bytes:
    """Return gzip of gzip; the inner one grows to so many MiB."""
    return gzip.compress(deflated(mebibytes), 9, mtime=0)


@cache
def brotli_bomb(mebibytes: int) -> bytes:
    """Return brotli that grows to so many MiB of zero bytes."""
    compressor = brotli.Compressor(quality=1)
    piece = bytes(MIB)
    parts = [compressor.process(piece) for _ in range(mebibytes)]
    return b"".join(parts) + bytes(compressor.finish())


@cache
def zstd_bomb(mebibytes: int) -> bytes:
    """Return zstd that grows to so many MiB of zero bytes."""
    return zstd.compress(bytes(MIB) * mebibytes, 1)


def packed(content: bytes) -> dict[str, bytes]:
    """Return `content` in every coding that is read."""
    return {
        "gzip": gzip.compress(content, 6, mtime=0),
        "deflate": zlib.compress(content),
        "br": bytes(brotli.compress(content, quality=4)),
        "zstd": zstd.compress(content, options={zstd.CompressionParameter.checksum_flag: 1}),
    }
