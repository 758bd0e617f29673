"""Reparse: the same lines from the captures alone, what a newer parser reads differently, and foreign files."""

import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsarchive.operations.publish import publish
from newsarchive.operations.reparse import Reparsed, reparse
from newsarchive.parsers.reading import Reading, read_page
from newsarchive.store import interpret
from tests.conftest import RunNewsarchive
from tests.preservation.keeper import ORIGIN, URLS, Keeper, answer, page
from tests.preservation.test_revisits import TABLES

URL = URLS[0]
GONE = answer(b"", status="404 Gone")
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'


@pytest.fixture
def lived(keeper: Keeper) -> Keeper:
    """Return a collection with edits, a removal, a restoration, revisits, cut and unreadable answers, an alias."""
    keeper.run([(url, answer(page(url), 'ETag: "a"')) for url in URLS[:6]])
    keeper.run(
        [(URL, answer(page(URLS[9]))), (URLS[1], NOT_MODIFIED), (URLS[2], GONE), (URLS[3], answer(page(URLS[3])))]
    )
    keeper.run([(URLS[2], GONE), (URL, answer(page(URL))), (URLS[4], answer(page(URLS[4]))[:-40])])
    keeper.run([(URLS[2], answer(page(URLS[2]))), (URLS[5], answer(b"<p>x</p>")), (f"{ORIGIN}/", answer(page("/")))])
    return keeper


