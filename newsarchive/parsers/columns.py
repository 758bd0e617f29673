"""Cells of tables: those of a layout, which hold a column of the page, and those that hold facts."""

from collections import Counter
from functools import cached_property
from itertools import accumulate

from newsarchive.parsers.page import Page

CELLS = frozenset({"td", "th"})
_TABLES = frozenset({"table"})
_LEAST_LINES = 3
"""A cell with fewer lines may be the value of a label beside it."""
_SHARE = 0.8
"""A column with less of its row's prose is no text beside a menu."""
_MOST_CELLS = 8
"""Of cells within cells, so many are told apart; nobody nests the columns of a page deeper."""


class Columns:
    """Tells the text beside a menu from the cells of a table of facts."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._boxes = page.lines.boxes
        self._left = _MOST_CELLS

    def is_data_cell(self, box: int) -> bool:
        """Tell whether a cell has others beside it that hold more than links, as in a table of facts."""
        boxes = self._boxes
        row = boxes.parents[box]
        if boxes.ends[row] <= boxes.ends[box] and boxes.starts[row] >= boxes.starts[box]:
            return False
        self._left -= 1
        own, whole = self._prose(box), self._prose(row)
        if own == whole and self._left >= 0:
            return False
        if boxes.ends[box] - boxes.starts[box] < _LEAST_LINES or own < _SHARE * whole or self._left < 0:
            return True
        return self._has_facts(row)

    def _has_facts(self, row: int) -> bool:
        """Tell whether another row of the table has two cells that hold more than links."""
        boxes = self._boxes
        table = boxes.nearest(row, _TABLES)
        cells: Counter[int] = Counter()
        for box in boxes.inside(max(table, 0)):
            around = boxes.parents[box]
            if boxes.tags[box] in CELLS and around != row and boxes.nearest(around, _TABLES) == table:
                cells[around] += self._prose(box) > 0
        return any(count > 1 for count in cells.values())

    def _prose(self, box: int) -> int:
        return self._sums[self._boxes.ends[box]] - self._sums[self._boxes.starts[box]]

    @cached_property
    def _sums(self) -> list[int]:
        """The running sum of the characters outside links, of lines that hold more than links."""
        shown = [0 if line.hidden or line.linked > line.prose else line.prose for line in self._page.lines.lines]
        return list(accumulate(shown, initial=0))
