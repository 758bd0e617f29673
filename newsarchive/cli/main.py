"""The command `newsarchive`: its commands, its one-line errors, its exit codes.

A command is a function with annotated parameters, in a module of its own that is imported when the command is
used: `newsarchive --help` and `newsarchive try` never load Scrapy. It returns None, or the exit code if that is
not 0, and lets its errors go: what is printed of them is settled here.
"""

import errno
import importlib
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple, NoReturn

import typer

import newsarchive
from newsarchive import collector
from newsarchive.cli.terminal import complain, prepare_streams
from newsarchive.environment import make_files_private
from newsarchive.errors import NewsarchiveError, StorageError, WrittenError

USAGE = 2
INTERRUPTED = 130

EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS})
"""What the system says when there is no room, no file handle, or a disk that fails; it may say so anywhere."""


class Command(NamedTuple):
    """Where a command lives, and how its docstring begins."""

    target: str
    summary: str


COMMANDS = {
    "demo": Command("newsarchive.cli.demo:demo", "Crawl a bundled sample site on this machine, end to end."),
    "crawl": Command("newsarchive.cli.crawl:crawl", "Crawl the news of one site or several into their collections."),
    "status": Command("newsarchive.cli.status:status", "Show what every collection holds, and its last verdict."),
    "runs": Command("newsarchive.cli.status:runs", "List the last runs of a collection."),
    "watch": Command("newsarchive.cli.watch:watch", "Keep crawling: each site when it is due, until it is stopped."),
    "schedule": Command("newsarchive.cli.schedule:schedule", "Print what makes systemd or cron crawl a site."),
    "try": Command("newsarchive.cli.try_pages:try_pages", "Show what the parser reads on pages, and where."),
    "changes": Command("newsarchive.cli.history:changes", "List what was added, edited, removed and restored."),
    "diff": Command("newsarchive.cli.history:diff", "Show what differs between two revisions of an article."),
    "audit": Command("newsarchive.cli.audit:audit", "Show what the site's lists promise and what is missing."),
    "report": Command("newsarchive.cli.report:report", "Write a report of a collection: one HTML file."),
    "search": Command("newsarchive.cli.search:search", "Find articles by words of their title and text."),
    "export": Command("newsarchive.cli.export:export", "Write datasets: JSON Lines, CSV, Parquet, SQLite."),
    "snapshot": Command("newsarchive.cli.snapshot:snapshot", "Freeze a named release of the datasets."),
    "cite": Command("newsarchive.cli.cite:cite", "Cite an article: GB/T 7714, APA, BibTeX, CSL-JSON."),
    "import": Command(
        "newsarchive.cli.imports:import_files", "Begin a collection with what others crawled, or go on with it."
    ),
    "package": Command("newsarchive.cli.packages:package", "Make a package (WACZ 1.1.1) of what was captured."),
    "inspect": Command("newsarchive.cli.packages:inspect", "Check that a package is what its maker wrote."),
    "replay": Command("newsarchive.cli.replay:replay", "Look at what was captured, as it looked then."),
    "deposit": Command("newsarchive.cli.outward:deposit", "Write a collection as a bag (BagIt 1.0)."),
    "timemap": Command("newsarchive.cli.outward:timemap", "Show when an article was captured: a Memento TimeMap."),
    "verify": Command("newsarchive.cli.upkeep:verify", "Check that collections are what was committed."),
    "rebuild": Command("newsarchive.cli.upkeep:rebuild", "Make the catalogue of collections again."),
    "reparse": Command("newsarchive.cli.reread:reparse", "Read all captures again with today's parser."),
    "withdraw": Command("newsarchive.cli.upkeep:withdraw", "Take a page out of a collection for good."),
    "config": Command("newsarchive.cli.config:config", "Show every setting, and where its value comes from."),
    "check": Command("newsarchive.cli.check:check", "Say whether a site still reads well, field by field."),
    "new-site": Command("newsarchive.cli.new_site:new_site", "Draft a site file from what a small crawl sees."),
    "sites": Command("newsarchive.cli.sites:sites", "List the declared sites, built-in and your own."),
}
"""Every command by name, in the order of the help page; the order in which a newcomer meets them."""


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    prepare_streams()
    make_files_private()
    code = exit_code_of(sys.argv[1:])
    # What was asked for has ended, and how is known: an interrupt while Python tidies up would replace the exit code.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


