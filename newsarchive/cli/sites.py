"""`newsarchive sites`: the declared sites."""

import json
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from newsarchive.cli.tables import print_table
from newsarchive.cli.terminal import complain, printable
from newsarchive.sites import DeclaredSite, survey


def sites(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per site: its file and every field.")] = False,
) -> int:
    """List the declared sites, built-in and your own.

    Your own are the files `*.toml` in `./sites/`, or in the folder that `NEWSARCHIVE_SITES` names. CONTRIBUTING.md
    shows how one is written.
    """
    found = survey()
    if as_json:
        for declared in found.sites:
            fields = {
                "file": str(declared.path),
                "built_in": declared.built_in,
                **declared.site.model_dump(mode="json"),
            }
            typer.echo(json.dumps(fields, ensure_ascii=False))
    else:
        print_table(_table(found.sites))
    for line in (line for error in found.errors for line in error.lines):
        complain(line)
    return found.errors[0].exit_code if found.errors else 0


def _table(declared_sites: tuple[DeclaredSite, ...]) -> Table:
    table = Table("site", "institute", "home page", "declared in", box=None, pad_edge=False)
    for declared in declared_sites:
        place = "built in" if declared.built_in else str(declared.path)
        if declared.replaces:
            place += " (instead of the built-in one)"
        cells = (declared.site.name, declared.site.title, declared.site.home, place)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table
