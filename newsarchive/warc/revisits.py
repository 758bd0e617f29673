"""Revisits (WARC 1.1, section 6.7): a payload that is kept already is referred to, and found again, by what they say.

A revisit names the record with the payload by id, URL and date, as the standard has it, and by file and offset, as
Heritrix and others do: no index is needed to follow it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from newsarchive.errors import DamageError
from newsarchive.records.capture import CaptureRef
from newsarchive.warc.reader import StoredRecord, StoredResponse, exchange_payload, read_record

Locate = Callable[[str], Path]
"""Says where the segment of a name lies now."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record and the HTTP answer that it stands for."""

    record: StoredRecord
    response: StoredResponse


def read_capture(capture: CaptureRef, locate: Locate) -> Kept:
    """Return what `capture` names: of a revisit the head as it came and, but for a 304, the payload it refers to.

    Raises `DamageError` where another record is there, or a revisit refers to what is not; `StorageError` where a
    file cannot be read.
    """
    path = locate(capture.warc)
    record = read_record(path, capture.offset)
    if record.record_id != capture.record_id:
        raise DamageError(f"{path}: offset {capture.offset}: holds {record.record_id}, not {capture.record_id}")
    response = exchange_payload(record)
    if record.type != "revisit":
        return Kept(record, response)
    try:
        original = _original(record, locate)
    except DamageError as error:
        raise DamageError(f"{path}: offset {capture.offset}: a revisit of what is not there ({error})") from error
    if response.status == 304:  # noqa: PLR2004
        return Kept(record, response)
    return Kept(record, replace(response, payload=exchange_payload(original).payload))


def _original(record: StoredRecord, locate: Locate) -> StoredRecord:
    name, offset = record.field("WARC-Refers-To-Filename"), record.field("WARC-Refers-To-File-Offset") or ""
    if name is None or Path(name).name != name or not offset.isdigit():
        raise DamageError(f"it refers to {name!r}, offset {offset!r}")
    original = read_record(locate(name), int(offset))
    refers_to = (record.field("WARC-Refers-To") or "").strip("<>")
    said = (refers_to, "response", record.payload_digest, record.field("WARC-Refers-To-Target-URI"),
            record.field("WARC-Refers-To-Date"))  # fmt: skip
    found = (original.record_id, original.type, original.payload_digest, original.url, original.field("WARC-Date"))
    if said != found:
        raise DamageError(f"it refers to {said}, {name} has {found} at offset {offset}")
    return original
