"""Figures for Prometheus: read back by its own parser, and by promtool where that is installed."""

import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from newsarchive.errors import MissingExtraError, StorageError
from newsarchive.monitoring.metrics import LOOPBACK, METRICS, serve_metrics, text_of, write_metrics
from newsarchive.store.layout import Layout
from tests.monitoring.test_alarms import NOW, report

PAGE = Path(__file__).parents[2] / "docs" / "monitoring.md"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return an archive with a site that fared well, then badly, and one without a run."""
    for site in ("icas", "new"):
        layout = Layout(tmp_path, site)
        layout.runs.mkdir(parents=True)
        layout.identity.write_bytes(b"{}")
    layout = Layout(tmp_path, "icas")
    for run, more in (("20261121071500", {}), ("20261122071500", {"degraded": "too many articles gone at once"})):
        fields = {"run": run, "articles_held": 7, "articles_new": 2, "outcomes": {"failed": 3}, "due_left": 4, **more}
        layout.run_report(run).write_text(report(**fields).model_dump_json(), encoding="utf-8")
    layout.run_report("20261123071500").write_text('{"run": "torn', encoding="utf-8")
    return tmp_path


def read(text: bytes) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, sample.labels.pop("site"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_the_figures_are_those_of_the_last_run_that_can_be_read(archive: Path) -> None:
    found = read(text_of(archive))
    assert found["newsarchive_articles", "icas"] == 7
    assert found["newsarchive_run_articles", "icas", "new"] == 2
    assert found["newsarchive_run_outcomes", "icas", "failed"] == 3
    assert found["newsarchive_run_outcomes", "icas", "gone"] == 0
    assert found["newsarchive_due", "icas"] == 4
    assert found["newsarchive_state", "icas", "degraded"] == 1
    assert sum(value for key, value in found.items() if key[0] == "newsarchive_state") == 1
    assert found["newsarchive_last_run_timestamp_seconds", "icas"] == NOW.timestamp()
    assert found["newsarchive_last_healthy_run_timestamp_seconds", "icas"] == NOW.timestamp()
    assert found["newsarchive_archive_bytes", "icas"] == sum(
        path.stat().st_size for path in (archive / "icas").rglob("*") if path.is_file()
    )
    assert {key[1] for key in found} == {"icas"}, "a site without a run has no figures"


def test_the_page_names_every_figure_and_no_other() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(newsarchive_\w+)`(?:, `\w+`)? \| (.*) \|$", page, re.MULTILINE))
    assert rows == {metric.name: metric.help for metric in METRICS}


def test_the_file_is_written_whole_and_can_be_read_by_the_exporter(archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "collector" / "news.prom"
    with pytest.raises(StorageError, match="cannot be written"):
        write_metrics(archive, path)
    path.parent.mkdir()
    write_metrics(archive, path)
    assert read(path.read_bytes()) == read(text_of(archive))
    assert path.stat().st_mode & 0o004
    assert [each.name for each in path.parent.iterdir()] == ["news.prom"]


def test_without_the_extra_one_line_says_what_to_install(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(MissingExtraError, match=r"-m pip install .*'prometheus-client>="):
        text_of(archive)


def test_promtool_finds_nothing_to_say(archive: Path, tool: Callable[[str], str]) -> None:
    ran = subprocess.run(
        [tool("promtool"), "check", "metrics"], input=text_of(archive), capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_the_port_answers_on_loopback_only_and_is_closed_afterwards(archive: Path) -> None:
    server = serve_metrics(archive, 0)
    try:
        assert server.server_address[0] == LOOPBACK
        url = f"http://{LOOPBACK}:{server.server_port}/metrics"
        with urllib.request.urlopen(url) as answer:
            assert read(answer.read())["newsarchive_articles", "icas"] == 7
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url)
