"""A collection to fill."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.preservation.keeper import Keeper
from tests.warc.bar import faults_below_the_bar


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    """Return an empty collection; what its test leaves, if it is sound, passes the bar for WARC files."""
    keeper = Keeper(tmp_path / "archive")
    yield keeper
    if keeper.segments and not keeper.damages():
        assert [fault for path in keeper.segments for fault in faults_below_the_bar(path)] == []
