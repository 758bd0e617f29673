"""Withdrawal: the page is gone from every file, a tombstone stands in each place, and the collection proves whole."""

import gzip
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import example, given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from newsarchive.errors import ConfigurationError, StaleCatalogueError
from newsarchive.operations.withdraw import withdraw
from newsarchive.records.withdrawal import Withdrawal, WithdrawnRecord
from newsarchive.store.ordered import read_lines
from newsarchive.warc.reader import iterate, read_record
from newsarchive.warc.tombstones import tombstone
from tests.conftest import RunNewsarchive
from tests.preservation.keeper import ORIGIN, START, URLS, Keeper, answer, page
from tests.preservation.test_revisits import TABLES

URL, OTHER, TWIN = URLS[:3]
ID = "sample/" + URL.removeprefix(f"{ORIGIN}/f/").removesuffix(".html")
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
SECRET = "此页内容须撤下"  # noqa: S105 - what must be nowhere afterwards


def secret_page() -> bytes:
    """Return the page of another article, with a paragraph that can be looked for."""
    html = page(URLS[5]).decode("utf-8", "replace")
    return html.replace("</p>", f"{SECRET}。</p>", 1).encode() if "</p>" in html else f"{html}{SECRET}".encode()


@pytest.fixture
def filled(keeper: Keeper) -> Keeper:
    """Return a collection in which a page was captured, edited, revisited, cut, gone for a day; and another one."""
    keeper.run([(URL, answer(page(URL), 'ETag: "a"')), (OTHER, answer(page(OTHER)))])
    keeper.run([(URL, NOT_MODIFIED), (OTHER, answer(page(OTHER)))])
    keeper.run([(URL, answer(secret_page()))])
    keeper.run([(URL, answer(secret_page())[:-9])], truncated="disconnect")
    keeper.run([(URL, answer(b"", status="404 Gone"))])
    keeper.run([(URL, answer(secret_page())), (OTHER, answer(page(URLS[7])))])
    return keeper


def withdrawn(keeper: Keeper, name: str = ID) -> Withdrawal:
    keeper.now += keeper.now.resolution * 3_600_000_000
    return withdraw(keeper.held, name, "a request", keeper.now.timestamp(), "newsarchive test")


