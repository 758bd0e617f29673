"""What others crawled comes in as if we had; what cannot be trusted is refused with a line, and writes nothing."""

import gzip
import io
import json
import re
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from backports import zstd
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsarchive.warc.inflating import MAX_RATIO
from tests.packages.evolved import Evolved, Ran, lines_of, run

# warcio leaves the temporary files of the records that it made to the garbage collector.
pytestmark = [pytest.mark.crawl, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]
HARBOUR = 'name = "harbour"\ntitle = "海港所"\nhome = "http://harbour.test/"\n'
ARTICLE = (
    "<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>"
    "<p>发布时间：2026-03-0{day} 来源：海港所</p>"
    "<div><p>海港所近日整理了旧码头的潮位记录，共计三百余册，预计年内完成扫描。{more}</p>"
    "<p>整理工作由档案室与两位退休船员共同承担，他们辨认了其中的手写符号。</p></div></body></html>"
)


def revision_key(line: dict[str, Any]) -> dict[str, Any]:
    """Return what of a revision does not depend on where its capture lies or when it was committed."""
    kept = {name: value for name, value in line.items() if name not in {"recorded_at", "capture"}}
    return {**kept, "record": line["capture"]["record_id"], "digest": line["capture"]["payload_digest"]}


def import_into(folder: Path, *arguments: object) -> Ran:
    return run("import", *arguments, "--archive", folder / "archive", "--exports", folder / "exports")


def test_a_package_taken_into_an_empty_archive_gives_the_same_revisions(evolved: Evolved, tmp_path: Path) -> None:
    package = tmp_path / "all.wacz"
    assert evolved.run("package", "sample", "--output", package).code == 0
    ran = import_into(tmp_path, package)
    assert ran.code == 0, ran.err
    taken = lines_of(tmp_path / "archive" / "sample" / "revisions.jsonl")
    assert [revision_key(line) for line in taken] == [revision_key(line) for line in evolved.revisions]
    assert run("verify", "sample", "--archive", tmp_path / "archive").out == "sample: sound\n"
    before = (tmp_path / "archive" / "sample" / "revisions.jsonl").read_bytes()
    again = import_into(tmp_path, package)
    assert (again.code, "0 captures taken in" in again.out) == (0, True)
    assert (tmp_path / "archive" / "sample" / "revisions.jsonl").read_bytes() == before
    assert run("rebuild", "sample", "--archive", tmp_path / "archive").code == 0
    assert run("verify", "sample", "--archive", tmp_path / "archive").out == "sample: sound\n"


def urls_of(archive: Path) -> list[tuple[Any, ...]]:
    query = "SELECT url, via, depth, deep, kind, class, reason, priority, due_at, found_at FROM urls ORDER BY url"
    with closing(sqlite3.connect(archive / "sample" / "catalogue.sqlite")) as catalogue:
        return list(catalogue.execute(query))


def test_a_rebuilt_catalogue_knows_what_an_import_brought_before_a_page_named_it(
    evolved: Evolved, tmp_path: Path
) -> None:
    package, archive = tmp_path / "all.wacz", tmp_path / "archive"
    assert evolved.run("package", "sample", "--output", package).code == 0
    assert import_into(tmp_path, package).code == 0
    before = urls_of(archive)
    assert run("rebuild", "sample", "--archive", archive).code == 0
    assert urls_of(archive) == before


# What other tools write


@pytest.fixture
def harbour(own_sites: Path) -> None:
    (own_sites / "harbour.toml").write_text(HARBOUR, encoding="utf-8")


