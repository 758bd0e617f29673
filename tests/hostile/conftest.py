"""One crawl of the hostile server for everybody who looks at what became of its answers."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawl.command import Place
from tests.hostile.crawls import HostileRun, crawl, declare
from tests.hostile.form import LONG
from tests.hostile.server import HostileServer
from tests.hostile.table import write_table

LONG_HOSTS = ("slow", "robots-503", "robots-silent", "robots-large", "rebound")
SHORT_HOSTS = ("robots-503", "robots-large", "rebound")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("crawl")


def pytest_report_header() -> str:
    return f"hostile: {'long' if LONG else 'short'} form"


@pytest.fixture(scope="session")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileRun]:
    """Crawl everything at once: every case among 200 good pages, and in the long form the slow hosts, too."""
    place = Place(tmp_path_factory.mktemp("hostile") / "work")
    place.folder.mkdir(parents=True)
    place.environment["NEWSARCHIVE_METRICS_PORT"] = "9477"  # which a watcher would open, and no crawl
    with HostileServer(slow=LONG) as server:
        declare(place, server, *(LONG_HOSTS if LONG else SHORT_HOSTS))
        run = crawl(place, server, "--verbose")
        if LONG and "NEWSARCHIVE_HOSTILE_TABLE" in os.environ:
            write_table(run, Path(os.environ["NEWSARCHIVE_HOSTILE_TABLE"]))
        yield run
    place.clear()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path / "work")
    made.folder.mkdir()
    yield made
    made.clear()
