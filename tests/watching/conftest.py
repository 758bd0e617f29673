"""Servers, places and sites for those who watch."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsarchive.sample import SampleServer
from newsarchive.sites import BUILT_IN
from tests.crawl.command import Place
from tests.crawl.conftest import place, serve

__all__ = ["place", "serve"]

Declare = Callable[..., None]


@pytest.fixture
def declare(place: Place) -> Declare:
    """Write a site file for each name: the sample site as `server` serves it."""

    def write(server: SampleServer, *names: str) -> None:
        folder = place.folder / "sites"
        folder.mkdir(parents=True, exist_ok=True)
        text = (BUILT_IN / "sample.toml").read_text(encoding="utf-8")
        for name in names:
            lines = [
                f'name = "{name}"' if line.startswith("name =") else line
                for line in text.splitlines()
                if not line.startswith("home =")
            ]
            _write(folder / f"{name}.toml", [f'home = "{server.base_url}"', *lines])

    return write


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
