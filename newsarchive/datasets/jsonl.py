"""JSON Lines: UTF-8, one object a line, without loss; the format that every other one is held against."""

from pathlib import Path
from typing import Any

from pydantic_core import to_json

from newsarchive.datasets.tables import Row


def line_of(row: Row) -> bytes:
    """Return a row as one line."""
    return to_json(row) + b"\n"


def with_further(line: bytes, further: dict[str, Any]) -> bytes:
    """Return a line of JSON of our own making with further fields at its end."""
    return line.removesuffix(b"}\n") + b"," + to_json(further)[1:] + b"\n"


class JsonLinesWriter:
    """Writes the lines of one dataset as they come."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, line: bytes, values: Row) -> None:  # noqa: ARG002 - as every writer has it
        """Write one row."""
        self._file.write(line)

    def finish(self) -> None:
        """Write what is held and close the file."""
        self._file.close()

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()
