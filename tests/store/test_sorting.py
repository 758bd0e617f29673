"""Lines are sorted piece by piece: in order, each of them there, and few of them in memory."""

import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.store import sorting
from newsarchive.store.sorting import in_order


@given(st.lists(st.binary(max_size=8).map(lambda text: text.replace(b"\n", b" ") + b"\n"), max_size=80))
def test_every_line_comes_and_in_order(lines: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "PIECE_BYTES", 30)
        patch.setattr(sorting, "READ_BYTES", 7)
        with in_order(lines) as ordered:
            assert list(ordered) == sorted(lines)


def test_memory_holds_a_piece_and_not_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "PIECE_BYTES", 100_000)
    monkeypatch.setattr(sorting, "READ_BYTES", 1000)
    count, width = 40_000, 100

    def lines() -> Iterator[bytes]:
        for number in range(count):
            yield b"%0*d\n" % (width - 1, number * 7919 % count)

    tracemalloc.start()
    try:
        with in_order(lines()) as ordered:
            assert sum(1 for _ in ordered) == count
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < count * width / 4
