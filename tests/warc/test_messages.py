"""HTTP messages as bytes: heads as servers write them, bodies with and without framing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.warc.messages import Dechunker, final_head, parse_head, payload_of
from tests.warc.answers import ANSWERS, Answer, chunked


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_every_odd_answer_gives_its_status_and_payload(answer: Answer) -> None:
    head = parse_head(answer.message)
    assert head.status == answer.status
    assert payload_of(head, answer.message) == answer.payload


def test_fields_keep_order_case_and_repeats() -> None:
    head = parse_head(b"HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nX-Y:  z \r\nset-cookie: b\r\n\r\nbody: no field\r\n")
    assert head.headers == (("Set-Cookie", "a"), ("X-Y", "z"), ("set-cookie", "b"))
    assert head.header("SET-COOKIE") == "a"
    assert head.header("body") is None


def test_a_folded_value_is_one_value() -> None:
    head = parse_head(b"HTTP/1.1 200 OK\r\nX-Long: first\r\n  second\r\n\tthird\r\n\r\n")
    assert head.header("X-Long") == "first second third"


def test_a_head_without_its_empty_line_is_not_complete() -> None:
    head = parse_head(b"HTTP/1.1 200 OK\r\nX-Y: z\r\n")
    assert not head.complete
    assert head.status == 200


def test_interim_answers_are_passed_over_however_many_there_are() -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 5000
    assert final_head(interim + b"HTTP/1.1 200 OK\r\n\r\n")[0] == len(interim)


def test_a_lone_interim_answer_is_no_answer() -> None:
    assert final_head(b"HTTP/1.1 100 Continue\r\n\r\n")[0] == 25


def test_a_body_that_looks_like_a_head_is_a_body() -> None:
    message = b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    assert final_head(message)[0] == 0
    assert payload_of(parse_head(message), message) == b"HTTP/1.1 100 Continue\r\n\r\n"


@given(chunks=st.lists(st.binary(min_size=1, max_size=40), max_size=6), data=st.data())
def test_chunks_come_apart_however_they_arrive(chunks: list[bytes], data: st.DataObject) -> None:
    framed = chunked(*chunks, extension=b";a=b", trailer=b"X-Y: z\r\n")
    dechunker = Dechunker()
    payload = b""
    while framed:
        size = data.draw(st.integers(1, len(framed)))
        payload += dechunker.feed(framed[:size])
        framed = framed[size:]
    assert payload == b"".join(chunks)
    assert dechunker.finished


@given(st.binary(max_size=200))
def test_no_bytes_make_the_readers_fail(data: bytes) -> None:
    payload_of(parse_head(data), data)
    final_head(data)
    dechunker = Dechunker()
    dechunker.feed(data)
    dechunker.feed(data)


def test_what_follows_broken_framing_is_dropped() -> None:
    dechunker = Dechunker()
    assert dechunker.feed(b"5\r\nhelloxx\r\n5\r\nagain\r\n0\r\n\r\n") == b"hello"
    assert dechunker.faulty
    assert dechunker.feed(b"5\r\nagain\r\n0\r\n\r\n") == b""


def test_framing_without_end_is_not_collected() -> None:
    dechunker = Dechunker()
    dechunker.feed(b"1\r\na\r\n")
    for _ in range(100):
        dechunker.feed(b"1" * 1000)
    assert dechunker.faulty


@pytest.mark.parametrize("body", [b"<html>no chunks</html>", b"", b"<p>\r\n</p>", b"Dear reader", b"f" * 99])
def test_a_body_that_is_in_no_chunks_though_declared_is_the_payload_as_it_is(body: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert payload_of(parse_head(head), head + body) == body
    for size in (1, 3):
        dechunker = Dechunker()
        pieces = [dechunker.feed(body[at : at + size]) for at in range(0, len(body), size)]
        assert b"".join(pieces) + dechunker.rest() == body
