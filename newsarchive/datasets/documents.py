"""The documents beside a dataset, made from the records' classes and from what was counted: they cannot drift."""

from pathlib import Path

from newsarchive.datasets.card import CARD, card
from newsarchive.datasets.citation_file import CITATION_FILE, citation_file
from newsarchive.datasets.croissant import CROISSANT, croissant
from newsarchive.datasets.datapackage import DATA_PACKAGE, data_package
from newsarchive.datasets.dictionary import row_schema, schema_text
from newsarchive.datasets.release import Release

_DOCUMENTS = {CARD: card, CITATION_FILE: citation_file, DATA_PACKAGE: data_package, CROISSANT: croissant}


def write_documents(folder: Path, release: Release) -> tuple[str, ...]:
    """Write the documents of a release into `folder`, and return their names."""
    texts = {name: write(release) for name, write in _DOCUMENTS.items()}
    for file in release.files:
        if file.suffix == "jsonl" and file.table is not None:
            texts[f"{file.table.name}.schema.json"] = schema_text(row_schema(file.table))
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return tuple(texts)
