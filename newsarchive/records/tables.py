"""The rows of the datasets beside `articles` and `revisions`: links, attachments, changes, clusters."""

import datetime as dt
from typing import Literal

from pydantic import AwareDatetime, Field

from newsarchive.records.model import Record

ChangeKind = Literal["added", "edited", "removed", "restored", "reread", "withdrawn"]
"""What a revision did to its article; `reread`: a newer parser reads the same bytes differently; `withdrawn`: its
content was taken out of the archive."""


def change_kind(status: str, cause: str, status_before: str | None) -> ChangeKind:
    """Return what a revision with `status` and `cause` did; `status_before` is None for the first revision."""
    if status in {"removed", "withdrawn"}:
        return "removed" if status == "removed" else "withdrawn"
    if status_before is None:
        return "added"
    if status_before == "removed":
        return "restored"
    return "reread" if cause == "reparse" else "edited"


class Link(Record):
    """One row of `links`: one entry of a link list beside an article, as its latest revision shows it."""

    site: str
    """Name of the site."""
    from_id: str
    """Id of the article that shows the link."""
    list: str
    """The heading of the list, such as 图片新闻, 推荐内容, 最近更新."""
    position: int = Field(ge=1)
    """Place in its list, from 1."""
    title: str
    """The title shown, in full."""
    to_url: str | None
    """Absolute URL; null where the entry is no link."""
    to_id: str | None
    """Id of the article that the link leads to; null where this collection holds none at that URL."""
    date: dt.date | None
    """The day shown beside the entry; null where none is shown."""
    in_archive: bool
    """Whether this collection holds the article that the link leads to, under this URL or another of its URLs."""


class ArticleAttachment(Record):
    """One row of `attachments`: a file offered with an article, as its latest revision shows it."""

    site: str
    """Name of the site."""
    id: str
    """Id of the article."""
    position: int = Field(ge=1)
    """Place among the article's attachments, from 1."""
    url: str
    """Absolute URL."""
    title: str
    """The name a reader sees."""
    type: str | None
    """The file type in lower case, such as `pdf`; null where neither name nor URL tells."""
    size_shown: str | None
    """The size as the page shows it; null where it shows none."""
    bytes: int | None
    """Length of the file as it was fetched last; null where it was not fetched."""
    media_type: str | None
    """Media type as the server said, such as `application/pdf`; null where it was not fetched or none was said."""
    digest: str | None
    """`sha256:` and hex, over the file; null where it was not fetched."""


class Change(Record):
    """One row of `changes`: what one revision did, in the order in which revisions were recorded."""

    recorded_at: AwareDatetime
    """UTC instant at which the revision was committed."""
    site: str
    """Name of the site."""
    id: str
    """Id of the article."""
    revision: int = Field(ge=1)
    """Number of the revision."""
    change: ChangeKind
    """`added`, `edited`, `removed`, `restored`, `withdrawn`, or `reread`: by a newer parser, of the same bytes."""
    fields: tuple[str, ...]
    """Names of the fields that differ from the revision before, among those that a site's editor can change; empty
    for the first revision."""
    title: str
    """Title after the change."""
    url: str
    """Canonical URL of the page."""


class ClusterMember(Record):
    """One row of `clusters`: an article whose text nearly agrees with another's, in the same or in another site."""

    cluster: str
    """Id of the member that was seen first; it names the cluster."""
    id: str
    """Id of the article."""
    site: str
    """Name of the article's site."""
    title: str
    """Title of the article."""
    url: str
    """Canonical URL of the article's page."""
    date: dt.date | None
    """The day shown on the page; null where it shows none."""
    first_seen_at: AwareDatetime
    """UTC instant of the article's first capture."""
    likeness: float = Field(ge=0, le=1)
    """How much of the text agrees with the member most like it: shared character shingles by all, 1 for the same
    text."""
