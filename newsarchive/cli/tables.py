"""Tables on standard output, whole where it is no terminal."""

import sys

from rich.console import Console
from rich.table import Table

UNBOUNDED = 100_000
"""Columns of what is no terminal: more than any row has."""


def print_table(table: Table) -> None:
    """Print `table`; into a pipe or a file no cell of it is cut or wrapped, however long it is."""
    bounded = sys.stdout.isatty()
    if not bounded:
        for column in table.columns:
            column.max_width = None
    Console(highlight=False, width=None if bounded else UNBOUNDED).print(table)