def warc(*, version: str = "WARC/1.1", chunked: bool = False, gz: bool = True) -> bytes:
    """Return what warcio writes of an article, a revisit of it, a changed article, and captures of others."""
    target = io.BytesIO()
    writer = WARCWriter(target, gzip=gz, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("made.warc", {"software": "a test"}))
    first = page(
        writer, "http://harbour.test/a/1.html", "2026-03-01T08:00:00Z", chunked=chunked, title="潮位记录", day=1
    )
    for record in (first, request(writer, first)):
        writer.write_record(record)
    writer.write_record(
        writer.create_revisit_record(
            "http://harbour.test/a/1.html", first.rec_headers.get_header("WARC-Payload-Digest"),
            "http://harbour.test/a/1.html", "2026-03-01T08:00:00Z", first.http_headers,
            {"WARC-Date": "2026-03-02T08:00:00Z"},
        )
    )  # fmt: skip
    more = "补记：另有十二册。"
    for url, date in (
        ("http://harbour.test/a/1.html", "2026-03-03T08:00:00Z"),
        ("http://ads.test/", "2026-03-03T08:00:01Z"),
    ):
        writer.write_record(page(writer, url, date, chunked=False, title="潮位记录", day=1, more=more))
    resource = writer.create_warc_record("urn:thumbnail:1", "resource", payload=io.BytesIO(b"x"), length=1)
    writer.write_record(resource)
    return target.getvalue()


def page(writer: WARCWriter, url: str, date: str, *, chunked: bool, title: str, day: int, more: str = "") -> Any:  # noqa: ANN401, PLR0913 - warcio has no types
    body = ARTICLE.format(title=title, day=day, more=more).encode()
    headers = [("Content-Type", "text/html; charset=utf-8")]
    if chunked:
        headers.append(("Transfer-Encoding", "chunked"))
    return writer.create_warc_record(
        url, "response", payload=io.BytesIO(body), warc_headers_dict={"WARC-Date": date},
        http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
    )  # fmt: skip


def request(writer: WARCWriter, response: Any) -> Any:  # noqa: ANN401 - as above
    return writer.create_warc_record(
        "http://harbour.test/a/1.html", "request", payload=io.BytesIO(b""),
        http_headers=StatusAndHeaders("GET /a/1.html HTTP/1.1", [("Host", "harbour.test")], is_http_request=True),
        warc_headers_dict={"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")},
    )  # fmt: skip


def with_dictionary(data: bytes) -> bytes:
    samples = [data[at : at + 400] for at in range(0, len(data), 100)] * 40
    dictionary = zstd.train_dict(samples, 1024)
    header = b"\x5d\x2a\x4d\x18" + len(dictionary.dict_content).to_bytes(4, "little") + dictionary.dict_content
    return header + zstd.compress(data, zstd_dict=dictionary)


