"""What every test may rely on: an environment of its own, the command line, the corpora, the tools that are there."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import hypothesis
import pytest

from newsarchive.cli.main import exit_code_of
from newsarchive.configuration.model import all_settings
from newsarchive.configuration.reading import VARIABLE

# The slowest machine that runs the checks decides no property: examples have no deadline, and CI draws the same ones.
hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


RunNewsarchive = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the settings of whoever runs the tests."""
    for name in (VARIABLE, *(setting.variable for setting in all_settings() if setting.variable)):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def newsarchive(capsys: pytest.CaptureFixture[str]) -> RunNewsarchive:
    """Run a command line in this process: `newsarchive("try", "page.html")`."""

    def run(*arguments: object) -> Ran:
        code = exit_code_of([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture
def own_sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is the user's folder of site files."""
    folder = tmp_path / "sites"
    folder.mkdir()
    monkeypatch.setenv("NEWSARCHIVE_SITES", str(folder))
    return folder


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Return the folder of real pages; without it the test is skipped."""
    folder = os.environ.get("NEWSARCHIVE_CORPORA")
    if not folder:
        pytest.skip("NEWSARCHIVE_CORPORA is not set")
    return Path(folder)


@pytest.fixture
def tool() -> Callable[[str], str]:
    """Return the path of a program; where it is missing the test is skipped, or fails where it must be there."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            (pytest.fail if os.environ.get("NEWSARCHIVE_REQUIRE_TOOLS") else pytest.skip)(f"{name} is not installed")
        return path

    return find


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker is left alone with one of them at the end."""
    longest = ("evolution", "crawl", "preservation", "datasets")
    items.sort(
        key=lambda item: next((rank for rank, name in enumerate(longest) if name in item.path.parts), len(longest))
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Skip what is marked `corpora` where there are none."""
    if item.get_closest_marker("corpora") and not os.environ.get("NEWSARCHIVE_CORPORA"):
        pytest.skip("NEWSARCHIVE_CORPORA is not set")
    yield
