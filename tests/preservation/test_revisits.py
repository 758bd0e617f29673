"""Revisits: a payload is kept once, every answer with its own head, and each can be read whole again."""

import io
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from warcio.checker import Checker

from newsarchive.errors import DamageError
from newsarchive.records.outcome import Outcome, UrlClass
from newsarchive.store.segments import MIN_REVISITED_BYTES
from newsarchive.warc.members import packed_member
from newsarchive.warc.reader import StoredRecord, iterate
from newsarchive.warc.revisits import Kept, read_capture
from tests.preservation.keeper import ORIGIN, URLS, Keeper, answer, page

URL, OTHER = URLS[:2]
PAGE = page(URL)
PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
TABLES = (
    """SELECT url, class, kind, reason, target, priority, due_at, first_seen_at, visited_at, changed_at, etag,
    payload_digest, article, warc, "offset", record_id FROM urls WHERE visited_at IS NOT NULL ORDER BY url""",
    "SELECT * FROM articles ORDER BY id",
    "SELECT * FROM payloads ORDER BY digest",
)
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'


def kept_of(keeper: Keeper, outcome: Outcome) -> Kept:
    assert outcome.capture is not None
    return read_capture(outcome.capture, keeper.layout.segment)


def revisits_of(keeper: Keeper) -> list[StoredRecord]:
    return [record for path in keeper.segments for record in iterate(path) if record.type == "revisit"]


def assert_refers_to(record: StoredRecord, original: StoredRecord) -> None:
    assert record.field("WARC-Refers-To") == f"<{original.record_id}>"
    assert record.field("WARC-Refers-To-Target-URI") == original.url
    assert record.field("WARC-Refers-To-Date") == original.field("WARC-Date")
    assert record.payload_digest == original.payload_digest


def test_an_unchanged_page_is_a_revisit_with_the_head_as_it_came(keeper: Keeper) -> None:
    (first,) = keeper.run([(URL, answer(PAGE, "x-Odd:  1"))])
    (second,) = keeper.run([(URL, answer(PAGE, "x-Odd:  2"))])
    assert second.outcome is UrlClass.UNCHANGED
    original, revisit = kept_of(keeper, first), kept_of(keeper, second)
    assert (original.record.type, revisit.record.type) == ("response", "revisit")
    assert revisit.record.field("WARC-Profile") == f"{PROFILE}identical-payload-digest"
    assert revisit.record.field("WARC-Truncated") == "length"
    assert_refers_to(revisit.record, original.record)
    assert revisit.record.block == answer(PAGE, "x-Odd:  2")[: -len(PAGE)]
    assert revisit.response.payload == PAGE
    assert revisit.response.truncated is None
    assert revisit.response.header("X-Odd") == "2"
    assert keeper.damages() == []


def test_not_modified_refers_to_the_payload_of_its_url(keeper: Keeper) -> None:
    (first,) = keeper.run([(URL, answer(PAGE, 'ETag: "a"'))])
    (second,) = keeper.run([(URL, NOT_MODIFIED)])
    (third,) = keeper.run([(URL, NOT_MODIFIED)])
    assert [second.outcome, third.outcome] == [UrlClass.UNCHANGED] * 2
    for outcome in (second, third):
        revisit = kept_of(keeper, outcome)
        assert revisit.record.field("WARC-Profile") == f"{PROFILE}server-not-modified"
        assert revisit.record.field("WARC-Truncated") is None
        assert_refers_to(revisit.record, kept_of(keeper, first).record)
        assert revisit.record.block == NOT_MODIFIED
        assert (revisit.response.status, revisit.response.payload) == (304, b"")
    assert keeper.damages() == []


def test_a_304_that_was_not_asked_for_is_no_revisit(keeper: Keeper) -> None:
    keeper.run([(URL, answer(PAGE))])
    (second,) = keeper.run([(URL, NOT_MODIFIED)])
    assert second.outcome is UrlClass.FAILED
    assert revisits_of(keeper) == []


def test_one_payload_at_two_urls_of_one_batch_is_kept_once(keeper: Keeper) -> None:
    first, second = keeper.run([(URL, answer(PAGE)), (OTHER, answer(PAGE))])
    assert_refers_to(kept_of(keeper, second).record, kept_of(keeper, first).record)
    assert kept_of(keeper, second).response.url == OTHER
    assert keeper.damages() == []


