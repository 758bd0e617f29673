"""Reads kept captures again with today's parser, on every core, in the order in which they were taken."""

import datetime as dt
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from newsarchive.errors import NewsarchiveError
from newsarchive.operations.access import Held, collection_of
from newsarchive.records.capture import CaptureRef
from newsarchive.store.interpret import interpret
from newsarchive.warc.revisits import read_capture

CHUNK = 32
"""Captures that one process is handed at a time: a tenth of a second's work."""

AHEAD = 4
"""Chunks for each process that may be under way; what is read waits in memory until its turn comes."""

FEW = 64
"""So few captures are read here: starting processes would take longer."""


@dataclass(frozen=True, slots=True)
class Page:
    """A capture that is to be read."""

    run: str
    """The run that took it."""
    url: str
    capture: CaptureRef
    lacking: tuple[str, ...] = ()
    """Fields for which the page was held back; it counts once they are read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What today's parser makes of one capture."""

    page: Page
    article: str | None
    """The article as JSON; None where the page shows none."""
    captured_at: dt.datetime | None
    """Its WARC-Date; None where the capture cannot be read."""
    reason: str | None
    """Why there is no article: the parser's own word, or that the capture cannot be read."""


Item = TypeVar("Item")
Result = TypeVar("Result")

_here: Held | None = None
"""The collection that this process reads; set once, when it starts."""


def readings(held: Held, pages: Iterable[Page], processes: int | None = None) -> Iterator[Reading]:
    """Yield what each page reads as today, in their order; as `each` does."""
    return each(held, pages, _reading, processes)


def each(
    held: Held,
    items: Iterable[Item],
    read: Callable[[Held, Item], Result],
    processes: int | None = None,
    *,
    few: int = FEW,
) -> Iterator[Result]:
    """Yield what `read`, a function of a module, gives for each item, in their order.

    `items` is asked for some hundred before they are read. `processes`: as many as there are cores, unless it is said;
    up to `few` items are read here. No network, no clock, nothing written.
    """
    count = processes or os.cpu_count() or 1
    waiting = iter(items)
    first = list(islice(waiting, few))
    waiting = chain(first, waiting)
    if count == 1 or len(first) < few:
        yield from (read(held, item) for item in waiting)
        return
    with _pool(held, count) as pool:
        under_way: deque[Future[list[Result]]] = deque()
        while chunk := list(islice(waiting, CHUNK)):
            under_way.append(pool.submit(_chunk, read, chunk))
            if len(under_way) >= count * AHEAD:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


@contextmanager
def _pool(held: Held, count: int) -> Iterator[ProcessPoolExecutor]:
    # Not forked: whoever calls may have threads, and a lock that one of them holds would stay held.
    context = multiprocessing.get_context("spawn")
    folder = held.layout.folder
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(folder.parent, folder.name))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(archive: Path, name: str) -> None:
    global _here  # noqa: PLW0603 - what a process reads is settled when it starts
    _here = collection_of(archive, name)


def _chunk(read: Callable[[Held, Item], Result], items: Sequence[Item]) -> list[Result]:
    if _here is None:
        raise RuntimeError("the process was not told its collection")
    return [read(_here, item) for item in items]


def _reading(held: Held, page: Page) -> Reading:
    try:
        answer = read_capture(page.capture, held.layout.segment).response
    except NewsarchiveError as error:
        return Reading(page, None, None, f"capture cannot be read: {error}")
    meaning = interpret(
        answer, held.scope.kind(page.url), held.scope, url=page.url, captured_at=answer.captured_at,
        asked_if_changed=True,
    )  # fmt: skip
    if meaning.article is None:
        return Reading(page, None, answer.captured_at, meaning.reason or meaning.kind)
    return Reading(page, meaning.article.to_json(), answer.captured_at, None)
