"""Writing and reading captures: newsarchive beside fastwarc and warcio, on the same exchanges in the same run.

    python benchmarks/warc_speed.py [--pages N] [--rounds N]

Every writer packs each record into a gzip member of its own, answer and request, with block digests. CPU time is the
best of the rounds. With NEWSARCHIVE_CORPORA set the pages are the real ones there, else they are made up.
"""

import argparse
import datetime as dt
import gzip
import io
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecord, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from warcio.warcwriter import WARCWriter

from newsarchive.warc.exchange import Exchange, read_exchange
from newsarchive.warc.fixity import walk
from newsarchive.warc.reader import exchange_payload, iterate
from newsarchive.warc.writer import encode_exchange

CAPTURED_AT = dt.datetime(2026, 11, 22, 7, 15, tzinfo=dt.UTC)
REFERENCE = "fastwarc"

T = TypeVar("T")


def main() -> None:
    """Print one table for writing and one for reading."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    exchanges = [_exchange(number, page) for number, page in enumerate(_pages(arguments.pages))]
    size = sum(len(exchange.response) for exchange in exchanges) / len(exchanges)
    print(f"{len(exchanges)} captures, {size:,.0f} bytes an answer, best of {arguments.rounds} rounds\n")

    written = dict.fromkeys(WRITERS, b"")
    costs = {}
    for name, write in WRITERS.items():
        costs[name], written[name] = _best(arguments.rounds, lambda write=write: write(exchanges))  # type: ignore[misc]
    sizes = {name: f"{len(data) / len(exchanges):,.0f} bytes" for name, data in written.items()}
    _print_table("writing", costs, len(exchanges), sizes)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "speed.warc.gz")
        path.write_bytes(written["newsarchive"])
        costs = {}
        for name, read in READERS.items():
            costs[name], blocks = _best(arguments.rounds, lambda read=read: read(path))  # type: ignore[misc]
            if blocks != 2 * len(exchanges):
                raise SystemExit(f"{name} read {blocks} of {2 * len(exchanges)} records")
        _print_table("reading", costs, len(exchanges), {})
        cost, problems = _best(arguments.rounds, lambda: list(walk(path)))
        print(f"strict walk with all digests: {len(written['newsarchive']) / cost / 1e6:,.0f} MB of segment a second")
        if [problem.what for problem in problems] != ["first record is no warcinfo"]:
            raise SystemExit("\n".join(map(str, problems)))


def _pages(count: int) -> list[bytes]:
    corpora = os.environ.get("NEWSARCHIVE_CORPORA")
    if corpora:
        files = sorted(Path(corpora).glob("*/pages/*.gz"))[:count]
        return [gzip.decompress(file.read_bytes()) for file in files]
    rng = random.Random(20261122)  # noqa: S311  pages, not secrets
    words = ["".join(chr(rng.randrange(0x4E00, 0x5A00)) for _ in range(rng.choice([1, 2, 2, 3]))) for _ in range(900)]
    return [_page(rng, words) for _ in range(count)]


def _page(rng: random.Random, words: list[str]) -> bytes:
    """Make a page of 10 to 40 kB: a template that repeats itself and text that does not."""
    text = "".join(
        f'<p style="text-indent: 2em;">{"".join(rng.choices(words, k=rng.randrange(20, 120)))}。</p>\n'
        for _ in range(rng.randrange(8, 30))
    )
    links = "".join(
        f'<li><a href="/f/2020{rng.randrange(100, 999)}/{rng.randrange(9999)}.html" target="_blank">'
        f"{''.join(rng.choices(words, k=9))}</a><span>2020-12-{rng.randrange(10, 30)}</span></li>\n"
        for _ in range(60)
    )
    return f"<html><head><title>新闻</title></head><body><div>{text}</div><ul>{links}</ul></body></html>".encode()


def _exchange(number: int, page: bytes) -> Exchange:
    url = f"http://institute.test/f/202012/{number}.html"
    request = f"GET /f/202012/{number}.html HTTP/1.1\r\nHost: institute.test\r\nAccept: text/html\r\n\r\n".encode()
    head = (
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 07:15:00 GMT\r\nContent-Type: text/html\r\n"
        f'ETag: W/"5fc7-{number}"\r\nContent-Length: {len(page)}\r\n\r\n'
    )
    return read_exchange(
        url=url, started_at=CAPTURED_AT, request=request, received=head.encode() + page, ip_address="192.0.2.7"
    )


def _write_ours(exchanges: list[Exchange]) -> bytes:
    return b"".join(encode_exchange(exchange).data for exchange in exchanges)


def _write_with_fastwarc(exchanges: list[Exchange]) -> bytes:
    out = io.BytesIO()
    packer = GzipWriter(out, 4)
    for exchange in exchanges:
        for record_type, block in (
            (WarcRecordType.response, exchange.response),
            (WarcRecordType.request, exchange.request),
        ):
            record = WarcRecord()
            record.init_headers(record_type)
            record.headers.set("WARC-Target-URI", exchange.url)
            record.headers.set("WARC-IP-Address", exchange.ip_address or "")
            record.headers.set("Content-Type", f"application/http; msgtype={record_type}")
            record.is_http = True
            record.set_bytes_content(block)
            record.write(packer, checksum_data=True)
            packer.finish()
    return out.getvalue()


def _write_with_warcio(exchanges: list[Exchange]) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    for exchange in exchanges:
        for record_type, block in (("response", exchange.response), ("request", exchange.request)):
            record = writer.create_warc_record(
                exchange.url,
                record_type,
                payload=io.BytesIO(block),
                length=len(block),
                warc_content_type=f"application/http; msgtype={record_type}",
                warc_headers_dict={"WARC-IP-Address": exchange.ip_address},
            )
            writer.write_record(record)
    return out.getvalue()


def _read_ours(path: Path) -> int:
    records = 0
    for record in iterate(path):
        if record.type == "response":
            exchange_payload(record)
        records += 1
    return records


def _read_with_fastwarc(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for record in FastIterator(file) if record.reader.read() is not None)


def _read_with_warcio(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for record in WarcioIterator(file) if record.content_stream().read() is not None)


def _best(rounds: int, work: Callable[[], T]) -> tuple[float, T]:
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        result = work()
        best = min(best, time.process_time() - started)
    return best, result


def _print_table(title: str, costs: dict[str, float], captures: int, notes: dict[str, str]) -> None:
    print(f"{title:<24}{'µs a capture':>14}{'captures/s':>12}{f'× {REFERENCE}':>12}")
    for name, cost in costs.items():
        ratio = cost / costs[REFERENCE]
        print(
            f"{name:<24}{cost / captures * 1e6:>14,.0f}{captures / cost:>12,.0f}{ratio:>12.2f}  {notes.get(name, '')}"
        )
    print()


WRITERS: dict[str, Callable[[list[Exchange]], bytes]] = {
    "newsarchive": _write_ours,
    "fastwarc": _write_with_fastwarc,
    "warcio": _write_with_warcio,
}
READERS: dict[str, Callable[[Path], int]] = {
    "newsarchive": _read_ours,
    "fastwarc": _read_with_fastwarc,
    "warcio": _read_with_warcio,
}

if __name__ == "__main__":
    main()
