"""What one capture of an article page says."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from newsarchive.records.model import Record


class Paragraph(Record):
    """A paragraph of running text."""

    kind: Literal["paragraph"] = "paragraph"
    text: str
    """The text as served; runs of white space are one space, ends are trimmed; never empty."""


class Heading(Record):
    """A heading inside the body, by its mark-up or by its form (一、, (一), a bold line of its own)."""

    kind: Literal["heading"] = "heading"
    level: int = Field(ge=1, le=6)
    """1 for the highest; the title of the article is none of them, so bodies begin at 2."""
    text: str
    """The heading as shown, its numbering included."""


class Image(Record):
    """An image of the body."""

    kind: Literal["image"] = "image"
    url: str
    """Absolute URL of the image."""
    text: str | None = None
    """The caption or, without one, the alternative text; null where there is neither."""


class ItemList(Record):
    """A list of the body."""

    kind: Literal["list"] = "list"
    ordered: bool
    """True where the page numbers the items."""
    items: tuple[str, ...]
    """The items' texts in order, without their numbers."""


class Table(Record):
    """A table of the body; layout tables are none."""

    kind: Literal["table"] = "table"
    rows: tuple[tuple[str, ...], ...]
    """Cells by row, as many as the row has; an empty cell is an empty string."""


class Quote(Record):
    """A passage marked as a quotation."""

    kind: Literal["quote"] = "quote"
    text: str
    """The quoted text."""


class Footnote(Record):
    """A note under the text."""

    kind: Literal["footnote"] = "footnote"
    text: str
    """The note with its mark, such as `[1]`."""


Block = Annotated[
    Paragraph | Heading | Image | ItemList | Table | Quote | Footnote,
    Field(discriminator="kind"),
]
"""One block of the body, told apart by `kind`."""


class Series(Record):
    """The series an article belongs to, from the 【…】 prefix of its title."""

    name: str
    """Name without the number, such as 中亚书评系列."""
    number: int | None = None
    """Number in the series, read from Chinese or Arabic numerals; null where none is given."""


class Roles(Record):
    """People and units named on the page by what they did; empty lists where nobody is named."""

    translator: tuple[str, ...] = ()
    """编译, 翻译, 译者."""
    editor: tuple[str, ...] = ()
    """编辑, 责任编辑, 责编, 网络编辑."""
    photographer: tuple[str, ...] = ()
    """摄影, 图."""
    supplier: tuple[str, ...] = ()
    """供稿, 投稿, 供稿单位."""


class DateCandidate(Record):
    """A date found at another place than the one that was used."""

    text: str
    """The text as shown, at most 100 characters."""
    place: str
    """Where it stands: `info line`, `meta`, `script`, `url`, `list`, `body`, `hint`."""
    date: dt.date | None
    """The day it names; null where it names none exactly."""


class DateEvidence(Record):
    """Why the article has its date."""

    text: str
    """The text that was read, as shown, at most 100 characters."""
    place: str
    """Where it stands: `info line`, `meta`, `script`, `url`, `body`, `hint`."""
    precision: Literal["day", "hour", "minute", "second"]
    """The smallest unit that the text names."""
    zone: str
    """IANA name of the time zone in which the text was read, or an offset such as `+08:00`."""
    zone_stated: bool
    """True where the page gives the zone, false where the site's zone was assumed."""
    others: tuple[DateCandidate, ...] = ()
    """Dates at other places, in the order in which they were tried."""


class Attachment(Record):
    """A file offered with the article."""

    url: str
    """Absolute URL."""
    title: str
    """The name a reader sees."""
    type: str | None = None
    """The file type in lower case, such as `pdf`; null where neither name nor URL tells."""
    size_shown: str | None = None
    """The size as the page shows it; null where it shows none."""


class RelatedLink(Record):
    """One entry of a link list beside the article."""

    list: str
    """The heading of the list, such as 图片新闻, 推荐内容, 最近更新."""
    position: int = Field(ge=1)
    """Place in its list, from 1."""
    title: str
    """The full title: the `title` attribute where the visible text is cut."""
    url: str | None
    """Absolute URL; null where the entry is no link."""
    date: dt.date | None = None
    """The day shown beside the entry; null where none is shown."""


