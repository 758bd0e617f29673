"""One crawl of the whole sample for everybody who only looks at what it left."""

import random
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsarchive.sample import Request, SampleServer, SampleSite, sample_site
from newsarchive.sample.replies import Reply
from tests.crawl.command import Ended, Place
from tests.crawl.kept import Kept

Serve = Callable[..., SampleServer]


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
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path / "work")
    yield made
    made.clear()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve a site until the end of the test: `serve(sample_site(20))`; takes what `SampleServer` takes.

    Its endless calendar is not there, which saves every crawl a hundred requests; `calendar=True` keeps it.
    """
    with ExitStack() as servers:

        def start(site: SampleSite, *, calendar: bool = False, **options: float) -> SampleServer:
            server = servers.enter_context(SampleServer(site, **options))  # type: ignore[arg-type]
            if not calendar:
                missing = Reply(404, b"none", {"Content-Type": "text/html"})
                server.replies[urlsplit(server.site.traps.calendar).path] = missing
            return server

        yield start


def _free_port() -> int:
    """Return a port that no connection will be given meanwhile: the tests come back to it."""
    while True:
        port = random.randint(20_000, 30_000)  # noqa: S311 - no secret
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
