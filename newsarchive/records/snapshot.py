"""A snapshot: a dataset as known at one instant, named and frozen."""

from typing import Literal

from pydantic import AwareDatetime, Field

from newsarchive.records.description import Description
from newsarchive.records.model import Record


class SnapshotRef(Record):
    """An earlier snapshot."""

    name: str
    """Its name."""
    as_of: AwareDatetime
    """UTC instant up to which it holds what was recorded."""


class SnapshotNote(Record):
    """`snapshot.json`: what a snapshot is, and all that it takes besides the archive to make it again."""

    format: Literal[1] = 1
    """Version of this file's format."""
    site: str
    """Name of the site."""
    origin: str
    """Scheme, host and port that the pages come from."""
    name: str
    """The snapshot's name; names its folder and is the dataset's version."""
    as_of: AwareDatetime
    """UTC instant: what was recorded by then is in it, and nothing later."""
    formats: tuple[Literal["jsonl", "csv", "parquet", "sqlite"], ...]
    """Formats of its datasets."""
    previous: SnapshotRef | None
    """The last snapshot before it, against which `since.jsonl` is; null for the first."""
    about: Description
    """What the site file said when it was made."""
    rows: dict[str, int]
    """Rows by dataset."""
    changes: dict[str, int]
    """Rows of `since.jsonl` by what became of them."""
    parsers: dict[str, int]
    """Articles by the version of the parser that read them; withdrawn ones left out."""
    made_with: dict[str, str]
    """Versions of the software and of the libraries on which the bytes of the formats depend."""


class SnapshotChange(Record):
    """One row of `since`: an article whose row is another one than in the snapshot before, by id."""

    id: str
    """Id of the article."""
    change: Literal["added", "changed", "removed", "withdrawn"]
    """`added`: not in the snapshot before; `removed`: the site has the page no more; `withdrawn`: taken out of the
    archive; `changed`: any other further revision, a return to the site too."""
    revision_before: int | None = Field(ge=1)
    """Number of the revision in the snapshot before; null where it was not in it."""
    revision: int = Field(ge=1)
    """Number of the revision in this one."""
    digest_before: str | None
    """Content digest in the snapshot before; null where it was not in it, or was withdrawn since: then nothing of what
    it was is left."""
    digest: str
    """Content digest in this one."""
    title: str
    """Title in this one."""
    url: str
    """Canonical URL of the page."""
