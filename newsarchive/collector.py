"""Python's collector of cycles (`gc`), kept from walking again and again what lives as long as the process.

Loading a program makes some hundred thousand objects, and the collector walks all of them several times before the
first page comes: a sixth of what a start costs. So it rests while a program loads; what it then finds is set aside
for good (`gc.freeze`), and it looks after what comes later.
"""

import gc
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

THRESHOLDS = (10_000, 10, 10)
"""As `gc.set_threshold` takes them, for crawls. Python's own (700 objects) mean a walk for every page."""

MUCH_BYTES = 32 * 1024**2
"""After answers of so many bytes a crawl collects whatever the thresholds say."""


@contextmanager
def resting(*, lasting: bool = False) -> Iterator[None]:
    """Let the collector rest while something is made and dropped again; at the end it is on again, if it was.

    What is there then is set aside for good if it is `lasting`.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if lasting:
                gc.freeze()
            gc.enable()


def loading() -> AbstractContextManager[None]:
    """Let the collector rest while a program loads."""
    return resting(lasting=True)


@contextmanager
def crawling() -> Iterator[None]:
    """Let the collector rest until `loaded` is called; at the end everything is as it was."""
    collecting, thresholds = gc.isenabled(), gc.get_threshold()
    gc.disable()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        if collecting:
            gc.enable()


def loaded() -> None:
    """Begin to collect: what there is now lives as long as the crawl. Without effect where it has begun."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(*THRESHOLDS)
        gc.enable()


class Weighed:
    """Collects by weight, since the collector counts objects and not what they hold: few can hold megabytes."""

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, size: int) -> None:
        """Note that an answer of `size` bytes came, and collect where it has been much."""
        self._bytes += size
        if self._bytes >= MUCH_BYTES:
            self._bytes = 0
            gc.collect()
