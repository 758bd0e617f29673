"""`newsarchive reparse`: kept captures, or a foreign file, as today's parser reads them."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from newsarchive.cli.options import Archive, Exports, archive_folder, exports_folder
from newsarchive.cli.terminal import counted, one_line
from newsarchive.datasets.export import refresh_articles
from newsarchive.errors import ConfigurationError
from newsarchive.operations.access import collection_of
from newsarchive.operations.foreign import read_foreign
from newsarchive.operations.publish import publish as published
from newsarchive.operations.reparse import Reparsed
from newsarchive.operations.reparse import reparse as reparsed
from newsarchive.parsers import PARSER_VERSION
from newsarchive.sites import load_site
from newsarchive.sites.scope import Scope
from newsarchive.timestamps import iso

SHOWN_FIELDS = 8


def reparse(
    name: Annotated[str, typer.Argument(metavar="SITE", help="The collection, or the site whose file reads FILE.")],
    *,
    publish: Annotated[
        bool, typer.Option("--publish", help="Append what differs, as revisions with cause `reparse`.")
    ] = False,
    source: Annotated[
        Path | None,
        typer.Option("--from", help="Read this WARC, WACZ or folder instead; one JSON line an article, nothing kept."),
    ] = None,
    archive: Archive = None,
    exports: Exports = None,
) -> None:
    """Read all captures again with today's parser, on every core and without a network.

    Writes what comes of it beside the log, `revisions.reparsed.jsonl`, and every difference field by field,
    `revisions.differences.jsonl`. The log is left alone, unless --publish is given.
    """
    if source is not None:
        if publish:
            raise ConfigurationError(
                "--publish: a foreign file has no log to append to; leave out --from, or --publish"
            )
        _show_foreign(source, name)
        return
    held = collection_of(archive_folder(archive), name)
    began = time.monotonic()
    count = None
    if publish:
        done, count = published(held, time.time())
    else:
        done = reparsed(held)
    _show(name, done, time.monotonic() - began)
    if count is not None:
        typer.echo(f"{name}: {counted(count, 'revisions')} appended, cause reparse")
        refresh_articles(held.layout, exports_folder(exports), held.scope.site)


def _show(name: str, done: Reparsed, seconds: float) -> None:
    rate = f"{done.read / seconds:.0f} a second" if seconds else "at once"
    typer.echo(f"{name}: {counted(done.read, 'captures')} read with parser {PARSER_VERSION}, {rate}")
    kinds = {
        "same": "as in the log",
        "evidence": "of the same content, read from other places",
        "changed": "that read differently",
        "added": "that the log has not",
        "lost": "of the log that are not read any more",
    }
    parts = [f"{done.counts[kind]} {what}" for kind, what in kinds.items() if done.counts[kind]]
    if done.counts["same"]:
        parts[0] = f"{counted(done.counts['same'], 'revisions')} {kinds['same']}"
    typer.echo(", ".join(parts) or "no article in any of them")
    if done.fields:
        typer.echo("fields: " + ", ".join(f"{field} {n}" for field, n in done.fields.most_common(SHOWN_FIELDS)))
    typer.echo(f"written: {done.log}, {done.differences}")


def _show_foreign(source: Path, name: str) -> None:
    counts: Counter[str] = Counter()
    for reading in read_foreign(source, Scope(load_site(name))):
        counts["articles" if reading.article else reading.reason.partition(":")[0]] += 1
        if reading.article is not None:
            line = reading.article.model_dump(mode="json") | {"captured_at": iso(reading.exchange.started_at)}
            typer.echo(json.dumps(line, ensure_ascii=False))
    summary = ", ".join(
        counted(count, what) if what == "articles" else f"{count} {what}" for what, count in counts.most_common()
    )
    typer.echo(one_line(f"{source}: {summary or f'no answer of a host of {name}'}"), err=True)
