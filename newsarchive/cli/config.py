"""`newsarchive config`: every setting, and where its value comes from."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from newsarchive.cli.terminal import printable
from newsarchive.configuration import Configuration, Configured, configured
from newsarchive.configuration.described import template
from newsarchive.configuration.model import SiteSettings, all_settings, settings_of
from newsarchive.errors import ConfigurationFileError
from newsarchive.sites import survey
from newsarchive.tomlfile import nearest


class Action(StrEnum):
    """What to do with the configuration."""

    SHOW = "show"
    TEMPLATE = "template"


def config(
    action: Annotated[Action, typer.Argument(help="`show` the values, or print a `template` of the file.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="`show`: one JSON line per setting.")] = False,
) -> None:
    """Show every setting, and where its value comes from.

    The file is `newsarchive.toml` in the working folder, or the one that `NEWSARCHIVE_CONFIG` names. Everything that
    is wrong with it, or with a variable, is told at once. Secrets are shown as `***`.

    Exit codes: 0 everything can be used, 2 something cannot.
    """
    if action is Action.TEMPLATE:
        typer.echo(template(), nl=False)
        return
    found = configured()
    check_site_tables(found.configuration)
    rows = list(_rows(found))
    if as_json:
        for key, value, source in rows:
            typer.echo(json.dumps({"setting": key, "value": value, "source": source}, ensure_ascii=False))
        return
    width = max(len(key) for key, _, _ in rows)
    for key, value, source in rows:
        typer.echo(printable(f"{key:<{width}}  {'none' if value is None else value}  ({source})"))


def check_site_tables(configuration: Configuration) -> None:
    """See that every table `[site.NAME]` is of a declared site. Raises `ConfigurationFileError` for all that are not.

    Says nothing where a site file is broken: which sites there are is then not known.
    """
    found = survey()
    known = [declared.site.name for declared in found.sites]
    unknown = [name for name in configuration.site if name not in known]
    if unknown and not found.errors:
        raise ConfigurationFileError(
            *(f"[site.{name}]: no site file declares this name; {nearest(name, known)}" for name in unknown)
        )


def _rows(found: Configured) -> Iterator[tuple[str, str | None, str]]:
    for setting in all_settings():
        value = getattr(getattr(found.configuration, setting.section), setting.name)
        yield setting.key, _text(value), found.sources[setting.key]
    for name, own in found.configuration.site.items():
        for setting in settings_of(f"site.{name}", SiteSettings):
            value = getattr(own, setting.name)
            if value is not None:
                yield setting.key, _text(value), found.sources.get(setting.key, str(own.proxy_file))


def _text(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
