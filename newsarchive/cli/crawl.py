"""`newsarchive crawl`: one run of one site or several."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsarchive.cli.aftermath import Aftermath
from newsarchive.cli.config import check_site_tables
from newsarchive.cli.options import Archive, Exports, LogFormat, Quiet, log_lines
from newsarchive.cli.settings import chosen_sites
from newsarchive.cli.summary import print_summary
from newsarchive.cli.terminal import one_line
from newsarchive.configuration import read_configuration
from newsarchive.errors import ConfigurationError
from newsarchive.loglines import Format, LogLines
from newsarchive.records.site import Site
from newsarchive.sites.scope import Scope, rebased

if TYPE_CHECKING:
    from newsarchive.run import CrawlOptions

UNEXPECTED = 1


def crawl(  # noqa: PLR0913 - the command's options
    names: Annotated[
        list[str] | None, typer.Argument(metavar="SITE…", help="Sites to crawl; `newsarchive sites` lists them.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Crawl every declared site.")] = False,
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
    or failing, 6 damage found, 7 the site cannot be reached, 130 interrupted.
    """
    configuration = read_configuration()
    check_site_tables(configuration)
    chosen = chosen_sites("crawl", names or [], every=every)
    if base_url is not None and len(chosen) > 1:
        raise ConfigurationError("--base-url: goes with one SITE; crawl the copies one by one")
    if dry_run:
        return _show_plan(chosen, archive or configuration.folders.archive, base_url)
    from newsarchive import run  # noqa: PLC0415 - Scrapy loads for real crawls only

    options = run.CrawlOptions(
        archive=archive or configuration.folders.archive,
        exports=exports or configuration.folders.exports,
        contact=configuration.crawl.contact,
        base_url=base_url,
        limit=limit,
        full=full,
        log_level="INFO" if verbose else "ERROR",
        lines=log_lines(configuration, quiet=quiet, form=log_format),
    )
    return _crawled(chosen, options, Aftermath(configuration, options.archive, options.lines))


def _crawled(chosen: Sequence[Site], options: "CrawlOptions", aftermath: Aftermath) -> int:
    """Crawl, tell how each run ended to whoever wants to know, and return the exit code."""
    from newsarchive import run  # noqa: PLC0415 - Scrapy loads for real crawls only

    lines = options.lines
    try:
        runs = run.crawl(chosen, options)
    except Exception as error:
        for site in chosen:
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
    return max((ended.exit_code for ended in runs), default=0)


def _tell_error(lines: LogLines, site: str, text: str) -> None:
    if lines.form is Format.JSON:
        lines.tell("error", site, text)
    else:
        lines.write(f"newsarchive: {one_line(text)}")


def _show_plan(sites: Sequence[Site], archive: Path, base_url: str | None) -> int:
    from newsarchive.store.plan import plan_of  # noqa: PLC0415 - only here

    for declared in sites:
        site = rebased(declared, base_url) if base_url else declared
        for line in plan_of(archive, Scope(site), int(time.time())):
            typer.echo(line)
    return 0
