"""`newsarchive export`: the datasets of collections, in the formats that people load."""

from typing import Annotated

import typer

from newsarchive.cli.instants import past_instant, spelled
from newsarchive.cli.options import Archive, Exports, archive_folder, chosen_collections, exports_folder
from newsarchive.cli.progress import progress
from newsarchive.cli.terminal import counted
from newsarchive.datasets.export import FORMATS, Exported, Format, export_collection
from newsarchive.errors import ConfigurationError
from newsarchive.operations.access import collection_of


def export(  # noqa: PLR0913 - the command's options
    names: Annotated[
        list[str] | None, typer.Argument(metavar="SITE…", help="Collections whose datasets are written.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every collection that is held.")] = False,
    formats: Annotated[
        str, typer.Option("--format", help="One or several of jsonl, csv, parquet, sqlite, with commas; or all.")
    ] = "jsonl",
    as_of: Annotated[
        str | None,
        typer.Option(help="What was recorded by then: a day (to its end, in the site's zone) or an instant."),
    ] = None,
    clusters: Annotated[
        bool, typer.Option("--clusters", help="Also which of their articles nearly agree: EXPORTS/clusters.*.")
    ] = False,
    archive: Archive = None,
    exports: Exports = None,
) -> None:
    """Write datasets: JSON Lines, CSV, Parquet, SQLite.

    Of each collection, below EXPORTS/SITE: articles, revisions, links, attachments, changes. The files are written
    aside and moved into place together when they are whole: a reader, an interrupt or a full disk meets the old files
    or the new ones. Two exports of one archive are equal byte for byte. With --as-of they go into a folder of their
    own, EXPORTS/SITE/as-of/INSTANT. Beside them a dataset card, CITATION.cff, a Frictionless data package, Croissant
    and JSON Schemas say what the files hold. CSV is for spreadsheets: a field that could be taken for a formula
    begins with an apostrophe, and nested fields are left out; JSON Lines have everything.
    """
    chosen = chosen_formats(formats)
    folder, target = archive_folder(archive), exports_folder(exports)
    if not names and not every:
        raise ConfigurationError("export: name a SITE, or --all")
    if clusters and as_of:
        raise ConfigurationError("--clusters: are of what is known now, and do not go with --as-of")
    collections = chosen_collections(folder, None if every else names)
    for name in collections:
        held = collection_of(folder, name)
        zone = held.scope.site.zone
        until = past_instant("--as-of", as_of, zone) if as_of else None
        with progress(name) as told:
            done = export_collection(held.layout, target, chosen, site=held.scope.site, as_of=until, progress=told)
        _tell(name, done, f", as of {spelled(until, zone)}" if until else "")
    if clusters:
        from newsarchive.datasets.clusters import export_clusters  # noqa: PLC0415 - only where it is asked for

        layouts = [collection_of(folder, name).layout for name in collections]
        with progress("clusters") as told:
            _tell("all together", export_clusters(layouts, target, chosen, told), "")


def chosen_formats(text: str) -> tuple[Format, ...]:
    """Return the formats that an option names. Raises `ConfigurationError`."""
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [part for part in wanted if part not in {*FORMATS, "all"}]
    if unknown or not wanted:
        raise ConfigurationError(
            f"--format {text!r}: expected one or several of {', '.join(FORMATS)}, with commas between them, or all"
        )
    return tuple(name for name in FORMATS if name in wanted or "all" in wanted)


def _tell(name: str, done: Exported, when: str) -> None:
    rows = ", ".join(counted(count, table) for table, count in done.rows.items())
    typer.echo(f"{name}: {rows}{when}")
    if not done.published:
        typer.echo(f"  {done.folder}: another export brought a later state meanwhile, which stays")
        return
    for file in done.files:
        typer.echo(f"  {done.folder / file}")
