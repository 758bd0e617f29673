"""Every format says the same, with its types, and takes whatever a page may hold."""

import csv
import datetime as dt
import json
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic_core import from_json

from newsarchive.datasets.arrow import arrow_schema, rows_of
from newsarchive.datasets.export import FORMATS, Exported, export_collection
from newsarchive.datasets.jsonl import line_of
from newsarchive.datasets.parquet import ParquetWriter
from newsarchive.datasets.spreadsheet import LONGEST_CELL, csv_columns, text_cell
from newsarchive.datasets.tables import TABLES
from newsarchive.records.article import Paragraph
from newsarchive.records.revision import PublishedArticle, Revision
from newsarchive.store.layout import Layout
from tests.datasets.conftest import Keep

Row = dict[str, Any]

FORMULAS = [
    *(f"{before}{start}{rest}" for start in "=+-@＝＋－＠" for before, rest in (
        ("", "1+1"), (" ", 'HYPERLINK("http://x.test")'), ("\t", "cmd|' /C calc'!A0"), ("\u200b", "A1"),
    )),
    "\tx", "\rx", "\nx", "\ufeff=1", "\u00a0=1", "\u3000＝1", "==1", "-1-1",
]  # fmt: skip


@pytest.fixture(scope="module")
def exported(made: Layout, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export_collection(made, tmp_path_factory.mktemp("exports"), FORMATS)


def json_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]


def csv_rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def written(path: Path, model: type[BaseModel], rows: list[Row]) -> pa.Table:
    """Return what Parquet gives back of rows."""
    writer = ParquetWriter(path, model)
    for row in rows:
        writer.write(line_of(row), row)
    writer.finish()
    return pq.read_table(path)


@pytest.mark.parametrize("name", TABLES)
def test_every_format_has_every_row(name: str, exported: Exported) -> None:
    count = exported.rows[name]
    assert count > 0
    assert len(json_rows(exported.folder / f"{name}.jsonl")) == count
    assert len(csv_rows(exported.folder / f"{name}.csv")) == count
    assert pq.read_metadata(exported.folder / f"{name}.parquet").num_rows == count
    with sqlite3.connect(exported.folder / "sample.sqlite") as database:
        assert database.execute(f"SELECT count(*) FROM {name}").fetchone() == (count,)  # noqa: S608
    database.close()


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_valid_records_with_every_field(name: str, exported: Exported) -> None:
    model = TABLES[name].row
    with (exported.folder / f"{name}.jsonl").open("rb") as lines:
        for line in lines:
            assert model.model_validate_json(line).model_dump_json().encode() + b"\n" == line


@pytest.mark.parametrize("name", TABLES)
def test_json_lines_come_back_from_parquet_byte_for_byte(name: str, exported: Exported) -> None:
    table = pq.read_table(exported.folder / f"{name}.parquet")
    lines = b"".join(line_of(row) for row in rows_of(table, TABLES[name].row))
    assert lines == (exported.folder / f"{name}.jsonl").read_bytes()


def test_parquet_has_types(exported: Exported) -> None:
    schema = pq.read_schema(exported.folder / "articles.parquet")
    assert schema.equals(arrow_schema(PublishedArticle))
    assert schema.field("date").type == pa.date32()
    assert schema.field("captured_at").type == pa.timestamp("us", "UTC")
    assert schema.field("clicks").type == pa.int64()
    related = schema.field("related").type.value_type
    assert related.field("position").type == pa.int64()
    assert related.field("date").type == pa.date32()
    assert not schema.field("title").nullable
    assert schema.field("date").nullable
    assert b"Canonical URL" in schema.field("url").metadata[b"description"]


def test_parquet_of_an_empty_collection_has_the_same_columns(kept: Keep, tmp_path: Path, exported: Exported) -> None:
    empty = export_collection(kept(), tmp_path / "exports", FORMATS)
    for name in TABLES:
        full, none = (pq.read_schema(folder / f"{name}.parquet") for folder in (exported.folder, empty.folder))
        assert none.equals(full, check_metadata=True)
        assert (empty.folder / f"{name}.jsonl").read_bytes() == b""


def test_links_say_where_they_lead(made: Layout, exported: Exported) -> None:
    articles = {row["id"]: row for row in json_rows(exported.folder / "articles.jsonl")}
    links = json_rows(exported.folder / "links.jsonl")
    assert sum(len(article["related"]) for article in articles.values()) == len(links)
    for link in links:
        assert link["in_archive"]
        assert articles[link["to_id"]]["url"] == link["to_url"]
    order = [(link["from_id"], link["position"]) for link in links if link["list"] == links[0]["list"]]
    assert order == sorted(order)
    assert made.folder.name == links[0]["site"]


