"""One HTTP exchange as it was preserved."""

from newsarchive.records.model import Record


class CaptureRef(Record):
    """Where a capture's response is kept."""

    warc: str
    """File name of the segment below the collection's `captures/`."""
    offset: int
    """Byte offset of the gzip member that holds the record."""
    record_id: str
    """WARC-Record-ID of the response (or revisit) record, without angle brackets."""
    payload_digest: str
    """WARC-Payload-Digest: `sha1:` and base32, over the body without transfer encoding, content encoding kept."""
