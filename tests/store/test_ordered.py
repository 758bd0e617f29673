"""A sorted file that takes lines in: complete, in order, mostly left alone, and old or new whatever instant ends it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.errors import DamageError
from newsarchive.store import ordered
from newsarchive.store.ordered import JOURNAL_SUFFIX, NEW_SUFFIX, finish, merge, read_lines, write

KEYS = st.lists(st.integers(0, 9999), max_size=60)


def line(number: int) -> bytes:
    return b'test,a)/%07d 20261122071500 {"url": "http://a.test/%d", "filename": "a.warc.gz"}\n' % (number, number)


LARGE = [line(number) for number in range(0, 100_000, 10)]


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Return a file that is large enough to be changed in place."""
    path = tmp_path / "index.cdxj"
    write(path, LARGE)
    return path


class DiedError(Exception):
    """The process ended here."""


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that lets the n-th fsync of the test be its process's last act but one."""
    left = [1 << 30]
    fsync = os.fsync

    def counted(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise DiedError
        fsync(handle)

    monkeypatch.setattr(os, "fsync", counted)
    return lambda number: left.__setitem__(0, number)


@given(first=KEYS, second=KEYS, third=KEYS)
def test_the_file_holds_every_line_once_and_in_order(
    first: list[int], second: list[int], third: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("ordered") / "index.cdxj"
    with pytest.MonkeyPatch.context() as patch:
        sizes = {"SMALL_BYTES": 600, "WINDOW_BYTES": 500, "PADDED_EVERY": 300, "PADDING": 200, "MUCH_BYTES": 2000}
        for name, value in sizes.items():
            patch.setattr(ordered, name, value)
        for numbers in (first, second, third):
            merge(path, sorted(line(number) for number in numbers))
    expected = sorted({line(number) for number in first + second + third})
    assert list(read_lines(path)) == expected
    raw = path.read_bytes().splitlines(keepends=True)
    assert [found.rstrip() + b"\n" for found in raw] == expected
    assert raw == sorted(raw)


def test_a_small_file_has_no_blanks(tmp_path: Path) -> None:
    path = tmp_path / "index.cdxj"
    merge(path, [line(1), line(3)])
    merge(path, [line(2)])
    assert path.read_bytes() == line(1) + line(2) + line(3)


def test_a_few_lines_cost_a_few_windows_of_a_large_file(large: Path) -> None:
    before, inode = large.read_bytes(), large.stat().st_ino
    added = [line(number) for number in (5, 50_003, 99_999)]
    merge(large, added)
    after = large.read_bytes()
    assert large.stat().st_ino == inode
    assert len(after) == len(before) + len(added[-1])  # the last one goes behind the end
    changed = sum(a != b for a, b in zip(before, after, strict=False))
    assert changed < 2 * ordered.WINDOW_BYTES < len(before) / 5
    assert list(read_lines(large)) == sorted([*LARGE, *added])


def test_a_line_a_day_is_taken_in_place_for_weeks(large: Path) -> None:
    inodes = set()
    for day in range(30):
        merge(large, [line(42).replace(b"20261122", b"202612%02d" % day)])
        inodes.add(large.stat().st_ino)
    assert len(inodes) == 1
    assert len(list(read_lines(large))) == len(LARGE) + 30


def test_where_the_blanks_are_used_up_the_file_is_written_anew(large: Path) -> None:
    added = [line(40_000).replace(b"20261122", b"%08d" % number) for number in range(2000)]
    inode = large.stat().st_ino
    merge(large, sorted(added))
    assert large.stat().st_ino != inode
    assert list(read_lines(large)) == sorted([*LARGE, *added])


def test_much_that_is_new_is_merged_as_it_comes(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordered, "MUCH_BYTES", 5000)
    added = [line(number) for number in range(5, 20_000, 10)]
    came = iter([*added, added[-1]])
    merge(large, came)
    assert list(read_lines(large)) == sorted([*LARGE, *added])


def test_lines_that_are_there_change_nothing(large: Path) -> None:
    before = large.read_bytes()
    merge(large, LARGE[100:200])
    assert list(read_lines(large)) == LARGE
    assert len(large.read_bytes()) == len(before)


@pytest.mark.parametrize("added", [[line(33), line(77_777)], sorted(line(n) for n in range(1, 90_000, 7))])
def test_a_process_that_dies_leaves_the_old_lines_or_the_new(
    added: list[bytes], large: Path, dying: Callable[[int], None], tmp_path: Path
) -> None:
    new = sorted({*LARGE, *added})
    for number in range(10):
        path = tmp_path / str(number) / "index.cdxj"
        path.parent.mkdir()
        path.write_bytes(large.read_bytes())
        dying(number)
        try:
            merge(path, added)
            finished = True
        except DiedError:
            finished = False
        dying(1 << 30)
        lines = list(read_lines(path))
        assert lines in (LARGE, new)
        finish(path)
        assert list(read_lines(path)) == lines
        assert [found.name for found in path.parent.iterdir()] == [path.name]
        if finished:
            assert lines == new
            return
    pytest.fail("it never ended")


def test_a_journal_half_applied_reads_as_the_new_lines(large: Path) -> None:
    added = [line(15), line(55_555)]
    before = large.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordered, "_apply", _half)
        with pytest.raises(DiedError):
            merge(large, added)
    assert large.read_bytes() != before
    new = sorted([*LARGE, *added])
    assert list(read_lines(large)) == new
    finish(large)
    assert list(read_lines(large)) == new
    assert not large.with_name(large.name + JOURNAL_SUFFIX).exists()


def test_a_torn_journal_counts_for_nothing(large: Path) -> None:
    journal = large.with_name(large.name + JOURNAL_SUFFIX)
    journal.write_bytes(b"0" * 64 + b"\n0 5\nabc")
    large.with_name(large.name + NEW_SUFFIX).write_bytes(b"half")
    assert list(read_lines(large)) == LARGE
    finish(large)
    assert [path.name for path in large.parent.iterdir()] == [large.name]


def test_a_file_that_ends_within_a_line_is_damaged(large: Path) -> None:
    large.write_bytes(large.read_bytes()[:-5])
    with pytest.raises(DamageError, match="torn line"):
        list(read_lines(large))


def _half(path: Path, windows: list[tuple[int, bytes]]) -> None:
    with path.open("r+b") as file:
        start, content = windows[0]
        file.seek(start)
        file.write(content[: len(content) // 2])
    raise DiedError
