"""HTTP exchanges from foreign records: answers with their requests, and what a revisit stands for."""

import re
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import replace
from typing import NamedTuple, cast, get_args

from newsarchive.warc.exchange import Exchange, Truncation, read_exchange
from newsarchive.warc.foreign_records import ForeignRecord
from newsarchive.warc.messages import parse_head

NOT_HTTP = "no HTTP answer"
TOO_LARGE = "too large"
UNNAMED = "no URL or no date"
_UUID = re.compile(r"urn:uuid:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_ANSWERS = frozenset({"response", "revisit"})
_SILENT = frozenset({"warcinfo", "request", "metadata", "continuation"})
"""Records that go with answers; what is left out besides them is counted."""


class Pair(NamedTuple):
    """An answer, and the request that it answers where that was kept."""

    answer: ForeignRecord
    request: ForeignRecord | None


def exchanges(records: Iterable[ForeignRecord], left_out: MutableMapping[str, int]) -> Iterator[Pair]:
    """Yield the HTTP answers of a file with their requests, which stand before or behind them; count what is left out.

    Memory: one answer and one request.
    """
    request: ForeignRecord | None = None
    answer: ForeignRecord | None = None
    for record in records:
        if record.type == "request" and _is_http(record):
            if answer is not None and _belongs(record, answer):
                yield Pair(answer, record)
                answer = None
            else:
                request = record
        elif record.type in _ANSWERS:
            if answer is not None:
                yield Pair(answer, None)
            answer = None
            if fault := _fault(record):
                left_out[fault] = left_out.get(fault, 0) + 1
            elif request is not None and _belongs(request, record):
                yield Pair(record, request)
            else:
                answer = record
            request = None
        elif record.type not in _SILENT:
            left_out[NOT_HTTP] = left_out.get(NOT_HTTP, 0) + 1
    if answer is not None:
        yield Pair(answer, None)


def exchange_of(pair: Pair, url: str, original: bytes | None = None) -> Exchange:
    """Return the exchange that `pair` is of; `original` is the whole answer that a revisit refers to."""
    answer, request = pair
    block = answer.block or b""
    truncated = answer.field("WARC-Truncated") if answer.type == "response" else None
    if original is not None:
        head = block[: parse_head(block).length] if block else original[: parse_head(original).length]
        block = head + original[parse_head(original).length :]
    date = answer.date
    assert date is not None  # noqa: S101 - `_fault` has seen to it
    exchange = read_exchange(
        url=url,
        started_at=date,
        request=(request.block if request else None) or b"",
        received=block,
        ip_address=answer.field("WARC-IP-Address"),
        tls=next((value for name, value in answer.fields if _is_tls(name, value)), None),
        cipher_suite=answer.field("WARC-Cipher-Suite"),
        truncated=_truncation(truncated),
    )
    return replace(exchange, record_ids=_record_ids(pair))


def _is_tls(name: str, value: str) -> bool:
    return name.lower() == "warc-protocol" and value.lower().startswith(("tls/", "ssl/"))


def _truncation(text: str | None) -> Truncation | None:
    if not text:
        return None
    return cast("Truncation", text) if text in get_args(Truncation) else "unspecified"


def _record_ids(pair: Pair) -> tuple[str, str] | None:
    """Return the records' own ids, which others may have cited; None where one is not of the form that is kept here."""
    ids = (pair.answer.record_id, pair.request.record_id if pair.request else pair.answer.record_id)
    return ids if all(_UUID.fullmatch(record_id) for record_id in ids) else None


def _is_http(record: ForeignRecord) -> bool:
    return "http" in (record.field("Content-Type") or "application/http").lower()


def _belongs(request: ForeignRecord, answer: ForeignRecord) -> bool:
    linked = {(record.field("WARC-Concurrent-To") or "").strip("<> ") for record in (request, answer)} - {""}
    if linked:
        return bool(linked & {request.record_id, answer.record_id})
    return request.url == answer.url


def _fault(record: ForeignRecord) -> str | None:
    if record.block is None:
        return TOO_LARGE
    if record.type == "response" and not record.block.startswith(b"HTTP/"):
        return NOT_HTTP
    if not record.url or record.date is None:
        return UNNAMED
    return None if record.url.lower().startswith(("http:", "https:")) else NOT_HTTP
