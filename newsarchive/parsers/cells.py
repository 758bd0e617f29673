"""Labels and their values in boxes of their own, side by side: cells of a table, items, short paragraphs."""

from newsarchive.parsers.dates import find_date
from newsarchive.parsers.labels import squeezed, untranslated
from newsarchive.parsers.lines import Line
from newsarchive.parsers.names import is_name
from newsarchive.parsers.page import Page

CELLS = frozenset({"td", "th", "dt"})
"""Tags of the cells that hold labels."""


def is_cell_value(page: Page, index: int) -> bool:
    """Tell whether line `index` fills the cell after a cell that holds nothing but a label."""
    lines = page.lines.lines
    return (
        bool(index)
        and cell_beside(page, index - 1)[0] == index
        and squeezed(untranslated(lines[index - 1].text.rstrip("：: "))) in page.labels.fields
    )


def cell_beside(page: Page, index: int) -> tuple[int, str]:
    """Return the line of the cell after a label that has a cell of its own; without one, an empty text."""
    lines = page.lines.lines
    if index + 1 < len(lines):
        boxes = page.lines.boxes
        mine, other = lines[index].box, lines[index + 1].box
        outer = boxes.parents[mine]
        alone = outer >= 0 and boxes.starts[outer] == index and boxes.ends[outer] == index + 2
        beside = (outer == boxes.parents[other] or alone) and (
            (boxes.tags[mine] in CELLS and boxes.tags[other] in {"td", "dd"})
            # Two boxes that have a box around them to themselves are a row of label and value.
            or (outer >= 0 and boxes.ends[outer] - boxes.starts[outer] == 2)  # noqa: PLR2004
            or _follows_alone(page, lines[index].text, lines[index + 1].text)
        )
        if beside and not page.labels.read(lines[index + 1].text):
            return index + 1, lines[index + 1].text
    return index, ""


def is_pair(page: Page, line: Line, field: str) -> bool:
    """Tell whether a label without a colon and a value that fits it have a box around them to themselves."""
    lines, boxes = page.lines.lines, page.lines.boxes
    outer = boxes.parents[line.box]
    if outer < 0 or boxes.ends[outer] - boxes.starts[outer] != 2 or lines[boxes.starts[outer]] is not line:  # noqa: PLR2004
        return False
    return _fits(field, lines[boxes.starts[outer] + 1].text)


def _fits(field: str, value: str) -> bool:
    """Tell whether `value` can be that of a field: a day, a number, a name."""
    if field == "date":
        return find_date(value) is not None
    if field == "clicks":
        return value.isdecimal()
    return field in {"source", "author"} and is_name(value)


def _follows_alone(page: Page, label: str, value: str) -> bool:
    """Tell whether a name or a day follows a label that fills a line of its own (`<p>来源：</p><p>新华网</p>`)."""
    if label[-1:] not in _COLONS or len(value) > _LONGEST_VALUE:
        return False
    return _fits(page.labels.fields.get(squeezed(label[:-1]), ""), value)


_LONGEST_VALUE = 20
_COLONS = frozenset(":：")
