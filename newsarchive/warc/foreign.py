"""WARC files that others wrote: of any version, compressed as a whole, record by record, or not. Read, never written.

Records are found by fastwarc; what they hold is read here, as our own are.
"""

import datetime as dt
import zlib
from collections.abc import Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from newsarchive.errors import ConfigurationError, DamageError
from newsarchive.warc.messages import parse_head, payload_of
from newsarchive.warc.reader import StoredResponse


def foreign_responses(path: Path) -> Iterator[StoredResponse]:
    """Yield the HTTP answers of the WARC file at `path`; revisits, whose payload may be in any file, are left out.

    Raises `ConfigurationError` where there is no file, or none that holds a record, `DamageError` where it is cut or
    does not inflate.
    """
    count = 0
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.any_type, parse_http=False):
                count += 1
                if record.record_type is WarcRecordType.response:
                    yield _response(record.headers, record.reader.read())
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (ValueError, zlib.error, EOFError) as error:
        raise DamageError(f"{path}: behind its record {count}: {error}") from error
    if not count:
        raise ConfigurationError(f"{path}: holds no WARC record")


def _response(headers: object, block: bytes) -> StoredResponse:
    fields = {name.lower(): value for name, value in headers.items()}  # type: ignore[attr-defined]
    head = parse_head(block)
    return StoredResponse(
        url=fields.get("warc-target-uri", "").strip("<>"),
        captured_at=_instant(fields.get("warc-date", "")),
        status=head.status,
        headers=head.headers,
        payload=payload_of(head, block),
        truncated=fields.get("warc-truncated"),
    )


def _instant(text: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
