"""Fills sentence patterns, never using one twice in the same article."""

import re
from collections.abc import Mapping, Sequence
from random import Random

_SLOT = re.compile(r"\{(\w+)\}")


class Pen:
    """Writes the sentences of one article.

    `fixed` holds what stays the same all through the article (its topic, its host), `banks` what is drawn from.
    Entries of a bank may hold slots themselves. A drawn entry comes back only when its bank is used up.
    """

    def __init__(self, rng: Random, fixed: Mapping[str, str], banks: Mapping[str, Sequence[str]]) -> None:
        self._rng = rng
        self._fixed = fixed
        self._banks = banks
        self._left: dict[str, list[str]] = {}
        self._last: dict[str, str] = {}

    def sentence(self, bank: str) -> str:
        """Return a pattern of `bank`, filled."""
        return self.fill(self._draw(bank))

    def sentences(self, bank: str, count: int) -> list[str]:
        """Return `count` filled patterns of `bank`, or as many as it has."""
        return [self.sentence(bank) for _ in range(min(count, len(self._banks[bank])))]

    def ordered(self, bank: str, count: int) -> list[str]:
        """Return `count` filled patterns of `bank` in the order in which the bank has them."""
        patterns = self._banks[bank]
        chosen = sorted(self._rng.sample(range(len(patterns)), min(count, len(patterns))))
        return [self.fill(patterns[at]) for at in chosen]

    def fill(self, pattern: str) -> str:
        """Return `pattern` with every slot filled; `{x_again}` repeats the last `{x}`."""
        return _SLOT.sub(self._value, pattern)

    def _value(self, slot: re.Match[str]) -> str:
        name = slot[1]
        if name in self._fixed:
            return self._fixed[name]
        if name.endswith("_again"):
            return self._last[name.removesuffix("_again")]
        value = self._last[name] = self.fill(self._draw(name))
        return value

    def _draw(self, bank: str) -> str:
        left = self._left.get(bank)
        if not left:
            left = self._left[bank] = list(self._banks[bank])
            self._rng.shuffle(left)
        return left.pop()
