"""The words the sample is written with: names, topics and sentence patterns, read from `data/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Topic:
    """A field of research, with what its sentences speak of."""

    name: str
    english: str
    russian: str
    subjects: tuple[str, ...]
    materials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Partner:
    """A university abroad."""

    name: str
    english: str
    country: str


@dataclass(frozen=True, slots=True)
class Scholar:
    """A scholar from abroad."""

    name: str
    latin: str


@dataclass(frozen=True, slots=True)
class Institute:
    """The fictional institute and everything around it that has a name."""

    name: str
    short: str
    english: str
    review_series: str
    lecture_series: str
    rooms: tuple[str, ...]
    supporters: tuple[str, ...]
    tags: tuple[str, ...]
    sources_named: tuple[str, ...]
    stations: tuple[str, ...]
    surnames: tuple[str, ...]
    given_names: tuple[str, ...]
    places: tuple[str, ...]
    universities: tuple[str, ...]
    partners: tuple[Partner, ...]
    scholars: tuple[Scholar, ...]
    books: Mapping[str, tuple[str, ...]]

    def person(self, number: int) -> str:
        """Return the name of person `number`; numbers wrap after every pair of surname and given name."""
        given, surname = divmod(number, len(self.surnames))
        return self.surnames[surname] + self.given_names[given % len(self.given_names)]


@cache
def institute() -> Institute:
    """Return the names of the institute."""
    data = _data("institute")
    partners = tuple(Partner(**entry) for entry in data.pop("partners"))
    scholars = tuple(Scholar(**entry) for entry in data.pop("scholars"))
    books = {name: tuple(entries) for name, entries in data.pop("books").items()}
    return Institute(partners=partners, scholars=scholars, books=books, **_frozen(data))


@cache
def topics() -> tuple[Topic, ...]:
    """Return the fields of research."""
    return tuple(Topic(**_frozen(entry)) for entry in _data("topics")["topics"])


@cache
def sentences(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Return the banks of patterns for articles of `kind`, the clauses that all kinds share among them."""
    data = _data("sentences")
    banks = data["clauses"] | data[kind]
    return {name: tuple(patterns) for name, patterns in banks.items()}


def _frozen(data: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((files("newsarchive.sample") / "data" / f"{name}.toml").read_text(encoding="utf-8"))
