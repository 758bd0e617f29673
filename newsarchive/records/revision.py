"""The n-th distinct content of an article."""

from typing import Literal

from pydantic import AwareDatetime, Field

from newsarchive.records.article import Article, Attachment
from newsarchive.records.capture import CaptureRef


class Revision(Article):
    """One line of `revisions.jsonl`: an article's content or status where it differs from the line before."""

    aliases: tuple[str, ...] = ()
    """Other URLs under which the page was found, known when the revision was written."""
    status: Literal["published", "removed", "withdrawn"] = "published"
    """`removed`: the site no longer has the page; the content is the last one seen and the capture the evidence.
    `withdrawn`: taken out of the archive; title and body are empty, and so is everything else that the page said."""
    revision: int = Field(ge=1)
    """Number of the revision, from 1, without gaps."""
    cause: Literal["site", "reparse"] = "site"
    """`site`: the site changed it; `reparse`: a newer parser reads the same bytes differently."""
    content_digest: str
    """`content-1:sha256:` and hex, over title, date, source, author, roles, body and attachments; `withdrawn:` and the
    id where there is no content any more."""
    first_seen_at: AwareDatetime
    """UTC instant of the article's first capture."""
    captured_at: AwareDatetime
    """UTC instant of the capture that this revision was read from (its WARC-Date)."""
    recorded_at: AwareDatetime
    """UTC instant at which the revision was committed."""
    capture: CaptureRef
    """Where the bytes are that this revision was read from."""


class PublishedAttachment(Attachment):
    """A file offered with the article, and what it was when it was fetched."""

    bytes: int | None = None
    """Length of the file; null where it was not fetched."""
    media_type: str | None = None
    """Media type as the server said, such as `application/pdf`; null where it was not fetched or none was said."""
    digest: str | None = None
    """`sha256:` and hex, over the file; null where it was not fetched."""


class PublishedArticle(Revision):
    """One line of `articles.jsonl`: the latest revision of an article, with what is known as of the export."""

    attachments: tuple[PublishedAttachment, ...] = ()
    """Files offered with the article, with what they were when they were fetched last."""
    last_checked_at: AwareDatetime
    """UTC instant at which the page was last asked for and answered, changed or not."""
    duplicate_of: str | None = None
    """Id of the article of the same content that was seen first; null where that is this one."""
