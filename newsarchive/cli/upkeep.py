"""`newsarchive verify`, `rebuild`, `withdraw`: is a collection sound, its catalogue again, a page out of it."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

import newsarchive
from newsarchive.cli.options import Archive, Exports, Names, archive_folder, chosen_collections, exports_folder
from newsarchive.cli.terminal import counted, one_line
from newsarchive.datasets.withdrawn import leftovers, publish_without
from newsarchive.errors import ConfigurationError, DamageError
from newsarchive.operations.access import collection_of
from newsarchive.operations.rebuild import rebuild_catalogue
from newsarchive.operations.rolling import verify_sample
from newsarchive.operations.withdraw import withdraw as take_out

WHOLE = 100
AGENT = f"newsarchive {newsarchive.__version__}"


def verify(
    names: Names = None,
    *,
    sample: Annotated[
        str | None, typer.Option(help="Such as 5%: only so much of the bytes, what was looked at longest ago first.")
    ] = None,
    archive: Archive = None,
) -> int:
    """Check that collections are what was committed: every byte, every record, every capture that a line names.

    Prints one line for each damage, with file and offset, and changes nothing. With --sample, for a schedule: the
    outcome is also logged, in PREMIS terms, in the collection's `events.jsonl`. Exit codes: 0 sound, 6 damage found.
    """
    if sample is not None:
        return _verify_share(chosen_collections(archive_folder(archive), names), archive_folder(archive), sample)
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
        typer.echo(f"{name}: {counted(count, 'damages') if count else 'sound'}")
        code = max(code, DamageError.exit_code if count else 0)
    return code


def _verify_share(names: list[str], folder: Path, sample: str) -> int:
    share = _share(sample)
    code = 0
    for name in names:
        done = verify_sample(collection_of(folder, name), share, time.time, AGENT)
        for damage in done.damages:
            typer.echo(one_line(str(damage)))
        outcome = counted(len(done.damages), "damages") if done.damages else "sound"
        typer.echo(f"{name}: {len(done.events)} of {counted(done.files, 'files')} looked at: {outcome}")
        code = max(code, DamageError.exit_code if done.damages else 0)
    return code


def _share(sample: str) -> float:
    try:
        percent = float(sample.strip().removesuffix("%"))
    except ValueError:
        percent = 0
    if not 0 < percent <= WHOLE:
        raise ConfigurationError(f"--sample {sample!r}: expected a share of the bytes such as 5%")
    return percent / WHOLE


def withdraw(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="The article, as SITE/KEY.")],
    *,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "not stated",
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    archive: Archive = None,
    exports: Exports = None,
) -> None:
    """Take a page out of a collection for good: its captures, what was read from them, and its place in the dataset.

    A tombstone stays in each place, so that the collection still proves whole. Pages of the very same bytes go with it.
    The page is not asked for again. The datasets are written anew; what was made before and may still hold the page
    (snapshots, packages, bags, other files among the exports) is named, and left alone. Other copies are yours to find.
    """
    site, slash, _ = article_id.partition("/")
    if not slash:
        raise ConfigurationError(f"{article_id}: expected an article's id, SITE/KEY, such as icas/202012/1044")
    held = collection_of(archive_folder(archive), site)
    if not yes:
        if not sys.stdin.isatty():
            raise ConfigurationError(f"{article_id}: withdrawing cannot be undone; add --yes")
        typer.confirm(f"Take {article_id} out of {held.layout.folder} for good?", abort=True)
    done = take_out(held, article_id, reason, time.time(), AGENT)
    taken = publish_without(held.layout, exports_folder(exports), held.scope.site)
    gone = ", ".join(done.articles)
    done_of = f"{counted(len(done.records), 'records')}, {counted(len(done.lines), 'revisions')}"
    typer.echo(f"{site}: withdrawn {gone}: {done_of}")
    for path, command in taken.items():
        typer.echo(one_line(f"  {path}: removed; `{command}` makes it again"))
    # A bag is made in the folder where one works, or beside the archive.
    places = (held.layout.folder.parent, held.layout.folder.parent.absolute().parent, Path.cwd())
    for made in leftovers(held.layout, exports_folder(exports), places):
        typer.echo(one_line(f"  {made}: was made before, and may hold what was withdrawn; remove it if it has to go"))
    typer.echo("  What was copied or handed on to other places cannot be known here: it is yours to follow up")


def rebuild(names: Names = None, *, archive: Archive = None) -> None:
    """Make the catalogue of collections again from their captures, revisions and runs.

    The old catalogue is replaced when the new one is whole. Not in it, since every run makes it anew: robots.txt
    rules, and a host's failures in a row.
    """
    folder = archive_folder(archive)
    for name in chosen_collections(folder, names):
        done = rebuild_catalogue(collection_of(folder, name), time.time())
        made_of = f"{counted(done.outcomes, 'outcomes')} and {counted(done.revisions, 'revisions')}"
        typer.echo(f"{name}: catalogue made from {made_of}")
