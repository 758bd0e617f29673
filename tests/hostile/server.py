"""The hostile server: 200 good pages and every case, on loopback, in a thread of its own."""

import asyncio
import ssl
import threading
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Self

from newsarchive.sample import SampleSite, sample_site
from newsarchive.sample.replies import reply_to
from tests.hostile.cases import Case
from tests.hostile.rows import cases
from tests.hostile.traps import TRAPS
from tests.hostile.wire import HTML, Answer, Client, Message, html, silent

GOOD_PAGES = 200
REBOUND = "rebound.test"
HOSTS = ("main", "slow", "robots-503", "robots-silent", "robots-large", "canary")


@dataclass
class Log:
    """What was asked of one host."""

    connections: int = 0
    paths: Counter[str] = field(default_factory=Counter)
    heads: list[bytes] = field(default_factory=list)


class HostileServer:
    """A context manager: inside it every host of `HOSTS` listens on a port of its own.

    `trapped` serves the sites without end at the main host in place of the cases.
    """

    def __init__(
        self,
        *,
        good: int = GOOD_PAGES,
        slow: bool = True,
        trapped: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
        self.ports: dict[str, int] = {}
        self.logs: dict[str, Log] = defaultdict(Log)
        self._good = good
        self._slow = slow
        self._trapped = trapped
        self._answers: dict[tuple[str, str], Answer] = {}
        self._loop = asyncio.SelectorEventLoop()
        self._started = threading.Event()
        self._stop: asyncio.Event | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="hostile-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def host(self, name: str) -> str:
        """Return host and port of one of `HOSTS`; `rebound` is a name that leads to this machine."""
        if name == "rebound":
            return f"{REBOUND}:{self.ports['canary']}"
        return f"127.0.0.1:{self.ports[name]}"

    @property
    def scheme(self) -> str:
        """Return the scheme that is spoken."""
        return "https" if self._tls else "http"

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases that are served."""
        found = () if self._trapped else cases(self.ports["canary"])
        return tuple(case for case in found if self._slow or case.where != "slow")

    def url(self, case: Case) -> str:
        """Return the URL of a case."""
        return f"{self.scheme}://{self.host(case.where)}{case.path}"

    def asked(self, case: Case) -> int:
        """Return how often a case was asked for."""
        return self.logs[case.where].paths[case.path]

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        servers = []
        for name in HOSTS:
            server = await asyncio.start_server(
                partial(self._connected, name), "127.0.0.1", 0, backlog=512, ssl=self._tls
            )
            self.ports[name] = server.sockets[0].getsockname()[1]
            servers.append(server)
        self.site: SampleSite = sample_site(self._good).at(f"{self.scheme}://{self.host('main')}")
        self._answers = {(case.where, case.path): case.answer for case in self.cases}
        self._started.set()
        await self._stop.wait()
        for server in servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.logs[name].connections += 1
        client = Client(writer)
        try:
            while (answer := self._answer(name, await reader.readuntil(b"\r\n\r\n"))) is not None:
                if not isinstance(answer, Message):
                    await answer(client)
                    break
                await client.send(answer.wire)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            with suppress(Exception):
                writer.close()

    def _answer(self, name: str, request: bytes) -> Answer:
        path = request.split(b" ", 2)[1].decode("latin-1")
        log = self.logs[name]
        log.paths[path] += 1
        log.heads.append(request)
        if path == "/robots.txt":
            return self._robots(name)
        found = self._answers.get((name, path))
        if found is not None:
            return found
        if name != "main":
            return html("<p>a page behind a robots.txt</p>")
        return self._page(path)

    def _robots(self, name: str) -> Answer:
        if name == "robots-503":
            return Message(b"busy", status="503 Service Unavailable")
        if name == "robots-silent":
            return silent
        if name == "robots-large":
            rules = b"User-agent: *\nDisallow: /secret\n" + b"# filler\n" * (1024 * 1024)
            return Message(rules[: 7 * 1024 * 1024], (("Content-Type", "text/plain"),))
        named = "".join(f"Sitemap: {self.url(case)}\n" for case in self.cases if case.named_by == "robots")
        return Message(f"User-agent: *\nDisallow: /secret\n{named}".encode(), (("Content-Type", "text/plain"),))

    def _page(self, path: str) -> Answer:
        if path == "/hostile/":
            return html(self._links())
        for start, (_, _, trap) in TRAPS.items():
            if self._trapped and path.startswith(start):
                return trap(path)
        reply = reply_to(self.site, path)
        headers = tuple(reply.headers.items()) or (HTML,)
        return Message(reply.content, headers, f"{reply.status} As It Is")

    def _links(self) -> str:
        urls = [self.url(case) for case in self.cases if case.named_by == "list"]
        urls.append(f"http://{self.host('rebound')}/page.html")
        urls += [f"http://{self.host(name)}/page.html" for name in HOSTS if name.startswith("robots-")]
        urls += [f"http://{self.host('robots-large')}/secret/page.html"]
        if self._trapped:
            urls = [f"http://{self.host('main')}{start}" for start in TRAPS]
        return "".join(f'<p><a href="{url}">{at}</a></p>' for at, url in enumerate(urls))