def everything(keeper: Keeper) -> bytes:
    """Return every byte of the collection, with what is packed unpacked."""
    pieces = []
    for path in sorted(keeper.layout.folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            pieces.append(gzip.decompress(data) if path.suffix == ".gz" else data)
    return b"".join(pieces)


def class_of(keeper: Keeper, url: str) -> tuple[object, ...]:
    rows = {row[0]: row[1:] for row in keeper.query("SELECT url, class, reason, due_at FROM urls")}
    return rows[url]


def test_nothing_of_the_page_is_left(filled: Keeper) -> None:
    text = json.loads(filled.layout.revisions.read_bytes().splitlines()[0])["body"][0]["text"]
    before = everything(filled)
    assert SECRET.encode() in before
    assert text.encode() in before
    done = withdrawn(filled)
    after = everything(filled)
    assert SECRET.encode() not in after
    assert text.encode() not in after  # other pages name its title in their lists
    assert done.articles == (ID,)
    assert (len(done.records), len(done.lines)) == (7, 2)
    assert filled.damages() == []


def test_a_tombstone_stands_where_each_record_was(filled: Keeper) -> None:
    sizes = {path.name: path.stat().st_size for path in filled.segments}
    done = withdrawn(filled)
    assert {path.name: path.stat().st_size for path in filled.segments} == sizes
    for record in done.records:
        stands = read_record(filled.layout.segment(record.warc), record.offset)
        assert (stands.record_id, stands.length, stands.type) == (record.record_id, record.length, "metadata")
        assert stands.block.startswith(b"withdrawn: 2026-")
        assert not stands.block.partition(b"\r\n")[2].strip()
    for path in filled.segments:
        with path.open("rb") as file:
            theirs = [record.rec_headers.get_header("WARC-Record-ID") for record in WarcioIterator(file)]
        with path.open("rb") as file:
            fast = [record.record_id for record in FastIterator(file, parse_http=False)]
        ours = [f"<{record.record_id}>" for record in iterate(path)]
        assert ours == theirs == fast


def test_the_index_and_the_log_know_it_only_as_withdrawn(filled: Keeper) -> None:
    withdrawn(filled)
    assert [
        line for line in read_lines(filled.layout.index) if f'"{URL}"'.encode() in line and b'"404"' not in line
    ] == []
    lines = [json.loads(line) for line in filled.layout.revisions.read_bytes().splitlines()]
    ours = [line for line in lines if line["id"] == ID]
    assert [(line["status"], line["title"], line["body"]) for line in ours] == [("withdrawn", "", [])] * 2
    assert [line["revision"] for line in ours] == [1, 2]
    assert [line["status"] for line in lines if line["id"] != ID] == ["published"] * 2


def test_it_survives_rebuild_and_the_url_is_not_asked_for_again(filled: Keeper) -> None:
    withdrawn(filled)
    before = [filled.query(statement) for statement in TABLES]
    filled.layout.catalogue.unlink()
    filled.rebuild()
    assert [filled.query(statement) for statement in TABLES] == before
    assert class_of(filled, URL) == ("refused", "withdrawn", None)
    assert filled.damages() == []


def test_the_page_at_a_further_url_is_not_kept(filled: Keeper) -> None:
    withdrawn(filled)
    canonical = f'<link rel="canonical" href="{URL}">'.encode()
    moved = page(URLS[5]).replace(b"<head>", b"<head>" + canonical, 1)
    assert filled.run([(TWIN, answer(moved))]) == []
    assert class_of(filled, TWIN) == ("refused", "withdrawn", None)
    assert filled.damages() == []


def test_pages_of_the_same_bytes_go_with_it(keeper: Keeper) -> None:
    keeper.run([(URL, answer(page(URL)))])
    keeper.run([(TWIN, answer(page(URL))), (OTHER, answer(page(OTHER)))])
    done = withdrawn(keeper)
    assert len(done.articles) == 2
    assert set(done.urls) == {URL, TWIN}
    assert keeper.damages() == []
    statuses = {
        json.loads(line)["url"]: json.loads(line)["status"]
        for line in keeper.layout.revisions.read_bytes().splitlines()
    }
    assert statuses == {URL: "withdrawn", TWIN: "withdrawn", OTHER: "published"}


def test_what_the_page_showed_when_it_was_gone_stays(filled: Keeper) -> None:
    withdrawn(filled)
    statuses = [record.head.status for path in filled.segments for record in iterate(path) if record.url == URL]
    assert 404 in statuses
    assert 200 not in statuses


@pytest.mark.parametrize("at", [1, 2, 3, 5, 8, 11])
def test_a_death_at_any_write_is_mended_by_rebuild(at: int, filled: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [at]
    fsync = os.fsync

    def counted(handle: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        fsync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", counted)
        with suppress(KeyboardInterrupt):
            withdrawn(filled)
    if filled.layout.withdrawing.exists():
        (damage,) = filled.damages()
        assert "a withdrawal was interrupted" in damage
        with pytest.raises(StaleCatalogueError, match="interrupted"):
            filled.open()
        filled.rebuild()
        assert SECRET.encode() not in everything(filled)
    assert filled.damages() == []


def test_a_second_withdrawal_and_an_unknown_article_are_refused(filled: Keeper) -> None:
    withdrawn(filled)
    with pytest.raises(ConfigurationError, match="withdrawn already"):
        withdrawn(filled)
    with pytest.raises(ConfigurationError, match="no such article"):
        withdrawn(filled, "sample/000000/1")


def test_the_command_asks_first_and_empties_the_dataset(
    filled: Keeper, newsarchive: RunNewsarchive, tmp_path: Path
) -> None:
    options = ("--archive", filled.archive, "--exports", tmp_path / "exports")
    assert newsarchive("export", "sample", "--format", "jsonl,csv,sqlite", *options).code == 0
    lines = [json.loads(line) for line in filled.layout.revisions.read_bytes().splitlines()]
    words = [line["text"] for line in lines if line["id"] == ID][-1].splitlines()[0][:8]
    assert f'"{ID}"' in newsarchive("search", words, "--json", *options).out
    ran = subprocess.run(
        [sys.executable, "-m", "newsarchive.cli.main", "withdraw", ID, *options], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, len(ran.stderr.splitlines())) == (2, 1)
    assert newsarchive("withdraw", ID, "--yes", "--reason", "a request", *options).code == 0
    exported = (tmp_path / "exports" / "sample" / "articles.jsonl").read_bytes()
    published = [path.read_bytes() for path in (tmp_path / "exports").rglob("*") if path.is_file()]
    assert len(published) > 10
    assert not [data for data in published if SECRET.encode() in data]
    assert f'"{ID}"' not in newsarchive("search", words, "--json", *options).out
    assert [json.loads(line)["status"] for line in exported.splitlines()] == ["withdrawn", "published"]
    assert newsarchive("verify", "sample", "--archive", filled.archive).code == 0


@given(length=st.integers(330, 200_000))
@example(length=375)
@example(length=1276)
@example(length=10_277)
def test_a_tombstone_has_the_length_that_it_must(length: int) -> None:
    record = WithdrawnRecord(
        warc="a.warc.gz", offset=0, length=length, record_id="urn:uuid:00000000-0000-4000-8000-000000000001",
        captured_at=START,
    )  # fmt: skip
    member = tombstone(record, "2026-11-25T21:00:00Z")
    assert len(member) == length
    assert gzip.decompress(member).startswith(b"WARC/1.1\r\nWARC-Type: metadata\r\n")
