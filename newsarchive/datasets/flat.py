"""Rows without nesting, for CSV and SQLite: a record inside a record becomes columns, `series_name` and the like."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

from pydantic import BaseModel
from pydantic_core import to_json

from newsarchive.datasets.columns import Column, Kind, ListOf, Scalar, Struct, columns_of, values_at

FlatKind = Kind | Literal["texts", "records"]


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """A column of a flat row."""

    name: str
    path: tuple[str, ...]
    kind: FlatKind
    """`texts`: a list of texts; `records`: what only JSON can hold."""
    nullable: bool
    description: str

    @property
    def value(self) -> Callable[[Mapping[str, Any]], Any]:
        """The function that gives the column's value of a row as JSON has it."""
        return values_at(self.path)


def flat_columns(model: type[BaseModel], without: frozenset[str] = frozenset()) -> tuple[FlatColumn, ...]:
    """Return the flat columns of a record's class, but for the fields named in `without`."""
    columns = (column for column in columns_of(model) if column.name not in without)
    return tuple(_flattened(columns, (), nullable=False))


def row_maker(
    columns: Sequence[FlatColumn], conversion: Callable[[FlatColumn], Callable[[Any], Any] | None]
) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Return the function that makes a flat row; `conversion` gives what a column's value goes through, or None."""
    converted = [(column.value, conversion(column)) for column in columns]
    if len(columns) > 1 and all(len(column.path) == 1 for column in columns) and not any(c for _, c in converted):
        return itemgetter(*(column.name for column in columns))
    return lambda row: [value(row) if convert is None else convert(value(row)) for value, convert in converted]


def as_json(value: object) -> str | None:
    """Return a value as JSON text, null as None."""
    return None if value is None else to_json(value).decode()


def _flattened(columns: Iterator[Column], above: tuple[str, ...], *, nullable: bool) -> Iterator[FlatColumn]:
    for column in columns:
        path = (*above, column.name)
        absent = nullable or column.nullable
        if isinstance(column.type, Struct):
            yield from _flattened(iter(column.type.columns), path, nullable=absent)
        else:
            yield FlatColumn("_".join(path), path, _kind(column), absent, column.description)


def _kind(column: Column) -> FlatKind:
    if isinstance(column.type, Scalar):
        return column.type.kind
    if isinstance(column.type, ListOf) and column.type.item == Scalar("text"):
        return "texts"
    return "records"