@pytest.fixture
def upgraded(lived: Keeper, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    """Return `lived` beside a newer parser, which reads titles without their last character and one not at all."""

    def read(*arguments: Any, **named: Any) -> Reading:  # noqa: ANN401 - passes on what it is given
        reading = read_page(*arguments, **named)
        if reading.article is None:
            return reading
        article = reading.article.model_copy(update={"title": reading.article.title[:-1], "parser": "9.9"})
        return dataclasses.replace(reading, article=None if article.url == URLS[1] else article)

    monkeypatch.setattr(interpret, "read_page", read)
    return lived


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def tables_of(keeper: Keeper) -> list[list[tuple[Any, ...]]]:
    return [keeper.query(statement) for statement in TABLES]


def test_the_same_parser_gives_the_same_lines_byte_for_byte(lived: Keeper) -> None:
    log = lived.layout.revisions.read_bytes()
    done = reparse(lived.held, processes=1)
    assert done.log.read_bytes() == log
    assert done.differences.read_bytes() == b""
    statuses = [line["status"] for line in lines_of(lived.layout.revisions) if line["url"] == URLS[2]]
    assert statuses == ["published", "removed", "published"]
    assert lived.damages() == []


def test_several_processes_give_the_same_lines(lived: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsarchive.operations.reread.FEW", 3)
    monkeypatch.setattr("newsarchive.operations.reread.CHUNK", 2)
    assert reparse(lived.held, processes=2).log.read_bytes() == lived.layout.revisions.read_bytes()


def test_what_a_newer_parser_reads_differently_is_told_field_by_field(upgraded: Keeper) -> None:
    log = upgraded.layout.revisions.read_bytes()
    done = reparse(upgraded.held, processes=1)
    assert upgraded.layout.revisions.read_bytes() == log
    found = lines_of(done.differences)
    changed = [line for line in found if line["change"] == "changed"]
    for line in changed:
        old, new = line["fields"]["title"]
        assert (new, line["fields"].keys() & {"parser", "body"}) == (old[:-1], set())
    (lost,) = [line for line in found if line["change"] == "lost"]
    assert lost["id"] == next(line["id"] for line in lines_of(upgraded.layout.revisions) if line["url"] == URLS[1])
    assert done.counts == {"changed": len(changed), "lost": 1}
    assert done.fields["title"] == len(changed)


def test_publishing_appends_and_never_looks_like_an_edit(upgraded: Keeper) -> None:
    log = upgraded.layout.revisions.read_bytes()
    before = lines_of(upgraded.layout.revisions)
    done, count = _published(upgraded)
    after = lines_of(upgraded.layout.revisions)
    assert upgraded.layout.revisions.read_bytes().startswith(log)
    assert count == len(after) - len(before) == len(done.latest)
    for line in after[len(before) :]:
        last = [old for old in before if old["id"] == line["id"]][-1]
        assert (line["cause"], line["parser"], line["revision"]) == ("reparse", "9.9", last["revision"] + 1)
        assert (line["capture"], line["status"], line["first_seen_at"]) == tuple(
            last[name] for name in ("capture", "status", "first_seen_at")
        )
        assert line["title"] == last["title"][:-1]
    assert upgraded.damages() == []
    assert _published(upgraded)[1] == 0
    upgraded.run([(URL, answer(page(URL))), (URLS[3], answer(page(URLS[3]), "X-Other: 1"))])
    assert len(lines_of(upgraded.layout.revisions)) == len(after)


def test_rebuild_gives_the_catalogue_of_a_collection_that_was_reparsed(upgraded: Keeper) -> None:
    _published(upgraded)
    upgraded.run([(URLS[3], answer(page(URLS[3]))), (URLS[4], answer(page(URLS[4])))])
    before = tables_of(upgraded)
    upgraded.layout.catalogue.unlink()
    upgraded.rebuild()
    assert tables_of(upgraded) == before
    assert upgraded.damages() == []


def test_a_page_that_only_todays_parser_reads_is_published_as_a_first_revision(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(interpret, "read_page", lambda *a, **k: dataclasses.replace(read_page(*a, **k), article=None))
        keeper.run([(URL, answer(page(URL)))])
    assert not keeper.layout.revisions.exists() or not lines_of(keeper.layout.revisions)
    assert _published(keeper)[1] == 1
    (line,) = lines_of(keeper.layout.revisions)
    assert (line["url"], line["revision"], line["cause"]) == (URL, 1, "reparse")
    assert keeper.damages() == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # warcio leaves its spool files open
@pytest.mark.parametrize(("version", "packed"), [("1.0", True), ("1.1", True), ("1.1", False)])
@pytest.mark.parametrize("named", ["file", "folder"])
def test_a_foreign_file_is_read_and_left_alone(
    version: str,
    named: str,
    *,
    packed: bool,
    tmp_path: Path,
    newsarchive: RunNewsarchive,
) -> None:
    url = "http://sample.newsarchive.test/f/201903/1001.html"
    path = tmp_path / "theirs.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed, warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "another"}))
        for target in (url, "http://elsewhere.test/f/201903/1001.html"):
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            body = io.BytesIO(page(URL))
            writer.write_record(writer.create_warc_record(target, "response", payload=body, http_headers=head))
    before = path.read_bytes()
    ran = newsarchive(
        "reparse", "sample", "--from", path if named == "file" else tmp_path, "--archive", tmp_path / "archive"
    )
    assert ran.code == 0, ran.err
    (line,) = map(json.loads, ran.out.splitlines())
    assert line["url"] == url
    assert "1 article" in ran.err
    assert "1 articles" not in ran.err
    assert path.read_bytes() == before
    assert not (tmp_path / "archive").exists()


def test_bad_foreign_files_are_told_in_one_line(tmp_path: Path, newsarchive: RunNewsarchive) -> None:
    empty, nothing = tmp_path / "empty.warc.gz", tmp_path / "nothing.warc.gz"
    empty.write_bytes(b"this is no WARC file")
    for path, code in ((empty, 2), (nothing, 2)):
        ran = newsarchive("reparse", "sample", "--from", path)
        assert (ran.code, len(ran.err.splitlines())) == (code, 1)
        assert str(path) in ran.err
    assert newsarchive("reparse", "sample", "--from", empty, "--publish").code == 2


def _published(keeper: Keeper) -> tuple[Reparsed, int]:
    return publish(keeper.held, (keeper.now + keeper.now.resolution).timestamp() + 60, processes=1)
