"""`newsarchive snapshot`: a named release of a collection's datasets, and the proof that the archive gives it again."""

import time
from pathlib import Path
from typing import Annotated

import typer

from newsarchive.cli.export import chosen_formats
from newsarchive.cli.instants import past_instant
from newsarchive.cli.options import SOFTWARE, Archive, Exports, archive_folder, exports_folder
from newsarchive.cli.progress import progress
from newsarchive.cli.terminal import counted, one_line
from newsarchive.datasets.snapshot import Comparison, checked_name, compare_snapshot, make_snapshot
from newsarchive.datasets.snapshot_files import SUMS
from newsarchive.errors import ConfigurationError, DamageError
from newsarchive.operations.access import Held, collection_of
from newsarchive.operations.sealed import sealed_instant
from newsarchive.store.events import withdrawals
from newsarchive.timestamps import iso

VERSION = SOFTWARE.partition("/")[2]


def snapshot(  # noqa: PLR0913 - the command's options
    site: Annotated[str, typer.Argument(metavar="SITE", help="The collection.")],
    *,
    name: Annotated[
        str | None, typer.Option(help="Name of the snapshot. Default: its instant, such as 20261122T071500Z.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="What was recorded by then: a day (to its end, in the site's zone) or an instant."),
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option(
            "--format", "--formats", help="One or several of jsonl, csv, parquet, sqlite. Default: jsonl,csv."
        ),
    ] = None,
    again: Annotated[
        str | None, typer.Option(metavar="NAME", help="Make the snapshot NAME again, and compare the two.")
    ] = None,
    into: Annotated[Path | None, typer.Option(help="With --again: keep the new one in this folder.")] = None,
    archive: Archive = None,
    exports: Exports = None,
) -> None:
    """Freeze a named release of the datasets.

    Below EXPORTS/SITE/snapshots/NAME: the datasets, what describes them, since.jsonl with the articles that are others
    than in the snapshot before, SHA256SUMS, and snapshot.json with the instant, the parser's versions and all that it
    takes to make it again. A snapshot is never overwritten.

    With --again the same is made a second time, from the archive alone, and compared with the frozen one byte for
    byte. Exit code 6 where they differ.
    """
    if again is not None and (name, as_of, formats) != (None, None, None):
        raise ConfigurationError("--again: makes what its snapshot.json says; leave --name, --as-of and --format out")
    if into is not None and again is None:
        raise ConfigurationError("--into: goes with --again; a new snapshot lies below --exports")
    held, target = collection_of(archive_folder(archive), site), exports_folder(exports)
    if again is not None:
        with progress(site) as told:
            compared = compare_snapshot(held.layout, target, again, into=into, software=VERSION, progress=told)
        _tell(held, again, compared)
        return
    chosen = chosen_formats(formats or "jsonl,csv")
    if name is not None:
        checked_name(name)
    until = past_instant("--as-of", as_of, held.scope.site.zone) if as_of else None
    sealed = sealed_instant(held, until, time.time, time.sleep)
    with progress(site) as told:
        made = make_snapshot(
            held.layout, held.scope.site, target, sealed, chosen, name=name, software=VERSION, progress=told
        )
    note = made.note
    rows = ", ".join(counted(count, table) for table, count in note.rows.items() if table != "since")
    typer.echo(one_line(f"{site}: snapshot {note.name}, as of {iso(note.as_of)}: {rows}"))
    if note.previous is not None:
        changes = ", ".join(f"{count} {change}" for change, count in note.changes.items()) or "nothing changed"
        typer.echo(f"  since {note.previous.name}: {changes}")
    for file in (*made.files, SUMS):
        typer.echo("  " + one_line(str(made.folder / file)))


def _tell(held: Held, name: str, compared: Comparison) -> None:
    """Say whether the two are equal. Raises `DamageError` where they are not."""
    for part, (then, now) in compared.versions.items():
        typer.echo(one_line(f"{name}: was made with {part} {then}, now it is {now}"))
    if compared.altered:
        raise DamageError(
            f"{name}: {_listed(compared.altered)}: not what its {SUMS} says; restore the snapshot from a copy"
        )
    if compared.different:
        raise DamageError(
            f"{name}: {_listed(compared.different)}: the archive gives other bytes; {_why(held, compared)}"
        )
    typer.echo(
        one_line(f"{name}: made again from the archive: {counted(compared.files, 'files')}, equal byte for byte")
    )


def _why(held: Held, compared: Comparison) -> str:
    if withdrawn := withdrawals(held.layout):
        return f"articles that were withdrawn are in no dataset that is made since: {_listed(tuple(withdrawn))}"
    if compared.versions:
        return "install the versions that its snapshot.json names, and try again"
    return f"run `newsarchive verify {held.layout.folder.name}`"


def _listed(names: tuple[str, ...], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
