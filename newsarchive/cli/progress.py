"""How far a long piece of work is: a line that moves on a terminal, a plain line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status

from newsarchive.cli.terminal import printable

LOG_SECONDS = 30.0


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int], None]]:
    """Give the function that is told the part of the work and how many rows of it are done.

    Nothing is shown of work that ends at once.
    """
    console = Console(stderr=True)
    began = told = time.monotonic()
    if console.is_terminal:
        with console.status(printable(what)) as status:
            yield lambda part, rows: _show(status, what, part, rows, began)
        return

    def tell(part: str, rows: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= LOG_SECONDS:
            told = now
            console.print(f"{printable(what)}: {part}, {rows} rows after {now - began:.0f} s", highlight=False)

    yield tell


def _show(status: Status, what: str, part: str, rows: int, began: float) -> None:
    status.update(f"{printable(what)}: {part}, {rows} rows, {time.monotonic() - began:.0f} s")
