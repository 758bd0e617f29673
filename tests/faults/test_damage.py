"""Damage to a collection at rest: `verify` finds it all, says where, and accuses no sound collection (faults F8)."""

import itertools
import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from newsarchive.sample import SampleServer
from tests.faults.books import Books
from tests.faults.damages import mutants
from tests.faults.form import LONG
from tests.faults.lives import Ended, Life, Nursery

Crawl = Callable[..., Life]
DAMAGED = 6


@pytest.fixture
def collection(crawl: Crawl, small: SampleServer, tmp_path: Path) -> Path:
    """Return a collection of three runs, the second one killed, the third of a changed site."""
    assert crawl(small, "--limit", 4).wait().code == 0
    life = crawl(small)
    enough = len(small.requests) + 9
    while len(small.requests) < enough and life.runs():
        time.sleep(0.001)
    life.kill()
    life.wait()
    numbers = small.site.numbers
    small.site = small.site.with_edited(numbers[0], title="改过的标题").with_added(1)
    assert crawl(small, "--full").wait().code == 0
    return tmp_path / "archive" / "sample"


def verified(nursery: Nursery, archive: Path) -> Ended:
    return nursery.run("verify", "sample", "--archive", archive)


def test_every_damage_is_found_and_its_place_named(
    nursery: Nursery, collection: Path, dice: random.Random, tmp_path: Path,
    measured: Callable[[str, object], None],
) -> None:  # fmt: skip
    wanted = 500 if LONG else 80
    done: Counter[str] = Counter()
    missed = []
    for name, damage in itertools.islice(mutants(collection, dice), 2 * wanted):
        if done.total() == wanted:
            break
        archive = tmp_path / "damaged"
        shutil.copytree(collection.parent, archive)
        original = (archive / "sample" / name).read_bytes()
        mutant = damage(archive / "sample" / name, dice)
        if mutant is not None and not (mutant.path.exists() and mutant.path.name == Path(name).name
                                       and mutant.path.read_bytes() == original):  # fmt: skip
            done[damage.__name__] += 1
            said = verified(nursery, archive)
            if said.code != DAMAGED or str(mutant.path) not in said.out + said.err:
                missed.append(f"{name}: {mutant.what}: {said.code} {said.out[:300]}{said.err[:300]}")
        shutil.rmtree(archive)
    measured("mutants", dict(done))
    assert not missed, "\n".join(missed)
    assert done.total() == wanted


def test_damage_is_named_with_the_offset_of_the_piece_it_is_in(
    nursery: Nursery, collection: Path, dice: random.Random
) -> None:
    for path in [
        *(collection / "captures").glob("*.gz"),
        collection / "revisions.jsonl",
        *collection.glob("runs/*.jsonl"),
    ]:
        data = path.read_bytes()
        if not data:
            continue
        at = dice.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1 :])
        lines = [line for line in verified(nursery, collection.parent).out.splitlines() if f"{path}: offset " in line]
        offsets = [int(line.split(": offset ")[1].split(":")[0]) for line in lines]
        assert any(offset <= at for offset in offsets), (path, at, lines)
        path.write_bytes(data)
    assert verified(nursery, collection.parent).code == 0


def test_verify_changes_nothing(nursery: Nursery, collection: Path) -> None:
    path = collection / "revisions.jsonl"
    path.write_bytes(path.read_bytes()[:-3])
    before = {path: path.read_bytes() for path in collection.rglob("*") if path.is_file() and "-shm" not in path.name}
    assert verified(nursery, collection.parent).code == DAMAGED
    after = {path: path.read_bytes() for path in collection.rglob("*") if path.is_file() and "-shm" not in path.name}
    assert {path: data for path, data in after.items() if path in before} == before


def test_no_sound_collection_is_accused(
    nursery: Nursery, crawl: Crawl, small: SampleServer, dice: random.Random, tmp_path: Path
) -> None:
    """Also not one whose last run was killed: what that run left is in order, or will be set aside and was not kept."""
    for number in range(50 if LONG else 10):
        life = crawl(small, *(["--full"] if number % 3 else []))
        if number % 2:
            time.sleep(dice.uniform(0.05, 0.5))
            life.kill()
        assert life.wait().code in {0, -9}
        said = verified(nursery, tmp_path / "archive")
        torn = [line for line in said.out.splitlines() if "never committed" in line or "sets them aside" in line]
        assert said.code == 0 or len(torn) == len(said.out.splitlines()) - 1, said
    assert crawl(small).wait().code == 0
    assert verified(nursery, tmp_path / "archive").out == "sample: sound\n"


def test_a_damaged_collection_is_not_crawled_into(
    nursery: Nursery, crawl: Crawl, collection: Path, small: SampleServer
) -> None:
    for path in [*sorted((collection / "captures").glob("*.gz")), collection / "revisions.jsonl"]:
        data = path.read_bytes()
        path.write_bytes(data[:-1])
        ended = crawl(small).wait()
        assert ended.code == DAMAGED, ended
        assert str(path) in ended.err
        assert path.read_bytes() == data[:-1]
        path.write_bytes(data)
    (collection / "catalogue.sqlite").write_bytes(b"no catalogue" * 1000)
    ended = crawl(small).wait()
    assert ended.code == DAMAGED
    assert "newsarchive rebuild" in ended.err
    assert nursery.run("rebuild", "sample").code == 0
    assert crawl(small).wait().code == 0


def test_rebuild_does_not_hide_damage(nursery: Nursery, collection: Path, dice: random.Random, tmp_path: Path) -> None:
    """A broken record in the middle of the truth stops a rebuild; the file stays as it is, nothing is moved away."""
    for path in [*sorted((collection / "captures").glob("*.gz")), collection / "revisions.jsonl"]:
        archive = tmp_path / "flipped"
        shutil.copytree(collection.parent, archive)
        target = archive / "sample" / path.relative_to(collection)
        data = bytearray(target.read_bytes())
        at = dice.randrange(20, len(data) // 2)
        data[at] = 0 if path.suffix == ".jsonl" else data[at] ^ 0x04
        target.write_bytes(data)
        (archive / "sample" / "catalogue.sqlite").unlink()
        ended = nursery.run("rebuild", "sample", "--archive", archive)
        assert ended.code == DAMAGED, (path.name, at, ended)
        assert str(target) in ended.err
        assert target.read_bytes() == bytes(data)
        shutil.rmtree(archive)


def test_a_line_that_stands_there_twice_is_not_taken_in(
    crawl: Crawl, collection: Path, small: SampleServer, tmp_path: Path
) -> None:
    path = collection / "revisions.jsonl"
    data = path.read_bytes()
    path.write_bytes(data + data.splitlines(keepends=True)[-1])
    assert crawl(small).wait().code == 0
    assert path.read_bytes() == data
    assert list((collection / "salvage").iterdir())
    assert Books(tmp_path / "archive" / "sample").faults() == []


def test_a_damage_is_one_line_of_text(nursery: Nursery, collection: Path) -> None:
    path = collection / "revisions.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    first = json.loads(lines[0])
    first["title"] = "\x1b[31m\r\nnewline"
    path.write_bytes(json.dumps(first).encode() + b"\n" + b"".join(lines[1:]))
    out = verified(nursery, collection.parent).out
    assert "\x1b" not in out
    assert all(line.startswith((str(collection), "sample: ")) for line in out.splitlines())
