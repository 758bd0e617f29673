"""What was read on a page, laid out for a person."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newsarchive.cli.terminal import one_line, printable
from newsarchive.errors import PageError
from newsarchive.records.article import Article, Block
from newsarchive.records.listing import Listing

BLOCKS_SHOWN = 6
LINKS_SHOWN = 3
ENTRIES_SHOWN = 30
CHARACTERS_SHOWN = 160

_PLAIN_FIELDS = ("url", "id", "column", "date", "published_at", "source", "author", "clicks", "section", "language")
_LIST_FIELDS = ("tags", "breadcrumb", "references")


def article_view(article: Article, *, explain: bool) -> RenderableType:
    """Return title, fields, the body's start, lists and warnings; with `explain`, rule and place of every field."""
    parts: list[RenderableType] = [Text(printable(article.title), style="bold"), _fields(article), Text()]
    parts += _body(article)
    parts += _links(article)
    parts += [Text(f"warning: {one_line(warning)}", style="yellow") for warning in article.warnings]
    if explain:
        parts += [Text(), *_evidence(article), _provenance(article)]
    return Group(*parts)


def brief_view(article: Article) -> RenderableType:
    """Return title and fields, and how long the body is."""
    body = Text(
        f"body: {len(article.text)} characters in {len(article.body)} blocks; {len(article.related)} links beside"
    )
    return Group(Text(printable(article.title), style="bold"), _fields(article), body)


def listing_view(listing: Listing) -> RenderableType:
    """Return the list page's entries and the way on."""
    table = _grid()
    for entry in listing.entries[:ENTRIES_SHOWN]:
        table.add_row(
            Text(str(entry.date or "no date")), Text(one_line(f"{entry.title}\n{entry.url}"), overflow="fold")
        )
    left = len(listing.entries) - ENTRIES_SHOWN
    return Group(
        Text(f"a list page with {len(listing.entries)} entries", style="bold"),
        table,
        *([Text(f"… and {left} more", style="dim")] if left > 0 else []),
        Text(f"next page: {one_line(listing.next or 'none')}", overflow="fold"),
    )


def error_view(error: PageError) -> RenderableType:
    """Return what the page is instead of an article."""
    return Text(f"{error.name}: {one_line(str(error))}", style="red")


def _fields(article: Article) -> Table:
    table = _grid()
    absent = []
    for name, value in _shown_fields(article):
        if value:
            table.add_row(Text(name, style="cyan"), Text(one_line(value), overflow="fold"))
        else:
            absent.append(name)
    if absent:
        table.add_row(Text("not found", style="dim"), Text(", ".join(absent), style="dim"))
    return table


def _shown_fields(article: Article) -> Iterator[tuple[str, str]]:
    for name in _PLAIN_FIELDS:
        value = getattr(article, name)
        yield name, "" if value is None else str(value)
    series = article.series
    yield "series", "" if series is None else f"{series.name}, number {series.number}"
    for name, people in article.roles:
        yield name, ", ".join(people)
    for name in _LIST_FIELDS:
        yield name, " · ".join(getattr(article, name))
    encoding = article.encoding
    yield "encoding", f"{encoding.used} (declared: {encoding.declared or 'nothing'}, undecoded: {encoding.undecoded})"
    yield "parser", article.parser


def _body(article: Article) -> Iterator[RenderableType]:
    kinds: dict[str, int] = {}
    for block in article.body:
        kinds[block.kind] = kinds.get(block.kind, 0) + 1
    counts = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    yield Text(f"body: {len(article.text):,} characters; blocks: {counts}", style="cyan")
    for block in article.body[:BLOCKS_SHOWN]:
        yield _indented(_clipped(_block_text(block)))
    if len(article.body) > BLOCKS_SHOWN:
        yield _indented(f"… and {len(article.body) - BLOCKS_SHOWN} more blocks", style="dim")


def _block_text(block: Block) -> str:
    match block.kind:
        case "image":
            return f"[image] {block.text or ''} {block.url}"
        case "list":
            return f"[list] {' / '.join(block.items)}"
        case "table":
            return f"[table] {' / '.join(' | '.join(row) for row in block.rows)}"
        case "heading":
            return f"[heading {block.level}] {block.text}"
        case "quote" | "footnote":
            return f"[{block.kind}] {block.text}"
        case "paragraph":
            return block.text


def _links(article: Article) -> Iterator[RenderableType]:
    if article.attachments:
        yield from _link_list("attachments", ((file.title, file.url) for file in article.attachments))
    for heading, links in groupby(article.related, key=lambda link: link.list):
        yield from _link_list(f"list {heading}", ((link.title, link.url) for link in links))
    for name, neighbour in (("previous", article.previous), ("next", article.next)):
        if neighbour:
            yield from _link_list(name, [(neighbour.title, neighbour.url)])


def _link_list(name: str, links: Iterable[tuple[str, str | None]]) -> Iterator[RenderableType]:
    shown = list(links)
    yield Text(f"{one_line(name)} ({len(shown)})", style="cyan")
    for title, url in shown[:LINKS_SHOWN]:
        yield _indented(f"{_clipped(title)} {one_line(url or '(no link)')}")
    if len(shown) > LINKS_SHOWN:
        yield _indented(f"… and {len(shown) - LINKS_SHOWN} more", style="dim")


def _evidence(article: Article) -> Iterator[RenderableType]:
    evidence = article.date_evidence
    if evidence is None:
        return
    zone = f"{evidence.zone}, {'stated on the page' if evidence.zone_stated else 'the zone of the site'}"
    yield Text(one_line(f"date read from {evidence.text!r} ({evidence.place}), to the {evidence.precision}; {zone}"))
    for other in evidence.others:
        yield _indented(one_line(f"another date: {other.text!r} ({other.place}): {other.date or 'no exact day'}"))


def _provenance(article: Article) -> Table:
    table = Table("field", "rule", "element", "span", box=None, pad_edge=False, header_style="cyan")
    for name, place in article.provenance.items():
        span = f"{place.span[0]}-{place.span[1]}" if place.span else ""
        cells = (name, place.rule, place.xpath or "", span)
        table.add_row(*(Text(one_line(cell), overflow="fold") for cell in cells))
    return table


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column()
    return grid


def _indented(text: str, style: str = "") -> Padding:
    return Padding(Text(text, style=style, overflow="fold"), (0, 0, 0, 2))


def _clipped(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= CHARACTERS_SHOWN else f"{line[:CHARACTERS_SHOWN]}…"
