"""Content codings: what is whole decodes, what is cut or too large says so."""

import gzip
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.codings import decode_content
from newsarchive.errors import ContentCodingError, ContentTooLargeError, TruncatedContentError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MIB = 1024**2
PAGE = "一则关于中亚的新闻。".encode() * 50


def _raw_deflate(data: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush()


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-Gzip", gzip.compress),
    "deflate with the zlib wrapper": ("deflate", zlib.compress),
    "bare deflate": ("deflate", _raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "gzip in br": ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
    "gzip in gzip": ("gzip,gzip", lambda data: gzip.compress(gzip.compress(data))),
}

coding = pytest.mark.parametrize(("name", "encode"), CODINGS.values(), ids=CODINGS)


@coding
def test_what_was_encoded_decodes(name: str, encode: Callable[[bytes], bytes]) -> None:
    assert decode_content(encode(PAGE), name, MIB) == PAGE
    assert decode_content(encode(b""), name, MIB) == b""


@given(data=st.binary(max_size=3000), name=st.sampled_from(sorted(CODINGS)))
def test_any_bytes_survive_any_coding(data: bytes, name: str) -> None:
    header, encode = CODINGS[name]
    assert decode_content(encode(data), header, 3000) == data


@coding
def test_a_body_cut_anywhere_is_an_error(name: str, encode: Callable[[bytes], bytes]) -> None:
    whole = encode(PAGE)
    for length in range(1, len(whole)):
        with pytest.raises(ContentCodingError):
            decode_content(whole[:length], name, MIB)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_cut_body_is_called_truncated(name: str) -> None:
    header, encode = CODINGS.get(name) or CODINGS["deflate with the zlib wrapper"]
    with pytest.raises(TruncatedContentError):
        decode_content(encode(PAGE)[:-1], header, MIB)


def test_a_gzip_body_with_a_wrong_check_sum_is_called_truncated() -> None:
    body = bytearray(gzip.compress(PAGE))
    body[-6] ^= 1
    with pytest.raises(TruncatedContentError):
        decode_content(bytes(body), "gzip", MIB)


@coding
def test_a_page_that_is_not_encoded_as_declared_is_an_error(name: str, encode: Callable[[bytes], bytes]) -> None:
    del encode
    with pytest.raises(ContentCodingError):
        decode_content(b"<!DOCTYPE html><html><p>plain</p></html>", name, MIB)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_bytes_behind_the_end_are_an_error(name: str) -> None:
    header, encode = CODINGS.get(name) or CODINGS["deflate with the zlib wrapper"]
    with pytest.raises(ContentCodingError):
        decode_content(encode(PAGE) + b"<p>", header, MIB)


def test_several_gzip_members_and_zstd_frames_are_one_body() -> None:
    assert decode_content(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", MIB) == b"one two"
    assert decode_content(zstd.compress(b"one ") + zstd.compress(b"two"), "zstd", MIB) == b"one two"


def test_more_members_than_any_server_sends_are_refused() -> None:
    for name, empty in (("gzip", gzip.compress(b"")), ("zstd", zstd.compress(b""))):
        with pytest.raises(ContentCodingError):
            decode_content(empty * 10_000, name, MIB)


@coding
def test_a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not(
    name: str, encode: Callable[[bytes], bytes]
) -> None:
    limit = max(len(PAGE), len(gzip.compress(PAGE)))
    assert decode_content(encode(PAGE), name, limit) == PAGE
    with pytest.raises(ContentTooLargeError):
        decode_content(encode(PAGE), name, len(PAGE) - 1)


@pytest.mark.parametrize("name", [name for name in CODINGS if name != "x-gzip"])
def test_a_bomb_stops_at_the_limit(name: str) -> None:
    header, encode = CODINGS[name]
    bomb = encode(bytes(32 * MIB))
    tracemalloc.start()
    with pytest.raises(ContentTooLargeError):
        decode_content(bomb, header, MIB)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * MIB


def test_the_limit_holds_for_a_body_without_coding() -> None:
    assert decode_content(PAGE, None, len(PAGE)) == PAGE
    with pytest.raises(ContentTooLargeError):
        decode_content(PAGE, None, len(PAGE) - 1)


@pytest.mark.parametrize("header", [None, "", "identity", "Identity", "none", "utf-8", " , "])
def test_names_that_change_no_byte_are_passed_over(header: str | None) -> None:
    assert decode_content(PAGE, header, MIB) == PAGE


def test_an_empty_body_decodes_to_nothing_whatever_is_declared() -> None:
    assert decode_content(b"", "gzip", MIB) == b""


def test_a_coding_of_unknown_name_is_an_error() -> None:
    with pytest.raises(ContentCodingError, match="squeezed"):
        decode_content(PAGE, "squeezed", MIB)


def test_a_third_layer_is_refused() -> None:
    body = gzip.compress(gzip.compress(gzip.compress(PAGE)))
    with pytest.raises(ContentCodingError):
        decode_content(body, "gzip, gzip, gzip", MIB)
