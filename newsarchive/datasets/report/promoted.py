"""What the side lists promote, such as 推荐内容 or 图片新闻: which items, on how many pages, and when."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from newsarchive.datasets.tables import Row

MOST_LISTS, MOST_ITEMS = 4, 10

MOST_KNOWN = 400_000
"""So many different items are counted at once, about 100 MB; beyond it, those that one page alone has shown go."""


class Promoted(NamedTuple):
    """One item of a side list."""

    title: str
    """The title as it was shown last."""
    url: str | None
    pages: int
    """Captured pages of which a revision is kept that showed it."""
    months: dict[str, int]
    """The same by month of the capture, `YYYY-MM` in UTC."""


class SideList(NamedTuple):
    """A side list and its most promoted items."""

    name: str
    pages: int
    """Pages that showed the list."""
    items: tuple[Promoted, ...]
    """On most pages first."""


class Promotions:
    """Counts the items of side lists, page by page."""

    def __init__(self) -> None:
        self._pages: Counter[str] = Counter()
        self._items: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._titles: dict[tuple[str, str], tuple[str, str | None]] = {}

    def add(self, month: str, related: Iterable[Row]) -> None:
        """Take in the side lists of one page, captured in `month`."""
        lists = set()
        for link in related:
            key = (link["list"], link["url"] or link["title"])
            lists.add(link["list"])
            self._items[key][month] += 1
            self._titles[key] = (link["title"], link["url"])
        self._pages.update(lists)
        if len(self._items) > MOST_KNOWN:
            self._forget_singles()

    def lists(self) -> list[SideList]:
        """Return the lists that most pages show, and their items on most pages."""
        by_list: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for key in self._items:
            by_list[key[0]].append(key)
        chosen = sorted(self._pages.items(), key=lambda item: (-item[1], item[0]))[:MOST_LISTS]
        return [SideList(name, pages, self._most(by_list[name])) for name, pages in chosen]

    def _most(self, keys: list[tuple[str, str]]) -> tuple[Promoted, ...]:
        counted = sorted((-self._items[key].total(), key) for key in keys)[:MOST_ITEMS]
        return tuple(
            Promoted(*self._titles[key], -total, dict(sorted(self._items[key].items()))) for total, key in counted
        )

    def _forget_singles(self) -> None:
        for key in [key for key, months in self._items.items() if months.total() == 1]:
            del self._items[key], self._titles[key]
