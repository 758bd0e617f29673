"""datapackage.json: the files as a Frictionless data package, with a table schema for each CSV and JSON Lines file."""

import json
from typing import Any

from newsarchive.datasets.columns import Column, ListOf, Scalar, columns_of
from newsarchive.datasets.flat import FlatColumn
from newsarchive.datasets.release import MEDIA_TYPES, DataFile, Release
from newsarchive.datasets.spreadsheet import csv_columns
from newsarchive.datasets.tables import Table

DATA_PACKAGE = "datapackage.json"

_TYPES = {
    "text": "string", "integer": "integer", "number": "number", "boolean": "boolean", "day": "date",
    "instant": "datetime",
}  # fmt: skip
_KEYS = {
    "articles": ["id"],
    "revisions": ["id", "revision"],
    "attachments": ["id", "position"],
    "changes": ["id", "revision"],
}


def data_package(release: Release) -> str:
    """Return the descriptor (Data Package 1.0, which its readers of either version take)."""
    found: dict[str, Any] = {
        "profile": "data-package",
        "name": release.about.site,
        "id": f"urn:newsarchive:{release.about.site}",
        "title": release.title,
        "description": f"{release.summary}\n\n{release.rights}",
        "version": release.version,
        "homepage": release.about.home,
        "contributors": [{"title": release.author, "role": "publisher"}],
        "sources": [{"title": release.about.title, "path": release.about.home}],
        "keywords": ["news archive", "web archive"],
        "resources": [_resource(file) for file in release.files],
    }
    if created := release.coverage.last_recorded_at:
        found["created"] = created
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _resource(file: DataFile) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": file.name.lower().replace(".", "-"),
        "path": file.name,
        "title": file.table.summary if file.table else "every dataset as a table, with a full-text index",
        "format": file.suffix,
        "mediatype": MEDIA_TYPES[file.suffix],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if file.table is None or file.suffix not in {"csv", "jsonl"}:
        # frictionless would read Parquet as a table, and fails at lists and at instants that are null.
        return {**found, "type": "file"}
    found["profile"] = "tabular-data-resource"
    if file.suffix == "csv":
        found |= {"encoding": "utf-8-sig", "dialect": {"delimiter": ",", "lineTerminator": "\r\n"}}
        fields = [_csv_field(column) for column in csv_columns(file.table.row)]
    else:
        found["encoding"] = "utf-8"
        fields = [_json_field(column) for column in columns_of(file.table.row)]
    return {**found, "schema": _schema(file.table, fields)}


def _schema(table: Table, fields: list[dict[str, Any]]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.name in _KEYS:
        schema["primaryKey"] = _KEYS[table.name]
    return schema


def _csv_field(column: FlatColumn) -> dict[str, Any]:
    return _field(column.name, _TYPES.get(column.kind, "string"), column.description)


def _json_field(column: Column) -> dict[str, Any]:
    match column.type:
        case Scalar(kind):
            shown = _TYPES[kind]
        case ListOf():
            shown = "array"
        case _:
            shown = "object"
    return _field(column.name, shown, column.description)


def _field(name: str, kind: str, description: str) -> dict[str, Any]:
    return {"name": name, "type": kind, "description": description}
