"""`newsarchive package` and `newsarchive inspect`: captures as one file that replays anywhere."""

import datetime as dt
import os
from functools import partial
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from newsarchive.cli.options import SOFTWARE, Archive, Exports, archive_folder, exports_folder
from newsarchive.cli.terminal import counted, one_line
from newsarchive.errors import ConfigurationError, DamageError
from newsarchive.operations.access import collection_of
from newsarchive.operations.package import Packaged, Range, write_package
from newsarchive.operations.package_check import check_package
from newsarchive.store.guard import unwritable
from newsarchive.warc.signature import public_text, read_private_key, read_public_key, signed_data


def package(  # noqa: PLR0913 - the command's options
    name: Annotated[str, typer.Argument(metavar="SITE", help="The collection.")],
    *,
    first: Annotated[
        str | None, typer.Option("--from", help="First day of the range, such as 2026-11-01, in the site's zone.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day of the range, that day included.")] = None,
    sign: Annotated[
        Path | None, typer.Option(help="Sign with the private key in this PEM file (ECDSA, P-384); no server is asked.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="File to write. Default: EXPORTS/SITE/SITE-FROM-TO.wacz.")] = None,
    archive: Archive = None,
    exports: Exports = None,
) -> None:
    """Make a package (WACZ 1.1.1) of what was captured, in a range of days or ever.

    It replays alone, in ReplayWeb.page or pywb: what the range refers to is in it. Packages of the same range are
    equal byte for byte. A segment that a run is writing is left out until the run ends.
    """
    held = collection_of(archive_folder(archive), name)
    zone = ZoneInfo(held.scope.site.zone)
    since, until = _day(first, "--from", zone), _day(last, "--to", zone)
    chosen = Range(since, until + dt.timedelta(days=1) if until else None)
    key = read_private_key(sign) if sign else None
    folder = output.parent if output else exports_folder(exports) / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{name}.{os.getpid()}.wacz.tmp"
        try:
            with temporary.open("w+b") as file:
                made = write_package(
                    held, file, chosen, software=SOFTWARE, sign=partial(signed_data, key) if key else None
                )
                file.flush()
                os.fsync(file.fileno())
            path = (
                output
                or folder / f"{name}-{made.first.astimezone(zone):%Y%m%d}-{made.last.astimezone(zone):%Y%m%d}.wacz"
            )
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(folder, error, "choose another --output") from error
    typer.echo(_told(path, made, signed=key is not None))


def _told(path: Path, made: Packaged, *, signed: bool) -> str:
    older = f" and {counted(made.originals, 'older ones')} that they refer to" if made.originals else ""
    held = f"{counted(made.captures, 'captures')}{older}, {counted(made.articles, 'articles')}"
    return f"{path}: {held}, {path.stat().st_size / 1024**2:.1f} MiB{', signed' if signed else ''}"


def _day(text: str | None, option: str, zone: ZoneInfo) -> dt.datetime | None:
    if text is None:
        return None
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), zone)
    except ValueError as error:
        raise ConfigurationError(f"{option} {text!r}: expected a day such as 2026-11-01") from error


def inspect(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The package, a .wacz file.")],
    *,
    key: Annotated[
        Path | None, typer.Option(help="PEM file with the public key that has to have signed it; got from the signer.")
    ] = None,
) -> int:
    """Check that a package is what its maker wrote: every digest, and the signature if it has one.

    No network is asked. A signature says that whoever holds the key made the package. Who that is, only --key tells.

    Exit codes: 0 sound, 2 no package, 6 damage found, or not signed with the key.
    """
    trusted = read_public_key(key) if key else None
    checked = check_package(path)
    faults = list(checked.faults)
    if trusted is not None and checked.public_key != public_text(trusted):
        faults.append("not signed" if checked.public_key is None else "signed with another key")
    for fault in faults:
        typer.echo(one_line(f"{path}: {fault}"))
    signed = "not signed" if checked.public_key is None else f"signed with {checked.public_key}"
    if not faults:
        typer.echo(one_line(f"{path}: sound, {signed}"))
    return DamageError.exit_code if faults else 0
