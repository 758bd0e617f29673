# ruff: noqa: S311  damage is drawn from a seed so that a failure can be seen again
"""Damage to a segment: every kind is found and named, and no sound segment is accused."""

import hashlib
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from newsarchive.errors import DamageError, StorageError
from newsarchive.warc.exchange import Exchange
from newsarchive.warc.fixity import Expectation, walk, whole_records
from newsarchive.warc.members import GZIP_HEADER, packed_member
from newsarchive.warc.reader import iterate, read_record
from tests.warc.answers import ANSWERS, PAGE, chunked, sized
from tests.warc.segments import MakeExchange, MakeSegment, Segment

COPIES = 12


@pytest.fixture
def segment(make_exchange: MakeExchange, make_segment: MakeSegment) -> Segment:
    """Return a sound segment with many kinds of answers."""
    return make_segment(_exchanges(make_exchange))


def _exchanges(make_exchange: MakeExchange) -> list[Exchange]:
    noise = random.Random(7)
    bodies = [noise.randbytes(noise.randrange(5, 3000)) for _ in range(10)]
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    messages = [
        *(answer.message for answer in ANSWERS[::4]),
        *(sized(body) for body in bodies),
        *(head + chunked(body[:4], body[4:]) for body in bodies),
    ]
    return [make_exchange(message, number) for number, message in enumerate(messages)]


def _expected(segment: Segment) -> Expectation:
    return Expectation(
        length=len(segment.data),
        records=len(segment.offsets) - 1,
        sha256=hashlib.sha256(segment.data).hexdigest(),
    )


def _problems(segment: Segment, data: bytes, expected: Expectation | None = None) -> list[tuple[int, str]]:
    segment.path.write_bytes(data)
    return [(problem.offset, problem.what) for problem in walk(segment.path, expected)]


def _member_at(segment: Segment, position: int) -> int:
    return max(offset for offset in segment.offsets if offset <= position)


def test_a_sound_segment_has_no_problem(segment: Segment) -> None:
    assert _problems(segment, segment.data) == []
    assert _problems(segment, segment.data, _expected(segment)) == []


def test_a_segment_is_sound_while_it_is_written_too(segment: Segment) -> None:
    path = segment.path.rename(segment.path.with_name(segment.path.name + ".open"))
    assert list(walk(path)) == []


def test_a_file_under_another_name_shows(segment: Segment) -> None:
    path = segment.path.rename(segment.path.with_name("a-20261122071500-00002.warc.gz"))
    assert [problem.what for problem in walk(path)] == [f"written as {segment.path.name}"]


def test_a_cut_inside_a_record_is_found_where_it_begins(segment: Segment) -> None:
    rng = random.Random(1)
    for _ in range(3 * COPIES):
        length = rng.choice([rng.randrange(1, len(segment.data)) for _ in range(3)])
        if length in segment.offsets:
            continue
        problems = _problems(segment, segment.data[:length])
        assert (_member_at(segment, length), "gzip member is cut") in problems


@pytest.mark.parametrize("missing", range(1, 9))
def test_a_cut_by_a_few_bytes_is_found(segment: Segment, missing: int) -> None:
    assert _problems(segment, segment.data[:-missing])[0] == (segment.offsets[-2], "gzip member is cut")


def test_a_cut_between_an_answer_and_its_request_is_found_without_help(segment: Segment) -> None:
    for offset in segment.offsets[2::2][:COPIES]:
        what = [what for _, what in _problems(segment, segment.data[:offset])]
        is_response = read_record(segment.path, segment.offsets[segment.offsets.index(offset) - 1]).type == "response"
        assert what == (["the last answer has no request behind it"] if is_response else [])


@pytest.mark.parametrize("known", ["length", "records", "sha256"])
def test_a_cut_at_a_record_boundary_is_found_by_what_is_expected(segment: Segment, known: str) -> None:
    expected = Expectation(**{known: getattr(_expected(segment), known)})
    for offset in segment.offsets[:-1][-COPIES:]:
        assert _problems(segment, segment.data[:offset], expected)


