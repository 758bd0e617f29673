"""`newsarchive schedule`: what makes systemd or cron crawl a site."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from newsarchive.cli.config import check_site_tables
from newsarchive.cli.options import Archive, Exports
from newsarchive.cli.settings import chosen_schedule, option, plan_of
from newsarchive.configuration import Configured, configured
from newsarchive.configuration.model import all_settings
from newsarchive.configuration.reading import VARIABLE
from newsarchive.configuration.values import Span
from newsarchive.environment import variables
from newsarchive.errors import ConfigurationError
from newsarchive.extensions.introduction import is_live
from newsarchive.records.site import Site
from newsarchive.sites import load_site
from newsarchive.store.guard import unwritable
from newsarchive.store.layout import write_atomically
from newsarchive.watching.units import Job, NotExpressibleError, crontab, service, timer


def schedule(  # noqa: PLR0913 - the command's options
    name: Annotated[str, typer.Argument(metavar="SITE", help="The site to crawl.")],
    *,
    systemd: Annotated[bool, typer.Option("--systemd", help="A service and its timer.")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="Lines for a crontab.")] = False,
    every: Annotated[str | None, typer.Option(help="From one start to the next: 15m, 6h, 1d.")] = None,
    at: Annotated[
        str | None, typer.Option(help='When to start, in the site\'s zone: five fields of cron such as "30 3 * * *".')
    ] = None,
    jitter: Annotated[str | None, typer.Option(help="Longest time by which systemd puts a start off.")] = None,
    output: Annotated[Path | None, typer.Option(help="Write the unit files into this folder.")] = None,
    archive: Archive = None,
    exports: Exports = None,
) -> None:
    """Print what makes systemd or cron crawl a site.

    Then `newsarchive watch` is not needed. Every path in it is absolute. Settings come from the configuration file and
    the variables at the time of this command; secrets are never written into it. Without --every and --at the
    configuration says when.

    Exit codes: 0 done, 2 usage or configuration, 5 the folder cannot be written.
    """
    if systemd == cron:
        raise ConfigurationError("schedule: expected --systemd or --cron")
    if cron and output is not None:
        raise ConfigurationError("--output: goes with --systemd; a crontab is written by `crontab -e`")
    found = configured()
    check_site_tables(found.configuration)
    site = load_site(name)
    chosen = chosen_schedule(every, at, name="--at")
    plan = plan_of(site, found.configuration, chosen, None, option("--jitter", jitter, Span.read))
    if plan.window is not None:
        raise ConfigurationError(f"{name}: a window ({plan.window}) is kept by `newsarchive watch` only")
    job = _job(name, found, archive, exports)
    _check_contact(site, found)
    if systemd:
        _make(job.writes)  # what a unit may write has to be there when it starts
    try:
        texts = (
            {"": crontab(plan, job)}
            if cron
            else {f"newsarchive-{name}.service": service(plan, job), f"newsarchive-{name}.timer": timer(plan)}
        )
    except NotExpressibleError as error:
        raise ConfigurationError(f"{name}: {error}") from error
    if output is None:
        for file, text in texts.items():
            typer.echo(f"# {file}\n{text}" if file else text, nl=bool(file))
        return
    try:
        output.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            write_atomically(output / file, text.encode())
            typer.echo(str(output / file))
    except OSError as error:
        raise unwritable(output, error, "choose another --output") from error


def _check_contact(site: Site, found: Configured) -> None:
    """Raise `ConfigurationError` where every crawl would be refused, since nobody says who crawls."""
    if is_live(site) and not found.configuration.crawl.contact:
        raise ConfigurationError(
            f"{site.name}: every crawl of {site.origin} would be refused without a contact; set NEWSARCHIVE_CONTACT, "
            "or contact in newsarchive.toml, first"
        )


def _make(folders: Sequence[Path]) -> None:
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(folder, error, "choose another folder") from error


def _job(name: str, found: Configured, archive: Path | None, exports: Path | None) -> Job:
    folders = found.configuration.folders
    kept, published = (archive or folders.archive).absolute(), (exports or folders.exports).absolute()
    program = Path(sys.executable).with_name("newsarchive")
    start = [str(program)] if program.exists() else [sys.executable, "-m", "newsarchive.cli.main"]
    command = [*start, "crawl", name, "--archive", str(kept), "--exports", str(published)]
    metrics = found.configuration.metrics.file
    writes = [kept, published, *([metrics.absolute().parent] if metrics else [])]
    return Job([*command, "--quiet"], Path.cwd(), writes, _carried(found))


def _carried(found: Configured) -> dict[str, str]:
    """Return the variables that the crawl needs as well, paths absolute. Raises `ConfigurationError` for a secret."""
    given = variables()
    carried = {} if found.file is None else {VARIABLE: str(found.file.absolute())}
    for setting in all_settings():
        if setting.variable not in given or setting.key in {"folders.archive", "folders.exports"}:
            continue
        if setting.secret:
            raise ConfigurationError(
                f"{setting.variable}: would be written down in plain; put it into a file of its own that "
                f"{setting.section}.{setting.secret.instead} names"
            )
        value = getattr(getattr(found.configuration, setting.section), setting.name)
        carried[setting.variable] = str(value.absolute()) if isinstance(value, Path) else given[setting.variable]
    return carried
