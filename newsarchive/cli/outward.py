"""`newsarchive deposit` and `newsarchive timemap`: what other archives take, and where they may have the same page."""

import time
from pathlib import Path
from typing import Annotated

import typer

from newsarchive.cli.options import SOFTWARE, Archive, archive_folder
from newsarchive.cli.terminal import counted, one_line
from newsarchive.configuration import read_configuration
from newsarchive.errors import ConfigurationError
from newsarchive.operations.access import collection_of
from newsarchive.operations.deposit import deposit as write_bag
from newsarchive.operations.mementos import timemap as timemap_of
from newsarchive.timestamps import utc

REPLAY = "http://127.0.0.1:8090/"


def deposit(
    name: Annotated[str, typer.Argument(metavar="SITE", help="The collection.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder to make; it must not be there yet.")],
    *,
    archive: Archive = None,
) -> None:
    """Write a collection as a bag (BagIt 1.0) for another archive to keep.

    Any BagIt tool tells whether it is complete and whether it is valid. Its folder `data` is the collection: put back
    as ARCHIVE/SITE it is one again. Captures and logs are compared with what was committed while they are copied.

    Exit codes: 0 done, 2 the folder is there already, 4 another process writes the collection, 5 storage full or
    failing, 6 the collection is damaged, and no bag was made.
    """
    held = collection_of(archive_folder(archive), name)
    files, size = write_bag(
        held, folder, utc(time.time()), software=SOFTWARE, contact=read_configuration().crawl.contact
    )
    typer.echo(one_line(f"{folder}: a bag of {counted(files, 'files')}, {size / 1024**2:.1f} MiB"))


def timemap(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="The article, as SITE/KEY.")],
    *,
    replay: Annotated[str | None, typer.Option(help="URL under which the collection is replayed.")] = None,
    archive: Archive = None,
) -> None:
    """Show when an article was captured: a Memento TimeMap.

    In the link format of RFC 7089, with links to the TimeMaps that public web archives may have of the same page;
    none of them is asked. The mementos' own URLs are those of `newsarchive replay SITE`, or begin with --replay.
    """
    site, slash, _ = article_id.partition("/")
    if not slash:
        raise ConfigurationError(f"{article_id}: expected an article's id, SITE/KEY, such as icas/202012/1044")
    prefix = replay or f"{REPLAY}{site}/"
    held = collection_of(archive_folder(archive), site)
    for line in timemap_of(held, article_id, prefix if prefix.endswith("/") else f"{prefix}/"):
        typer.echo(one_line(line))
