"""An article as a reader of a page sees it: what a page is rendered from and what reading it must give."""

import datetime as dt
from dataclasses import dataclass, fields

from newsarchive.records.article import Attachment, Block, Image, ItemList, Neighbour, RelatedLink, Roles, Series, Table

_NOBODY = Roles()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownArticle:
    """The content of one article page, apart from any markup; URLs are absolute.

    The fields have the names and the meaning of `newsarchive.records.article.Article`.
    """

    url: str
    title: str
    body: tuple[Block, ...]
    column: str | None = None
    series: Series | None = None
    date: dt.date | None = None
    published_at: dt.datetime | None = None
    source: str | None = None
    author: str | None = None
    roles: Roles = _NOBODY
    clicks: int | None = None
    tags: tuple[str, ...] = ()
    breadcrumb: tuple[str, ...] = ()
    language: str | None = "zh"
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    related: tuple[RelatedLink, ...] = ()
    previous: Neighbour | None = None
    next: Neighbour | None = None

    @property
    def section(self) -> str | None:
        """The last part of the breadcrumb; null without one."""
        return self.breadcrumb[-1] if self.breadcrumb else None

    @property
    def images(self) -> tuple[str, ...]:
        """The URLs of the body's images."""
        return tuple(block.url for block in self.body if isinstance(block, Image))

    @property
    def text(self) -> str:
        """The text of every block but images, as the field `text` of an article has it."""
        return "\n".join(line for block in self.body for line in _lines(block))

    def expected(self) -> dict[str, object]:
        """Return, by name, the value that each field of an `Article` read from this page must have."""
        shown: dict[str, object] = {field.name: getattr(self, field.name) for field in fields(self)}
        return shown | {"section": self.section, "text": self.text}


def _lines(block: Block) -> tuple[str, ...]:
    match block:
        case Image():
            return ()
        case ItemList():
            return block.items
        case Table():
            return tuple("\t".join(row) for row in block.rows)
        case _:
            return (block.text,)
