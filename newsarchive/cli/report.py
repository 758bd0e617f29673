"""`newsarchive report`: what a collection holds and lacks, as one HTML file."""

from pathlib import Path
from typing import Annotated

import typer

from newsarchive.cli.options import Archive, Exports, archive_folder, exports_folder
from newsarchive.datasets.report.page import Told
from newsarchive.datasets.report.writing import write_report, write_report_to
from newsarchive.errors import ConfigurationError
from newsarchive.extras import needs
from newsarchive.operations.access import collection_of
from newsarchive.operations.audit import audit


def report(
    name: Annotated[str, typer.Argument(metavar="SITE", help="The collection.")],
    *,
    output: Annotated[
        Path | None, typer.Option(help="File to write. Default: EXPORTS/SITE/report.html, with the datasets.")
    ] = None,
    stories: Annotated[
        bool, typer.Option("--stories/--no-stories", help="Look for near-duplicates, which takes longest.")
    ] = True,
    archive: Archive = None,
    exports: Exports = None,
) -> None:
    """Write a report of a collection: one HTML file that opens from disk and asks nothing of any server.

    Articles by month, section and source, what changed, which fields pages have, what is missing and why, what the
    side lists promote, stories told more than once. Each chart has its figures as a table. Needs the extra `report`.
    """
    needs("vl_convert", "report")  # before the work, not after it
    if output is not None and output.is_dir():
        raise ConfigurationError(f"--output {output}: is a folder; name a file, such as {output / 'report.html'}")
    held = collection_of(archive_folder(archive), name)
    told = Told(held.scope.site.title, held.scope.site.language)
    if output is not None:
        write_report_to(output, held.layout, told, audit(held), stories=stories)
        typer.echo(str(output))
        return
    written = write_report(held.layout, exports_folder(exports), told, audit(held), stories=stories)
    typer.echo(written or f"{name}: another export brought a later state meanwhile, which stays")
