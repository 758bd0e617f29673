"""What a run did, in a few lines for the person who started it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from newsarchive.cli.terminal import counted, one_line
from newsarchive.records.run import RunReport
from newsarchive.store.layout import Layout
from newsarchive.timestamps import iso

NAMED = 3
"""So many articles that look gone are named; the report has more."""


def print_summary(report: RunReport, archive: Path, exports: Path) -> None:
    """Print what the run did, and where everything is."""
    layout = Layout(archive, report.site)
    seconds = (report.ended_at - report.started_at).total_seconds()
    articles = {
        "new": report.articles_new,
        "changed": report.articles_changed,
        "removed": report.articles_removed,
        "unchanged": report.articles_unchanged,
    }
    asked = counted(report.requests, "requests")
    if report.ended == "failed":  # what was answered and not committed counts nowhere, but the site was asked
        asked = f"{counted(report.urls_asked, 'URLs')} asked for, with {counted(report.requests, 'answers')} kept"
    lines = [
        f"{report.site}: {report.ended} after {seconds:.0f} s and {asked}",
        f"  articles: {_listed(articles)}; {report.articles_held} held",
    ]
    if report.look_gone:
        when = iso(min(report.look_gone.values()))
        lines.append(f"  {told_gone(tuple(report.look_gone))}; a look from {when} on may confirm it")
    # A host without a robots.txt forbids nothing: that is no page that is gone.
    missing = {"gone": sum(report.robots_gone.values())}
    lines.append(f"  all URLs known so far: {_listed(_without(report.urls_known, missing))}")
    if report.verdict is not None:
        lines.append(f"  verdict: {report.verdict.state}")
    if reasons := _without(report.reasons, report.robots_gone):
        lines.append(f"  reasons in this run, each try counted: {_listed(reasons)}")
    if report.recovered_records or report.salvaged_bytes:
        lines.append(
            f"  recovered: {counted(report.recovered_records, 'records')}, {report.salvaged_bytes} torn bytes set aside"
        )
    lines += [f"  {host} asked to be left alone until {iso(until)}" for host, until in report.rests.items()]
    if report.due_left:
        when = f", after {iso(max(report.rests.values()))}" if report.rests else ""
        due = f"{counted(report.due_left, 'URLs')} {'is' if report.due_left == 1 else 'are'}"
        lines.append(f"  left: {due} still due; run the same command again{when}")
    lines += [
        f"  dataset: {exports / report.site / 'articles.jsonl'}",
        f"  captures: {layout.captures}{'/'}*.warc.gz",
        f"  report: {layout.run_report(report.run)}",
    ]
    for line in lines:
        typer.echo(line)


def told_gone(urls: Sequence[str]) -> str:
    """Return which articles look gone, the first few by name."""
    more = f" and {len(urls) - NAMED} more" if len(urls) > NAMED else ""
    looks = "looks" if len(urls) == 1 else "look"
    return one_line(f"{counted(len(urls), 'articles')} {looks} gone: {', '.join(urls[:NAMED])}{more}")


def _without(counts: Mapping[str, int], others: Mapping[str, int]) -> dict[str, int]:
    left = {name: count - others.get(name, 0) for name, count in counts.items()}
    return {name: count for name, count in left.items() if count > 0}


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"
