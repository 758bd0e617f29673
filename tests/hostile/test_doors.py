"""No open doors: where connections go, whom TLS believes, who may read what a run made, and what never leaves it."""

import ast
import hashlib
import json
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from newsarchive.addresses import Reach
from tests.crawl.command import Place
from tests.crawl.kept import read_lines
from tests.crawl.wire import records_of
from tests.hostile.crawls import ARTICLES, crawl, declare
from tests.hostile.server import HostileServer
from tests.warc.server import server_context

ROOT = Path(__file__).parents[2]
SECRET = "PLANTED-7f3a9"  # noqa: S105 - the point of it


def test_1000_look_ups_that_change_lead_to_no_address_that_is_not_public() -> None:
    command = [sys.executable, "-m", "tests.hostile.rebinding", "1000"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    found = json.loads(ran.stdout)
    assert sum(found["ended"].values()) == 1000
    assert [address for address in found["opened"] if Reach().refusal(address)] == []
    assert sum(found["opened"].values()) > 400, "public addresses are still connected to"
    refused = sum(count for how, count in found["ended"].items() if how.startswith("ForbiddenAddressError"))
    assert refused > 100


def fingerprint_of(port: int) -> str:
    pem = ssl.get_server_certificate(("127.0.0.1", port))
    der = x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    return f"sha256:{hashlib.sha256(der).hexdigest()}"


@pytest.mark.parametrize("pinned", ["none", "another", "right"])
def test_a_certificate_nobody_vouches_for_is_accepted_only_where_it_is_pinned(place: Place, pinned: str) -> None:
    with HostileServer(good=3, trapped=True, tls=server_context()) as server:
        pin = fingerprint_of(server.ports["main"]) if pinned == "right" else f"sha256:{'0' * 64}"
        host = server.host("main")
        more = "" if pinned == "none" else f'\n[certificates]\n"{host}" = "{pin}"'
        declare(place, server, more=ARTICLES + more)
        run = crawl(place, server, "--limit", 3)
    robots = run.outcomes[f"https://{host}/robots.txt"][-1]
    if pinned != "right":
        assert run.ended.code == 7
        assert (robots["outcome"], robots["reason"].partition(":")[0]) == ("refused", "certificate")
        assert set(run.server.logs["main"].paths) == set(), "no request was sent"
        return
    assert run.ended.code == 0, run.ended.err
    assert run.good_stored == 3
    records = [record for path in place.kept("hostile").segments for record in records_of(path)]
    records = [record for record in records if record.kind == "response"]
    assert records
    assert {record.field("Newsarchive-Pinned-Certificate") for record in records} == {pin}


def test_what_a_run_makes_is_private(place: Place) -> None:
    with HostileServer(good=3, trapped=True) as server:
        declare(place, server)
        crawl(place, server, "--limit", 1)
    made = [path for folder in (place.archive, place.exports) for path in folder.rglob("*")]
    assert len(made) > 8
    assert [str(path) for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_secret_of_the_operator_is_in_no_request_log_capture_or_export(place: Place) -> None:
    place.environment = {
        "http_proxy": f"http://user:{SECRET}@127.0.0.1:9/", "HTTPS_PROXY": f"http://user:{SECRET}@127.0.0.1:9/",
        "SCRAPY_HTTP_USER": SECRET, "AWS_SECRET_ACCESS_KEY": SECRET,
    }  # fmt: skip
    with HostileServer(good=3, trapped=True) as server:
        base = f"http://user:{SECRET}@{server.host('main')}/"
        ended = place.run("crawl", "sample", "--base-url", base, "--limit", 2, "--verbose")
        heads = [head for log in server.logs.values() for head in log.heads]
    assert ended.code == 0, ended.err
    assert len(heads) > 2
    needles = (SECRET.encode(), b"Authorization", b"dXNlcjpQTEFOVEVE")
    assert [head for head in heads if any(needle in head for needle in needles)] == []
    assert SECRET not in ended.out + ended.err
    for path in (path for folder in (place.archive, place.exports) for path in folder.rglob("*") if path.is_file()):
        assert SECRET.encode() not in path.read_bytes(), path
        if path.name.endswith(".warc.gz"):
            assert all(SECRET.encode() not in record.block for record in records_of(path))


FORBIDDEN = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle"}
CALLS = {"eval", "exec", "compile", "__import__"}


def test_nothing_that_is_read_can_become_code() -> None:
    found = []
    for path in sorted((ROOT / "newsarchive").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            shell = isinstance(node, ast.keyword) and node.arg == "shell"
            # YAML is written, for cards and citations, and never read.
            of_yaml = isinstance(node, ast.Attribute) and ast.unparse(node).startswith("yaml.")
            writes = of_yaml and ast.unparse(node) == "yaml.safe_dump"
            reads = (of_yaml and not writes) or (isinstance(node, ast.ImportFrom) and "yaml" in names)
            if {name.partition(".")[0] for name in names} & FORBIDDEN or called in CALLS or shell or reads:
                found.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert found == []


def test_every_name_on_the_disk_is_made_of_the_site_and_numbers(place: Place) -> None:
    with HostileServer(good=3, trapped=True) as server:
        declare(place, server)
        crawl(place, server, "--limit", 3)
    known = {
        "articles.jsonl", "catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm", "collection.json",
        "revisions.jsonl", "manifest.jsonl", "index.cdxj", "sealed.json", ".lock", "hostile", "captures", "runs",
        "salvage", "manifest.json", "search.sqlite", "articles.schema.json", "README.md", "CITATION.cff",
        "croissant.json", "datapackage.json", "feed.atom", "feed.json",
    }  # fmt: skip
    names = {path.name for folder in (place.archive, place.exports) for path in folder.rglob("*")}
    rest = {name.removeprefix("hostile-").partition(".")[0].replace("-", "") for name in names - known}
    assert [name for name in rest if not name.isdigit()] == []
    assert len(read_lines(place.exports / "hostile" / "articles.jsonl")) == 3
