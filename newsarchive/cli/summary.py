"""What a run did, in a few lines for the person who started it."""

from pathlib import Path

import typer

from newsarchive.cli.terminal import counted
from newsarchive.records.run import RunReport
from newsarchive.store.layout import Layout
from newsarchive.timestamps import iso


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
    lines = [
        f"{report.site}: {report.ended} after {seconds:.0f} s and {counted(report.requests, 'requests')}",
        f"  articles: {_listed(articles)}; {report.articles_held} held",
        f"  URLs: {_listed(report.urls_known)}",
    ]
    if report.verdict is not None:
        lines.append(f"  verdict: {report.verdict.state}")
    if report.reasons:
        lines.append(f"  reasons: {_listed(report.reasons)}")
    if report.recovered_records or report.salvaged_bytes:
        lines.append(
            f"  recovered: {counted(report.recovered_records, 'records')}, {report.salvaged_bytes} torn bytes set aside"
        )
    lines += [f"  {host} asked to be left alone until {iso(until)}" for host, until in report.rests.items()]
    if report.due_left:
        when = f", after {iso(max(report.rests.values()))}" if report.rests else ""
        lines.append(f"  left: {report.due_left} URLs are still due; run the same command again{when}")
    lines += [
        f"  dataset: {exports / report.site / 'articles.jsonl'}",
        f"  captures: {layout.captures}{'/'}*.warc.gz",
        f"  report: {layout.run_report(report.run)}",
    ]
    for line in lines:
        typer.echo(line)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"