FORMS: dict[str, Callable[[], bytes]] = {
    "1.1.warc.gz": warc,
    "1.0.warc.gz": lambda: warc(version="WARC/1.0"),
    "chunked-in-name-only.warc.gz": lambda: warc(chunked=True),
    "plain.warc": lambda: warc(gz=False),
    "one-member.warc.gz": lambda: gzip.compress(warc(gz=False)),
    "zstd.warc.zst": lambda: zstd.compress(warc(gz=False)),
    "zstd-with-dictionary.warc.zst": lambda: with_dictionary(warc(gz=False)),
    "bare-line-feeds.warc": lambda: warc(gz=False, version="WARC/1.0").replace(b"WARC/1.0\r\n", b"WARC/1.0\n"),
}


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_two_revisions(name: str, tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl" / name).write_bytes(FORMS[name]())
    ran = import_into(tmp_path, tmp_path / "crawl")
    assert ran.code == 0, ran.err
    assert "3 captures taken in; 1 new article, 1 changed, 0 removed" in ran.out
    assert "left out: 1 × offsite\n" in ran.out
    assert "left out: 1 × no HTTP answer\n" in ran.out
    first, second = lines_of(tmp_path / "archive" / "harbour" / "revisions.jsonl")
    assert (first["captured_at"], second["captured_at"]) == ("2026-03-01T08:00:00Z", "2026-03-03T08:00:00Z")
    assert (first["title"], first["date"], first["source"]) == ("潮位记录", "2026-03-01", "海港所")
    assert "补记" in second["text"]
    outcomes = [line for path in (tmp_path / "archive" / "harbour" / "runs").glob("*.jsonl") for line in lines_of(path)]
    assert [line["outcome"] for line in outcomes] == ["stored", "unchanged", "stored"]
    assert outcomes[0]["via"] == f"urn:newsarchive:import:{name}"
    for command in ("verify", "rebuild", "verify"):
        assert run(command, "harbour", "--archive", tmp_path / "archive").code == 0


@pytest.mark.usefixtures("own_sites")
def test_captures_of_an_undeclared_site_are_told_by_their_host(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc())
    ran = import_into(tmp_path, tmp_path / "a.warc.gz")
    assert ran.code == 2
    assert "harbour.test" in ran.err
    assert not (tmp_path / "archive").exists()


# Tricks


def zipped(*members: tuple[zipfile.ZipInfo | str, bytes], packed: bool = False) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as opened:
        for name, data in members:
            opened.writestr(name, data)
    return target.getvalue()


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("archive/a.warc.gz")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def overlapping() -> bytes:
    """Return a ZIP file two of whose entries are the same bytes."""
    data = bytearray(zipped(("archive/a.warc", b"x" * 100), ("archive/b.warc", b"x" * 100)))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = (0).to_bytes(4, "little")
    return bytes(data)


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zipped(("datapackage.json", b"{}"), ("archive/a.warc", b""), ("archive/a.warc", b"1"))


PACKAGE = ("datapackage.json", b'{"resources": []}')
BOMB = bytes(20 * 1024**2)
TRICKS: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "slip.wacz": (lambda: zipped(PACKAGE, ("../../evil.warc", b"")), 2, "leads out of the archive"),
    "absolute.wacz": (lambda: zipped(PACKAGE, ("/etc/evil.warc", b"")), 2, "leads out of the archive"),
    "drive.wacz": (lambda: zipped(PACKAGE, ("C:/evil.warc", b"")), 2, "leads out of the archive"),
    "backslash.wacz": (lambda: zipped(PACKAGE, ("archive\\..\\evil.warc", b"")), 2, "leads out of the archive"),
    "nul.wacz": (lambda: zipped(PACKAGE, ("archive/aXb.warc", b"")).replace(b"aXb", b"a\0b"), 2, "no file's"),
    "link.wacz": (lambda: zipped(PACKAGE, (link(), b"/etc/passwd")), 2, "is a link"),
    "twice.wacz": (twice, 2, "is there twice"),
    "case.wacz": (lambda: zipped(PACKAGE, ("archive/a.warc", b""), ("ARCHIVE/A.warc", b"")), 2, "is there twice"),
    "overlapping.wacz": (overlapping, 2, "shares bytes"),
    "bomb.wacz": (lambda: zipped(PACKAGE, ("archive/a.warc", BOMB), packed=True), 2, f"more than {MAX_RATIO} times"),
    "bomb.warc.gz": (lambda: gzip.compress(BOMB * 2), 2, "no WARC file"),
    "record-bomb.warc.gz": (
        lambda: gzip.compress(warc(gz=False) + b"WARC/1.0\r\nContent-Length: 41943040\r\n\r\n" + BOMB * 2),
        2, f"over {MAX_RATIO} times",
    ),
    "record-bomb.warc.zst": (
        lambda: zstd.compress(warc(gz=False) + b"WARC/1.0\r\nContent-Length: 41943040\r\n\r\n" + BOMB * 2),
        2, f"over {MAX_RATIO} times",
    ),
    "unlisted.wacz": (lambda: zipped(PACKAGE, ("archive/a.warc.gz", warc())), 6, "is not listed"),
    "nothing-in-it.wacz": (lambda: zipped(("readme.txt", b"")), 2, "no WACZ"),
    "packages.wacz": (lambda: zipped(PACKAGE, ("archive/a.wacz", b"")), 2, "packages inside of a package"),
    "cut.warc.gz": (lambda: warc()[:-40], 6, "ends within a gzip member"),
    "cut.warc": (lambda: warc(gz=False)[:900], 6, "bytes of the record are missing"),
    "flipped.warc.gz": (lambda: warc()[:300] + b"\0" + warc()[301:], 6, "does not inflate"),
    "no-number.warc": (lambda: b"WARC/1.0\r\nContent-Length: -5\r\n\r\n", 6, "is no number"),
    "endless-header.warc": (lambda: b"WARC/1.0\r\n" + b"X: y\r\n" * 20_000, 6, "has no end"),
    "empty.warc": (lambda: b"", 2, "holds nothing"),
    "page.warc": (lambda: b"<html></html>", 2, "no WARC file"),
    "old.warc": (lambda: b"filedesc://old.arc 0.0.0.0 2001 text/plain 76\n", 2, "an ARC file"),
    "cut.wacz": (lambda: zipped(PACKAGE)[:-5], 2, "no ZIP file"),
}  # fmt: skip


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("name", TRICKS)
def test_a_trick_is_refused_with_one_line_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    make, code, words = TRICKS[name]
    file = tmp_path / "in" / name
    file.parent.mkdir()
    file.write_bytes(make())
    ran = import_into(tmp_path, file)
    assert (ran.code, words in ran.err, ran.err.count("\n")) == (code, True, 1), ran.err
    assert str(file) in ran.err
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path != file and path.suffix != ".toml"] == []


