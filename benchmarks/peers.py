"""The peers beside us in the same run: each in a process of its own, in the environment that `make peers` made."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from newsarchive.parsers.encoding import decode

NAMES = ("trafilatura", "newspaper4k", "gne", "readability-lxml", "resiliparse")
PYTHON = Path(__file__).parents[1] / ".venv-peers" / "bin" / "python"
_WORKER = Path(__file__).with_name("peer_worker.py")

Ask = Callable[[bytes, str], dict[str, Any]]
"""Bytes and URL of a page to title, date, author, body, error and the peer's CPU seconds."""


@contextmanager
def peer(name: str) -> Iterator[Ask]:
    """Run one peer for as long as it is asked; raises `FileNotFoundError` without the peers' environment."""
    command = [str(PYTHON), str(_WORKER), name]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as process:
        yield lambda html, url: _ask(process, name, html, url)
        if process.stdin is not None:
            process.stdin.close()


def _ask(process: subprocess.Popen[str], name: str, html: bytes, url: str) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError(f"{name}: no way to ask it")
    text = decode(html).utf8.decode("utf-8", "replace")
    question = {"url": url, "html": base64.b64encode(html).decode("ascii"), "text": text}
    process.stdin.write(json.dumps(question) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{name} ended; is its environment whole? `make peers` makes it again")
    answer: dict[str, Any] = json.loads(line)
    return answer


def installed() -> bool:
    """Tell whether the peers' environment is there, and say how to make it where it is not."""
    if PYTHON.exists():
        return True
    sys.stderr.write("the peers are not installed: `make peers`\n")
    return False
