"""The bar for every WARC file: the strict walk, warcio's check and two libraries' readers find nothing wrong."""

import io
from collections.abc import Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from newsarchive.warc.fixity import walk
from newsarchive.warc.messages import is_chunked
from newsarchive.warc.reader import StoredRecord, iterate


def faults_below_the_bar(path: Path) -> list[str]:
    """Return what any of the four says against a segment.

    Of warcio one complaint does not count: it digests the chunked framing, against WARC 1.1 (webrecorder/warcio#74).
    """
    data = path.read_bytes()
    return [str(problem) for problem in walk(path)] + [
        f"{path.name}: {fault}" for fault in (*_warcio(path, data), *_fastwarc(path, data))
    ]


def _warcio(path: Path, data: bytes) -> Iterator[str]:
    theirs = WarcioIterator(io.BytesIO(data), check_digests=True)
    for record, ours in zip(theirs, iterate(path), strict=True):
        record.raw_stream.read()
        if record.rec_headers.get_header("WARC-Record-ID") != f"<{ours.record_id}>":
            yield f"warcio reads another record at offset {ours.offset}"
        problems = record.digest_checker.problems
        if problems and not (_chunked(ours) and all(one.startswith("payload digest failed") for one in problems)):
            yield f"warcio at offset {ours.offset}: {problems}"


def _fastwarc(path: Path, data: bytes) -> Iterator[str]:
    for record, ours in zip(FastIterator(io.BytesIO(data), parse_http=False), iterate(path), strict=True):
        record.freeze()
        if not record.verify_block_digest():
            yield f"fastwarc finds the block digest wrong at offset {ours.offset}"
        if record.reader.read() != ours.block or record.stream_pos != ours.offset:
            yield f"fastwarc reads another record at offset {ours.offset}"


def _chunked(record: StoredRecord) -> bool:
    return record.type == "response" and is_chunked(record.head)
