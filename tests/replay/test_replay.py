"""What was captured is shown in the tools that people have, by a real browser: the record's text, no other host."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.packages.evolved import ROOT, Evolved, lines_of, run

pytestmark = pytest.mark.crawl
PATIENCE_SECONDS = 120


@contextmanager
def replaying(evolved: Evolved, *arguments: object, path: str = "") -> Iterator[str]:
    """Run `newsarchive replay` and give the address at which it shows the page."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
    environment = {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "300", "PYTHONUNBUFFERED": "1"}
    environment["PATH"] = f"{path}{os.pathsep}{environment['PATH']}" if path else environment["PATH"]
    words = [
        sys.executable,
        "-m",
        "newsarchive.cli.main",
        "replay",
        "sample",
        *map(str, arguments),
        "--port",
        str(port),
    ]
    process = subprocess.Popen(
        words, cwd=evolved.folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/\S*", told)
        assert found, told + (process.stdout.read() if process.poll() is not None else "")
        wait_for(port)
        yield found[0]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=30)


def free_port() -> int:
    while True:
        port = random.randint(20_000, 30_000)  # noqa: S311 - no secret
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


def wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.2)
    pytest.fail("nothing listens")


def look(tools: Path, url: str, picture: Path, words: str) -> Mapping[str, Any]:
    """Return what a real browser shows at `url`, frame by frame, and what it asked for."""
    command = [str(tools / "bin" / "python"), str(Path(__file__).with_name("look.py")), url, str(picture), words]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr
    found: Mapping[str, Any] = json.loads(ended.stdout)
    return found


def assert_shown(seen: Mapping[str, Any], article: Mapping[str, Any], picture: Path) -> None:
    """See that a reader is shown the record's title and every paragraph, and that nothing left the machine."""
    bare = [squeezed(text) for text in seen["frames"].values()]
    shown = max((text for text in bare if squeezed(article["title"]) in text), key=len, default="")
    missing = [line for line in article["text"].split("\n") if squeezed(line) not in shown]
    assert shown, seen["frames"]
    assert missing == []
    assert {urlsplit(url).hostname for url in seen["asked"] if url.startswith("http")} <= {"127.0.0.1"}
    assert picture.stat().st_size > 10_000


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def unchanged(evolved: Evolved) -> dict[str, Any]:
    """Return an article whose page every later crawl found unchanged: its last captures are revisits."""
    several = {line["id"] for line in evolved.revisions if line["revision"] > 1}
    return next(line for line in evolved.revisions if line["id"] not in several and len(line["text"]) > 200)


@pytest.fixture(scope="module")
def late(evolved: Evolved, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a package of the last day alone: most of what it holds are revisits."""
    day = max(str(line["captured_at"]) for line in evolved.revisions)[:10]
    package = tmp_path_factory.mktemp("late") / "late.wacz"
    ran = evolved.run("package", "sample", "--from", day, "--output", package)
    assert ran.code == 0, ran.err
    return package


def test_replayweb_page_shows_an_article_of_a_package_that_is_mostly_revisits(
    evolved: Evolved, tools: Path, late: Path, tmp_path: Path
) -> None:
    article = unchanged(evolved)
    picture = tmp_path / "replayweb-page.png"
    player = ("--player", tools / "package", "--package", late)
    with replaying(evolved, article["id"], *player) as url:
        seen = look(tools, url, picture, article["text"].split("\n")[0][:20])
    assert_shown(seen, article, picture)


def test_pywb_shows_an_article_from_the_collection_itself(evolved: Evolved, tools: Path, tmp_path: Path) -> None:
    article = unchanged(evolved)
    picture = tmp_path / "pywb.png"
    with replaying(evolved, article["id"], path=str(tools / "bin")) as url:
        seen = look(tools, url, picture, article["text"].split("\n")[0][:20])
    assert_shown(seen, article, picture)


def test_pywb_takes_the_package_and_py_wacz_finds_it_valid(
    evolved: Evolved, tools: Path, late: Path, tmp_path: Path
) -> None:
    everything = tmp_path / "all.wacz"
    assert evolved.run("package", "sample", "--output", everything).code == 0
    for package in (late, everything):
        ended = subprocess.run(
            [tools / "bin" / "wacz", "validate", "-f", package], capture_output=True, text=True, check=False
        )
        assert "the passed WACZ is valid" in ended.stdout, ended.stdout + ended.stderr
    for arguments in (("init", "late"), ("add", "--unpack-wacz", "late", late)):
        ended = subprocess.run(
            [tools / "bin" / "wb-manager", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
    assert list((tmp_path / "collections" / "late" / "archive").glob("*.warc.gz"))
    assert unchanged(evolved)["url"] in (tmp_path / "collections" / "late" / "indexes" / "index.cdxj").read_text()


def test_without_a_tool_the_command_says_how_to_get_one(evolved: Evolved, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    ran = evolved.run("replay", "sample")
    assert ran.code == 2
    assert "pipx install pywb" in ran.err
    assert "npm pack replaywebpage" in ran.err


def test_the_warcs_that_others_ship_are_read_without_loss(tools: Path) -> None:
    """What pywb's source carries of wget, wpull and others gives the records that warcio finds, byte for byte."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - read here only

    from newsarchive.warc.sources import find_sources  # noqa: PLC0415 - as above

    files = sorted(path for path in (tools / "real").rglob("*") if path.name.endswith((".warc", ".warc.gz", ".wacz")))
    assert len(files) >= 10
    for path in files:
        ours = []
        for source in find_sources(path):
            with source.records() as records:
                ours += [(record.type, record.record_id, record.block) for record in records]
        with path.open("rb") as file:
            theirs = [
                (record.rec_type, record.rec_headers["WARC-Record-ID"].strip("<>"), record.raw_stream.read())
                for record in ArchiveIterator(file, no_record_parse=True)
            ]
        assert ours == theirs, path.name


def test_a_real_warc_begins_a_collection(tools: Path, own_sites: Path, tmp_path: Path) -> None:
    (own_sites / "iana.toml").write_text(
        'name = "iana"\ntitle = "IANA"\nhome = "http://www.iana.org/"\nhosts = ["www.iana.org"]\nrequisites = "all"\n'
    )
    path = next((tools / "real").rglob("iana.warc.gz"))
    ran = run("import", path, "--archive", tmp_path / "archive", "--exports", tmp_path / "exports")
    assert ran.code == 0, ran.err
    assert run("verify", "iana", "--archive", tmp_path / "archive").out == "iana: sound\n"
    (log,) = (tmp_path / "archive" / "iana" / "runs").glob("*.jsonl")
    assert sum(line["capture"] is not None for line in lines_of(log)) > 50
