"""Records as written: WARC 1.1 to the letter, the wire's bytes in them, and every reader agrees."""

import base64
import gzip
import hashlib
import io
import re
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from newsarchive.warc.exchange import read_exchange
from newsarchive.warc.fixity import Expectation, walk
from newsarchive.warc.reader import exchange_payload, iterate, read_record
from newsarchive.warc.writer import encode_exchange, encode_warcinfo
from tests.warc.answers import ANSWERS, PAGE, chunked, sized
from tests.warc.segments import CAPTURED_AT, MakeExchange, MakeSegment

IDS = ("urn:uuid:00000000-0000-4000-8000-000000000001", "urn:uuid:00000000-0000-4000-8000-000000000002")


def _sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def test_a_response_record_is_what_the_standard_says(make_exchange: MakeExchange) -> None:
    exchange = make_exchange(sized(PAGE), ip_address="192.0.2.7", tls="tls/1.3", cipher_suite="TLS_AES_128_GCM_SHA256")
    capture = encode_exchange(exchange, warcinfo_id="urn:uuid:w", record_ids=IDS)
    header, _, block = gzip.decompress(capture.data[: capture.response.length]).partition(b"\r\n\r\n")
    assert header.decode().split("\r\n") == [
        "WARC/1.1",
        "WARC-Type: response",
        f"WARC-Record-ID: <{IDS[0]}>",
        "WARC-Date: 2026-11-22T07:15:00Z",
        "WARC-Target-URI: http://a.test/0?page=2",
        "WARC-IP-Address: 192.0.2.7",
        "WARC-Protocol: http/1.1",
        "WARC-Protocol: tls/1.3",
        "WARC-Cipher-Suite: TLS_AES_128_GCM_SHA256",
        "WARC-Warcinfo-ID: <urn:uuid:w>",
        f"WARC-Payload-Digest: {_sha1(PAGE)}",
        f"WARC-Block-Digest: {_sha1(sized(PAGE))}",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(sized(PAGE))}",
    ]
    assert block == sized(PAGE) + b"\r\n\r\n"


def test_the_request_follows_its_answer_and_names_it(make_exchange: MakeExchange) -> None:
    exchange = make_exchange(sized(PAGE))
    capture = encode_exchange(exchange, record_ids=IDS)
    answer, request = capture.records
    assert (answer.type, answer.record_id, answer.offset) == ("response", IDS[0], 0)
    assert (request.type, request.record_id, request.offset) == ("request", IDS[1], answer.length)
    assert len(capture.data) == answer.length + request.length
    header, _, block = gzip.decompress(capture.data[request.offset :]).partition(b"\r\n\r\n")
    assert f"WARC-Concurrent-To: <{IDS[0]}>".encode() in header
    assert block == exchange.request + b"\r\n\r\n"


def test_the_same_exchange_gives_the_same_bytes_but_for_its_record_ids(make_exchange: MakeExchange) -> None:
    exchange = make_exchange(sized(PAGE))
    assert encode_exchange(exchange, record_ids=IDS) == encode_exchange(exchange, record_ids=IDS)
    assert encode_exchange(exchange).records[0].record_id != encode_exchange(exchange).records[0].record_id


def test_a_payload_digest_does_not_depend_on_chunks(make_exchange: MakeExchange) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    digests = {
        make_exchange(message).payload_digest
        for message in (sized(PAGE), head + chunked(PAGE), head + chunked(PAGE[:9], PAGE[9:]))
    }
    assert digests == {_sha1(PAGE)}


def test_a_cut_answer_is_marked_truncated(make_exchange: MakeExchange) -> None:
    capture = encode_exchange(make_exchange(sized(PAGE)[:-5], truncated="disconnect"))
    answer, request = (gzip.decompress(capture.data[r.offset : r.offset + r.length]) for r in capture.records)
    assert b"\r\nWARC-Truncated: disconnect\r\n" in answer
    assert b"WARC-Truncated" not in request


def test_bytes_that_are_no_http_are_kept_where_no_reader_stumbles(make_exchange: MakeExchange) -> None:
    capture = encode_exchange(make_exchange(b"SSH-2.0-OpenSSH_9.6\r\n", truncated="unspecified"))
    types = [record.rec_type for record in WarcioIterator(io.BytesIO(capture.data), check_digests="raise")]
    assert types == ["metadata", "request"]


def test_a_line_break_cannot_enter_a_header(make_exchange: MakeExchange) -> None:
    with pytest.raises(ValueError, match="line break"):
        encode_exchange(make_exchange(sized(PAGE), ip_address="192.0.2.7\r\nX-Made: up"))
    with pytest.raises(ValueError, match="line break"):
        encode_warcinfo("a.warc.gz", {"software": "x\r\ny"}, CAPTURED_AT)


def test_a_segment_begins_with_how_it_was_made(make_segment: MakeSegment) -> None:
    segment = make_segment([])
    record = read_record(segment.path, 0)
    assert record.type == "warcinfo"
    assert record.block == b"software: newsarchive\r\n"
    assert record.field("WARC-Filename") == segment.path.name
    assert record.date == CAPTURED_AT


