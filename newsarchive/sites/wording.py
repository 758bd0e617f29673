"""What was expected of a field of a site file, in plain words: none of pydantic's reach who wrote the file."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic_core import ErrorDetails

from newsarchive.records.site import Site

NAME = "expected lower-case letters, digits, - and _, a letter first, 40 at most, such as icas"

_PATTERNS = MappingProxyType({"name": NAME, "language": "expected a language code of two or three letters such as zh"})

_LISTS: Mapping[str, str] = MappingProxyType(
    {
        "hosts": '["www.institute.example"]',
        "seeds": '["/"]',
        "ignore_url": '["/print/"]',
        "ignore_query": '["sid"]',
        "lists": '["院内动态"]',
        "requisite_hosts": '["files.institute.example"]',
        "networks": '["10.20.0.0/16"]',
        "fields": '["date"]',
        "optional": '["source"]',
        "totals": '["of (?P<total>[0-9]+)"]',
    }
)
"""An example of each field that is a list of texts."""

_TABLES: Mapping[str, str] = MappingProxyType(
    {
        "labels": 'a line [labels], and below it lines such as "刊发时间" = "date"',
        "certificates": 'a line [certificates], and below it lines such as "institute.example" = "sha256:…"',
        "expect": 'a line [expect], and below it lines such as fields = ["date"]',
        "pagers": "a line [[pagers]] for each, and below it lines such as page = '…'",
        "rewrite_url": "a line [[rewrite_url]] for each, and below it the lines pattern = '…' and to = '…'",
    }
)

_BOUNDS = MappingProxyType(
    {
        "greater_than_equal": ("ge", "expected a number, {} or more"),
        "greater_than": ("gt", "expected a number, more than {}"),
        "less_than_equal": ("le", "expected a number, {} or less"),
    }
)


def expected(details: ErrorDetails) -> str:
    """Return what was expected where a value of a site file is another; `details` are those of the `Site`'s check."""
    kind = details["type"]
    if kind == "value_error":
        return details["msg"].removeprefix("Value error, ")
    if kind == "literal_error":
        return details["msg"].replace("Input should be", "expected")
    if kind in _BOUNDS:
        bound, text = _BOUNDS[kind]
        return text.format(f"{details['ctx'][bound]:g}")
    names = [part for part in details["loc"] if isinstance(part, str) and part != "[key]"]
    return _by_field(names[-1] if names else "", kind) or _by_kind(kind)


def _by_field(name: str, kind: str) -> str | None:
    if kind.startswith("string_"):
        return _PATTERNS.get(name)
    if name in _TABLES:
        return f"expected {_TABLES[name]}"
    return f"expected a list of texts, such as {_LISTS[name]}" if name in _LISTS else None


def _by_kind(kind: str) -> str:
    match kind.partition("_")[0]:
        case "string":
            return "expected a text that is not empty" if kind.endswith("short") else 'expected a text in quotes: "…"'
        case "bool":
            return "expected true or false"
        case "int":
            return "expected a whole number such as 2"
        case "float" | "finite":
            return "expected a number such as 1.5"
    return "expected another kind of value"


def meaning(field: str) -> str:
    """Return the first sentence of what the documentation says of a field."""
    description = Site.model_fields[field].description or ""
    return " ".join(description.split()).partition(". ")[0].rstrip(".")
