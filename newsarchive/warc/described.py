"""The article beside its answer: the `metadata` record in which a segment holds what was read from a page."""

from pathlib import Path

from newsarchive.errors import DamageError
from newsarchive.records.capture import CaptureRef
from newsarchive.warc.reader import StoredRecord, read_record
from newsarchive.warc.writer import ARTICLE_URI, NO_REQUEST


def is_article(record: StoredRecord) -> bool:
    """Say whether a record holds what was read from a page."""
    return record.type == "metadata" and (record.url or "").startswith(ARTICLE_URI)


def refers_to(record: StoredRecord) -> str | None:
    """Return the id of the answer that a record describes, without angle brackets; None where it names none."""
    named = record.field("WARC-Refers-To")
    return named.strip("<>") if named else None


def article_beside(path: Path, capture: CaptureRef) -> StoredRecord:
    """Return the record in the segment `path` that holds what was read from `capture`.

    Raises `DamageError` where there is none, `StorageError` where the file cannot be read.
    """
    answer = read_record(path, capture.offset)
    offset = answer.offset + answer.length
    name, value = NO_REQUEST
    if answer.field(name) != value:
        offset += read_record(path, offset).length
    if offset == path.stat().st_size:
        raise DamageError(f"{path}: offset {offset}: ends without the article read from {capture.record_id}")
    record = read_record(path, offset)
    if not is_article(record) or refers_to(record) != capture.record_id:
        raise DamageError(f"{path}: offset {offset}: is not the article read from {capture.record_id}")
    return record
