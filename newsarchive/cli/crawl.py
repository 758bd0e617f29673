"""`newsarchive crawl`: one run of one site or several."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from newsarchive import collector
from newsarchive.cli.aftermath import Aftermath
from newsarchive.cli.config import check_site_tables
from newsarchive.cli.options import Archive, Exports, LogFormat, Quiet, archive_folder, exports_folder, log_lines
from newsarchive.cli.processes import Child, crawl_apart, worst
from newsarchive.cli.settings import chosen_sites
from newsarchive.cli.summary import print_summary
from newsarchive.cli.tables import print_table
from newsarchive.cli.terminal import one_line
from newsarchive.configuration import read_configuration
from newsarchive.errors import ConfigurationError
from newsarchive.loglines import Format, LogLines
from newsarchive.records.site import Site
from newsarchive.sites.scope import Scope, rebased
from newsarchive.store.layout import Layout
from newsarchive.store.reports import read_reports

if TYPE_CHECKING:
    from newsarchive.run import CrawlOptions

REPORTED = frozenset({0, 3, 7})
"""Exit codes of runs that leave a report of their own."""

UNEXPECTED = 1


def crawl(  # noqa: PLR0913 - the command's options
    names: Annotated[
        list[str] | None, typer.Argument(metavar="SITE…", help="Sites to crawl; `newsarchive sites` lists them.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Crawl every declared site.")] = False,
    processes: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Crawl each site in a process of its own, at most so many at a time. Default: with --all as many "
            "as there are cores; else all sites in this process.",
        ),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Crawl a copy of the site at this origin (a mirror, a test server).")
    ] = None,
    archive: Archive = None,
    exports: Exports = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Visit at most this many articles; the rest stays due.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Ask for every known page again, due or not.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what a run would do; ask for nothing, write nothing.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show Scrapy's log.")] = False,
    quiet: Quiet = False,
    log_format: LogFormat = None,
) -> int:
    """Crawl the news of one site or several into their collections.

    Every exchange is preserved (WARC), every new or changed article becomes a revision, and the latest of each is
    written to EXPORTS/SITE/articles.jsonl. A run that is stopped, or killed, goes on where it was.

    Exit codes: 0 done, 2 usage or configuration, 3 work left, 4 another process writes the collection, 5 storage full
    or failing, 6 damage found, 7 the site is broken or degraded, 130 interrupted. Of several sites the first of 130, 1,
    6, 5, 4, 2, 7, 3 is told.
    """
    configuration = read_configuration()
    check_site_tables(configuration)
    chosen, failed = chosen_sites("crawl", names or [], every=every)
    if base_url is not None and len(chosen) > 1:
        raise ConfigurationError("--base-url: goes with one SITE; crawl the copies one by one")
    home, published = archive_folder(archive), exports_folder(exports)
    if dry_run:
        return worst([*failed, _show_plan(chosen, home, base_url)])
    if every or processes is not None:
        told = _as_told(
            base_url=base_url, archive=home, exports=published, limit=limit, full=full, verbose=verbose, quiet=quiet,
            log_format=log_format,
        )  # fmt: skip
        return worst([*failed, *_crawl_apart(chosen, told, processes or os.cpu_count() or 1, home)])
    with collector.loading():
        from newsarchive.run import CrawlOptions  # noqa: PLC0415 - Scrapy loads for real crawls only
    options = CrawlOptions(
        archive=home, exports=published, contact=configuration.crawl.contact, base_url=base_url, limit=limit, full=full,
        log_level="INFO" if verbose else "ERROR", lines=log_lines(configuration, quiet=quiet, form=log_format),
    )  # fmt: skip
    return _crawl_here(chosen, options, Aftermath(configuration, home, options.lines))


def _crawl_here(sites: Sequence[Site], options: "CrawlOptions", aftermath: Aftermath) -> int:
    """Crawl, tell how each run ended to whoever wants to know, and return the exit code."""
    from newsarchive.run import crawl as crawl_here  # noqa: PLC0415 - as above

    lines = options.lines
    try:
        runs = crawl_here(sites, options)
    except Exception as error:
        for site in sites:
            aftermath.settle(site, UNEXPECTED, None, f"unexpected {type(error).__name__}: {error}")
        raise
    for ended in runs:
        if ended.report is not None and not lines.quiet and lines.form is Format.PLAIN:
            print_summary(ended.report, options.archive, options.exports)
        error_text = str(ended.error) if ended.error else None
        if error_text is not None:
            _tell_error(lines, ended.site.name, error_text)
        if ended.exit_code != ConfigurationError.exit_code:  # told to whoever typed it, and nobody else can help
            aftermath.settle(ended.site, ended.exit_code, ended.report, error_text)
    aftermath.publish()
    return worst([ended.exit_code for ended in runs])


def _tell_error(lines: LogLines, site: str, text: str) -> None:
    if lines.form is Format.JSON:
        lines.tell("error", site, text)
    else:
        lines.write(f"newsarchive: {one_line(text)}")


def _as_told(**options: str | Path | int | bool | None) -> list[str]:
    """Return options as they are typed; those that were not given are left out."""
    told: list[str] = []
    for name, value in options.items():
        if value is not None and value is not False:
            told += [f"--{name.replace('_', '-')}", *(() if value is True else (str(value),))]
    return told


def _crawl_apart(sites: Sequence[Site], options: Sequence[str], processes: int, archive: Path) -> list[int]:
    ended: list[Child] = []
    for child in crawl_apart([site.name for site in sites], options, processes):
        ended.append(child)
        typer.echo(f"{child.site}: exit code {child.code}, {len(ended)} of {len(sites)} sites done")
    table = Table(box=None, pad_edge=False)
    for name in ("site", "exit code", "verdict", "new", "changed", "seconds"):
        table.add_column(name, justify="left" if name in {"site", "verdict"} else "right")
    for child in sorted(ended):
        reports = read_reports(Layout(archive, child.site), last=1).reports if child.code in REPORTED else ()
        last = reports[-1] if reports else None
        verdict = last.verdict.state if last and last.verdict else "-"
        numbers = (last.articles_new, last.articles_changed) if last else ("", "")
        table.add_row(child.site, str(child.code), verdict, *map(str, numbers), f"{child.seconds:.0f}")
    print_table(table)
    return [child.code for child in ended]


def _show_plan(sites: Sequence[Site], archive: Path, base_url: str | None) -> int:
    from newsarchive.store.plan import plan_of  # noqa: PLC0415 - only here

    for declared in sites:
        site = rebased(declared, base_url) if base_url else declared
        for line in plan_of(archive, Scope(site), int(time.time())):
            typer.echo(line)
    return 0
