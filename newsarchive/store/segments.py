"""The WARC files of a collection: one is written at a time, rotated by size, closed at the end of its run."""

import datetime as dt
import logging
from collections.abc import Mapping

from newsarchive.errors import NewsarchiveError
from newsarchive.records.capture import CaptureRef
from newsarchive.store.capture_index import HeldLines, index_segment
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.layout import Layout, sync_folder
from newsarchive.store.log import AppendFile
from newsarchive.store.manifest import enter_closed, measured
from newsarchive.warc.cdxj import line_of_article, line_of_exchange
from newsarchive.warc.exchange import Exchange
from newsarchive.warc.reader import read_record
from newsarchive.warc.writer import Original, encode_article, encode_exchange, encode_warcinfo

MAX_SEGMENT_BYTES = 1_000_000_000
"""A segment is closed once it is this long; archives commonly keep WARC files of about one gigabyte."""

MIN_REVISITED_BYTES = 1024
"""A shorter payload is kept again: the fields of a revisit would take as much room."""


logger = logging.getLogger(__name__)


class SegmentWriter:
    """Appends captures to the open segment of one run.

    A segment is in the catalogue before its file is made, so a segment the catalogue does not know can only mean
    that the catalogue is an old one.
    """

    def __init__(
        self,
        layout: Layout,
        catalogue: Catalogue,
        prefix: str,
        warcinfo: Mapping[str, str],
        max_bytes: int = MAX_SEGMENT_BYTES,
    ) -> None:
        self._layout = layout
        self._catalogue = catalogue
        self._prefix = prefix
        self._warcinfo = dict(warcinfo)
        self._max_bytes = max_bytes
        self._number = 0
        self._file: AppendFile | None = None
        self._name = ""
        self._warcinfo_id: str | None = None
        self._records = self._committed_records = 0
        self.revisits = 0
        """Answers of this run that were kept as revisits."""
        self._lines: HeldLines | None = None

    def make_room(self, now: dt.datetime) -> None:
        """Open a segment if none is open or the open one is full; call it outside of a transaction."""
        if self._file is not None and self._file.length >= self._max_bytes:
            self.close(now)
        if self._file is not None:
            return
        self._number += 1
        self._name = f"{self._prefix}-{self._number:05d}.warc.gz"
        with self._catalogue.transaction():
            self._catalogue.set_length(f"captures/{self._name}", 0)
        self._file = AppendFile(self._layout.open_segment(self._name))
        info = encode_warcinfo(self._name, self._warcinfo, now)
        self._file.append(info.data)
        self._warcinfo_id = info.records[0].record_id
        self._records, self._committed_records = len(info.records), 0
        self._lines = HeldLines()

    def append(self, exchange: Exchange, unchanged_digest: str | None = None) -> CaptureRef:
        """Append an exchange and return where its response, or the revisit of one that is kept, is.

        `unchanged_digest` is that of the payload which a 304 says is still the same; None where that was not asked.
        Call it inside the batch's transaction.
        """
        if self._file is None:
            raise RuntimeError("make_room was not called")
        original = self._original(exchange, unchanged_digest)
        encoded = encode_exchange(exchange, warcinfo_id=self._warcinfo_id, original=original)
        start = self._file.append(encoded.data)
        self._records += len(encoded.records)
        self.revisits += encoded.response.type == "revisit"
        capture = CaptureRef(
            warc=self._name,
            offset=start + encoded.response.offset,
            record_id=encoded.response.record_id,
            payload_digest=original.capture.payload_digest if original else exchange.payload_digest,
        )
        if self._lines is not None:
            self._lines.add(line_of_exchange(exchange, encoded.response, capture))
        if encoded.response.type == "response" and exchange.truncated is None and exchange.payload:
            self._catalogue.keep_original(Original(capture, exchange.url, exchange.started_at))
        return capture

    def append_article(self, exchange: Exchange, capture: CaptureRef, line: bytes) -> None:
        """Append what was read from `exchange`, just kept as `capture`: a line of `revisions.jsonl`."""
        if self._file is None:
            raise RuntimeError("make_room was not called")
        encoded = encode_article(line, exchange=exchange, response_id=capture.record_id, warcinfo_id=self._warcinfo_id)
        offset = self._file.append(encoded.data)
        self._records += 1
        if self._lines is not None:
            self._lines.add(line_of_article(exchange, line, encoded.response, self._name, offset))

    def _original(self, exchange: Exchange, unchanged_digest: str | None) -> Original | None:
        if exchange.truncated is not None:
            return None
        if unchanged_digest is not None and exchange.status == 304:  # noqa: PLR2004
            return self._catalogue.original(unchanged_digest)
        if len(exchange.payload) < MIN_REVISITED_BYTES:
            return None
        original = self._catalogue.original(exchange.payload_digest)
        if original is None or self._is_sound(original.capture):
            return original
        self._catalogue.forget_original(exchange.payload_digest)
        return None

    def _is_sound(self, capture: CaptureRef) -> bool:
        """Tell whether a payload that is kept can be read back: a damaged one is kept anew while it is at hand."""
        if self._file is not None and capture.warc == self._name and capture.offset >= self._file.committed:
            return True  # of this batch, not on the disk yet
        path = self._layout.segment(capture.warc)
        try:
            record = read_record(path, capture.offset)
        except NewsarchiveError as error:
            logger.error("%s; its payload is kept again, run `newsarchive verify`", error)  # noqa: TRY400 - a finding
            return False
        if record.record_id == capture.record_id and record.payload_digest == capture.payload_digest:
            return True
        logger.error("%s: offset %d: another record; its payload is kept again", path, capture.offset)
        return False

    def sync(self) -> None:
        """Bring the captures to the disk and enter their length; call it inside the batch's transaction."""
        if self._file is not None:
            self._file.sync()
            file = self._file
            name = f"captures/{self._name}"
            self._catalogue.add_piece(name, file.committed, file.length - file.committed, file.piece_sha256)

    def commit(self) -> None:
        """Take the present length as committed."""
        if self._file is not None:
            self._file.commit()
            self._committed_records = self._records

    def cut_back(self) -> None:
        """Drop what was appended since the last commit."""
        if self._file is not None:
            self._file.cut_back()
            self._records = self._committed_records
            self._drop_lines()

    def abandon(self) -> None:
        """Close the file and leave it open by its name: the next opening of the collection mends it."""
        self._drop_lines()
        if self._file is not None:
            self._file.close()

    def close(self, now: dt.datetime) -> None:
        """Give the open segment its final name, at `now`; a segment without a committed capture goes away."""
        if self._file is None:
            return
        file, self._file = self._file, None
        file.close()
        close_segment(self._layout, self._catalogue, self._name, file.committed)
        if file.committed:
            closed = measured(self._layout.captures / self._name, self._committed_records, now)
            index_segment(self._layout, self._name, self._lines)
            enter_closed(self._layout, self._catalogue, closed)
        self._drop_lines()

    def _drop_lines(self) -> None:
        """Hold the lines of the index no more; where they are asked for later they are read from the segment."""
        if self._lines is not None:
            self._lines.drop()
            self._lines = None


def close_segment(layout: Layout, catalogue: Catalogue, name: str, length: int) -> None:
    """Rename an open segment to its final name; remove it, and forget it, where it holds nothing."""
    path = layout.open_segment(name)
    if length == 0:
        path.unlink(missing_ok=True)
        sync_folder(layout.captures)
        with catalogue.transaction() as db:
            db.execute("DELETE FROM files WHERE name = ?", (f"captures/{name}",))
        return
    if path.exists():
        path.rename(layout.captures / name)
        sync_folder(layout.captures)
