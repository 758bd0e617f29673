"""`newsarchive changes` and `newsarchive diff`: what a site changed, and how."""

import json
from collections import Counter
from heapq import merge
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from newsarchive.cli.instants import instant, spelled
from newsarchive.cli.options import Archive, archive_folder
from newsarchive.cli.terminal import one_line, printable
from newsarchive.errors import ConfigurationError
from newsarchive.operations.access import collection_of
from newsarchive.operations.history import Change, Difference, Piece, difference, replaced_files
from newsarchive.operations.history import changes as changes_of
from newsarchive.store.file_versions import Replacement
from newsarchive.timestamps import iso, utc

STYLES = {"same": "", "added": "green underline", "removed": "red strike"}
MARKS = {"same": ("", ""), "added": ("{+", "+}"), "removed": ("[-", "-]")}


def changes(
    name: Annotated[str, typer.Argument(metavar="SITE", help="The collection.")],
    *,
    since: Annotated[
        str | None, typer.Option(help="A day such as 2026-11-01, in the site's zone, or an instant with its offset.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per change.")] = False,
    archive: Archive = None,
) -> None:
    """List what was added, edited, removed and restored, and files that were replaced, oldest first."""
    held = collection_of(archive_folder(archive), name)
    counts: Counter[str] = Counter()
    zone = held.scope.site.zone
    start = instant("--since", since, zone) if since else None
    articles = map(_of_article, changes_of(held, start))
    files = map(_of_file, replaced_files(held, start))
    for fields, line in merge(articles, files, key=lambda change: change[0]["at"]):
        counts[str(fields["change"])] += 1
        typer.echo(json.dumps(fields, ensure_ascii=False) if as_json else one_line(line))
    if not as_json:
        told = ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "nothing changed"
        typer.echo(told + (f", since {spelled(start, zone)}" if start else ""))


def _of_article(change: Change) -> tuple[dict[str, Any], str]:
    revision = change.revision
    fields = {
        "change": change.kind,
        "at": iso(revision.recorded_at),
        "id": revision.id,
        "revision": revision.revision,
        "title": revision.title,
        "url": revision.url,
    }
    line = f"{fields['at']}  {change.kind:8}  {revision.id}  r{revision.revision}  {revision.title}"
    return fields, line


def _of_file(file: Replacement) -> tuple[dict[str, Any], str]:
    fields = {
        "change": "replaced",
        "at": iso(utc(file.at)),
        "id": file.article,
        "url": file.url,
        "bytes": [file.before.bytes, file.after.bytes],
        "sha256": [file.before.sha256, file.after.sha256],
    }
    sizes = f"{file.before.bytes} bytes, now {file.after.bytes}"
    return fields, f"{fields['at']}  replaced  {file.article or '-'}  {file.url}  {sizes}"


def diff(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="The article, as SITE/KEY.")],
    first: Annotated[int | None, typer.Argument(metavar="[A]", help="Number of the earlier revision.")] = None,
    second: Annotated[int | None, typer.Argument(metavar="[B]", help="Number of the later revision.")] = None,
    *,
    archive: Archive = None,
) -> None:
    """Show what differs between two revisions of an article, paragraph by paragraph and word by word.

    Without A and B: the last two. With A alone: from A to the last.
    """
    site, slash, _ = article_id.partition("/")
    if not slash:
        raise ConfigurationError(f"{article_id}: expected an article's id, SITE/KEY, such as icas/202012/1044")
    _show(difference(collection_of(archive_folder(archive), site), article_id, first, second))


def _show(found: Difference) -> None:
    console = Console(highlight=False, soft_wrap=True)
    before, after = found.before, found.after
    console.print(Text(one_line(f"{after.id}: {after.title}")))
    for label, revision in (("-", before), ("+", after)):
        console.print(
            Text(f"{label} revision {revision.revision}, {revision.status}, seen {iso(revision.captured_at)}")
        )
    for change in found.fields:
        console.print(Text(f"\n{change.field}:"))
        console.print(_line((Piece("removed", change.before), Piece("added", change.after)), console))
    for paragraph in found.paragraphs:
        console.print()
        console.print(_line(paragraph, console))
    if not found.fields and not found.paragraphs:
        console.print(Text("\nno difference in what is compared"))


def _line(pieces: tuple[Piece, ...], console: Console) -> Text:
    """Return the pieces in colour or, where there is none, between marks."""
    line = Text()
    for piece in pieces:
        if not piece.text:
            continue
        text = printable(piece.text)
        opening, closing = ("", "") if console.color_system else MARKS[piece.kind]
        line.append(f"{opening}{text}{closing}", style=STYLES[piece.kind])
    return line
