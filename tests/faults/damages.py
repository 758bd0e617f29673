"""Ways in which files are damaged while they lie still."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from newsarchive.warc.reader import iterate


@dataclass(frozen=True)
class Mutant:
    """One damage to one file."""

    path: Path
    what: str
    first: int
    """Offset of the first byte that is not as it was; 0 where the whole file is meant."""


Damage = Callable[[Path, random.Random], "Mutant | None"]


def boundaries(path: Path) -> list[int]:
    """Return where the records of a file begin, and its end."""
    if path.suffix == ".gz":
        return [record.offset for record in iterate(path)] + [path.stat().st_size]
    data = path.read_bytes()
    return [0, *(at + 1 for at, byte in enumerate(data) if byte == ord("\n"))]


def flipped_bit(path: Path, dice: random.Random) -> Mutant | None:
    data = bytearray(path.read_bytes())
    at = dice.randrange(len(data))
    data[at] ^= 1 << dice.randrange(8)
    path.write_bytes(data)
    return Mutant(path, f"bit flipped in byte {at}", at)


def cut_by_some_bytes(path: Path, dice: random.Random) -> Mutant | None:
    return _cut(path, path.stat().st_size - dice.randint(1, 8))


def cut_in_the_middle(path: Path, dice: random.Random) -> Mutant | None:
    return _cut(path, dice.randrange(path.stat().st_size))


def cut_between_records(path: Path, dice: random.Random) -> Mutant | None:
    return _cut(path, dice.choice(boundaries(path)[:-1]))


def zeroed_tail(path: Path, dice: random.Random) -> Mutant | None:
    data = path.read_bytes()
    count = dice.randint(1, min(4096, len(data)))
    path.write_bytes(data[:-count] + bytes(count))
    return Mutant(path, f"last {count} bytes zeroed", len(data) - count)


def appended_bytes(path: Path, dice: random.Random) -> Mutant | None:
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(dice.randbytes(dice.randint(1, 200)))
    return Mutant(path, "bytes appended", size)


def lost(path: Path, dice: random.Random) -> Mutant | None:
    del dice
    path.unlink()
    return Mutant(path, "lost", 0)


def copied_beside(path: Path, dice: random.Random) -> Mutant | None:
    del dice
    if path.name == "revisions.jsonl":
        return None
    other = path.with_name(path.name.replace("20", "19", 1) if path.suffix == ".gz" else f"1{path.name[1:]}")
    shutil.copyfile(path, other)
    return Mutant(other, "extra file", 0)


def doubled_record(path: Path, dice: random.Random) -> Mutant | None:
    pieces, at = _pieces(path, dice, 1)
    return _written(path, [*pieces[: at + 1], *pieces[at:]], f"record {at} doubled", sum(map(len, pieces[: at + 1])))


def dropped_record(path: Path, dice: random.Random) -> Mutant | None:
    pieces, at = _pieces(path, dice, 1)
    return _written(path, [*pieces[:at], *pieces[at + 1 :]], f"record {at} dropped", sum(map(len, pieces[:at])))


def swapped_records(path: Path, dice: random.Random) -> Mutant | None:
    pieces, at = _pieces(path, dice, 2)
    if len(pieces) < 2 or pieces[at] == pieces[at + 1]:
        return None
    swapped = [*pieces[:at], pieces[at + 1], pieces[at], *pieces[at + 2 :]]
    return _written(path, swapped, f"records {at} and {at + 1} swapped", sum(map(len, pieces[:at])))


def _pieces(path: Path, dice: random.Random, needed: int) -> tuple[list[bytes], int]:
    data, places = path.read_bytes(), boundaries(path)
    pieces = [data[start:end] for start, end in pairwise(places)]
    return pieces, dice.randrange(max(1, len(pieces) - needed + 1))


def _written(path: Path, pieces: list[bytes], what: str, first: int) -> Mutant:
    path.write_bytes(b"".join(pieces))
    return Mutant(path, what, first)


def _cut(path: Path, length: int) -> Mutant:
    data = path.read_bytes()
    path.write_bytes(data[: max(0, length)])
    return Mutant(path, f"cut to {length} of {len(data)} bytes", max(0, length))


OF_ANY_FILE: tuple[Damage, ...] = (
    flipped_bit, flipped_bit, cut_by_some_bytes, cut_in_the_middle, zeroed_tail, lost,
)  # fmt: skip
OF_RECORDS: tuple[Damage, ...] = (
    *OF_ANY_FILE, flipped_bit, cut_between_records, appended_bytes, copied_beside, doubled_record, dropped_record,
    swapped_records,
)  # fmt: skip


def mutants(folder: Path, dice: random.Random) -> Iterator[tuple[str, Damage]]:
    """Yield, without end, a file of the collection in `folder` by its name in it and a damage to do to it."""
    records = [*sorted((folder / "captures").glob("*.gz")), folder / "revisions.jsonl"]
    records += [path for path in sorted((folder / "runs").glob("*.jsonl")) if path.stat().st_size]
    while True:
        for path in records:
            yield path.relative_to(folder).as_posix(), dice.choice(OF_RECORDS)
        for name in ("catalogue.sqlite", "collection.json"):
            yield name, dice.choice(OF_ANY_FILE)