def test_a_link_is_found_by_another_of_an_articles_urls_and_elsewhere_it_is_not(
    kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    one = revision.related[0]
    links = [
        one.model_copy(update={"url": "https://sample.newsarchive.test/old/1.html#top"}),
        one.model_copy(update={"url": "http://elsewhere.test/1.html", "position": 2}),
        one.model_copy(update={"url": None, "position": 3}),
    ]
    changed = revision.model_copy(
        update={"related": tuple(links), "aliases": ("http://sample.newsarchive.test/old/1.html",)}
    )
    done = export_collection(kept(changed), tmp_path / "exports", ["jsonl"])
    rows = json_rows(done.folder / "links.jsonl")
    assert [row["to_id"] for row in rows] == [revision.id, None, None]
    assert [row["in_archive"] for row in rows] == [True, False, False]


def test_changes_name_what_differs(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    later = revision.recorded_at + dt.timedelta(days=1)
    second = {"revision": 2, "recorded_at": later, "title": "改了", "clicks": 5, "content_digest": "content-1:sha256:1"}
    edited = revision.model_copy(update=second)
    removed = edited.model_copy(update={"revision": 3, "status": "removed"})
    restored = edited.model_copy(update={"revision": 4, "status": "published", "source": "别处"})
    reread = restored.model_copy(update={"revision": 5, "cause": "reparse", "author": "某人"})
    done = export_collection(kept(revision, edited, removed, restored, reread), tmp_path / "exports", FORMATS)
    rows = json_rows(done.folder / "changes.jsonl")
    told = [(row["revision"], row["change"], row["fields"]) for row in rows]
    assert told == [
        (1, "added", []), (2, "edited", ["title"]), (3, "removed", ["status"]), (4, "restored", ["source", "status"]),
        (5, "reread", ["author"]),
    ]  # fmt: skip
    (article,) = json_rows(done.folder / "articles.jsonl")
    assert (article["revision"], article["author"]) == (5, "某人")


def test_csv_opens_without_settings(exported: Exported) -> None:
    data = (exported.folder / "articles.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfrecord,id,site,url,title,")
    assert b"\r\n" in data
    rows = csv_rows(exported.folder / "articles.csv")
    source = {row["id"]: row for row in json_rows(exported.folder / "articles.jsonl")}
    for row in rows:
        article = source[row["id"]]
        assert row["date"] == (article["date"] or "")
        assert row["tags"] == "; ".join(article["tags"])
        assert row["series_number"] == str(article["series"]["number"] if article["series"] else "")
        assert row["capture_warc"] == article["capture"]["warc"]
    assert "body" not in rows[0]


def dangerous(revision: Revision, payload: str, number: int) -> Revision:
    """Return a revision with `payload` in every field that is a text."""
    texts = ("title", "column", "source", "author", "section", "text", "language", "url", "parser", "content_digest")
    lists = {"tags": (payload, payload), "breadcrumb": (payload,), "references": (payload,), "warnings": (payload,)}
    link = revision.related[0].model_copy(update={"list": payload, "title": payload, "url": payload})
    file = {"url": payload, "title": payload, "type": payload, "size_shown": payload}
    further = {"related": (link,), "attachments": [file], "id": f"sample/{number}"}
    return Revision.model_validate({**revision.model_dump(), **dict.fromkeys(texts, payload), **lists, **further})


def test_no_field_of_a_csv_is_a_formula(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    layout = kept(*(dangerous(revision, payload, number) for number, payload in enumerate(FORMULAS, 100)))
    done = export_collection(layout, tmp_path / "exports", ["csv", "jsonl"])
    for name in TABLES:
        rows = csv_rows(done.folder / f"{name}.csv")
        assert len(rows) == len(FORMULAS)
        for row in rows:
            for column, cell in row.items():
                assert not cell.lstrip("\ufeff\u200b\u3000\u00a0 \t\r\n").startswith(tuple("=+-@＝＋－＠")), (
                    name,
                    column,
                )
                assert not cell.startswith(("\t", "\r", "\n")), (name, column)
    assert [article["title"] for article in json_rows(done.folder / "articles.jsonl")] == FORMULAS


def test_a_cell_ends_where_a_spreadsheet_ends_it() -> None:
    for text in ("长" * 40_000, "😀" * 20_000, "a" + "😀" * 20_000):
        cell = text_cell(text)
        assert len(cell.encode("utf-16-le")) <= 2 * LONGEST_CELL
        assert cell.endswith("…")
        assert text.startswith(cell[:-1])
    assert text_cell("短" * LONGEST_CELL) == "短" * LONGEST_CELL


def test_csv_leaves_out_what_no_cell_can_hold() -> None:
    names = [column.name for column in csv_columns(PublishedArticle)]
    assert len(names) == len(set(names))
    assert not {"body", "related", "attachments", "provenance"} & set(names)
    assert {"roles_editor", "encoding_used", "previous_url", "last_checked_at", "duplicate_of"} <= set(names)


def test_sqlite_has_keys_indexes_and_facets(exported: Exported) -> None:
    database = sqlite3.connect(exported.folder / "sample.sqlite")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    row = database.execute("SELECT tags, json_extract(body, '$[0].kind') FROM articles WHERE tags <> '[]'").fetchone()
    assert json.loads(row[0])
    assert row[1] == "paragraph"
    metadata = json.loads((exported.folder / "datasette.json").read_text(encoding="utf-8"))["databases"]["sample"]
    for name, table in metadata["tables"].items():
        columns = {column for _, column, *_ in database.execute(f"PRAGMA table_info({name})")}
        assert set(table["columns"]) == columns
        assert set(table["facets"]) <= columns
    word = "研究"
    found = {row[0] for row in database.execute(metadata["queries"]["search"]["sql"], {"word": word})}
    like = "SELECT id FROM articles WHERE title LIKE :like OR text LIKE :like ORDER BY date DESC, id LIMIT 100"
    assert found == {row[0] for row in database.execute(like, {"like": f"%{word}%"})}
    assert found
    database.close()


# What a page may hold of text: anything but lone surrogates, which no UTF-8 can say.
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    [
        "NaN",
        "null",
        "Infinity",
        "\u2028\u2029\x85",
        "\x00",
        "a\x00b",
        "=1+1",
        "\ufffe\uffff",
        "😀",
        "\r\n",
        "“”",
        "\\u0000",
    ]
)
OFFSETS = st.integers(-720, 840).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
INSTANTS = st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 1, 1), timezones=OFFSETS)  # noqa: DTZ001 - as it wants them
ARTICLES = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "text": TEXTS,
        "source": TEXTS | st.none(),
        "tags": st.lists(TEXTS, max_size=2),
        "body": st.lists(st.builds(lambda text: {"kind": "paragraph", "text": text}, TEXTS), min_size=1, max_size=2),
        "date": st.dates() | st.none(),
        "clicks": st.none() | st.integers(0, 2**63 - 1),
        "published_at": st.none() | INSTANTS.map(lambda at: at.replace(microsecond=0)),
    }
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=ARTICLES)
@example(fields={"text": "长" * 3_500_000, "body": [{"kind": "paragraph", "text": "长" * 3_500_000}]})
def test_no_record_is_lost_in_any_format(fields: Row, revision: Revision, tmp_path_factory: Any) -> None:  # noqa: ANN401
    folder = tmp_path_factory.getbasetemp() / "nasty"
    folder.mkdir(exist_ok=True)
    at = {"last_checked_at": revision.captured_at, "duplicate_of": None}
    record = PublishedArticle.model_validate({**revision.model_dump(), **at, **fields})
    line = record.to_json().encode()
    row = json.loads(line)
    assert from_json(line) == row
    (folder / "one.jsonl").write_bytes(line + b"\n")
    limit = 100 * 1024**2
    query = "SELECT json FROM read_json_objects(?, maximum_object_size=?)"
    seen = duckdb.execute(query, [str(folder / "one.jsonl"), limit]).fetchall()
    assert [json.loads(text) for (text,) in seen] == [row]
    assert PublishedArticle.model_validate_json(line) == record
    table = written(folder / "one.parquet", PublishedArticle, [row])
    assert [line_of(found) for found in rows_of(table, PublishedArticle)] == [line + b"\n"]


def test_a_lone_surrogate_costs_a_character_and_no_record(revision: Revision) -> None:
    text = "前\ud800后"
    broken = revision.model_copy(
        update={"title": text, "tags": (text,), "body": (Paragraph.model_construct(text=text),)}
    )
    read = Revision.model_validate_json(broken.to_json())
    assert (read.title, read.tags) == ("前\ufffd后", ("前\ufffd后",))
    assert read.body == (Paragraph(text="前\ufffd后"),)
