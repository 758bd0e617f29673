"""A collection to fill."""

from pathlib import Path

import pytest

from tests.preservation.keeper import Keeper


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path / "archive")
