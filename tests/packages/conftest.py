"""One collection with a history for all who only look at it."""

import pytest

from tests.packages.evolved import Evolved, make_evolved


@pytest.fixture(scope="session")
def evolved(tmp_path_factory: pytest.TempPathFactory) -> Evolved:
    return make_evolved(tmp_path_factory.mktemp("evolved"))
