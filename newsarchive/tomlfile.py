"""A TOML file that a person wrote: read with the line of every problem, told by file, line and field."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from newsarchive.errors import ConfigurationError

_SYNTAX_LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_TABLE = re.compile(r"\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_SHOWN_VALUE_LENGTH = 60

FieldPath = tuple[str | int, ...]


class Problem(NamedTuple):
    """One thing that is wrong with a file."""

    field: FieldPath
    """Where: keys, and positions in arrays."""
    text: str
    """What is wrong and what was expected."""
    value: object = None
    """The value that is wrong; None where there is none, or where it must not be shown."""


def read_text(path: Path, error: type[ConfigurationError]) -> str:
    """Return the text of a UTF-8 file. Raises `error` where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as failure:
        raise error(f"{path}: cannot be read: {failure.strerror}; check the file's name and permissions") from failure
    except UnicodeDecodeError as failure:
        line = failure.object.count(b"\n", 0, failure.start) + 1
        raise error(f"{path}:{line}: is not UTF-8; save the file as UTF-8") from failure


def parsed(path: Path, text: str, error: type[ConfigurationError], example: str) -> dict[str, Any]:
    """Return what the TOML `text` of the file at `path` says. Raises `error`, with an `example` of a line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        place = _SYNTAX_LINE.search(str(failure))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        what = _SYNTAX_LINE.sub("", str(failure)).rstrip(".")
        raise error(f"{path}:{line}: is not TOML: {what}; expected lines such as: {example}") from failure


def nearest(name: str, known: Iterable[str]) -> str:
    """Return what to say of a name that is not among the `known` ones."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else f"expected one of {', '.join(names)}"


def told(path: Path, text: str, problems: Iterable[Problem]) -> list[str]:
    """Return a line for every problem of the file at `path` with the given `text`, in the order of the file."""
    placed = sorted(((line_of(text, problem), problem) for problem in problems), key=lambda pair: pair[0])
    return [f"{path}:{line}: {spelt(problem.field)}: {problem.text}{_found(problem)}" for line, problem in placed]


def spelt(field: FieldPath) -> str:
    """Return a field as a person calls it: `pagers[1].page`."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in field).removeprefix(".")


def line_of(text: str, problem: Problem) -> int:
    """Return the line of the field, or of the key that holds it; 1 for a field that is nowhere.

    `tomllib` keeps no places, so the lines are looked through for keys and table headers.
    """
    wanted = tuple(part for part in problem.field if isinstance(part, str))
    lines = text.split("\n")
    best, line = 0, 1
    for number, path in _keys(lines):
        shared = next(
            (n for n, (a, b) in enumerate(zip(path, wanted, strict=False)) if a != b), min(len(path), len(wanted))
        )
        if shared > best and shared == min(len(path), len(wanted)):
            best, line = shared, number
    if best and isinstance(problem.value, str):
        return next((n for n in range(line, len(lines) + 1) if problem.value in lines[n - 1]), line)
    return line


def _found(problem: Problem) -> str:
    if problem.value is None:
        return ""
    shown = repr(problem.value)
    return f", found {shown if len(shown) <= _SHOWN_VALUE_LENGTH else f'{shown[:_SHOWN_VALUE_LENGTH]}…'}"


def _keys(lines: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield line number and full path of every key and table header."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(lines, start=1):
        if header := _TABLE.match(line):
            table = _key_path(header[1])
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, *_key_path(key[1]))


def _key_path(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _KEY_PART.findall(dotted))
