"""`newsarchive watch`: keep crawling."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from newsarchive.cli.aftermath import Aftermath
from newsarchive.cli.config import check_site_tables
from newsarchive.cli.options import Archive, Exports, LogFormat, Quiet, log_lines
from newsarchive.cli.settings import chosen_schedule, chosen_sites, option, plan_of
from newsarchive.configuration import read_configuration
from newsarchive.configuration.values import Span, Window
from newsarchive.loglines import LogLines
from newsarchive.monitoring.metrics import serve_metrics
from newsarchive.records.site import Site
from newsarchive.watching.memory import Memory
from newsarchive.watching.watcher import Order, Watcher

UNSAID = frozenset({1, 2})
"""Exit codes with which a crawl may have ended before it could tell anybody."""

COMPLAINT = "newsarchive: "
"""How the line begins with which a command says why it could not go on."""

JITTER = "Longest time by which a start is put off. Default: NEWSARCHIVE_JITTER or 5m."


def watch(  # noqa: PLR0913 - the command's options
    names: Annotated[
        list[str] | None, typer.Argument(metavar="SITE…", help="Sites to crawl; `newsarchive sites` lists them.")
    ] = None,
    *,
    all_of_them: Annotated[bool, typer.Option("--all", help="Watch every declared site.")] = False,
    every: Annotated[str | None, typer.Option(help="From one start of a site to its next: 90s, 15m, 6h, 1d.")] = None,
    cron: Annotated[
        str | None, typer.Option(help='When to start, in the site\'s zone: five fields such as "30 3 * * *".')
    ] = None,
    window: Annotated[
        str | None, typer.Option(help="Crawl in this part of the day only, in the site's zone: 22:00-06:00.")
    ] = None,
    jitter: Annotated[str | None, typer.Option(help=JITTER)] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, max=256, help="Crawls side by side. Default: NEWSARCHIVE_PROCESSES or 2.")
    ] = None,
    metrics_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Answer Prometheus at this port of the loopback.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Crawl what is due now, and end.")] = False,
    archive: Archive = None,
    exports: Exports = None,
    quiet: Quiet = False,
    log_format: LogFormat = None,
) -> int:
    """Keep crawling: each site when it is due, until it is stopped.

    Each crawl is a process of its own. However long the machine slept or was off, a site that is due is crawled once,
    and never twice at a time. Without --every and --cron the configuration says when (`newsarchive config show`).
    Ctrl-C, or SIGTERM, lets crawls under way end well; a second one ends them at once.

    Exit codes: 0 stopped, or with --once done; 2 usage or configuration, 3 stopped with work left, 4 another process
    watches this archive, 5 storage full or failing, 130 interrupted.
    """
    configuration = read_configuration()
    check_site_tables(configuration)
    schedule = chosen_schedule(every, cron)
    opened, jittered = option("--window", window, Window.read), option("--jitter", jitter, Span.read)
    sites, _failed = chosen_sites("watch", names or [], every=all_of_them)
    folder = (archive or configuration.folders.archive).absolute()
    lines = log_lines(configuration, quiet=quiet, form=log_format)
    order = Order(
        archive=folder,
        plans=[plan_of(site, configuration, schedule, opened, jittered) for site in sites],
        processes=processes or configuration.watch.processes,
        command=_crawl_command(folder, exports or configuration.folders.exports, lines),
        after=_after(sites, Aftermath(configuration, folder, lines)),
        once=once,
    )
    memory = Memory(folder, time.time())
    try:
        with _metrics(folder, metrics_port or configuration.metrics.port):
            _tell_plans(order, lines)
            return Watcher(order, memory, lines, time.time).run()
    finally:
        memory.release()


def _crawl_command(archive: Path, exports: Path, lines: LogLines) -> Callable[[str], list[str]]:
    """Return what gives the command line that crawls a site as this watcher was asked to."""
    folders = ["--archive", str(archive), "--exports", str(exports.absolute())]
    options = [*folders, "--log-format", lines.form, *(["--quiet"] if lines.quiet else [])]
    return lambda site: [sys.executable, "-m", "newsarchive.cli.main", "crawl", site, *options]


def _after(sites: Sequence[Site], aftermath: Aftermath) -> Callable[[str, int, str], None]:
    """Return what is told each crawl that has ended: those that could not tell anybody are told of here."""
    by_name = {site.name: site for site in sites}

    def after(name: str, code: int, last_line: str) -> None:
        if code in UNSAID or code < 0:
            aftermath.settle(by_name[name], code, None, complaint_of(last_line))
            aftermath.publish()

    return after


def complaint_of(line: str) -> str | None:
    """Return why a command could not go on, by the line that it said last, for people or as JSON; None: not said."""
    if line.startswith(COMPLAINT):
        return line.removeprefix(COMPLAINT)
    try:
        found = json.loads(line)
    except ValueError:
        return None
    is_error = isinstance(found, dict) and found.get("event") == "error"
    return str(found.get("text")).removeprefix(COMPLAINT) if is_error else None


@contextmanager
def _metrics(archive: Path, port: int | None) -> Iterator[None]:
    if port is None:
        yield
        return
    server = serve_metrics(archive, port)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _tell_plans(order: Order, lines: LogLines) -> None:
    for plan in order.plans:
        how = f"every {plan.schedule}" if plan.schedule.every else f"at {plan.schedule} ({plan.zone})"
        within = f" within {plan.window} ({plan.zone})" if plan.window else ""
        lines.tell("watching", plan.site, f"crawled {how}{within}", schedule=str(plan.schedule))
