"""One collection with a history for all who only look at it."""

import shutil
from pathlib import Path

import pytest

from tests.packages.evolved import Evolved, make_evolved


@pytest.fixture(scope="session")
def evolved(tmp_path_factory: pytest.TempPathFactory) -> Evolved:
    return make_evolved(tmp_path_factory.mktemp("evolved"))


@pytest.fixture
def copy(evolved: Evolved, tmp_path: Path) -> Evolved:
    """Return a copy of the collection that may be damaged."""
    folder = tmp_path / "copy"
    shutil.copytree(evolved.folder, folder)
    return Evolved(folder, evolved.origin)
