"""croissant.json: the files and their fields for tools of machine learning (Croissant 1.0, JSON-LD)."""

import json
from typing import Any

from newsarchive.datasets.flat import FlatColumn, flat_columns
from newsarchive.datasets.release import MEDIA_TYPES, DataFile, Release

CROISSANT = "croissant.json"

_READ_FROM = ("jsonl", "parquet", "csv")
"""Formats whose records are described, the first that there is: JSON Lines have everything."""

_TYPES = {
    "text": "sc:Text", "texts": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean",
    "day": "sc:Date", "instant": "sc:DateTime",
}  # fmt: skip

# As the specification gives it; readers compare it word for word.
_CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty", "samplingRate": "cr:samplingRate",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}  # fmt: skip


def croissant(release: Release) -> str:
    """Return the description: every file with its digest, and a record set for each dataset.

    Lists of records (`body`, `related` and the like) have no type there and are left out; the files have them.
    """
    found: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": release.about.site,
        "alternateName": release.title,
        "description": f"{release.summary} {release.rights}",
        "url": release.about.home,
        "version": release.version,
        "inLanguage": release.about.language,
        "creator": {"@type": "Organization", "name": release.author},
        "publisher": {"@type": "Organization", "name": release.about.title, "url": release.about.home},
        "usageInfo": release.rights,
        "isLiveDataset": release.name is None,
        "citeAs": _cite_as(release),
        "distribution": [_file_object(file) for file in release.files],
        "recordSet": [_record_set(name, file) for name, file in _described(release)],
    }
    if released_on := release.coverage.released_on:
        found["datePublished"] = released_on.isoformat()
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _cite_as(release: Release) -> str:
    """Return a BibTeX entry of plain characters for the dataset."""
    day = release.coverage.released_on
    year = f", year = {{{day.year}}}" if day else ""
    return (
        f"@misc{{{release.about.site}, author = {{{{{release.author}}}}}, title = {{{{{release.title}}}}}, "
        f"version = {{{release.version}}}{year}, url = {{{release.about.home}}}}}"
    )


def _file_object(file: DataFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject", "@id": file.name, "name": file.name, "contentUrl": file.name,
        "contentSize": f"{file.bytes} B", "encodingFormat": MEDIA_TYPES[file.suffix], "sha256": file.sha256,
    }  # fmt: skip


def _described(release: Release) -> list[tuple[str, DataFile]]:
    names = dict.fromkeys(file.table.name for file in release.files if file.table is not None)
    there = {name: release.of_table(name) for name in names}
    return [(name, next(files[one] for one in _READ_FROM if one in files)) for name, files in there.items()]


def _record_set(name: str, file: DataFile) -> dict[str, Any]:
    if file.table is None:
        raise TypeError(f"{file.name}: has no rows of one kind")
    fields = [column for column in flat_columns(file.table.row) if column.kind in _TYPES]
    return {
        "@type": "cr:RecordSet", "@id": name, "name": name, "description": file.table.summary,
        "field": [_field(name, column, file) for column in fields],
    }  # fmt: skip


def _field(name: str, column: FlatColumn, file: DataFile) -> dict[str, Any]:
    source: dict[str, Any] = {"fileObject": {"@id": file.name}, "extract": {"column": column.path[0]}}
    if file.suffix == "csv":
        source["extract"] = {"column": column.name}
    elif len(column.path) > 1:
        source["transform"] = {"jsonPath": ".".join(("$", *column.path[1:]))}
    found: dict[str, Any] = {
        "@type": "cr:Field", "@id": f"{name}/{column.name}", "name": column.name, "description": column.description,
        "dataType": _TYPES[column.kind], "source": source,
    }  # fmt: skip
    if column.kind == "texts" and file.suffix != "csv":
        found["repeated"] = True
    return found
