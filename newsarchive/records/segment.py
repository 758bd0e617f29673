"""One closed WARC file of a collection."""

from pydantic import AwareDatetime, Field

from newsarchive.records.model import Record


class ClosedSegment(Record):
    """One line of `captures/manifest.jsonl`: what a segment came to when it was closed.

    Of two lines with one name the later holds.
    """

    name: str
    """File name of the segment below `captures/`."""
    bytes: int = Field(ge=0)
    """Length of the file."""
    records: int = Field(ge=0)
    """WARC records in it, its warcinfo included."""
    sha256: str
    """The file's sha256, as hex digits."""
    closed_at: AwareDatetime
    """UTC instant at which this line was written; later than the last capture by as long as nobody opened the
    collection, where the run that wrote the segment died."""
