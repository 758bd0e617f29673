"""What a page is: an article, a list page, or something that is named instead; and every link on it."""

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import cached_property

from newsarchive.collector import resting
from newsarchive.errors import (
    EmptyPageError,
    ListPageError,
    LoginWallError,
    NotAnArticleError,
    NotHtmlError,
    PageError,
    ScriptOnlyError,
    SoftNotFoundError,
)
from newsarchive.parsers.article import build_article
from newsarchive.parsers.contacts import tells_contacts
from newsarchive.parsers.encoding import decode
from newsarchive.parsers.gist import gist_of
from newsarchive.parsers.inventory import FEW, has_own_info_line, is_an_entrys, is_home, is_repeated, outweighs
from newsarchive.parsers.labels import contains, squeezed, word_set
from newsarchive.parsers.links import page_links
from newsarchive.parsers.listing import OwnList, read_listing
from newsarchive.parsers.page import Page, open_page
from newsarchive.parsers.requisites import page_requisites
from newsarchive.parsers.sketch import Sketch, sketch
from newsarchive.parsers.totals import stated_items
from newsarchive.records.article import Article
from newsarchive.records.listing import Link, Listing
from newsarchive.records.site import Site
from newsarchive.urls import compiled, path_and_query

_MAGIC = (
    b"%PDF", b"PK\x03\x04",
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b",
    b"RIFF", b"\x00\x00\x01\x00", b"BM", b"OggS", b"ID3", b"\x7fELF", b"MZ",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What one page gives: exactly one of article, listing and error.

    What only a crawl asks for, such as the links, is looked for when it is first asked for.
    """

    article: Article | None
    listing: Listing | None
    error: PageError | None
    canonical: str | None = None
    """Absolute URL that the page itself calls canonical; None where it names none."""
    _page: Page | None = field(default=None, repr=False, compare=False)
    """None where the page could not be opened."""
    _own: OwnList | None = field(default=None, repr=False, compare=False)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every http(s) link in page order, without fragments and repetitions, at most 5,000."""
        if self._page is None:
            return ()
        return page_links(self._page, self.listing, self.article)

    @cached_property
    def skipped_links(self) -> int:
        """Links that were left out: malformed, or beyond the limit."""
        if self._page is None:
            return 0
        _ = self.links  # which were left out shows when all have been looked for
        return self._page.resolve.skipped

    @cached_property
    def gist(self) -> str | None:
        """What the page shows, as `gist_of` has it; None where the site's pattern calls its URL an article's."""
        return gist_of(self._page) if self._page is not None and not _is_article_url(self._page) else None

    @cached_property
    def requisites(self) -> tuple[str, ...]:
        """What a browser fetches to show the page, where the site keeps all of it; else nothing is looked for."""
        kept = self._page is not None and self._page.site.requisites == "all"
        return page_requisites(self._page) if self._page is not None and kept else ()

    @cached_property
    def stated(self) -> int | None:
        """How many entries a list page says that its list has; None for other pages, or where it says nothing."""
        return stated_items(self._page, self._own) if self._page is not None and self._own is not None else None


def read_page(
    html: bytes | str, url: str, site: Site, *, charset: str | None = None, captured_at: dt.datetime | None = None
) -> Reading:
    """Return what the page at `url` gives; whatever the bytes are, it raises nothing.

    `charset` is what the HTTP header declared; `captured_at` is the instant against which 昨天 is read.
    """
    # A page makes thousands of objects that die together when it is read; the collector would walk them a dozen
    # times and free none: a third of the whole time.
    with resting():
        return _read(html, url, site, charset, captured_at)


def _read(html: bytes | str, url: str, site: Site, charset: str | None, captured_at: dt.datetime | None) -> Reading:
    try:
        page = _open(html, url, site, charset, captured_at)
    except PageError as error:
        return Reading(None, None, error)
    canonical = page.resolve(page.head.canonical) if page.head.canonical else None
    try:
        found = _classified(page)
    except PageError as error:
        return Reading(None, None, error, canonical, page)
    if isinstance(found, Article):
        return Reading(found, None, None, canonical, page)
    return Reading(None, found.listing, None, canonical, page, found)


def _is_article_url(page: Page) -> bool:
    pattern = page.site.article_url
    return pattern is not None and compiled(pattern).search(path_and_query(page.url)) is not None


def _open(html: bytes | str, url: str, site: Site, charset: str | None, captured_at: dt.datetime | None) -> Page:
    if isinstance(html, bytes):
        if not html or html.isspace():
            raise EmptyPageError("no bytes")
        if html.startswith(_MAGIC) or (
            b"\x00\x00\x00\x00" in html[:4096] and not html.startswith((b"\xff\xfe", b"\xfe\xff"))
        ):
            raise NotHtmlError(f"the bytes begin with {html[:8]!r}")
    elif not html.strip():
        raise EmptyPageError("no text")
    decoded = decode(html, charset)
    if b"<" not in decoded.utf8:
        raise NotHtmlError("not a single tag")
    return open_page(decoded, url, site, captured_at)


def _classified(page: Page) -> Article | OwnList:
    shown = sum([line.size for line in page.lines.lines if not line.hidden])
    if not shown and not any(line.images for line in page.lines.lines):
        if b"<script" in page.decoded.utf8:
            raise ScriptOnlyError("scripts, and no text")
        if not page.head.title:
            raise EmptyPageError("nothing that a reader sees")
        raise NotAnArticleError("a title, and no text")
    target = path_and_query(page.url)
    is_article = _is_article_url(page)
    is_list = not is_article and bool(page.site.list_url and compiled(page.site.list_url).search(target))
    if is_list:
        return _declared_list(page, shown)
    found = sketch(page)
    _refuse_notices(page, found, shown)
    has_line = has_own_info_line(page, found)
    if not is_article and (not has_line or is_repeated(found)):
        own = read_listing(page)
        if own is not None and (not has_line or is_an_entrys(found, own)) and outweighs(page, found, own):
            # So may the home of a site be: a crawl looks at its lists in every run.
            return own
        if own is not None and not has_line and own.dated >= FEW and is_home(target):
            raise NotAnArticleError("the home of a site, which lists what is in its sections")
    if not is_article and found.info.date is None and not any(map(found.info.first, ("source", "source-unit"))):
        _refuse_plain_page(page, found)
    return build_article(page, found)


def _declared_list(page: Page, shown: int) -> OwnList:
    """Return the list of a page that the site calls a list page; no article is looked for on it."""
    try:
        _refuse_notice_text(page, shown, 0)
    except PageError:
        # So it would be with no prose at all: now it matters how much there is.
        _refuse_notices(page, sketch(page), shown)
    own = read_listing(page)
    if own is None:
        raise NotAnArticleError("the site calls it a list page, and it lists nothing")
    return own


def _refuse_plain_page(page: Page, found: Sketch) -> None:
    """Raise if a page without an info line is none of the articles that its site declares, or has little text."""
    prose = sum(page.lines.lines[i].prose for i in found.body.lines) if found.body is not None else 0
    if page.site.article_url is not None:
        raise NotAnArticleError("no info line, and a URL that the site does not call an article's")
    if prose < _LEAST_PROSE:
        raise NotAnArticleError(f"no info line, and {prose} characters of text")
    if found.body is not None and not any(_says_something(page.lines.lines[i].text) for i in found.body.lines):
        raise NotAnArticleError("no info line, and not one sentence")
    if found.title is not None and _ABOUT(squeezed(found.title.text)):
        raise NotAnArticleError("no info line, and the title of a page about the institute")
    if found.body is not None and found.info.first("author") is None:
        lines = page.lines.lines
        if tells_contacts([text for i in found.body.lines if (text := lines[i].text)]):
            raise NotAnArticleError("no info line, and a text that tells how to reach someone")


def _says_something(text: str) -> bool:
    """Tell whether a line is a sentence or as long as one: the cells of a table and the items of a menu are not."""
    return len(text) >= _LONGEST_CELL or text[-1:] in _SENTENCE_ENDS


_LONGEST_CELL = 40
_SENTENCE_ENDS = frozenset('。！？!?.；;，,：:…”"')
_ABOUT = re.compile(rf".{{0,12}}(?:{'|'.join(map(re.escape, sorted(word_set('pages', 'about'))))})").fullmatch
_LEAST_PROSE = 80
"""Characters of text below which a page without an info line is taken for no article."""


def _refuse_notices(page: Page, found: Sketch, shown: int) -> None:
    """Raise if a page says that there is nothing here, or nothing without a login or scripts."""
    prose = sum(page.lines.lines[i].prose for i in found.body.lines) if found.body else 0
    if prose > 300 or (found.info.date is not None and prose > 60):  # noqa: PLR2004
        return
    _refuse_notice_text(page, shown, prose)


def _refuse_notice_text(page: Page, shown: int, prose: int) -> None:
    """Raise if a page with so many characters of prose says that there is nothing; the less prose, the sooner."""
    text = f"{page.head.title}\n" + "\n".join([line.text for line in page.lines.lines if not line.hidden])[:3000]
    if contains("pages", "missing").search(text) or re.match(r"\s*404\b|.*\b404 ", page.head.title):
        raise SoftNotFoundError("the page says that there is nothing here")
    asked = prose <= _LEAST_PROSE and (
        b'type="password"' in page.decoded.utf8 or b"type='password'" in page.decoded.utf8
    )
    if asked or (contains("pages", "login").search(text) and shown < 600 and prose < 120):  # noqa: PLR2004
        raise LoginWallError("the page asks for a login")
    if shown < 120 and b"<script" in page.decoded.utf8 and contains("pages", "script").search(text):  # noqa: PLR2004
        raise ScriptOnlyError("scripts, and a notice in place of text")


def error_of(reading: Reading) -> PageError | None:
    """Return why the page gives no article: its error, or that it is a list page; None for an article."""
    if reading.listing is not None:
        return ListPageError(f"{len(reading.listing.entries)} entries")
    return reading.error
