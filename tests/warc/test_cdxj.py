"""Lines of an index: those that cdxj-indexer would write, for every kind of record, and keys as pywb looks them up."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.records.capture import CaptureRef
from newsarchive.warc.cdxj import line_of_exchange, line_of_record, lines_of_segment, parse_line
from newsarchive.warc.reader import read_record
from newsarchive.warc.surt import surt_key
from newsarchive.warc.writer import encode_exchange
from tests.warc.answers import ANSWERS, PAGE, Answer, sized
from tests.warc.segments import MakeExchange, MakeSegment

SPELLINGS = [
    "https://www.icas.lzu.edu.cn/f/202012/1050.html",
    "http://WWW2.Example.TEST:80/A/B/../C/./d//e/?b=2&a=1&A=0#x",
    "https://example.test:443/?",
    "http://user:pw@example.test:8080/%E4%B8%AD%20x?q=%41%25",
    "http://127.0.0.1:9/f/1.html",
    "http://[::1]:80/x",
    "http://中文.test/路径?键=值",
    "http://a.test/x.aspx?jsessionid=0123456789abcdef0123456789abcdef&z=1",
    "http://a.test/(S(abcdefghijklmnopqrstuvwx))/p.aspx?sid=0123456789abcdef0123456789abcdef",
    "http://a.test/?cfid=1&cftoken=2&x=3",
    "http://a.test/../../x",
    "http://a.test/a/..",
    "http://a..test./x",
    "urn:article:http://A.test/C/?d=E",
]


def reference_keys(urls: list[str]) -> list[str]:
    """Return the keys that the Internet Archive's canonicaliser gives."""
    code = "import sys, surt; print('\\n'.join(surt.surt(line[:-1]) for line in sys.stdin))"
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], input="\n".join(urls) + "\n", capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return ran.stdout.splitlines()


def cdxj_indexer(*paths: Path) -> list[bytes]:
    """Return the sorted lines that cdxj-indexer makes of segments."""
    program = Path(sys.executable).parent / "cdxj-indexer"
    ran = subprocess.run([sys.executable, "-W", "ignore", program, "--sort", *paths], capture_output=True, check=True)
    return ran.stdout.splitlines(keepends=True)


def test_keys_are_those_of_the_reference() -> None:
    dice = random.Random(20261122)  # noqa: S311 - the same URLs in every run
    letters = "ab/.%2eE?&=#()A ~-_;,:中'\"[]{}|\\^`+!*$@"
    urls = SPELLINGS + [
        "http://a.test/" + "".join(dice.choice(letters) for _ in range(dice.randint(0, 14))).strip()
        for _ in range(20_000)
    ]
    assert [surt_key(url) for url in urls] == reference_keys(urls)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_a_key_is_one_ascii_word_whatever_the_url(path: str) -> None:
    key = surt_key(f"http://a.test/{path}")
    assert key.isascii()
    assert key.split() == [key]


def test_every_odd_answer_has_the_line_of_cdxj_indexer(make_exchange: MakeExchange, make_segment: MakeSegment) -> None:
    answers = [answer for answer in ANSWERS if answer.status]
    segment = make_segment([make_exchange(answer.message, number) for number, answer in enumerate(answers)])
    ours = sorted(lines_of_segment(segment.path, segment.path.name))
    assert len(ours) == len(answers)
    assert ours == cdxj_indexer(segment.path)


def test_an_unreadable_answer_has_the_line_of_cdxj_indexer(
    make_exchange: MakeExchange, make_segment: MakeSegment
) -> None:
    segment = make_segment([make_exchange(b"SSH-2.0-OpenSSH_9.6\r\n", truncated="unspecified")])
    assert list(lines_of_segment(segment.path, segment.path.name)) == cdxj_indexer(segment.path)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_the_line_of_an_exchange_is_that_of_its_record(
    answer: Answer, make_exchange: MakeExchange, tmp_path: Path
) -> None:
    exchange = make_exchange(answer.message)
    encoded = encode_exchange(exchange)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(encoded.data)
    capture = CaptureRef(
        warc=path.name, offset=0, record_id=encoded.response.record_id, payload_digest=exchange.payload_digest
    )
    assert line_of_exchange(exchange, encoded.response, capture) == line_of_record(read_record(path, 0), path.name)


def test_a_line_is_read_as_it_was_written(make_exchange: MakeExchange, make_segment: MakeSegment) -> None:
    segment = make_segment([make_exchange(sized(PAGE), number) for number in range(3)])
    for line in lines_of_segment(segment.path, segment.path.name):
        read = parse_line(line)
        assert read.encoded() == line
        assert parse_line(line.rstrip() + b"     \n") == read
        record = read_record(segment.path, read.offset)
        assert (record.url, record.length, record.type) == (read.url, read.length, "response")


@pytest.mark.parametrize("line", [b"", b"key 2026\n", b'key 2026 {"url": "x"}\n', b"key 2026 {\n", b'k t ["url"]\n'])
def test_what_is_no_line_is_said_to_be_none(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_line(line)
