"""The far end of notifications: a web hook and a mail server on loopback that keep what they are given."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.crawl.conftest import place, serve
from tests.watching.conftest import declare

__all__ = ["declare", "place", "serve"]


@dataclass
class Hook:
    """A web hook; `status` is what it answers."""

    address: str = ""
    status: int = 200
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.messages]


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if made.status == 200:
                made.messages.append(json.loads(body))
            self.send_response(made.status)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        made.address = f"json://user:{SECRET}@127.0.0.1:{server.server_port}/"
        yield made
        server.shutdown()
        thread.join()


SECRET = "PLANTED-7f3a9"  # noqa: S105 - the point of it
