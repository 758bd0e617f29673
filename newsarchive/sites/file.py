"""Reading one site file: what is wrong in it is told by file, line and field."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from newsarchive.errors import SiteFileError
from newsarchive.records.site import Expectations, Pager, Rewrite, Site
from newsarchive.sites.scope import Scope
from newsarchive.urls import canonical_url

FAMILIES = Path(__file__).parent / "families"
"""The folder of the presets: site files without name, title and home."""

_SYNTAX_LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_TABLE = re.compile(r"\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_SHOWN_VALUE_LENGTH = 60
_TABLES: Mapping[str, type[BaseModel]] = {"expect": Expectations, "pagers": Pager, "rewrite_url": Rewrite}

FieldPath = tuple[str | int, ...]


class Problem(NamedTuple):
    """One thing that is wrong with a site file."""

    field: FieldPath
    """Where: keys, and positions in arrays."""
    text: str
    """What is wrong and what was expected."""
    value: object = None
    """The value that is wrong; None where there is none."""


def read_site_file(path: Path) -> Site:
    """Return the site that the file at `path` declares.

    Raises `SiteFileError` with file, line and field of the first thing that is wrong, and how many more there are.
    """
    text = _read_text(path)
    data = _read_toml(path, text)
    problems = list(_family_problems(data))
    if not problems:
        try:
            site = Site.model_validate(_with_family(data))
        except ValidationError as error:
            problems = [_problem(details) for details in error.errors(include_url=False)]
        else:
            problems = list(_further_problems(site))
            if not problems:
                return site
    raise _site_file_error(path, text, problems)


def declared_name(path: Path) -> str:
    """Return the name that the site file at `path` gives, or the file's own name where that cannot be read."""
    try:
        name = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("name")
    except (OSError, ValueError):
        name = None
    return name if isinstance(name, str) else path.stem


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SiteFileError(
            f"{path}: cannot be read: {error.strerror}; check the file's name and permissions"
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SiteFileError(f"{path}:{line}: is not UTF-8; save the file as UTF-8") from error


def _read_toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _SYNTAX_LINE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        what = _SYNTAX_LINE.sub("", str(error)).rstrip(".")
        raise SiteFileError(
            f'{path}:{line}: is not TOML: {what}; expected lines such as: title = "Harbour Institute"'
        ) from error


def _family_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    family = data.get("family")
    known = sorted(preset.stem for preset in FAMILIES.glob("*.toml"))
    if family is not None and family not in known:
        yield Problem(("family",), f"is no known family; expected one of {', '.join(known)}, or leave it out", family)


def _with_family(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return `data` over the values of its family: the site's own values win, tables are merged."""
    if data.get("family") is None:
        return dict(data)
    preset = tomllib.loads((FAMILIES / f"{data['family']}.toml").read_text(encoding="utf-8"))
    tables = {
        name: {**value, **data[name]}
        for name, value in preset.items()
        if isinstance(value, dict) and isinstance(data.get(name), dict)
    }
    return {**preset, **data, **tables}


def _problem(details: ErrorDetails) -> Problem:
    field: FieldPath = tuple(part for part in details["loc"] if part != "[key]")
    value = details["input"]
    match details["type"]:
        case "missing":
            return Problem(field, f"is missing; expected: {_meaning(field)}; add the line")
        case "extra_forbidden":
            return Problem(field, f"is no field of a site file; {_known_fields(field)}", value)
        case "string_pattern_mismatch" if field == ("name",):
            return Problem(field, "expected up to 40 of a-z, 0-9, - and _, a letter first", value)
        case "value_error":
            return Problem(field, details["msg"].removeprefix("Value error, "), value)
        case _:
            expected = details["msg"].replace("Input should be", "expected").replace("String should", "expected to")
            return Problem(field, expected, value)


def _meaning(field: FieldPath) -> str:
    description = Site.model_fields[str(field[0])].description or ""
    return " ".join(description.split()).partition(". ")[0].rstrip(".")


def _known_fields(field: FieldPath) -> str:
    model = _TABLES.get(str(field[0]), Site) if len(field) > 1 else Site
    fields = sorted(model.model_fields)
    near = difflib.get_close_matches(str(field[-1]), fields, n=1)
    return f"did you mean {near[0]}?" if near else f"expected one of {', '.join(fields)}"


def _further_problems(site: Site) -> Iterator[Problem]:
    """Find what is well-formed and cannot work: it would show as a crawl that finds nothing."""
    for field, hosts in (("hosts", site.hosts), ("requisite_hosts", site.requisite_hosts)):
        for position, host in enumerate(hosts):
            if canonical_url(f"http://{host}/") not in {f"http://{host}/", f"http://{host.removesuffix(':80')}/"}:
                yield Problem((field, position), "expected a host in lower case such as www.institute.example", host)
    scope = Scope(site)
    for position, seed in enumerate(site.seeds):
        url = scope.canonical(urljoin(site.home, seed))
        reason = scope.refusal(url) if url else "no URL"
        if reason:
            yield Problem(("seeds", position), f"would never be visited ({reason}); expected a page of the hosts", seed)


def _site_file_error(path: Path, text: str, problems: list[Problem]) -> SiteFileError:
    placed = sorted(((_line_of(text, problem), problem) for problem in problems), key=lambda pair: pair[0])
    line, first = placed[0]
    found = f", found {_shown(first.value)}" if first.value is not None else ""
    more = f" (and {len(placed) - 1} more in this file)" if len(placed) > 1 else ""
    field = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in first.field).removeprefix(".")
    return SiteFileError(f"{path}:{line}: {field}: {first.text}{found}{more}")


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _SHOWN_VALUE_LENGTH else f"{shown[:_SHOWN_VALUE_LENGTH]}…"


def _line_of(text: str, problem: Problem) -> int:
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