def exit_code_of(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name and return its exit code; a failure is one line on standard error."""
    options, debug = _without_debug(arguments)
    try:
        code = _app(options)(args=options or ["--help"], prog_name="newsarchive", standalone_mode=False)
        sys.stdout.flush()
    except Exception as error:  # noqa: BLE001 - the last place where an error can become one line
        if debug:
            traceback.print_exc()
        return _explained(error)
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except SystemExit:
        # Typer's way to end a command whose reader has gone.
        return INTERRUPTED
    if not options:
        return USAGE
    return code if isinstance(code, int) else 0


def _without_debug(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """Take `--debug` out of the options, before or after the command's name."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = [argument for argument in arguments[:end] if argument != "--debug"]
    return [*options, *arguments[end:]], len(options) < end


def _app(arguments: Sequence[str]) -> typer.Typer:
    """Return the command line, with the code behind the one command that is asked for."""
    app = typer.Typer(add_completion=False, rich_markup_mode="markdown")
    app.callback()(_global_options)
    wanted = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name, command in COMMANDS.items():
        function = load_command(name) if name == wanted else _only_listed
        app.command(name, help=None if name == wanted else command.summary)(function)
    return app


def load_command(name: str) -> Callable[..., Any]:
    """Return the function behind a command of `COMMANDS`."""
    module, _, function = COMMANDS[name].target.partition(":")
    with collector.loading():
        loaded: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return loaded


def _only_listed() -> None:
    """Stand on the help page for a command that was not asked for."""


def _show_version(shown: bool) -> None:  # noqa: FBT001 - Typer calls it with the option's value
    if shown:
        typer.echo(f"newsarchive {newsarchive.__version__}")
        raise typer.Exit


def _global_options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_show_version)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Keep a living, citable archive of an institute's news.

    It crawls politely, preserves every page as it was served, reads each page into a typed record and keeps
    every revision. Begin with `newsarchive demo`.
    """


def _explained(error: Exception) -> int:
    """Print the line that says what went wrong and return the exit code that stands for it."""
    if isinstance(error, BrokenPipeError):
        # The reader has seen enough (`| head`). What is still buffered goes nowhere, or Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED
    if isinstance(error, NewsarchiveError):
        for line in error.lines if isinstance(error, WrittenError) else (str(error),):
            complain(line)
        return error.exit_code
    if (text := _exhausted(error)) is not None:
        complain(f"{text}, then run the same again")
        return StorageError.exit_code
    if isinstance(error, typer.TyperException):
        return _explained_usage(error)
    if isinstance(error, typer.Abort):
        complain("interrupted")
        return INTERRUPTED
    complain(f"unexpected {type(error).__name__}: {error}; `newsarchive --debug …` shows where")
    return 1


def _exhausted(error: Exception) -> str | None:
    """Return what to say of an error that is about the disk or a limit; None for any other."""
    if isinstance(error, OSError) and error.errno in EXHAUSTED:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}; make room, mend the disk or raise the limit"
    import sqlite3  # noqa: PLC0415 - with the next one five milliseconds, for what most commands never need

    from newsarchive.store.guard import is_of_disk  # noqa: PLC0415

    if isinstance(error, sqlite3.Error) and is_of_disk(error):
        # What a command has to remember lies in temporary files of SQLite.
        return f"{error}; make room or mend the disk, also for temporary files ({tempfile.gettempdir()})"
    return None


def _explained_usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    hint = f"; see `{context.command_path} --help`" if context else ""
    complain(f"{error.format_message().rstrip('.')}{hint}")
    return error.exit_code


if __name__ == "__main__":
    main()
