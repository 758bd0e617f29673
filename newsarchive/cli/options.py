"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

import newsarchive
from newsarchive.configuration import Configuration, read_configuration
from newsarchive.errors import ConfigurationError
from newsarchive.loglines import Format, LogLines
from newsarchive.operations.access import held_sites

SOFTWARE = f"newsarchive/{newsarchive.__version__}"
"""What packages, bags and captures say that made them."""

Archive = Annotated[
    Path | None, typer.Option("--archive", help="Folder of the collections. Default: NEWSARCHIVE_HOME or ./archive.")
]
Exports = Annotated[
    Path | None, typer.Option("--exports", help="Folder of the datasets. Default: NEWSARCHIVE_EXPORTS or ./exports.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print errors only.")]
LogFormat = Annotated[
    Format | None,
    typer.Option(help="Lines for people, or a JSON object a line. Default: NEWSARCHIVE_LOG_FORMAT or plain."),
]
Names = Annotated[list[str] | None, typer.Argument(metavar="SITE…", help="Collections; default: every one held.")]


def archive_folder(archive: Path | None) -> Path:
    """Return the folder of the collections."""
    return archive or read_configuration().folders.archive


def exports_folder(exports: Path | None) -> Path:
    """Return the folder of the datasets."""
    return exports or read_configuration().folders.exports


def log_lines(configuration: Configuration, *, quiet: bool, form: Format | None) -> LogLines:
    """Return what writes the lines that tell how far a command is."""
    return LogLines(form or Format(configuration.output.log_format), quiet=quiet or configuration.output.quiet)


def chosen_collections(archive: Path, names: list[str] | None) -> list[str]:
    """Return the collections that are meant. Raises `ConfigurationError` where there is none."""
    chosen = list(dict.fromkeys(names)) if names else held_sites(archive)
    if not chosen:
        raise ConfigurationError(
            f"{archive}: no collection here; crawl a site first, or name the folder with --archive"
        )
    return chosen
