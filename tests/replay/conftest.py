"""The tools that show what was captured; `make archive` sets them up, outside of the environment of the checks."""

import os
from pathlib import Path

import pytest

from tests.packages.evolved import Evolved, make_evolved

TOOLS = Path(__file__).parents[2] / ".venv-replay"


@pytest.fixture(scope="session")
def evolved(tmp_path_factory: pytest.TempPathFactory) -> Evolved:
    return make_evolved(tmp_path_factory.mktemp("evolved"))


@pytest.fixture(scope="session")
def tools() -> Path:
    """Return the folder with pywb, py-wacz, playwright and ReplayWeb.page; without it the test is skipped."""
    if not (TOOLS / "made").exists():
        if os.environ.get("NEWSARCHIVE_REQUIRE_TOOLS"):
            pytest.fail(f"{TOOLS}: missing; `make archive` makes it")
        pytest.skip("`make archive` sets up the replay tools")
    return TOOLS