def test_a_page_that_returns_to_an_earlier_content_refers_to_the_first_response(keeper: Keeper) -> None:
    (first,) = keeper.run([(URL, answer(PAGE))])
    keeper.run([(URL, answer(page(OTHER)))])
    (third,) = keeper.run([(URL, answer(PAGE))])
    (fourth,) = keeper.run([(URL, answer(PAGE))])
    assert third.revision == 3
    for outcome in (third, fourth):
        assert_refers_to(kept_of(keeper, outcome).record, kept_of(keeper, first).record)
    assert keeper.damages() == []


def test_short_and_cut_payloads_are_kept_as_they_came(keeper: Keeper) -> None:
    short = b"<p>x</p>" * (MIN_REVISITED_BYTES // 8 - 1)
    url = f"{ORIGIN}/short.html"
    for _ in range(2):
        keeper.run([(url, answer(short))])
        keeper.run([(URL, answer(PAGE)[:-5])], truncated="disconnect")
    keeper.run([(OTHER, answer(PAGE[:-5]))])
    assert revisits_of(keeper) == []
    assert keeper.damages() == []


def test_rebuild_gives_the_same_catalogue_of_a_collection_with_revisits(keeper: Keeper) -> None:
    keeper.run([(url, answer(page(url), 'ETag: "a"')) for url in URLS[:4]])
    keeper.run([*((url, NOT_MODIFIED) for url in URLS[:2]), *((url, answer(page(url))) for url in URLS[2:4])])
    keeper.run([(URLS[0], answer(page(URLS[1]))), (URLS[1], answer(page(URLS[1])))])
    assert len(revisits_of(keeper)) == 6
    before = [keeper.query(statement) for statement in TABLES]
    keeper.layout.catalogue.unlink()
    keeper.rebuild()
    assert [keeper.query(statement) for statement in TABLES] == before
    assert keeper.damages() == []


def test_both_libraries_read_revisits_and_find_nothing_wrong(
    keeper: Keeper, capsys: pytest.CaptureFixture[str]
) -> None:
    keeper.run([(URL, answer(PAGE, 'ETag: "a"'))])
    keeper.run([(URL, NOT_MODIFIED), (OTHER, answer(PAGE))])
    data = keeper.segments[-1].read_bytes()
    types = ["warcinfo", "revisit", "request", "revisit", "request", "metadata"]
    assert [record.rec_type for record in WarcioIterator(io.BytesIO(data), check_digests="raise")] == types
    fast = list(FastIterator(io.BytesIO(data), parse_http=False))
    assert [record.headers["WARC-Type"] for record in fast] == types
    assert all(record.verify_block_digest() for record in FastIterator(io.BytesIO(data), parse_http=False))
    checker = Checker(_Arguments([str(path) for path in keeper.segments]))
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out


class _Arguments:
    verbose = True

    def __init__(self, inputs: list[str]) -> None:
        self.inputs = inputs


@pytest.mark.parametrize("field", ["WARC-Refers-To-Date", "WARC-Refers-To-File-Offset", "WARC-Refers-To-Filename"])
def test_a_revisit_of_what_is_not_there_is_found(keeper: Keeper, field: str) -> None:
    keeper.run([(URL, answer(PAGE))])
    (outcome,) = keeper.run([(URL, answer(PAGE))])
    assert outcome.capture is not None
    record = kept_of(keeper, outcome).record
    lie = {"WARC-Refers-To-Date": "2020-01-01T00:00:00Z", "WARC-Refers-To-File-Offset": "0"}.get(field, "../a.warc.gz")
    _rewrite(keeper.segments[-1], record, {field: lie})
    with pytest.raises(DamageError, match="a revisit of what is not there"):
        read_capture(outcome.capture, keeper.layout.segment)
    assert any("a revisit of what is not there" in damage for damage in keeper.damages())


def _rewrite(path: Path, record: StoredRecord, changed: dict[str, str]) -> None:
    header = "".join(f"{name}: {changed.get(name, value)}\r\n" for name, value in record.fields)
    member = packed_member(b"WARC/1.1\r\n", header.encode(), b"\r\n", record.block, b"\r\n\r\n")
    data = path.read_bytes()
    path.write_bytes(data[: record.offset] + member + data[record.offset + record.length :])
