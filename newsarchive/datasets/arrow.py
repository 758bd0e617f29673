"""Rows as Arrow has them, and back: days are dates, instants UTC timestamps, lists of records lists of structs."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from newsarchive.datasets.columns import SHOWN_INSTANTS, Column, ListOf, MapOf, Scalar, Struct, Type, columns_of
from newsarchive.datasets.tables import Row

if TYPE_CHECKING:
    import pyarrow as pa

Convert = Callable[[Any], Any]


def arrow_schema(model: type[BaseModel]) -> "pa.Schema":
    """Return the Arrow schema of a record's class; each field carries its description."""
    import pyarrow as pa  # noqa: PLC0415 - of the extra `export`

    fields = []
    for column in columns_of(model):
        description = {"description": column.description}
        fields.append(pa.field(column.name, _arrow(column.type), column.nullable, description))
        if column.name in SHOWN_INSTANTS:
            fields.append(pa.field(_spelled(column), pa.string(), column.nullable, description))
    return pa.schema(fields)


def table_maker(model: type[BaseModel]) -> "Callable[[Sequence[Row]], pa.Table]":
    """Return the function that makes an Arrow table of rows."""
    import pyarrow as pa  # noqa: PLC0415 - of the extra `export`

    schema = arrow_schema(model)
    converted = tuple(_conversions(model))

    def make(rows: Sequence[Row]) -> "pa.Table":
        arrays = [
            pa.array(_column(rows, name, convert), field.type)
            for (name, convert), field in zip(converted, schema, strict=True)
        ]
        return pa.Table.from_arrays(arrays, schema=schema)

    return make


def rows_of(table: "pa.Table", model: type[BaseModel]) -> Iterator[Row]:
    """Yield the rows of a table as JSON has them: the inverse of what is written."""
    columns = columns_of(model)
    for found in table.to_pylist():
        yield {
            column.name: found[_spelled(column)] if column.name in SHOWN_INSTANTS else _restored(
                column.type, found[column.name]
            )
            for column in columns
        }  # fmt: skip


def _column(rows: Sequence[Row], name: str, convert: Convert | None) -> list[Any]:
    if convert is None:
        return [row[name] for row in rows]
    return [None if (value := row[name]) is None else convert(value) for row in rows]


def _spelled(column: Column) -> str:
    return f"{column.name}_text"


def _conversions(model: type[BaseModel]) -> Iterator[tuple[str, Convert | None]]:
    """Yield, for each field of the Arrow schema, the row's field and what turns its value into Arrow's."""
    for column in columns_of(model):
        yield column.name, _conversion(column.type)
        if column.name in SHOWN_INSTANTS:
            yield column.name, None


def _arrow(kind: Type) -> "pa.DataType":  # noqa: PLR0911 - one return for each type
    import pyarrow as pa  # noqa: PLC0415 - of the extra `export`

    match kind:
        case Scalar("text"):
            return pa.string()
        case Scalar("integer"):
            return pa.int64()
        case Scalar("number"):
            return pa.float64()
        case Scalar("boolean"):
            return pa.bool_()
        case Scalar("day"):
            return pa.date32()
        case Scalar("instant"):
            return pa.timestamp("us", "UTC")
        case ListOf(item):
            return pa.list_(pa.field("element", _arrow(item), nullable=False))
        case Struct(columns):
            return _struct(columns)
        case MapOf(value):
            # A list and no map: polars and the `datasets` library have no type for maps.
            return pa.list_(pa.field("element", _struct(_named(value)), nullable=False))
    raise TypeError(kind)


def _struct(columns: tuple[Column, ...]) -> "pa.DataType":
    import pyarrow as pa  # noqa: PLC0415 - of the extra `export`

    return pa.struct([pa.field(column.name, _arrow(column.type), column.nullable) for column in columns])


def _named(value: Struct) -> tuple[Column, ...]:
    return (Column("field", Scalar("text"), nullable=False, description=""), *value.columns)


def _conversion(kind: Type) -> Convert | None:
    """Return what turns a value as JSON has it into one as Arrow has it, or None where they are the same."""
    match kind:
        case Scalar("day"):
            return dt.date.fromisoformat
        case Scalar("instant"):
            return dt.datetime.fromisoformat
        case Scalar():
            return None
        case ListOf(item):
            convert = _conversion(item)
            return None if convert is None else lambda values: [convert(value) for value in values]
        case Struct(columns):
            return _struct_conversion(columns)
        case MapOf(value):
            convert_value = _struct_conversion(value.columns)
            return lambda values: [
                {"field": name, **(convert_value(item) if convert_value else item)} for name, item in values.items()
            ]
    raise TypeError(kind)


def _struct_conversion(columns: tuple[Column, ...]) -> Convert | None:
    converted = [(column.name, found) for column in columns if (found := _conversion(column.type)) is not None]
    if not converted:
        return None

    def convert(values: Mapping[str, Any]) -> dict[str, Any]:
        changed = dict(values)
        for name, function in converted:
            value = changed.get(name)
            if value is not None:
                changed[name] = function(value)
        return changed

    return convert


def _restored(kind: Type, value: Any) -> Any:  # noqa: ANN401, PLR0911 - the values of a row have many types
    if value is None:
        return None
    match kind:
        case Scalar("day"):
            return value.isoformat()
        case Scalar("instant"):
            return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        case Scalar():
            return value
        case ListOf(item):
            return [_restored(item, found) for found in value]
        case Struct(columns, kinds):
            own = dict(kinds).get(value.get("kind"), ()) if kinds else ()
            types = {column.name: column.type for column in columns}
            return {name: _restored(types[name], value[name]) for name in own or types}
        case MapOf(inner):
            return {found["field"]: _restored(inner, found) for found in value}
    raise TypeError(kind)
