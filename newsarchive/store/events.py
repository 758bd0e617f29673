"""`events.jsonl`: what was done to preserve a collection. Append-only; neither truth nor counted by the catalogue."""

import datetime as dt
import os
from collections.abc import Iterable, Iterator

from newsarchive.records.event import PreservationEvent
from newsarchive.store.layout import Layout, sync_folder


def read_events(layout: Layout) -> Iterator[PreservationEvent]:
    """Yield the events, oldest first; a line that a dead process left torn, or that is none, is passed over."""
    if not layout.events.exists():
        return
    with layout.events.open("rb") as file:
        for line in file:
            try:
                yield PreservationEvent.model_validate_json(line)
            except ValueError:
                continue


def withdrawals(layout: Layout) -> dict[str, dt.datetime]:
    """Return the ids of the articles that were withdrawn with the instants of that (UTC), the last one last."""
    events = sorted((one for one in read_events(layout) if one.type == "deaccession"), key=lambda one: one.at)
    return {event.object: event.at for event in events}


def append_events(layout: Layout, events: Iterable[PreservationEvent]) -> None:
    """Append `events` and bring them to the disk. Raises OSError."""
    lines = b"".join(event.to_json().encode() + b"\n" for event in events)
    new = not layout.events.exists()
    with layout.events.open("ab+") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            lines = lines if file.read() == b"\n" else b"\n" + lines
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    if new:
        sync_folder(layout.folder)
