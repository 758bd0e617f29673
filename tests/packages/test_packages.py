"""Packages: the same bytes for the same range, nothing that they refer to left out, nothing changed unnoticed."""

import gzip
import json
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from warcio.archiveiterator import ArchiveIterator

from tests.packages.evolved import DAYS, Evolved, run

pytestmark = pytest.mark.crawl


def records_of(package: Path) -> list[Any]:
    """Return every record's type, id, URL and header, as warcio reads them."""
    found = []
    with zipfile.ZipFile(package) as opened:
        for name in sorted(opened.namelist()):
            if name.startswith("archive/"):
                with opened.open(name) as file:
                    for record in ArchiveIterator(file):
                        record.content_stream().read()
                        found.append((record.rec_type, record.rec_headers))
    return found


def lines_in(package: Path, name: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(package) as opened:
        return [json.loads(line) for line in opened.read(name).decode().split("\n") if line]


def make(evolved: Evolved, path: Path, *options: object) -> Path:
    ended = evolved.run("package", "sample", "--output", path, *options)
    assert ended.code == 0, ended.err
    return path


def last_day(evolved: Evolved) -> str:
    return max(str(line["captured_at"]) for line in evolved.revisions)[:10]


def test_two_packages_of_the_same_range_are_the_same_bytes(evolved: Evolved, tmp_path: Path) -> None:
    everything = [make(evolved, tmp_path / f"{name}.wacz") for name in ("a", "b")]
    assert everything[0].read_bytes() == everything[1].read_bytes()
    late = [make(evolved, tmp_path / f"{name}.wacz", "--from", last_day(evolved)) for name in ("c", "d")]
    assert late[0].read_bytes() == late[1].read_bytes()
    assert late[0].stat().st_size < everything[0].stat().st_size


def test_everything_that_a_revisit_refers_to_is_there_whatever_the_range(evolved: Evolved, tmp_path: Path) -> None:
    package = make(evolved, tmp_path / "late.wacz", "--from", last_day(evolved))
    records = records_of(package)
    held = {header.get_header("WARC-Record-ID") for kind, header in records if kind == "response"}
    referred = {header.get_header("WARC-Refers-To") for kind, header in records if kind == "revisit"}
    assert referred
    assert referred <= held
    dates = {header.get_header("WARC-Date")[:10] for kind, header in records if kind == "revisit"}
    assert dates == {last_day(evolved)}


def test_the_list_of_pages_has_titles_and_texts_of_the_records(evolved: Evolved, tmp_path: Path) -> None:
    package = make(evolved, tmp_path / "all.wacz")
    header, *pages = lines_in(package, "pages/pages.jsonl")
    assert header == {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}
    shown = {line["id"]: (line["url"], line["title"], line["text"], line["ts"]) for line in pages}
    expected = {
        f"{line['id']}#{line['revision']}": (line["url"], line["title"], line["text"], line["captured_at"])
        for line in evolved.revisions
        if line["status"] == "published"
    }
    assert shown == expected
    _, *others = lines_in(package, "pages/extraPages.jsonl")
    assert f"{evolved.origin}/" in {line["url"] for line in others}


def test_articles_are_counted_and_not_their_revisions(evolved: Evolved, tmp_path: Path) -> None:
    ran = evolved.run("package", "sample", "--output", tmp_path / "all.wacz")
    assert len(evolved.revisions) > len({line["id"] for line in evolved.revisions})
    assert f" captures, {len({line['id'] for line in evolved.revisions})} articles, " in ran.out


@pytest.mark.parametrize("name", ["none.wacz", "folder"])
def test_a_package_that_is_not_there_is_bad_input(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    ran = run("inspect", tmp_path / name)
    assert (ran.code, "no such file" in ran.err) == (2, True), ran


def test_the_index_leads_to_every_capture(evolved: Evolved, tmp_path: Path) -> None:
    package = make(evolved, tmp_path / "all.wacz")
    with zipfile.ZipFile(package) as opened:
        packed = opened.read("indexes/index.cdx.gz")
        lines = gzip.decompress(packed).splitlines()
        assert lines == sorted(lines)
        described = {item["path"]: item["hash"] for item in json.loads(opened.read("datapackage.json"))["resources"]}
        for name, digest in described.items():
            assert digest == f"sha256:{sha256(opened.read(name)).hexdigest()}"
        for block in opened.read("indexes/index.idx").splitlines()[1:]:
            place = json.loads(block.split(b" ", 2)[2])
            piece = packed[place["offset"] : place["offset"] + place["length"]]
            assert gzip.decompress(piece).startswith(b" ".join(block.split(b" ", 2)[:2]) + b" ")
        captures = 0
        for line in lines:
            fields = json.loads(line.split(b" ", 2)[2])
            with opened.open(f"archive/{fields['filename']}") as file:
                file.seek(int(fields["offset"]))
                record = next(iter(ArchiveIterator(file)))
                assert record.rec_headers.get_header("WARC-Target-URI") == fields["url"]
                captures += record.rec_type in {"response", "revisit"}
    shown = sum(
        kind == "response" or header.get_header("WARC-Profile").endswith("identical-payload-digest")
        for kind, header in records_of(package)
        if kind in {"response", "revisit"}
    )
    assert captures == shown


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a key that signs, its public half, and another pair."""
    folder = tmp_path_factory.mktemp("keys")
    for name, curve in (("key", ec.SECP384R1()), ("other", ec.SECP384R1()), ("small", ec.SECP256R1())):
        key = ec.generate_private_key(curve)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{name}.pem").write_bytes(private)
        (folder / f"{name}.pub.pem").write_bytes(public)
    return folder


def test_a_signature_is_checked_offline_and_only_by_the_right_key(evolved: Evolved, tmp_path: Path, keys: Path) -> None:
    signed = [make(evolved, tmp_path / f"{name}.wacz", "--sign", keys / "key.pem") for name in ("a", "b")]
    assert signed[0].read_bytes() == signed[1].read_bytes()
    assert evolved.run("inspect", signed[0]).code == 0
    assert evolved.run("inspect", signed[0], "--key", keys / "key.pub.pem").code == 0
    other = evolved.run("inspect", signed[0], "--key", keys / "other.pub.pem")
    assert (other.code, "signed with another key" in other.out) == (6, True)
    unsigned = evolved.run("inspect", make(evolved, tmp_path / "c.wacz"), "--key", keys / "key.pub.pem")
    assert (unsigned.code, "not signed" in unsigned.out) == (6, True)


def test_a_key_that_no_player_could_check_is_refused(evolved: Evolved, tmp_path: Path, keys: Path) -> None:
    ended = evolved.run("package", "sample", "--output", tmp_path / "a.wacz", "--sign", keys / "small.pem")
    assert ended.code == 2
    assert "P-384" in ended.err
    assert not list(tmp_path.iterdir())


def test_every_changed_file_of_a_package_is_named(evolved: Evolved, tmp_path: Path, keys: Path) -> None:
    package = make(evolved, tmp_path / "a.wacz", "--sign", keys / "key.pem")
    with zipfile.ZipFile(package) as opened:
        content = {name: opened.read(name) for name in opened.namelist()}
    for name, data in content.items():
        forged = tmp_path / "forged.wacz"
        with zipfile.ZipFile(forged, "w") as target:
            for other, kept in content.items():
                changed = kept.replace(b"sha256:", b"sha256:0", 1) if name == other and b"sha256:" in kept else kept
                target.writestr(other, changed if changed != kept or name != other else data + b" ")
        ended = evolved.run("inspect", forged)
        assert ended.code == 6, name
        assert f"{forged}: " in ended.out


def test_a_range_in_which_nothing_was_captured_makes_no_file(evolved: Evolved, tmp_path: Path) -> None:
    ended = evolved.run("package", "sample", "--output", tmp_path / "none.wacz", "--to", "2020-01-01")
    assert ended.code == 2
    assert "nothing was captured in that range" in ended.err
    assert not list(tmp_path.iterdir())


def test_the_evolved_collection_has_what_these_tests_are_about(evolved: Evolved) -> None:
    assert {line["revision"] for line in evolved.revisions} == {1, 2, 3}
    assert [line["id"] for line in evolved.revisions if line["status"] == "removed"]
    assert len({line["captured_at"][:10] for line in evolved.revisions}) == len(DAYS)
