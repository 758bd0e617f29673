"""At least a dozen copies of a collection for each kind of damage: all found, and no sound collection accused."""

import random
import shutil
from pathlib import Path

import pytest

from newsarchive.store.layout import Layout
from newsarchive.store.ordered import read_lines
from tests.faults import damages
from tests.preservation.keeper import ORIGIN, URLS, Keeper, answer, page
from tests.preservation.test_index import another_offset, wrong_offset

COPIES = 12
OF_SEGMENTS = (
    damages.cut_in_the_middle, damages.cut_by_some_bytes, damages.cut_between_records, damages.zeroed_tail,
    damages.flipped_bit, damages.swapped_records, damages.doubled_record, damages.lost, damages.copied_beside,
)  # fmt: skip


@pytest.fixture
def filled(tmp_path: Path) -> Keeper:
    """Return a collection of several segments, with revisits, edits, a removal and cut answers in them."""
    keeper = Keeper(tmp_path / "archive", max_segment_bytes=12_000)
    for number, url in enumerate(URLS[:8]):
        keeper.run([(url, answer(page(url), 'ETag: "a"')), (URLS[0], answer(page(URLS[number % 3])))])
    keeper.run([(URLS[7], answer(page(URLS[7]))[:-30])], truncated="disconnect")
    for _ in range(2):
        keeper.run([(URLS[6], answer(b"", status="404 Gone")), (f"{ORIGIN}/", answer(page("/")))])
    return keeper


def copied(keeper: Keeper, archive: Path) -> Keeper:
    shutil.copytree(keeper.archive, archive)
    return Keeper(archive)


@pytest.mark.parametrize("damage", OF_SEGMENTS, ids=lambda damage: damage.__name__)
def test_damage_to_segments_is_found(damage: damages.Damage, filled: Keeper, tmp_path: Path) -> None:
    done = 0
    for seed in range(10 * COPIES):
        dice = random.Random(seed)  # noqa: S311 - the same damages in every run
        copy = copied(filled, tmp_path / f"copy-{seed}")
        mutant = damage(dice.choice(copy.segments), dice)
        if mutant is not None:
            said = copy.damages()
            assert any(str(mutant.path) in what for what in said), f"{seed}: {mutant.what}: {said}"
            done += 1
        shutil.rmtree(copy.archive)
        if done == COPIES:
            return
    pytest.fail(f"only {done} copies could be damaged")


@pytest.mark.parametrize("damage", [wrong_offset, another_offset])
def test_a_wrong_offset_in_the_index_is_found(damage: object, filled: Keeper) -> None:
    whole = list(read_lines(filled.layout.index))
    for seed in range(COPIES):
        wrong = damage(whole, random.Random(seed))  # type: ignore[operator]  # noqa: S311 - as above
        filled.layout.index.write_bytes(b"".join(wrong))
        assert [what for what in filled.damages() if str(filled.layout.index) in what], seed


def test_no_sound_collection_is_accused(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "archive", max_segment_bytes=12_000)
    for number in range(COPIES):
        bodies = [(URLS[n], answer(page(URLS[(n + number) % 5]), f"X-Run: {number}")) for n in range(number % 4 + 1)]
        keeper.run(bodies, truncated="length" if number % 5 == 4 else None)
        if number % 3 == 2:
            keeper.rebuild()
        assert keeper.damages() == [], number
        assert copied(keeper, tmp_path / f"copy-{number}").damages() == [], number
    assert len(list(Layout(keeper.archive, "sample").captures.glob("*.gz"))) >= COPIES
