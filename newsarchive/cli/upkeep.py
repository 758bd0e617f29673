"""`newsarchive verify` and `newsarchive rebuild`: whether a collection is sound, and its index again."""

import time

import typer

from newsarchive.cli.options import Archive, Names, archive_folder, chosen_collections
from newsarchive.cli.terminal import one_line
from newsarchive.errors import DamageError
from newsarchive.operations.access import collection_of
from newsarchive.operations.rebuild import rebuild_catalogue


def verify(names: Names = None, *, archive: Archive = None) -> int:
    """Check that collections are what was committed: every byte, every record, every capture that a line names.

    Prints one line for each damage, with file and offset, and changes nothing. Exit codes: 0 sound, 6 damage found.
    """
    from newsarchive.operations.verify import verify as damages_of  # noqa: PLC0415 - the name is the command's

    folder = archive_folder(archive)
    code = 0
    for name in chosen_collections(folder, names):
        count = 0
        try:
            for damage in damages_of(collection_of(folder, name)):
                count += 1
                typer.echo(one_line(str(damage)))
        except DamageError as error:
            count += 1
            typer.echo(one_line(str(error)))
        typer.echo(f"{name}: {f'{count} damages' if count else 'sound'}")
        code = max(code, DamageError.exit_code if count else 0)
    return code


def rebuild(names: Names = None, *, archive: Archive = None) -> None:
    """Make the catalogue of collections again from their captures, revisions and runs.

    The old catalogue is replaced when the new one is whole. Not in it, since every run makes it anew: robots.txt
    rules, and a host's failures in a row.
    """
    folder = archive_folder(archive)
    for name in chosen_collections(folder, names):
        done = rebuild_catalogue(collection_of(folder, name), time.time())
        typer.echo(f"{name}: catalogue made from {done.outcomes} outcomes and {done.revisions} revisions")
