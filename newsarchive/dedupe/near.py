"""What nearly agrees: texts compared by their shingles, the runs of four characters that they hold.

Chinese has no spaces, so characters serve where others take words. Punctuation, spaces, width and case do not count:
they are what a reprint changes first. The likeness of two texts is the share of shingles that both have among all that
either has (Jaccard).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SHINGLE = 4
"""Characters of a shingle."""

NEAR = 0.6
"""Texts of this likeness or more are one story: about a quarter of each may be its own."""

FEWEST_SHINGLES = 40
"""Shorter texts are compared with none: two notices of one line agree by chance."""

PERMUTATIONS = 128
ROWS_OF_A_BAND = 4
"""Two texts meet if one band of four values agrees: 99 of 100 pairs of likeness 0.6 do, all of 0.7."""

SLACK = 0.15
"""A signature tells the likeness within this; what it puts further below is not compared itself."""

_SEED = 2026
_LEFT_OUT = re.compile(r"[\W_]+")

Signature = tuple[int, ...]


def shingles(text: str) -> frozenset[str]:
    """Return the shingles of a text."""
    plain = _LEFT_OUT.sub("", unicodedata.normalize("NFKC", text).casefold())
    return frozenset(plain[at : at + SHINGLE] for at in range(len(plain) - SHINGLE + 1))


def likeness(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Return the likeness of two texts by their shingles: 0 to 1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def signer() -> "Callable[[AbstractSet[str]], Signature]":
    """Return the function that gives the MinHash signature of shingles; the same on any machine. Needs `rensa`."""
    from rensa import RMinHash  # noqa: PLC0415 - of the extra `dedupe`

    def sign(found: AbstractSet[str]) -> Signature:
        minhash = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
        minhash.update(list(found))
        return tuple(minhash.digest())

    return sign


def bands(signature: Signature) -> Iterator[int]:
    """Yield a signed 64-bit number for each band of a signature."""
    for at in range(0, PERMUTATIONS, ROWS_OF_A_BAND):
        yield _mixed((at, *signature[at : at + ROWS_OF_A_BAND]))


def guessed_likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the likeness that two signatures tell."""
    return sum(map(int.__eq__, one, other)) / PERMUTATIONS


def _mixed(values: tuple[int, ...]) -> int:
    # The hash of a tuple of numbers is not salted, and stays the same in every process of a Python version; it only
    # has to be the same within one export.
    return hash(values)
