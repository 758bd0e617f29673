"""`newsarchive status` and `newsarchive runs`: how the collections are, and what each run did."""

import time
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from newsarchive.cli.options import Archive, Names, archive_folder, chosen_collections
from newsarchive.cli.processes import worst
from newsarchive.cli.summary import told_gone
from newsarchive.cli.tables import print_table
from newsarchive.cli.terminal import complain, one_line, printable
from newsarchive.operations.status import RunLine, Status, day, runs_of, status_of
from newsarchive.records.run import RunReport
from newsarchive.store.layout import Layout

STYLES = {"healthy": "green", "nothing-new": "", "degraded": "yellow", "broken": "bold red"}


def status(
    names: Names = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per collection.")] = False,
    archive: Archive = None,
) -> int:
    """Show what every collection holds, and its last verdict.

    Also how many URLs are due, and which articles look gone until a second look decides. Withdrawn ones are not
    counted. Days are UTC. `news` is the day of the last run that found a new article.

    Exit codes, for monitors: 0 each last crawl was healthy or found nothing new, 7 one is degraded or broken; the code
    with which the last crawl ended where it failed (5 storage full or failing, say); 6 a collection is damaged, 2 its
    site file is missing or wrong; of several the first of 1, 6, 5, 2 and 7. An import changes no verdict.
    """
    folder = archive_folder(archive)
    found = [status_of(folder, name, time.time()) for name in chosen_collections(folder, names)]
    if as_json:
        for line in found:
            typer.echo(line.to_json())
    else:
        print_table(_statuses(found))
        for line in found:
            for text in line.against:
                typer.echo(one_line(f"{line.site}: {text}"))
            if line.look_gone:
                typer.echo(f"{printable(line.site)}: {told_gone(line.look_gone)}")
            for run in line.killed:
                typer.echo(one_line(f"{line.site}: run {run} has no report: it was killed, or is under way"))
    for line in found:
        if line.error is not None:
            complain(line.error)
    return worst([line.exit_code for line in found])


def runs(
    name: Annotated[str, typer.Argument(metavar="SITE", help="The collection.")],
    *,
    last: Annotated[int, typer.Option(min=1, help="Show so many of the last runs.")] = 20,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON line per run, with its whole report and verdict.")
    ] = False,
    archive: Archive = None,
) -> None:
    """List the last runs of a collection.

    Oldest first, each with its verdict; then why the last crawl failed, if it did, and the evidence of the last
    verdict. Columns: its start in UTC, the verdict, seconds, URLs asked for; articles that were new, edited, recorded
    as gone; URLs whose last try failed; how it ended. The reports are `runs/RUN.json` in the collection's folder.
    """
    found = list(runs_of(Layout(archive_folder(archive), name), last))
    if as_json:
        for line in found:
            typer.echo(line.to_json())
        return
    print_table(_runs(found))
    crawls = [line.report for line in reversed(found) if line.report is not None and line.report.is_crawl]
    if crawls and crawls[0].ended == "failed":
        typer.echo("\n" + one_line(f"{crawls[0].run} failed: {crawls[0].error}"))
    report = next((report for report in crawls if report.verdict is not None), None)
    if report is None or report.verdict is None:
        return
    since = f" since {report.verdict.since:%Y-%m-%d %H:%M}" if report.verdict.since else ""
    typer.echo(f"\n{report.run}: {report.verdict.state}{since}")
    for evidence in report.verdict.evidence:
        dated = f" (since {evidence.since:%Y-%m-%d})" if evidence.since else ""
        typer.echo("  " + one_line(f"{evidence.kind}: {evidence.text}{dated}"))
        for url in evidence.pages[:3]:
            typer.echo("    " + one_line(url))


def _statuses(found: list[Status]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("site", max_width=16, no_wrap=True)
    for name in ("articles", "due"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("last run", "verdict", "since", "news"):
        table.add_column(name, no_wrap=True)
    for line in found:
        numbers = ("?" if value is None else str(value) for value in (line.articles, line.due))
        table.add_row(
            Text(printable(line.site)), *numbers, day(line.last_run), _state(line.verdict), day(line.since),
            day(line.quiet_since),
        )  # fmt: skip
    return table


def _runs(found: list[RunLine]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("run", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for name in ("s", "asked", "new", "edited", "gone", "failed"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("ended", no_wrap=True)
    for line in found:
        report = line.report
        counts: tuple[str, ...] = ("",) * 6
        if report is not None:
            numbers = (
                round(line.seconds or 0), report.requests, report.articles_new, report.articles_changed,
                report.articles_removed, _failed(report),
            )  # fmt: skip
            counts = tuple(map(str, numbers))
        state = report.verdict.state if report is not None and report.verdict is not None else None
        table.add_row(line.run, _state(state), *counts, line.ended)
    return table


def _failed(report: RunReport) -> int:
    """Return how many URLs failed, each once; of reports that did not count URLs, how many tries."""
    return sum(report.urls_failed.values()) if report.urls_asked else report.outcomes.get("failed", 0)


def _state(state: str | None) -> Text:
    return Text(state or "-", style=STYLES.get(state or "", ""))
