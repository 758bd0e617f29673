"""Figures for Prometheus, read from what runs have left on the disk."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from newsarchive.configuration.values import Secrets
from newsarchive.errors import ConfigurationError, MissingExtraError, StorageError
from newsarchive.extras import install_line
from newsarchive.monitoring.alarms import Alarms
from newsarchive.monitoring.judgement import STATES, verdict_of
from newsarchive.operations.access import held_sites
from newsarchive.records.outcome import UrlClass
from newsarchive.records.run import RunReport
from newsarchive.records.verdict import State
from newsarchive.store.layout import Layout, write_atomically

LOOPBACK = "127.0.0.1"
REPORTS_LOOKED_AT = 100
"""So many runs back the last healthy one is looked for."""


class Metric(NamedTuple):
    """A figure that is given for each site, with the labels that it has besides `site`."""

    name: str
    help: str
    labels: tuple[str, ...] = ()


LAST_RUN = Metric("newsarchive_last_run_timestamp_seconds", "When the last run ended, in seconds since 1970, UTC.")
LAST_HEALTHY = Metric(
    "newsarchive_last_healthy_run_timestamp_seconds",
    "When the last run ended that found the site healthy, or nothing new on it; absent where none of the last 100 did.",
)
DURATION = Metric("newsarchive_last_run_duration_seconds", "How long the last run took, in seconds.")
STATE = Metric("newsarchive_state", "How the site fares: 1 for the state that it is in, 0 for the others.", ("state",))
ARTICLES = Metric("newsarchive_articles", "Articles in the collection.")
CHANGES = Metric("newsarchive_run_articles", "Articles that the last run found new, changed or removed.", ("change",))
OUTCOMES = Metric(
    "newsarchive_run_outcomes", "URLs that the last run visited, by the class in which they ended.", ("class",)
)
DUE = Metric("newsarchive_due", "URLs that were due in the last run and not visited.")
BYTES = Metric("newsarchive_archive_bytes", "Bytes of the collection on the disk.")

METRICS = (LAST_RUN, LAST_HEALTHY, DURATION, STATE, ARTICLES, CHANGES, OUTCOMES, DUE, BYTES)
"""Every figure there is, in the order in which it is written."""


class Sample(NamedTuple):
    """One figure of one site."""

    metric: Metric
    site: str
    value: float
    labels: tuple[str, ...] = ()


class _Server(Protocol):
    server_address: tuple[str, int]
    server_port: int

    def shutdown(self) -> None: ...

    def server_close(self) -> None: ...


def samples(archive: Path) -> Iterator[Sample]:
    """Yield the figures of every collection below `archive` that has a run."""
    for site in held_sites(archive):
        reports = _reports(Layout(archive, site))
        last = next(reports, None)
        if last is None:
            continue
        yield from _of_last_run(site, last)
        incident = Alarms(archive, Secrets(), lambda _line: None).open_incident(site)
        state = incident.state if incident else _state_of(last)
        yield from (Sample(STATE, site, float(state == name), (name,)) for name in STATES)
        healthy = next((report for report in (last, *reports) if _state_of(report) in STATES[:2]), None)
        if healthy is not None:
            yield Sample(LAST_HEALTHY, site, healthy.ended_at.timestamp())
        yield Sample(BYTES, site, float(_size_of(Layout(archive, site).folder)))


def text_of(archive: Path) -> bytes:
    """Return the figures in Prometheus's text format. Raises `MissingExtraError` without its client library."""
    client = _client()
    registry = client.CollectorRegistry()
    registry.register(_Collector(archive))
    text: bytes = client.generate_latest(registry)
    return text


def write_metrics(archive: Path, path: Path) -> None:
    """Write the figures into a file, whole, for the textfile collector of node_exporter.

    Raises `StorageError` where it cannot be written; else as `text_of`.
    """
    text = text_of(archive)
    try:
        write_atomically(path, text)
        path.chmod(0o644)  # the exporter is another user
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror}); choose another metrics.file") from error


def serve_metrics(archive: Path, port: int) -> _Server:
    """Answer Prometheus on this machine's loopback until `shutdown`.

    Raises `ConfigurationError` for a port that is taken; else as `text_of`.
    """
    client = _client()
    registry = client.CollectorRegistry()
    registry.register(_Collector(archive))
    try:
        server: _Server = client.start_http_server(port, addr=LOOPBACK, registry=registry)[0]
    except OSError as error:
        raise ConfigurationError(
            f"{LOOPBACK}:{port}: cannot be opened ({error.strerror}); choose another port"
        ) from error
    return server


class _Collector:
    """Reads the figures anew each time it is asked."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive

    def collect(self) -> Iterable[Any]:
        gauge = _client().core.GaugeMetricFamily
        families = {metric: gauge(metric.name, metric.help, labels=("site", *metric.labels)) for metric in METRICS}
        for sample in samples(self._archive):
            families[sample.metric].add_metric((sample.site, *sample.labels), sample.value)
        return families.values()


def _of_last_run(site: str, report: RunReport) -> Iterator[Sample]:
    yield Sample(LAST_RUN, site, report.ended_at.timestamp())
    yield Sample(DURATION, site, (report.ended_at - report.started_at).total_seconds())
    yield Sample(ARTICLES, site, report.articles_held)
    changes: Mapping[str, int] = {
        "new": report.articles_new,
        "changed": report.articles_changed,
        "removed": report.articles_removed,
    }
    yield from (Sample(CHANGES, site, count, (change,)) for change, count in changes.items())
    yield from (Sample(OUTCOMES, site, report.outcomes.get(name, 0), (name,)) for name in UrlClass)
    yield Sample(DUE, site, report.due_left)


def _state_of(report: RunReport) -> State:
    verdict = verdict_of(report)
    if report.ended == "failed":
        return "broken"
    return verdict.state if verdict else "degraded" if report.degraded else "healthy"


def _reports(layout: Layout) -> Iterator[RunReport]:
    """Yield the reports of the last crawls, the newest first; one that cannot be read is left out."""
    paths = sorted((path for path in layout.runs.glob("*.json") if path.stem.isdigit()), reverse=True)
    for path in paths[:REPORTS_LOOKED_AT]:
        try:
            report = RunReport.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            continue
        if report.is_crawl:
            yield report


def _size_of(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # gone since it was listed
            continue
    return total


def _client() -> Any:  # noqa: ANN401 - an extra
    try:
        import prometheus_client.core  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError(f"metrics need Prometheus's client; type: {install_line('monitor')}") from error
    return prometheus_client
