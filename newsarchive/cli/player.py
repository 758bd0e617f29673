"""Shows a package in ReplayWeb.page's own code, which the user has: a server for five paths on loopback.

What is replayed is a page of others: it runs in the player's frame on an origin of its own, which serves nothing else.
"""

import html
import re
from collections.abc import Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import typer

from newsarchive.cli.terminal import one_line
from newsarchive.errors import ConfigurationError, StorageError

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_PIECE = 1024**2
_PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><title>{title}</title><script src="/replay/ui.js"></script>'
    '</head><body style="margin:0;height:100vh"><replay-web-page source="/package.wacz" url="{url}" '
    'replayBase="/replay/" embed="full"></replay-web-page></body></html>'
)


class _File(NamedTuple):
    path: Path
    media_type: str


class _Shown(NamedTuple):
    files: Mapping[str, _File]
    page: bytes
    hosts: frozenset[str]


def serve_player(player: Path, package: Path, url: str, port: int) -> None:
    """Serve the player in the folder `player` with the package, opened at `url`, on loopback until interrupted.

    Raises `ConfigurationError` where one of them is missing, `StorageError` where the port is taken.
    """
    for path in (player / "ui.js", player / "sw.js", package):
        if not path.is_file():
            raise ConfigurationError(
                f"{path}: no such file; --player is the folder with ui.js and sw.js of replaywebpage"
            )
    script = "text/javascript"
    files = {
        "/replay/ui.js": _File(player / "ui.js", script),
        "/replay/sw.js": _File(player / "sw.js", script),
        "/package.wacz": _File(package, "application/wacz"),
    }
    page = _PAGE.format(title=html.escape(package.name), url=html.escape(url)).encode()
    handler = partial(_Handler, shown=_Shown(files, page, frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise StorageError(f"port {port}: {error.strerror}; choose another --port") from error
    with server:
        typer.echo(one_line(f"ReplayWeb.page shows {package} at http://127.0.0.1:{port}/"))
        server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD for the five paths, to whoever asks for this machine by its own name."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, shown: "_Shown") -> None:  # noqa: ANN401 - the base class's own
        self._files, self._page, self._hosts = shown
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's signature
        """Say nothing: every look at a page is dozens of requests."""

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        if self.headers.get("Host", "") not in self._hosts:
            # A name that leads here is some other page's trick to read what is served.
            self._send(403, {}, b"", with_body=with_body)
        elif path == "/":
            headers = {"Content-Type": "text/html; charset=utf-8"}
            self._send(200, headers, self._page, with_body=with_body)
        elif path in self._files:
            self._send_file(self._files[path], with_body=with_body)
        else:
            self._send(404, {}, b"", with_body=with_body)

    def _send(self, status: int, headers: Mapping[str, str], body: bytes, *, with_body: bool) -> None:
        self._begin(status, {**headers, "Content-Length": str(len(body))})
        if with_body:
            self.wfile.write(body)

    def _send_file(self, file: _File, *, with_body: bool) -> None:
        size = file.path.stat().st_size
        headers = {"Content-Type": file.media_type, "Accept-Ranges": "bytes", "Cache-Control": "no-store"}
        start, end, status = 0, size, 200
        asked = _RANGE.fullmatch(self.headers.get("Range", ""))
        if asked and (asked[1] or asked[2]):
            start = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
            end = min(size, int(asked[2]) + 1) if asked[1] and asked[2] else size
            if start >= end:
                self._send(416, {"Content-Range": f"bytes */{size}"}, b"", with_body=with_body)
                return
            status = 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        self._begin(status, {**headers, "Content-Length": str(end - start)})
        if with_body:
            self._copy(file.path, start, end)

    def _copy(self, path: Path, start: int, end: int) -> None:
        with path.open("rb") as source:
            source.seek(start)
            while start < end and (piece := source.read(min(_PIECE, end - start))):
                self.wfile.write(piece)
                start += len(piece)

    def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "X-Content-Type-Options": "nosniff"}.items():
            self.send_header(name, value)
        self.end_headers()