@pytest.mark.usefixtures("harbour")
def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real.warc.gz").write_bytes(warc())
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "linked.warc.gz").symlink_to(tmp_path / "real.warc.gz")
    ran = import_into(tmp_path, tmp_path / "in")
    assert (ran.code, "a link" in ran.err) == (2, True)


@pytest.mark.usefixtures("harbour")
def test_a_capture_that_is_older_than_what_is_held_makes_no_revision(tmp_path: Path) -> None:
    target = io.BytesIO()
    writer = WARCWriter(target)
    for date, day in (("2026-03-05T08:00:00Z", 5), ("2026-03-04T08:00:00Z", 4)):
        writer.write_record(page(writer, "http://harbour.test/a/1.html", date, chunked=False, title="潮位", day=day))
    (tmp_path / "a.warc.gz").write_bytes(target.getvalue())
    ran = import_into(tmp_path, tmp_path / "a.warc.gz")
    assert "left out: 1 × older than what is held" in ran.out
    assert [line["date"] for line in lines_of(tmp_path / "archive" / "harbour" / "revisions.jsonl")] == ["2026-03-05"]


def test_captures_that_come_again_are_already_held(evolved: Evolved, tmp_path: Path) -> None:
    options = ("--site", "sample", "--base-url", evolved.origin, "--archive", tmp_path / "archive")
    captures = sorted((evolved.collection / "captures").glob("*.warc.gz"))
    newest = run("import", *captures[1:], *options, "--exports", tmp_path / "exports")
    assert "already held" not in newest.out
    again = run("import", *captures[1:], *options, "--exports", tmp_path / "exports")
    count = re.search(r"(\d+) captures taken in", newest.out)
    assert count is not None
    assert f"left out: {count[1]} × already held" in again.out
    assert "older than" not in again.out
    both = run("import", *captures, *options, "--exports", tmp_path / "exports")
    assert f"left out: {count[1]} × already held" in both.out
    assert "× older than what is held" in both.out


def test_the_dataset_is_written_after_an_import(evolved: Evolved, tmp_path: Path) -> None:
    package = tmp_path / "all.wacz"
    assert evolved.run("package", "sample", "--output", package).code == 0
    assert import_into(tmp_path, package).code == 0
    ours, theirs = (
        {line["id"]: line["attachments"] for line in lines_of(folder / "exports" / "sample" / "articles.jsonl")}
        for folder in (tmp_path, evolved.folder)
    )
    assert json.dumps(ours) == json.dumps(theirs)
