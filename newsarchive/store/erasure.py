"""Carries out a withdrawal on the files of a collection: the one exception to append-only.

Everything is overwritten by as many bytes as were there, so that no other record or line moves. What is to be done is
laid down first: after a death at any instant it is done again from the start, with the same bytes. The catalogue is
then made anew from what is left.
"""

import os
import shutil
import uuid
from pathlib import Path

from newsarchive.errors import DamageError, StaleCatalogueError
from newsarchive.records.event import PreservationEvent
from newsarchive.records.outcome import Outcome, UrlClass
from newsarchive.records.withdrawal import Withdrawal
from newsarchive.store.events import append_events, read_events
from newsarchive.store.layout import Layout, sync_folder, write_atomically
from newsarchive.store.manifest import measured, read_manifest
from newsarchive.timestamps import iso, run_name
from newsarchive.warc.tombstones import tombstone

WITHDRAWN = "withdrawn"
"""Reason of a URL that is not asked for any more because its page was withdrawn."""


def lay_down(layout: Layout, withdrawal: Withdrawal) -> None:
    """Write what is to be done; from here on it can only be ended. Raises OSError."""
    write_atomically(layout.withdrawing, withdrawal.to_json().encode() + b"\n")


def refuse_interrupted(layout: Layout) -> None:
    """Raise `StaleCatalogueError` where a withdrawal began and did not end."""
    if layout.withdrawing.exists():
        raise StaleCatalogueError(
            f"{layout.withdrawing}: a withdrawal was interrupted; run `newsarchive rebuild {layout.folder.name}`"
        )


def carry_out(layout: Layout) -> None:
    """Do what was laid down, if anything was. Raises OSError, or `DamageError` where that cannot be read."""
    try:
        withdrawal = Withdrawal.model_validate_json(layout.withdrawing.read_bytes())
    except FileNotFoundError:
        return
    except ValueError as error:
        raise DamageError(f"{layout.withdrawing}: cannot be read; restore it from a copy") from error
    at = iso(withdrawal.at)
    for record in withdrawal.records:
        _overwrite(layout.segment(record.warc), record.offset, tombstone(record, at))
    for line in withdrawal.lines:
        _overwrite(layout.revisions, line.offset, line.line.encode())
    for path in layout.reparsed:
        path.unlink(missing_ok=True)
    if layout.drafts.exists():
        shutil.rmtree(layout.drafts)  # any of them may show the page
    _enter_segments(layout, withdrawal)
    _log(layout, withdrawal)
    write_atomically(layout.run_log(run_name(withdrawal.at)), b"".join(_outcomes(withdrawal)))


def end(layout: Layout) -> None:
    """Forget what was laid down: it is done, and the catalogue knows. Raises OSError."""
    layout.withdrawing.unlink(missing_ok=True)
    sync_folder(layout.folder)


def _overwrite(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _enter_segments(layout: Layout, withdrawal: Withdrawal) -> None:
    """Give each changed segment a new line in the manifest: of two with one name the later holds."""
    manifest = read_manifest(layout)
    lines = []
    for name in sorted({record.warc for record in withdrawal.records} & manifest.keys()):
        closed = measured(layout.captures / name, manifest[name].records, withdrawal.at)
        if closed.sha256 != manifest[name].sha256:
            lines.append(closed.to_json().encode() + b"\n")
    if not lines:
        return
    whole, end, _ = layout.manifest.read_bytes().rpartition(b"\n")
    _overwrite(layout.manifest, len(whole + end), b"".join(lines))


def _log(layout: Layout, withdrawal: Withdrawal) -> None:
    """Log the event of each article; one whose line is there from a try before is not logged again."""
    logged = {event.event for event in read_events(layout)}
    events = []
    for name in withdrawal.articles:
        event = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{name} {iso(withdrawal.at)}')}"
        if event not in logged:
            events.append(
                PreservationEvent(
                    event=event, type="deaccession", at=withdrawal.at, detail=withdrawal.reason, outcome="pass",
                    agent=withdrawal.agent, object=name,
                )
            )  # fmt: skip
    append_events(layout, events)


def _outcomes(withdrawal: Withdrawal) -> list[bytes]:
    outcomes = (
        Outcome(at=withdrawal.at, url=url, kind="article", outcome=UrlClass.REFUSED, reason=WITHDRAWN)
        for url in withdrawal.urls
    )
    return [outcome.to_json().encode() + b"\n" for outcome in outcomes]