class Neighbour(Record):
    """The previous or the next article, as the page links it."""

    title: str
    """The title shown."""
    url: str | None
    """Absolute URL; null where the entry is no link."""


class EncodingEvidence(Record):
    """How the bytes became characters."""

    declared: str | None
    """The encoding that the HTTP header or, without one, the page names, in lower case; null: none."""
    used: str
    """The encoding that was used; gb2312 and gbk are read as gb18030 (WHATWG Encoding, section 4.2)."""
    undecoded: int = Field(ge=0)
    """Number of U+FFFD characters that decoding had to put in."""


class Provenance(Record):
    """Where on the page a field was read, and by which rule."""

    rule: str
    """Name of the rule."""
    xpath: str | None = None
    """XPath of the element in the tree as parsed; null where the rule reads no element."""
    span: tuple[int, int] | None = None
    """Start and end of the value in the element's collapsed text; null where it is not one run of it."""


class Article(Record):
    """What one capture of an article page says. Nothing in it depends on when or why it was read."""

    record: Literal[1] = 1
    """Version of this record format; it grows when a field changes its meaning or goes away."""
    id: str
    """`site/key`, unique in a collection, never changed. The key is the named group `key` of the site's
    article-URL pattern; without one, 16 hex digits of the sha256 of the canonical URL without scheme and host."""
    site: str
    """Name of the site file that the page was read with."""
    url: str
    """Canonical URL of the page."""
    title: str
    """Title as shown, its 【…】 prefix included."""
    column: str | None = None
    """The text of the 【…】 prefix of the title, such as 学术交流; null without one."""
    series: Series | None = None
    """The numbered series that the prefix names; null where it names none."""
    date: dt.date | None = None
    """The day shown on the page, in the site's zone; null where the page shows none."""
    published_at: AwareDatetime | None = None
    """The instant shown on the page, RFC 3339 with offset; null unless the page gives a time of day."""
    date_evidence: DateEvidence | None = None
    """Text, place and precision of the date; null where there is no date."""
    source: str | None = None
    """来源: the name as shown; without it 发布机构 and the like, a name beside the date, the ContentSource of the head;
    null where there is none of them."""
    author: str | None = None
    """作者, as shown, or the name of a person beside the date; null where there is neither."""
    roles: Roles = Roles()
    """Translator, editor, photographer and supplier."""
    clicks: int | None = Field(default=None, ge=0)
    """点击: the counter at the instant of the capture; null while the page shows a placeholder."""
    tags: tuple[str, ...] = ()
    """标签, in the order shown."""
    section: str | None = None
    """The section the page says it belongs to: the last breadcrumb that is not the page itself; null without one."""
    breadcrumb: tuple[str, ...] = ()
    """The path above the article as shown, from the home page on, without the article itself."""
    language: str | None = None
    """Language of the body as a BCP 47 primary tag (`zh`, `en`, `ru`); null where the text does not tell."""
    body: tuple[Block, ...]
    """The body's blocks in reading order; never empty."""
    text: str
    """The text of every block but images, one block a line; list items and table rows one a line,
    cells joined by a tab."""
    references: tuple[str, ...] = ()
    """The works named in 文献来源 lines, without the label."""
    attachments: tuple[Attachment, ...] = ()
    """Files offered with the article or shown in it; one to which the page gives no address is a warning."""
    related: tuple[RelatedLink, ...] = ()
    """The link lists beside the article, list by list, in page order."""
    previous: Neighbour | None = None
    """上一篇; null where the page has none."""
    next: Neighbour | None = None
    """下一篇; null where the page has none."""
    encoding: EncodingEvidence
    """Declared and used encoding."""
    provenance: dict[str, Provenance] = Field(default_factory=dict)
    """Rule and place of each field that was read from the page, by field name; of roles as `roles.editor`. A list
    has the place where it begins. Fields with evidence of their own (encoding) and made from others have none."""
    warnings: tuple[str, ...] = ()
    """What was read with doubt, each as a stable word, a colon and details."""
    parser: str
    """Version of the parser that read the page."""