def test_a_zeroed_tail_is_found(segment: Segment) -> None:
    rng = random.Random(2)
    for _ in range(COPIES):
        start = rng.randrange(1, len(segment.data) - 8)
        problems = _problems(segment, segment.data[:start] + bytes(len(segment.data) - start))
        # A member may end in zeros of its own: its length is in four bytes.
        first_changed = next(at for at in range(start, len(segment.data)) if segment.data[at])
        assert problems[0][0] == _member_at(segment, first_changed)


def test_zeros_behind_the_last_record_are_found(segment: Segment) -> None:
    for count in (1, 3, 11, 4096):
        problems = _problems(segment, segment.data + bytes(count))
        assert problems[0][0] == len(segment.data)


def test_a_flipped_bit_is_found_or_changes_nothing_that_was_kept(segment: Segment) -> None:
    """A gzip member has up to seven unused bits before its check sum; only the file's digest sees those."""
    rng = random.Random(3)
    records = list(iterate(segment.path))
    silent = 0
    for _ in range(150):
        data = bytearray(segment.data)
        position = rng.randrange(len(data))
        data[position] ^= 1 << rng.randrange(8)
        problems = _problems(segment, bytes(data))
        if problems:
            assert problems[0][0] == _member_at(segment, position)
        else:
            silent += 1
            assert list(iterate(segment.path)) == records
        assert _problems(segment, bytes(data), _expected(segment))
    assert silent < 10


def test_every_bit_of_a_member_s_frame_counts(segment: Segment) -> None:
    start, end = segment.offsets[3:5]
    for position in [*range(start, start + len(GZIP_HEADER)), *range(end - 8, end)]:
        for bit in range(8):
            data = bytearray(segment.data)
            data[position] ^= 1 << bit
            assert _problems(segment, bytes(data))[0][0] == start


def test_swapped_neighbours_are_found(segment: Segment) -> None:
    members = segment.members()
    for index in range(len(members) - 1):
        swapped = [*members[:index], members[index + 1], members[index], *members[index + 2 :]]
        assert _problems(segment, b"".join(swapped)), index


def test_swapped_captures_are_found_by_the_digest_of_the_file(segment: Segment) -> None:
    members = segment.members()
    swapped = [*members[:1], *members[3:5], *members[1:3], *members[5:]]
    assert _problems(segment, b"".join(swapped), _expected(segment))


def test_a_duplicated_member_is_found(segment: Segment) -> None:
    members = segment.members()
    for index in range(len(members)):
        twice = b"".join([*members[: index + 1], *members[index:]])
        assert any("is here twice" in what for _, what in _problems(segment, twice)), index


def test_a_lost_member_is_found(segment: Segment) -> None:
    members = segment.members()
    for index in range(len(members)):
        without = b"".join([*members[:index], *members[index + 1 :]])
        assert _problems(segment, without, _expected(segment)), index


def test_the_walk_goes_on_behind_damage(segment: Segment) -> None:
    data = bytearray(segment.data)
    for member in (2, 7, 8):
        data[segment.offsets[member] + 20] ^= 0xFF
    offsets = [offset for offset, _ in _problems(segment, bytes(data))]
    assert offsets == [segment.offsets[2], segment.offsets[7], segment.offsets[8]]


def test_bytes_between_members_are_found(segment: Segment) -> None:
    offset = segment.offsets[4]
    for between in (b"\0", b"junk", packed_member(b"no record")):
        problems = _problems(segment, segment.data[:offset] + between + segment.data[offset:])
        assert [where for where, _ in problems] == [offset]


