"""`newsarchive import`: what Heritrix, Browsertrix, wget, warcio or another newsarchive crawled."""

import time
from pathlib import Path
from typing import Annotated

import typer

from newsarchive.cli.options import SOFTWARE, Archive, Exports, archive_folder, exports_folder
from newsarchive.cli.terminal import counted, one_line
from newsarchive.datasets.export import refresh_articles
from newsarchive.datasets.owner import check_exports
from newsarchive.operations.imports import import_captures
from newsarchive.sites import load_site


def import_files(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="WARC files (.warc, .warc.gz, .warc.zst), WACZs, folders of them."),
    ],
    *,
    site: Annotated[
        str | None, typer.Option(help="The site that they are of. Default: the declared site that has their hosts.")
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Origin that was crawled, where it is not the one that the site file names.")
    ] = None,
    archive: Archive = None,
    exports: Exports = None,
) -> None:
    """Begin a collection with what others crawled, or go on with it.

    Files are read in place, nothing is unpacked. They are walked over as a whole before anything is written: one that
    is damaged or made to do harm is refused. Captures come in by date and count as if the crawl had made them; those
    of other hosts, and those that are not newer than what the collection has of their URL, are left out and counted.

    Exit codes: 0 done, 2 no archive, made to do harm, or of no known site, 4 another process writes the collection, 5
    storage full or failing, 6 damaged.
    """
    done = import_captures(
        paths, archive_folder(archive), site_name=site, base_url=base_url, clock=time.time, software=SOFTWARE
    )
    identity = done.layout.read_identity()
    folder = exports_folder(exports)
    check_exports(folder, identity.site, identity.origin)
    dataset = refresh_articles(done.layout, folder, load_site(identity.site))
    counts = done.counts
    articles = f"{counted(counts.new, 'new articles')}, {counts.changed} changed, {counts.removed} removed"
    typer.echo(one_line(f"{done.layout.folder}: {counted(counts.captures, 'captures')} taken in; {articles}"))
    for reason, count in sorted(done.left_out.items()):
        typer.echo(one_line(f"left out: {count} × {reason}"))
    if done.surplus_bytes:
        typer.echo(f"{done.surplus_bytes} bytes between records belong to none: a length in the files is wrong")
    typer.echo(one_line(str(dataset)))
