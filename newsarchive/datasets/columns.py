"""The columns of a dataset, read from its record's class: every format's schema is made from these."""

import datetime as dt
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

Kind = Literal["text", "integer", "number", "boolean", "day", "instant"]

SHOWN_INSTANTS = frozenset({"published_at"})
"""Instants that a page shows, with its offset; all others are the archive's own clock, in UTC. A format whose instants
have no offset of their own holds these a second time, as text (`published_at_text`)."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class ListOf:
    """Values of one type, in order."""

    item: "Type"


@dataclass(frozen=True, slots=True)
class Struct:
    """A record inside a record."""

    columns: tuple["Column", ...]
    kinds: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Where it stands for several kinds of record: each one's `kind`, and the names of its own fields."""


@dataclass(frozen=True, slots=True)
class MapOf:
    """Records by name: a JSON object whose names are data."""

    value: Struct


Type = Scalar | ListOf | Struct | MapOf


@dataclass(frozen=True, slots=True)
class Column:
    """One named value of a row."""

    name: str
    type: Type
    nullable: bool
    description: str


_SCALARS: Mapping[object, Kind] = {
    str: "text", int: "integer", float: "number", bool: "boolean", dt.date: "day", AwareDatetime: "instant",
    dt.datetime: "instant",
}  # fmt: skip


@cache
def columns_of(model: type[BaseModel]) -> tuple[Column, ...]:
    """Return the columns of a record's class, in its order. Raises TypeError at a field that no format can hold."""
    return tuple(_columns(model))


def values_at(path: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Any]:
    """Return the function that gives a row's value at `path`, None where a record on the way is null."""
    if len(path) == 1:
        (name,) = path
        return lambda row: row[name]
    outer, inner = path[0], values_at(path[1:])
    return lambda row: None if (found := row[outer]) is None else inner(found)


def _columns(model: type[BaseModel]) -> Iterator[Column]:
    for name, field in model.model_fields.items():
        kind, nullable = _type(field.annotation)
        yield Column(name, kind, nullable, " ".join((field.description or "").split()))


def _type(annotation: object) -> tuple[Type, bool]:  # noqa: PLR0911 - one return for each form of annotation
    """Return the type that an annotation stands for, and whether null is one of its values."""
    if annotation in _SCALARS:
        return Scalar(_SCALARS[annotation]), False
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0])
    if origin is Literal:
        return _type(type(arguments[0]))
    if origin is tuple:
        return ListOf(_type(arguments[0])[0]), False
    if origin is dict:
        value, _ = _type(arguments[1])
        if isinstance(value, Struct):
            return MapOf(value), False
    if origin in {Union, types.UnionType}:
        others = [argument for argument in arguments if argument is not type(None)]
        found = _type(others[0])[0] if len(others) == 1 else _merged(others)
        return found, len(others) < len(arguments)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Struct(columns_of(annotation)), False
    raise TypeError(f"{annotation}: no dataset has a type for it")


def _merged(models: list[Any]) -> Struct:
    """Return one record for several kinds of record: a field that a kind does not have is null."""
    found: dict[str, Column] = {}
    for model in models:
        for column in columns_of(model):
            known = found.get(column.name)
            if known is not None and known.type != column.type:
                raise TypeError(f"{model.__name__}.{column.name}: has another type in another kind of block")
            found[column.name] = Column(
                column.name, column.type, column.name != "kind", known.description if known else column.description
            )
    kinds = tuple((model.model_fields["kind"].default, tuple(model.model_fields)) for model in models)
    return Struct(tuple(found.values()), kinds)
