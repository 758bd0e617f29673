"""`captures/index.cdxj`: complete after each run, as cdxj-indexer would make it, and found out where it is wrong."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from newsarchive.store.ordered import read_lines
from newsarchive.store.seal import break_seal
from newsarchive.warc.cdxj import lines_of_segment, parse_line
from newsarchive.warc.reader import read_record
from tests.preservation.keeper import ORIGIN, URLS, Keeper, answer, page
from tests.warc.test_cdxj import cdxj_indexer

NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
Lines = list[bytes]


@pytest.fixture
def filled(keeper: Keeper) -> Keeper:
    """Return a collection of three runs: pages, revisits of both profiles, an error, a redirect, a cut answer."""
    keeper.run([(url, answer(page(url), 'ETag: "a"')) for url in URLS[:5]])
    keeper.run([(URLS[0], NOT_MODIFIED), (URLS[1], answer(page(URLS[1]))), (URLS[6], answer(b"", status="404 Gone"))])
    moved = answer(b"", f"Location: {URLS[2]}", status="301 Moved Permanently")
    keeper.run([(f"{ORIGIN}/old", moved), (URLS[7], answer(page(URLS[7]))[:-9])], truncated=None)
    return keeper


def lines_of(keeper: Keeper) -> Lines:
    return list(read_lines(keeper.layout.index))


def test_the_index_is_what_cdxj_indexer_makes_of_the_segments(filled: Keeper) -> None:
    assert lines_of(filled) == cdxj_indexer(*filled.segments)
    answers, articles = 10, 6
    assert len(lines_of(filled)) == answers + articles
    assert filled.damages() == []


def test_each_line_opens_its_record(filled: Keeper) -> None:
    for line in map(parse_line, lines_of(filled)):
        record = read_record(filled.layout.segment(line.filename), line.offset)
        assert (record.url, record.length) == (line.url, line.length)
        types = {"warc/revisit": "revisit", "application/json": "metadata"}
        assert record.type == types.get(line.mime or "", "response")


def test_each_run_adds_its_lines_and_no_others(keeper: Keeper) -> None:
    before: Lines = []
    for url in URLS[:4]:
        keeper.run([(url, answer(page(url)))])
        after = lines_of(keeper)
        assert [line for line in after if line in before] == before
        assert len(after) == len(before) + 2  # the answer, and the article that was read from it
        before = after


def test_rebuild_makes_the_same_index(filled: Keeper) -> None:
    before = filled.layout.index.read_bytes()
    filled.layout.index.unlink()
    filled.rebuild()
    assert filled.layout.index.read_bytes() == before
    assert filled.damages() == []


def test_a_lost_index_is_found_and_made_by_the_next_run(filled: Keeper) -> None:
    before = filled.layout.index.read_bytes()
    filled.layout.index.unlink()
    assert [damage for damage in filled.damages() if "index.cdxj: lost" in damage]
    filled.open().collection.close()
    assert filled.layout.index.read_bytes() == before


def test_a_segment_that_a_dead_run_left_open_comes_into_the_index(filled: Keeper) -> None:
    path = filled.segments[-1]
    of_it = set(lines_of_segment(path, path.name))
    filled.layout.index.write_bytes(b"".join(line for line in lines_of(filled) if line not in of_it))
    _reopen(filled, path)
    break_seal(filled.layout)
    assert filled.damages() == []
    filled.open().collection.close()
    assert lines_of(filled) == cdxj_indexer(*filled.segments)
    assert filled.damages() == []


def test_a_run_that_died_between_index_and_manifest_adds_nothing_twice(filled: Keeper) -> None:
    before = lines_of(filled)
    _reopen(filled, filled.segments[-1])
    filled.open().collection.close()
    assert lines_of(filled) == before


def wrong_offset(lines: Lines, dice: random.Random) -> Lines:
    number = dice.randrange(len(lines))
    line = parse_line(lines[number])
    moved = lines[number].replace(b'"offset": "%d"' % line.offset, b'"offset": "%d"' % (line.offset + 1))
    return [*lines[:number], moved, *lines[number + 1 :]]


def another_offset(lines: Lines, dice: random.Random) -> Lines:
    """Return lines of which one points at another record that is there."""
    number, other = dice.sample(range(len(lines)), 2)
    here, there = (b'"offset": "%d"' % parse_line(lines[n]).offset for n in (number, other))
    if here == there:  # the first records of two segments
        return wrong_offset(lines, dice)
    return [*lines[:number], lines[number].replace(here, there), *lines[number + 1 :]]


def lost_line(lines: Lines, dice: random.Random) -> Lines:
    number = dice.randrange(len(lines))
    return lines[:number] + lines[number + 1 :]


def doubled_line(lines: Lines, dice: random.Random) -> Lines:
    number = dice.randrange(len(lines))
    return [*lines[:number], lines[number], *lines[number:]]


def swapped_lines(lines: Lines, dice: random.Random) -> Lines:
    number = dice.randrange(len(lines) - 1)
    return [*lines[:number], lines[number + 1], lines[number], *lines[number + 2 :]]


def cut_line(lines: Lines, dice: random.Random) -> Lines:
    return [*lines[:-1], lines[-1][: dice.randrange(1, len(lines[-1]))]]


def flipped_bit(lines: Lines, dice: random.Random) -> Lines:
    data = bytearray(b"".join(lines))
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return [bytes(data)]


@pytest.mark.parametrize(
    "damage", [wrong_offset, another_offset, lost_line, doubled_line, swapped_lines, cut_line, flipped_bit]
)
def test_a_wrong_index_is_found(damage: Callable[[Lines, random.Random], Lines], filled: Keeper) -> None:
    whole = lines_of(filled)
    for seed in range(12):
        filled.layout.index.write_bytes(b"".join(damage(whole, random.Random(seed))))  # noqa: S311 - again the same
        assert [found for found in filled.damages() if "index.cdxj" in found], f"{damage.__name__} {seed}"
    filled.layout.index.write_bytes(b"".join(whole))
    assert filled.damages() == []


def _reopen(keeper: Keeper, path: Path) -> None:
    """Put the collection back to where the run that wrote the segment `path` had died before it closed it."""
    manifest = keeper.layout.manifest.read_bytes()
    length = manifest.rindex(b"{")
    keeper.layout.manifest.write_bytes(manifest[:length])
    with closing(sqlite3.connect(keeper.layout.catalogue)) as db, db:
        db.execute("UPDATE files SET closed = 0 WHERE name = ?", (f"captures/{path.name}",))
        db.execute("DELETE FROM pieces WHERE name = 'captures/manifest.jsonl' AND start >= ?", (length,))
        db.execute("UPDATE files SET length = ? WHERE name = 'captures/manifest.jsonl'", (length,))
