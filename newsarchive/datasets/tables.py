"""The datasets of a collection, by name, with the record that each of their rows is."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from newsarchive.records.revision import PublishedArticle, Revision
from newsarchive.records.snapshot import SnapshotChange
from newsarchive.records.tables import ArticleAttachment, Change, ClusterMember, Link


@dataclass(frozen=True, slots=True)
class Table:
    """A dataset: its name, its row, what it holds."""

    name: str
    row: type[BaseModel]
    summary: str


TABLES = {
    table.name: table
    for table in (
        Table("articles", PublishedArticle, "the latest revision of every article, by `id`; removed ones too"),
        Table("revisions", Revision, "every revision of every article, in the order in which they were recorded"),
        Table("links", Link, "every entry of every link list, by article, list and position"),
        Table("attachments", ArticleAttachment, "every file offered with an article, by article and position"),
        Table("changes", Change, "what each revision did: added, edited, removed, restored, reread"),
    )
}

CLUSTERS = Table("clusters", ClusterMember, "articles whose texts nearly agree, within a site and across sites")

SINCE = Table("since", SnapshotChange, "of a snapshot: articles that are others than in the snapshot before, by id")

COMPARED = ("title", "date", "published_at", "source", "author", "roles", "attachments", "tags", "section", "body",
            "status")  # fmt: skip
"""Fields that `changes` compares: what an editor of the site can change; not counters, side lists and neighbours."""

Row = dict[str, Any]
"""A row as its JSON line has it."""