def test_every_odd_answer_is_read_as_it_was_written(make_exchange: MakeExchange, make_segment: MakeSegment) -> None:
    exchanges = [
        make_exchange(answer.wire[: len(answer.wire) - answer.behind], number, truncated=answer.truncated)
        for number, answer in enumerate(ANSWERS)
    ]
    segment = make_segment(exchanges)
    records = list(iterate(segment.path))[1:]
    assert [record.offset for record in records] == segment.offsets[1:-1]
    for answer, exchange, stored, request in zip(ANSWERS, exchanges, records[::2], records[1::2], strict=True):
        assert stored == read_record(segment.path, stored.offset)
        assert stored.block == exchange.response == answer.message
        assert request.block == exchange.request
        response = exchange_payload(stored)
        assert (response.payload, response.status, response.headers, response.url, response.truncated) == (
            answer.payload, answer.status, exchange.headers, exchange.url, answer.truncated,
        )  # fmt: skip
        assert response.captured_at == exchange.started_at == CAPTURED_AT
    assert list(walk(segment.path, Expectation(records=len(records) + 1))) == []


@given(received=st.binary(min_size=1, max_size=400), request=st.binary(min_size=1, max_size=100))
def test_any_bytes_are_kept_as_they_are(
    received: bytes, request: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    exchange = read_exchange(url="http://a.test/", started_at=CAPTURED_AT, request=request, received=received)
    path = tmp_path_factory.getbasetemp() / "any.warc.gz"
    capture = encode_exchange(exchange)
    path.write_bytes(capture.data)
    answer, asked = iterate(path)
    assert answer.block == exchange.response
    assert received.endswith(answer.block)
    assert asked.block == request
    assert [problem.what for problem in walk(path)] == ["first record is no warcinfo"]


def test_both_libraries_read_the_same_blocks(make_exchange: MakeExchange, make_segment: MakeSegment) -> None:
    segment = make_segment([make_exchange(answer.message, number) for number, answer in enumerate(ANSWERS)])
    ours = [(record.type, record.block) for record in iterate(segment.path)]
    with segment.path.open("rb") as file:
        warcio = [(record.rec_type, record.raw_stream.read()) for record in WarcioIterator(file, no_record_parse=True)]
    with segment.path.open("rb") as file:
        fast = [(str(record.record_type), record.reader.read()) for record in FastIterator(file, parse_http=False)]
    assert ours == warcio == fast


def test_warcio_finds_every_digest_right(make_exchange: MakeExchange, make_segment: MakeSegment) -> None:
    """But for chunked answers: warcio digests the framing too, against WARC 1.1 (webrecorder/warcio#74)."""
    segment = make_segment([make_exchange(answer.message, number) for number, answer in enumerate(ANSWERS)])
    seen = 0
    with segment.path.open("rb") as file:
        for record in WarcioIterator(file, check_digests=True):
            record.raw_stream.read()
            chunks = record.rec_type == "response" and record.http_headers.get_header("Transfer-Encoding")
            if (chunks or "").lower() == "chunked":
                assert all(problem.startswith("payload digest failed") for problem in record.digest_checker.problems)
            else:
                assert record.digest_checker.passed, record.digest_checker.problems
            seen += 1
    assert seen == 2 * len(ANSWERS) + 1


def test_fastwarc_reads_every_head(make_exchange: MakeExchange, make_segment: MakeSegment) -> None:
    answers = [answer for answer in ANSWERS if answer.status]
    segment = make_segment([make_exchange(answer.message, number) for number, answer in enumerate(answers)])
    with segment.path.open("rb") as file:
        responses = [record for record in FastIterator(file) if str(record.record_type) == "response"]
        statuses = [record.http_headers.status_code for record in responses]
    # It gives no status where the reason is not ASCII.
    assert all(found in {None, answer.status} for found, answer in zip(statuses, answers, strict=True))


def test_fastwarc_finds_every_block_digest_right(make_exchange: MakeExchange, make_segment: MakeSegment) -> None:
    segment = make_segment([make_exchange(answer.message, number) for number, answer in enumerate(ANSWERS)])
    seen = 0
    with segment.path.open("rb") as file:
        for record in FastIterator(file, parse_http=False):
            record.freeze()
            assert record.verify_block_digest()
            seen += 1
    assert seen == 2 * len(ANSWERS) + 1


def test_record_ids_are_uuids_and_none_is_used_twice(make_exchange: MakeExchange, make_segment: MakeSegment) -> None:
    segment = make_segment([make_exchange(answer.message) for answer in ANSWERS])
    ids = [record.record_id for record in iterate(segment.path)]
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", record_id) for record_id in ids)
    assert len(set(ids)) == len(ids)


def test_offsets_are_where_gzip_members_begin(
    make_exchange: MakeExchange, make_segment: MakeSegment, tmp_path: Path
) -> None:
    segment = make_segment([make_exchange(sized(PAGE), number) for number in range(3)])
    for member in segment.members():
        alone = tmp_path / "alone.warc.gz"
        alone.write_bytes(member)
        assert gzip.decompress(member).startswith(b"WARC/1.1\r\n")
        assert len(list(iterate(alone))) == 1
