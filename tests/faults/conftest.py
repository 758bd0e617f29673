"""Faults: real processes, killed, starved and cut off for real.

Every test has a short form, which CI runs, and a long one: `make faults`, or NEWSARCHIVE_FAULTS=long.
"""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from newsarchive.sample import SampleServer
from tests.faults.books import Books
from tests.faults.form import LONG
from tests.faults.lives import Life, Nursery
from tests.faults.sites import served

SHORT_FORM_SEED = 20261122
"""The short form draws the same every time; what another seed finds becomes a case of its own."""

SEED = int(os.environ.get("NEWSARCHIVE_FAULTS_SEED") or 0) or (
    random.SystemRandom().randrange(1, 10**6) if LONG else SHORT_FORM_SEED
)
# The workers are processes that begin after this one has drawn, and have to draw the same.
os.environ["NEWSARCHIVE_FAULTS_SEED"] = str(SEED)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("crawl")


def pytest_report_header() -> str:
    return f"faults: {'long' if LONG else 'short'} form, SEED={SEED}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()) if getattr(report, "when", "") == "call" else ():
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {name}: {value}")


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Say a figure at the end of the tests: `measured("kills", 20)`."""
    return lambda name, value: request.node.user_properties.append((name, value))


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Chance of a seed that a failure names: `make faults SEED=…` shows it again."""
    request.node.add_report_section("setup", "faults", f"SEED={SEED}")
    return random.Random(f"{SEED} {request.node.name}")  # noqa: S311 - no secret


@pytest.fixture(scope="session")
def bearing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(tmp_path_factory.mktemp("nursery")) as nursery:
        yield nursery


@pytest.fixture
def nursery(bearing: Nursery, tmp_path: Path) -> Nursery:
    """Return the nursery, at work in this test's folder."""
    bearing.folder = tmp_path
    return bearing


@pytest.fixture
def small() -> Iterator[SampleServer]:
    """Serve a site of about 30 pages."""
    with served(15) as server:
        yield server


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """Return the books of the collection in this test's folder."""
    return Books(tmp_path / "archive" / "sample")


@pytest.fixture
def crawl(nursery: Nursery, tmp_path: Path) -> Callable[..., Life]:
    """Start a crawl: `crawl(server, "--full", traced=True)`; takes what `Nursery.start` takes."""
    # Whole paths: strace compares them as they are given.
    folders = ("--archive", tmp_path / "archive", "--exports", tmp_path / "exports")

    def start(server: SampleServer, *options: object, **how: object) -> Life:
        return nursery.start("crawl", "sample", "--base-url", server.base_url, *folders, *options, **how)  # type: ignore[arg-type]

    return start


@pytest.fixture
def unable() -> Callable[[str], NoReturn]:
    """Skip a test that this machine cannot run; fail where everything has to be there, as in CI."""

    def give_up(why: str) -> NoReturn:
        (pytest.fail if os.environ.get("NEWSARCHIVE_REQUIRE_TOOLS") else pytest.skip)(why)

    return give_up


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[Path], Path]:
    """Copy a folder to a place of its own below this test's folder."""
    count = 0

    def copy(folder: Path) -> Path:
        nonlocal count
        count += 1
        target = tmp_path / f"copy-{count}"
        shutil.copytree(folder, target)
        return target

    return copy
