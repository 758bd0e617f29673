"""The pages of the documentation that are made of the program: commands and options, and the fields of its records.

`python -m newsarchive.cli.reference --write` writes them; without `--write` it says whether they are current.
"""

import sys
import typing
from collections.abc import Iterator
from pathlib import Path

import typer
from pydantic import BaseModel
from typer.main import get_command

from newsarchive.cli.main import COMMANDS, load_command
from newsarchive.operations.check import FieldCheck, SiteCheck
from newsarchive.operations.status import RunLine, Status
from newsarchive.records.description import Description
from newsarchive.records.outcome import Outcome
from newsarchive.records.run import RunReport
from newsarchive.records.site import Expectations, Pager, Rewrite, Site
from newsarchive.records.snapshot import SnapshotNote, SnapshotRef
from newsarchive.records.verdict import ClassTally, Evidence, ListTally, Verdict

DOCS = Path(__file__).parents[2] / "docs"

RECORDS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("A site file", "`sites/NAME.toml`; [CONTRIBUTING.md](../CONTRIBUTING.md) shows one.", Site),
    ("`[expect]` of a site file", "What a run is to find; see [verdicts.md](verdicts.md).", Expectations),
    ("`[[pagers]]` of a site file", "How the pages of a list are numbered.", Pager),
    ("`[[rewrite_url]]` of a site file", "Another spelling of a page's URL.", Rewrite),
    ("An outcome", "A line of `runs/<run>.jsonl`.", Outcome),
    ("A run's report", "`runs/<run>.json`, and `report` in `newsarchive runs --json`.", RunReport),
    ("A verdict", "`verdict` in a report.", Verdict),
    ("Evidence", "`evidence` in a verdict.", Evidence),
    ("A class tally", "`page_classes` in a report.", ClassTally),
    ("A list tally", "`lists` in a report.", ListTally),
    ("A snapshot", "`snapshot.json`; see [citing.md](citing.md).", SnapshotNote),
    ("The snapshot before", "`previous` in it.", SnapshotRef),
    ("A description", "`about` in it: what the site file said.", Description),
    ("`newsarchive runs --json`", "One line per run.", RunLine),
    ("`newsarchive status --json`", "One line per collection.", Status),
    ("`newsarchive check --json`", "One line.", SiteCheck),
    ("A field in a check", "`fields` in it.", FieldCheck),
)
"""What is described, by heading; the fields of datasets are in the data dictionary."""


def commands_page() -> str:
    """Return the page of commands and options, as `--help` has them."""
    parts = [
        "# Commands\n",
        "Made from the program by `make dictionary`; `newsarchive COMMAND --help` says the same. `--debug` before",
        "or after a command shows the traceback of an error, `--version` the version.\n",
        "| command | does |\n|---|---|",
        *(f"| [`{name}`](#{name}) | {_cell(command.summary)} |" for name, command in COMMANDS.items()),
    ]
    for name in COMMANDS:
        parts += ["", f"## {name}", "", *_command(name)]
    return "\n".join(parts) + "\n"


def _command(name: str) -> Iterator[str]:
    app = typer.Typer(add_completion=False)
    app.command(name)(load_command(name))
    found = get_command(app)
    arguments = [option for option in found.params if not option.opts[0].startswith("-")]
    shown = " ".join(option.metavar or option.opts[0].upper() for option in arguments)
    yield f"`newsarchive {name}{' ' if shown else ''}{shown}`"
    yield ""
    yield " ".join((found.help or "").replace("\n\n", "\x00").split()).replace("\x00", "\n\n")
    options = [option for option in found.params if option.opts[0].startswith("-")]
    if options:
        yield "\n| option | |\n|---|---|"
        for option in options:
            yield f"| `{'`, `'.join(option.opts)}` | {_cell(str(getattr(option, 'help', '') or ''))} |"


def fields_page() -> str:
    """Return the page of the records that are no datasets: site files, outcomes, reports, verdicts, answers as JSON."""
    parts = [
        "# Fields\n",
        "Of what is written beside the datasets, made from the program by `make dictionary`. The fields of articles",
        "and the other datasets are in the [data dictionary](../exports/README.md).\n",
    ]
    for heading, what, record in RECORDS:
        parts += [f"## {heading}\n", f"{what}\n", "| field | type | meaning |", "|---|---|---|"]
        for name, field in record.model_fields.items():
            if field.exclude:
                continue
            meaning = _cell(field.description or "")
            parts.append(f"| `{name}` | {_type(field.annotation)} | {meaning} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


_NAMES = {
    "str": "text", "int": "whole number", "float": "number", "bool": "true or false", "NoneType": "null",
    "AwareDatetime": "instant, RFC 3339", "datetime": "instant, RFC 3339",
}  # fmt: skip


def _type(annotation: object) -> str:
    """Return a type in words: `list of text`, `text or null`."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _type(arguments[0])
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"table of {_type(arguments[1])}"
    if arguments:  # a union
        return " or ".join(_type(argument) for argument in arguments)
    name = getattr(annotation, "__name__", str(annotation))
    return _NAMES.get(name, f"`{name}`")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES = {"commands.md": commands_page, "fields.md": fields_page}
"""Every page that is made, by its name in docs/."""


def main() -> int:
    """Write the pages, or say which are not current."""
    write = "--write" in sys.argv[1:]
    stale = []
    for name, page in PAGES.items():
        path, text = DOCS / name, page()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if write:
            path.write_text(text, encoding="utf-8")
    if stale and not write:
        sys.stderr.write(f"docs: {', '.join(stale)} not current; run `make dictionary`\n")
    return int(bool(stale) and not write)


if __name__ == "__main__":
    sys.exit(main())
