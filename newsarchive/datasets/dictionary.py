"""The data dictionary and the JSON Schemas, made from the records' classes so that they cannot drift from them.

`python -m newsarchive.datasets.dictionary --write` writes them; without `--write` it says whether they are current.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from newsarchive.datasets.database import database_columns
from newsarchive.datasets.spreadsheet import csv_columns
from newsarchive.datasets.tables import CLUSTERS, SINCE, TABLES, Table
from newsarchive.records.article import Article
from newsarchive.records.audit import Audit
from newsarchive.records.revision import PublishedArticle, Revision

ROOT = Path(__file__).parents[2]
DICTIONARY = ROOT / "exports" / "README.md"
SCHEMA = ROOT / "docs" / "article.schema.json"

BEGIN = "<!-- dictionary: made by `make dictionary`, do not edit -->"
END = "<!-- end of dictionary -->"

OTHERS = (*(TABLES[name] for name in ("links", "attachments", "changes")), CLUSTERS, SINCE)
"""The datasets whose rows are neither articles nor parts of them."""

_FORMATS = {"date": "day, `YYYY-MM-DD`", "date-time": "instant, RFC 3339"}
_TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}

Schema = Mapping[str, Any]


class _SchemaOfLines(GenerateJsonSchema):
    """The schema of what is written: every field is there, and none has a title that only repeats its name."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - as the base class has it
        return False

    def field_is_required(self, field: object, total: bool) -> bool:  # noqa: ARG002, FBT001 - as the base class has it
        return True

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def article_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one line of `articles.jsonl`."""
    return _schema(PublishedArticle, "article")


def row_schema(table: Table) -> dict[str, Any]:
    """Return the JSON Schema of one line of another dataset."""
    return _schema(table.row, table.name)


def audit_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `newsarchive audit --json` prints."""
    return _schema(Audit, "audit")


def _schema(model: type[BaseModel], name: str) -> dict[str, Any]:
    schema = model.model_json_schema(mode="serialization", schema_generator=_SchemaOfLines)
    return {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"urn:newsarchive:{name}:1", **_plain(schema)}


def dictionary() -> str:
    """Return the data dictionary in Markdown: a table of the article's fields, and one for each nested record."""
    schema = article_schema()
    parts = []
    for title, model, base in (
        ("What the page says", Article, None),
        ("What the archive adds", Revision, Article),
        ("What the export adds", PublishedArticle, Revision),
    ):
        inherited = base.model_fields if base else {}
        own = {name: schema["properties"][name] for name in model.model_fields if name not in inherited}
        parts.append(f"### {title}\n\n{_table(own)}")
    nested = {name: definition for name, definition in schema["$defs"].items() if "properties" in definition}
    for name in _in_order_of_use(schema, nested):
        definition = nested[name]
        parts.append(f"### {name}\n\n{_joined(definition['description'])}\n\n{_table(definition['properties'])}")
    for table in OTHERS:
        described = row_schema(table)
        parts.append(
            f"### Dataset {table.name}\n\n{_joined(described['description'])}\n\n{_table(described['properties'])}"
        )
    parts.append(f"### Columns of CSV and SQLite\n\n{_flat_columns()}")
    return "\n\n".join(parts)


def _flat_columns() -> str:
    rows = []
    for table in (*TABLES.values(), CLUSTERS):
        in_csv = {column.name for column in csv_columns(table.row)}
        names = [
            f"`{column.name}`" + ("" if column.name in in_csv else " (SQLite only)")
            for column in database_columns(table.name, table.row)
        ]
        rows.append(f"| {table.name} | {', '.join(names)} |")
    return "\n".join(["| dataset | columns |", "| --- | --- |", *rows])


def with_dictionary(page: str) -> str:
    """Return the Markdown `page` with the current dictionary between its two markers."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"expected the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n\n{dictionary()}\n\n{END}{after}"


def schema_text(schema: dict[str, Any] | None = None) -> str:
    """Return a JSON Schema, by default that of `articles.jsonl`, as its file holds it."""
    return json.dumps(schema or article_schema(), ensure_ascii=False, indent=2) + "\n"


def main(arguments: list[str]) -> int:
    """Write the files, or return 1 if one of them is not what the records give."""
    wanted = {DICTIONARY: with_dictionary(DICTIONARY.read_text(encoding="utf-8")), SCHEMA: schema_text()}
    wanted |= {SCHEMA.with_name(f"{table.name}.schema.json"): schema_text(row_schema(table)) for table in OTHERS}
    wanted[SCHEMA.with_name("audit.schema.json")] = schema_text(audit_schema())
    if arguments == ["--write"]:
        for path, text in wanted.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        return 0
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{path.relative_to(ROOT)} is not what the records give; run `make dictionary`", file=sys.stderr)  # noqa: T201
    return 1 if stale else 0


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return `schema` without class names as titles and with descriptions on one line each."""
    plain: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "title" and isinstance(value, str):
            continue
        if key == "description" and isinstance(value, str):
            plain[key] = _joined(value)
        elif isinstance(value, dict):
            plain[key] = _plain(value)
        elif isinstance(value, list):
            plain[key] = [_plain(item) if isinstance(item, dict) else item for item in value]
        else:
            plain[key] = value
    return plain


def _table(fields: Schema) -> str:
    rows = [f"| `{name}` | {_type(field)} | {_meaning(field)} |" for name, field in fields.items()]
    return "\n".join(["| field | type | meaning |", "| --- | --- | --- |", *rows])


def _type(field: Schema) -> str:
    choices = field.get("anyOf") or field.get("oneOf")
    if choices:
        return " or ".join(_type(choice) for choice in choices)
    if "$ref" in field:
        return _link(field["$ref"])
    if "const" in field:
        return f"always `{json.dumps(field['const'])}`"
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    return _structure(field)


def _structure(field: Schema) -> str:
    match field["type"]:
        case "array" if "prefixItems" in field:
            return f"pair of {_type(field['prefixItems'][0])}s"
        case "array":
            return f"list of {_type(field['items'])}"
        case "object":
            return f"object: field name to {_type(field['additionalProperties'])}"
        case kind:
            return _FORMATS[field["format"]] if "format" in field else _TYPES[kind]


def _meaning(field: Schema) -> str:
    return _joined(field.get("description", "Says which kind of block this is.")).replace("|", "\\|")


def _link(reference: str) -> str:
    name = reference.rpartition("/")[2]
    return f"[{name}](#{name.lower()})"


def _in_order_of_use(schema: Schema, nested: Mapping[str, Schema]) -> Iterator[str]:
    """Yield the names of nested records in the order in which a reader of the tables meets them."""
    seen: set[str] = set()
    waiting = [schema["properties"]]
    while waiting:
        for name in _references(waiting.pop(0)):
            if name in nested and name not in seen:
                seen.add(name)
                waiting.append(nested[name]["properties"])
                yield name


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield reference.rpartition("/")[2]
        for key, value in node.items():
            if key != "discriminator":
                yield from _references(value)
    elif isinstance(node, list):
        for item in node:
            yield from _references(item)


def _joined(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
