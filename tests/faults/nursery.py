"""A process that has everything imported and forks the command line from itself.

A crawl takes a tenth of the time that its imports take, and the tests of this folder need hundreds. What is forked is
a process like any other: it can be killed, traced and limited. Run as `python -m tests.faults.nursery`; it reads one
JSON order a line and answers with one JSON line when a process is born and when it has ended.
"""

import ctypes
import importlib
import json
import os
import resource
import selectors
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from scrapy.settings import Settings

import newsarchive.settings
import newsarchive.store.commit
from newsarchive.cli.main import exit_code_of
from newsarchive.cli.terminal import prepare_streams

ANY_TRACER = ctypes.c_ulong(-1)
PR_SET_PTRACER = 0x59616D61
LISTED = (
    "EXTENSIONS", "EXTENSIONS_BASE", "DOWNLOADER_MIDDLEWARES_BASE", "SPIDER_MIDDLEWARES_BASE", "ITEM_PIPELINES",
)  # fmt: skip


def main() -> None:
    """Fork as ordered until standard input ends."""
    _import_everything()
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
    selector.register(awake, selectors.EVENT_READ)
    pending = b""
    while True:
        for key, _ in selector.select():
            data = os.read(key.fd, 65_536)
            if key.fd == awake:
                _bury()
                continue
            if not data:
                return
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                _bear(json.loads(line))


def _import_everything() -> None:
    """Import what a crawl will, the parts that Scrapy finds by their names too; no reactor must come of it."""
    settings = Settings()
    settings.setmodule(newsarchive.settings)
    names = [settings["SCHEDULER"], *filter(None, settings["DOWNLOAD_HANDLERS"].values())]
    names += [name for listed in LISTED for name in settings[listed]]
    modules = {name.rpartition(".")[0] for name in names if isinstance(name, str)}
    for module in sorted(modules | {"newsarchive.run", "newsarchive.cli.crawl", "tldextract", "aiohttp.web"}):
        importlib.import_module(module)
    assert "twisted.internet.reactor" not in sys.modules


def _bear(order: dict[str, Any]) -> None:
    pid = os.fork()
    if pid:
        _say(born=pid)
        return
    try:
        _live(order)
    finally:
        os._exit(99)


def _bury() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _say(ended=pid, code=os.waitstatus_to_exitcode(status))


def _say(**what: int) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def _live(order: dict[str, Any]) -> NoReturn:
    """Become the process that was ordered: its folder, its streams, its limits, its tracer, its command line."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.chdir(order["folder"])
    for target, path in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(handle, target)
        os.close(handle)
    os.closerange(3, 64)
    if order["acknowledge"]:
        _acknowledge(Path(order["acknowledge"]))
    if order["traced"]:
        _wait_for_tracer()
    for name, value in order["limits"].items():
        number = getattr(resource, name)
        resource.setrlimit(number, (value, resource.getrlimit(number)[1]))
    for name, value in order["settings"].items():
        setattr(newsarchive.settings, name, value)
    prepare_streams()
    code = exit_code_of(order["arguments"])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _wait_for_tracer() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANY_TRACER, 0, 0, 0)
    while "TracerPid:\t0\n" in Path("/proc/self/status").read_text(encoding="ascii"):
        time.sleep(0.002)
    time.sleep(0.03)


def _acknowledge(path: Path) -> None:
    """Write a line to `path` whenever a commit has returned: what the crawl then holds for safe."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    committer = newsarchive.store.commit.Committer
    commit = committer.commit

    def observed(self: Any, visits: Any) -> Any:  # noqa: ANN401 - passes on what it is given
        committed = commit(self, visits)
        lines = [outcome.to_json() for outcome in committed.outcomes]
        os.write(handle, ("[" + ",".join(lines) + "]\n").encode())
        return committed

    committer.commit = observed  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
