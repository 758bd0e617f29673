"""One crawl of the whole sample for everybody who only looks at what it left."""

import random
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsarchive.sample import Request, SampleServer, SampleSite, sample_site
from tests.crawl.command import Ended, Place
from tests.crawl.kept import Kept


@dataclass(frozen=True)
class FirstCrawl:
    """The sample crawled once, and everything that was asked for."""

    site: SampleSite
    port: int
    place: Place
    ended: Ended
    requests: tuple[Request, ...]

    @property
    def kept(self) -> Kept:
        return self.place.kept()

    def copied_to(self, folder: Path) -> Place:
        """Return a place of one's own with a copy of what was kept."""
        shutil.copytree(self.place.folder, folder)
        return Place(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("crawl")


@pytest.fixture(scope="session")
def first_crawl(tmp_path_factory: pytest.TempPathFactory) -> FirstCrawl:
    place = Place(tmp_path_factory.mktemp("first") / "crawl")
    with SampleServer(sample_site(), port=_free_port()) as server:
        ended = place.crawl(server)
        return FirstCrawl(server.site, int(server.base_url.split(":")[2][:-1]), place, ended, tuple(server.requests))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "work")


@pytest.fixture
def serve() -> Iterator[Callable[..., SampleServer]]:
    """Serve a site until the end of the test: `serve(sample_site(20))`; takes what `SampleServer` takes."""
    servers: list[SampleServer] = []

    def start(site: SampleSite, **options: object) -> SampleServer:
        server = SampleServer(site, **options)  # type: ignore[arg-type]
        servers.append(server.__enter__())
        return server

    yield start
    for server in servers:
        server.__exit__(None, None, None)


def _free_port() -> int:
    """Return a port that no connection will be given meanwhile: the tests come back to it."""
    while True:
        port = random.randint(20_000, 30_000)  # noqa: S311 - no secret
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
