"""Exchanges and segments that the tests of this room share."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from newsarchive.warc.exchange import Exchange, read_exchange
from newsarchive.warc.writer import encode_exchange, encode_warcinfo
from tests.warc.segments import CAPTURED_AT, MakeExchange, MakeSegment, Segment


@pytest.fixture
def make_exchange() -> MakeExchange:
    """Return a function that makes an exchange of the bytes that a server sent."""

    def make(received: bytes, number: int = 0, **facts: str) -> Exchange:
        url = f"http://a.test/{number}?page=2"
        request = f"GET /{number}?page=2 HTTP/1.1\r\nHost: a.test\r\n\r\n".encode()
        return read_exchange(url=url, started_at=CAPTURED_AT, request=request, received=received, **facts)  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_segment(tmp_path: Path) -> MakeSegment:
    """Return a function that writes exchanges into a segment as the store does."""

    def make(exchanges: Sequence[Exchange]) -> Segment:
        path = tmp_path / "a-20261122071500-00001.warc.gz"
        warcinfo = encode_warcinfo(path.name, {"software": "newsarchive"}, CAPTURED_AT)
        data = warcinfo.data
        offsets = [0]
        for exchange in exchanges:
            capture = encode_exchange(exchange, warcinfo_id=warcinfo.response.record_id)
            offsets.extend(len(data) + record.offset for record in capture.records)
            data += capture.data
        path.write_bytes(data)
        return Segment(path, data, [*offsets, len(data)])

    return make
