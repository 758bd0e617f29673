"""Values of options that are settings, too: read as the configuration reads them, told as an option."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from newsarchive.cli.terminal import complain
from newsarchive.configuration import Configuration
from newsarchive.configuration.values import Schedule, Span, Window
from newsarchive.errors import ConfigurationError
from newsarchive.records.site import Site
from newsarchive.sites import load_site, survey
from newsarchive.watching.timing import Plan


class _Spelt(Protocol):
    def __str__(self) -> str: ...


Value = TypeVar("Value", bound=_Spelt)


def option(name: str, text: str | None, read: Callable[[object], Value]) -> Value | None:
    """Return the value of an option, None where it was not given. Raises `ConfigurationError` that names the option."""
    if text is None:
        return None
    try:
        return read(text)
    except ValueError as error:
        raise ConfigurationError(f"{name}: {error}, found {text!r}") from error


def chosen_schedule(every: str | None, cron: str | None, *, name: str = "--cron") -> Schedule | None:
    """Return what `--every`, or the option called `name`, asks for.

    Raises `ConfigurationError` for both, and for what is neither.
    """
    if every is not None and cron is not None:
        raise ConfigurationError(f"--every, {name}: expected one of them")
    if every is not None:
        option("--every", every, Span.read)
    if cron is not None and len(cron.split()) != _FIELDS:
        raise ConfigurationError(f'{name}: expected five fields of cron such as "30 3 * * *", found {cron!r}')
    return option("--every", every, Schedule.read) or option(name, cron, Schedule.read)


_FIELDS = 5


def chosen_sites(command: str, names: Sequence[str], *, every: bool) -> tuple[list[Site], list[int]]:
    """Return the declared sites that are meant, and an exit code for each site file that cannot be used.

    With `every` such a file is told and left out, as is a site whose host never exists. Raises `ConfigurationError`
    where no site is named, or both are given.
    """
    if not every:
        if not names:
            raise ConfigurationError(f"{command}: name a SITE, or --all; `newsarchive sites` lists them")
        return [load_site(name) for name in dict.fromkeys(names)], []
    if names:
        raise ConfigurationError(f"{command}: expected names of sites or --all, not both")
    found = survey()
    for error in found.errors:
        complain(str(error))
    sites = [declared.site for declared in found.sites if not _nowhere(declared.site)]
    return sites, [error.exit_code for error in found.errors]


def _nowhere(site: Site) -> bool:
    """Tell whether a site's host is one that never exists (RFC 2606), as that of the bundled sample."""
    return (urlsplit(site.home).hostname or "").rpartition(".")[2] in {"test", "example", "invalid"}


def plan_of(
    site: Site,
    configuration: Configuration,
    schedule: Schedule | None = None,
    window: Window | None = None,
    jitter: Span | None = None,
) -> Plan:
    """Return when `site` is to be crawled: as options say, else as its own table does, else as for all sites."""
    own = configuration.site.get(site.name)
    watch = configuration.watch
    return Plan(
        site=site.name,
        schedule=schedule or (own.schedule if own else None) or watch.schedule,
        zone=site.zone,
        window=window or (own.window if own else None) or watch.window,
        jitter_seconds=(jitter or watch.jitter).seconds,
    )
