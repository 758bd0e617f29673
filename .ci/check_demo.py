"""Checks what `make demo` left behind, with other people's readers: `python .ci/check_demo.py demo`."""

import base64
import csv
import hashlib
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from lxml import etree
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader

FEWEST_ARTICLES = 100


def json_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def check_articles(demo: Path, articles: list[dict[str, Any]]) -> None:
    """Every record is valid, under its own id, and the first revision of a first crawl."""
    schema = json.loads(Path("docs/article.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    for article in articles:
        validator.validate(article)
    assert len({article["id"] for article in articles}) == len(articles) >= FEWEST_ARTICLES
    assert {article["status"] for article in articles} == {"published"}
    revisions = json_lines(demo / "archive" / "sample" / "revisions.jsonl")
    assert sorted(line["id"] for line in revisions) == sorted(article["id"] for article in articles)


def check_captures(demo: Path, articles: list[dict[str, Any]]) -> None:
    """Every article's capture is the response of its URL, at its offset, with its digest."""
    for article in articles:
        capture = article["capture"]
        with (demo / "archive" / "sample" / "captures" / capture["warc"]).open("rb") as file:
            file.seek(capture["offset"])
            record = next(iter(ArchiveIterator(file)))
            fields = record.rec_headers
            digest = hashlib.sha1(payload_of(record), usedforsecurity=False).digest()
        assert capture["payload_digest"] == "sha1:" + base64.b32encode(digest).decode("ascii"), article["id"]
        assert fields.get_header("WARC-Record-ID") == f"<{capture['record_id']}>"
        assert fields.get_header("WARC-Payload-Digest") == capture["payload_digest"]
        assert fields.get_header("WARC-Target-URI") == article["url"]


def payload_of(record: Any) -> bytes:  # noqa: ANN401 - warcio has no types
    """Return the body without its chunks, content coding kept; warcio's own check digests the chunks too (its #74)."""
    chunked = (record.http_headers.get_header("Transfer-Encoding") or "").lower() == "chunked"
    stream = ChunkedDataReader(record.raw_stream, decomp_type=None) if chunked else record.raw_stream
    body: bytes = b"".join(iter(lambda: stream.read(8192), b""))
    return body


def check_outcomes(demo: Path) -> int:
    """Every URL ended in one class, and nothing was asked of any other origin."""
    sample = demo / "archive" / "sample"
    origin = json.loads((sample / "collection.json").read_text(encoding="utf-8"))["origin"]
    (run,) = sample.glob("runs/*.jsonl")
    outcomes = json_lines(run)
    assert outcomes
    for outcome in outcomes:
        assert outcome["url"].startswith(origin) or outcome["outcome"] == "refused", outcome["url"]
        assert outcome["outcome"] != "pending", outcome["url"]
    return len(outcomes)


def check_datasets(demo: Path, articles: list[dict[str, Any]]) -> int:
    """Every dataset is there in every format that needs nothing installed, with the rows that the manifest says."""
    folder = demo / "exports" / "sample"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    for name, entry in manifest.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"], name
    for table in ("articles", "revisions", "links", "attachments", "changes"):
        rows = len(json_lines(folder / f"{table}.jsonl"))
        assert rows == manifest[f"{table}.jsonl"]["rows"] == manifest[f"{table}.csv"]["rows"] > 0, table
        with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as lines:
            assert sum(1 for _ in csv.reader(lines)) == rows + 1, table
        database = sqlite3.connect(folder / "sample.sqlite")
        assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (rows,), table  # noqa: S608 - our names
        database.close()
    assert manifest["articles.jsonl"]["rows"] == len(articles)
    return len(manifest)


def check_documents(demo: Path, articles: list[dict[str, Any]]) -> None:
    """Every file of data is described as it is; the feeds have articles that there are."""
    folder = demo / "exports" / "sample"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    croissant = json.loads((folder / "croissant.json").read_text(encoding="utf-8"))
    digests = {one["path"]: one["hash"].removeprefix("sha256:") for one in package["resources"]}
    assert digests == {one["contentUrl"]: one["sha256"] for one in croissant["distribution"]}
    for name, digest in digests.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    for name in ("README.md", "CITATION.cff"):
        assert "青榆大学绿洲研究所" in (folder / name).read_text(encoding="utf-8"), name
    feed = json.loads((folder / "feed.json").read_text(encoding="utf-8"))
    assert {item["_newsarchive"]["id"] for item in feed["items"]} <= {article["id"] for article in articles}
    assert len(etree.parse(folder / "feed.atom").findall("{*}entry")) == len(feed["items"]) > 0


def main(folder: str) -> None:
    """Stop at the first thing that is not as it should be."""
    demo = Path(folder)
    articles = json_lines(demo / "exports" / "sample" / "articles.jsonl")
    check_articles(demo, articles)
    check_captures(demo, articles)
    outcomes = check_outcomes(demo)
    files = check_datasets(demo, articles)
    check_documents(demo, articles)
    print(
        f"demo: {len(articles)} articles valid, each with its capture; {outcomes} outcomes, one origin; "
        f"{files} files of datasets"
    )


if __name__ == "__main__":
    main(sys.argv[1])
