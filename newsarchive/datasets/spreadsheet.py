"""CSV that a spreadsheet opens without settings and without running anything: RFC 4180 with a byte order mark.

Not without loss: nested values that have a table of their own are left out, a cell ends where spreadsheets end it, and
control characters are replaced. JSON Lines beside it have everything.
"""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from newsarchive.datasets.flat import FlatColumn, flat_columns, row_maker
from newsarchive.datasets.tables import Row

LONGEST_CELL = 32_767
"""Characters that a cell may have in Excel and LibreOffice, in UTF-16 units; more spills into the cells around it."""

CUT = "…"

_FORMULA = re.compile("[\\s\ufeff\u200b-\u200f\u2060]*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet may take for a formula, also behind characters that it does not show."""

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_BEYOND = re.compile("[\U00010000-\U0010ffff]")


class CsvWriter:
    """Writes one dataset as CSV: UTF-8 with byte order mark, CRLF, a header line."""

    def __init__(self, path: Path, model: type[BaseModel]) -> None:
        self._columns = csv_columns(model)
        self._row = row_maker(self._columns, _cell_of)
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file, lineterminator="\r\n")
        self._csv.writerow([column.name for column in self._columns])

    def write(self, line: bytes, values: Row) -> None:  # noqa: ARG002 - as every writer has it
        """Write one row."""
        self._csv.writerow(self._row(values))

    def finish(self) -> None:
        """Write what is held and close the file."""
        self._file.close()

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()


def csv_columns(model: type[BaseModel]) -> tuple[FlatColumn, ...]:
    """Return the columns of a dataset's CSV: those that one cell can hold."""
    return tuple(column for column in flat_columns(model) if column.kind != "records")


def text_cell(text: str) -> str:
    """Return `text` as a spreadsheet may have it: no formula, no control character, no longer than a cell."""
    if _CONTROLS.search(text):
        text = _CONTROLS.sub("\ufffd", text)
    if text and (text[0] in "\t\r\n" or _FORMULA.match(text)):
        text = "'" + text
    if len(text) * 2 > LONGEST_CELL:
        text = _shortened(text)
    return text


def _shortened(text: str) -> str:
    units = len(text) + len(_BEYOND.findall(text))
    if units <= LONGEST_CELL:
        return text
    kept = text.encode("utf-16-le")[: 2 * (LONGEST_CELL - len(CUT))]
    return kept.decode("utf-16-le", "ignore") + CUT


def _cell_of(column: FlatColumn) -> Callable[[Any], object] | None:
    match column.kind:
        case "text":
            return lambda value: None if value is None else text_cell(value)
        case "texts":
            return lambda value: None if value is None else text_cell("; ".join(value))
        case "boolean":
            return lambda value: None if value is None else ("true" if value else "false")
        case _:
            return None