Change = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda record: record.replace(b"hello", b"hallo"), "block differs from WARC-Block-Digest"),
        (lambda record: record.replace(b"Payload-Digest: sha1:", b"Payload-Digest: sha1:A"), "payload differs"),
        (lambda record: record.replace(b"Content-Length: 50", b"Content-Length: 49"), "longer than its Content-Length"),
        (lambda record: record.replace(b"Content-Length: 50", b"Content-Length: 500"), "shorter than its Content"),
        (lambda record: record.replace(b"\r\n\r\nhello", b"\r\n\r\nhelloo"), "longer than its Content-Length"),
        (lambda record: record[:-4], "two empty lines"),
        (lambda record: record[:-1] + b"x", "two empty lines"),
        (lambda record: record.replace(b"WARC/1.1", b"WARC/1.0"), "does not begin with WARC/1.1"),
        (lambda record: record.replace(b"WARC-Date", b"WARC-Dote"), "no WARC-Date"),
        (lambda record: record.replace(b"Content-Length: 50", b"Content-Length: 5a"), "is no number"),
        (lambda record: record.replace(b"WARC-Date: ", b"WARC-Date "), "no named field"),
        (lambda record: record.replace(b"a.test", b"a\xfftest"), "no UTF-8"),
        (lambda record: record[:200].replace(b"\r\n", b"  "), "does not begin with"),
        (lambda record: b"WARC/1.1\r\nX: " + b"x" * 80_000 + record, "has no end"),
        (lambda record: record.replace(b"WARC-Block-Digest: sha1:", b"WARC-Block-Digest: md5:"), "block differs"),
        (lambda record: record.replace(b"WARC-Block-Digest: sha1:", b"WARC-Block-Digest: sha1:1"), "block differs"),
    ],
)
def test_a_well_packed_record_that_lies_is_found(
    make_exchange: MakeExchange, make_segment: MakeSegment, change: Change, what: str
) -> None:
    segment = make_segment([make_exchange(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: bc\r\n\r\nhello")])
    start, end = segment.offsets[1:3]
    record = _unpacked(segment, start)
    lying = change(record)
    assert lying != record
    data = segment.data[:start] + packed_member(lying) + segment.data[end:]
    problems = _problems(segment, data)
    assert problems[0][0] == start
    assert what in problems[0][1]


def _unpacked(segment: Segment, offset: int) -> bytes:
    stored = read_record(segment.path, offset)
    header = b"".join(f"{name}: {value}\r\n".encode() for name, value in stored.fields)
    return b"WARC/1.1\r\n" + header + b"\r\n" + stored.block + b"\r\n\r\n"


def test_whole_records_end_where_a_torn_tail_begins(segment: Segment) -> None:
    rng = random.Random(4)
    types = [record.type for record in iterate(segment.path)]
    for length in [*segment.offsets, *(rng.randrange(len(segment.data)) for _ in range(50))]:
        segment.path.write_bytes(segment.data[:length])
        count = segment.offsets.index(_member_at(segment, length))
        if count and types[count - 1] in {"response", "revisit"}:
            count -= 1  # its request is torn, and a capture is both
        assert whole_records(segment.path) == (segment.offsets[count], count)


def test_whole_records_are_counted_from_a_committed_length(segment: Segment) -> None:
    start = segment.offsets[5]
    segment.path.write_bytes(segment.data + GZIP_HEADER)
    assert whole_records(segment.path, start) == (len(segment.data), len(segment.offsets) - 6)
    assert whole_records(segment.path, len(segment.data)) == (len(segment.data), 0)


def test_a_damaged_record_is_not_read(segment: Segment) -> None:
    offset = segment.offsets[4]
    data = bytearray(segment.data)
    data[offset + 30] ^= 0x40
    segment.path.write_bytes(bytes(data))
    with pytest.raises(DamageError, match=f"offset {offset}"):
        read_record(segment.path, offset)
    read = iterate(segment.path)
    assert [next(read).offset for _ in range(4)] == segment.offsets[:4]
    with pytest.raises(DamageError):
        next(read)


@pytest.mark.parametrize("lost", [True, False])
def test_a_file_that_is_lost_is_damage_and_one_that_cannot_be_read_is_not(tmp_path: Path, *, lost: bool) -> None:
    path = tmp_path / "a.warc.gz"
    if not lost:
        path.mkdir()
    for attempt in (
        lambda: list(walk(path)),
        lambda: whole_records(path),
        lambda: read_record(path, 0),
        lambda: list(iterate(path)),
    ):
        with pytest.raises(DamageError if lost else StorageError, match=r"a\.warc\.gz"):
            attempt()


def test_memory_does_not_grow_with_a_record(make_exchange: MakeExchange, make_segment: MakeSegment) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    zeros = bytes(24 * 1024**2)
    segment = make_segment([make_exchange(sized(zeros)), make_exchange(head + chunked(zeros, PAGE))])
    tracemalloc.start()
    assert list(walk(segment.path)) == []
    assert whole_records(segment.path) == (len(segment.data), 5)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * 1024**2
