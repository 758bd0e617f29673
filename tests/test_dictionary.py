"""The data dictionary and the JSON Schema say what the records are."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import newsarchive as package
from newsarchive.datasets import dictionary
from newsarchive.records.capture import CaptureRef
from newsarchive.records.revision import PublishedArticle

PAGE = """<meta charset="utf-8"><title>海港研究所举办读书会</title><h1>海港研究所举办读书会</h1>
<p>日期：2024-03-05 10:20 来源：海港研究所</p>
<p>三月五日，海港研究所在图书馆举办了本学期的第一次读书会，十余位师生参加了讨论，气氛十分热烈。\u2028再会。</p>
<p><a href="/up/reader.pdf">读本.pdf</a></p>"""


@pytest.fixture(scope="module")
def published() -> PublishedArticle:
    """Return a record read from a page, as an export would write it."""
    at = dt.datetime(2024, 3, 6, 7, 15, tzinfo=dt.UTC)
    capture = CaptureRef(
        warc="harbour-20240306071500-00001.warc.gz", offset=512, record_id="urn:uuid:0", payload_digest="sha1:A"
    )
    return PublishedArticle(
        **package.parse(PAGE.encode(), "http://harbour.test/f/202403/17.html").model_dump(),
        revision=1,
        cause="site",
        content_digest="content-1:sha256:00",
        first_seen_at=at,
        captured_at=at,
        recorded_at=at,
        last_checked_at=at,
        capture=capture,
    )


def fields_of(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    models = {"PublishedArticle": schema, **schema["$defs"]}
    return [(model, name, field) for model, node in models.items() for name, field in node["properties"].items()]


def test_the_files_are_what_the_records_give() -> None:
    stale = "run `make dictionary` and read what it changed"
    page = dictionary.DICTIONARY.read_text(encoding="utf-8")
    assert page == dictionary.with_dictionary(page), stale
    assert dictionary.SCHEMA.read_text(encoding="utf-8") == dictionary.schema_text(), stale
    assert dictionary.main([]) == 0, stale


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(dictionary.article_schema())


def test_a_record_is_valid_under_the_schema_and_holds_every_field(published: PublishedArticle) -> None:
    schema = json.loads(dictionary.SCHEMA.read_text(encoding="utf-8"))
    record = json.loads(published.to_json())
    Draft202012Validator(schema).validate(record)
    assert list(record) == list(schema["properties"])
    assert sorted(schema["required"]) == sorted(schema["properties"])


@pytest.mark.parametrize(
    "damage",
    [
        {"surprise": 1},
        {"date": 20240305},
        {"status": "lost"},
        {"body": [{"kind": "video", "text": "x"}]},
        {"revision": 0},
    ],
    ids=lambda damage: next(iter(damage)),
)
def test_what_the_records_refuse_the_schema_refuses(damage: dict[str, Any], published: PublishedArticle) -> None:
    record = {**json.loads(published.to_json()), **damage}
    assert not Draft202012Validator(dictionary.article_schema()).is_valid(record)


def test_every_field_is_described() -> None:
    bare = [
        f"{model}.{name}" for model, name, field in fields_of(dictionary.article_schema()) if "description" not in field
    ]
    assert [name for name in bare if not name.endswith(".kind")] == []


def test_every_field_that_may_be_null_says_what_that_means() -> None:
    silent = [
        f"{model}.{name}"
        for model, name, field in fields_of(dictionary.article_schema())
        if {"type": "null"} in field.get("anyOf", ()) and "null" not in field["description"]
    ]
    assert silent == []


def test_every_field_and_every_nested_record_stands_in_the_dictionary() -> None:
    page = dictionary.dictionary()
    for _, name, _ in fields_of(dictionary.article_schema()):
        assert f"| `{name}` |" in page
    for anchor in set(re.findall(r"\(#(\w+)\)", page)):
        assert re.search(rf"^### {anchor}$", page, re.MULTILINE | re.IGNORECASE), f"a link to {anchor} leads nowhere"


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="expected the lines"):
        dictionary.with_dictionary("# Datasets\n")


def test_the_snippet_of_the_readme_reads_a_dataset(
    published: PublishedArticle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = dictionary.DICTIONARY.read_text(encoding="utf-8")
    snippet, *_ = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    dataset = tmp_path / "exports" / "sample" / "articles.jsonl"
    dataset.parent.mkdir(parents=True)
    dataset.write_text(f"{published.to_json()}\n" * 2, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet, "exports/README.md", "exec"), {})  # noqa: S102 - what a reader of the page would type
    assert capsys.readouterr().out == "2024-03-05 海港研究所举办读书会\n" * 2


def test_the_check_names_the_file_that_is_not_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, page in (("DICTIONARY", tmp_path / "README.md"), ("SCHEMA", tmp_path / "docs" / "article.schema.json")):
        monkeypatch.setattr(dictionary, name, page)
    monkeypatch.setattr(dictionary, "ROOT", tmp_path)
    dictionary.DICTIONARY.write_text(f"# Ours\n\n{dictionary.BEGIN}\nold\n{dictionary.END}\ntail\n", encoding="utf-8")
    assert dictionary.main([]) == 1
    assert "README.md is not what the records give" in capsys.readouterr().err
    assert dictionary.main(["--write"]) == 0
    assert dictionary.main([]) == 0
    written = dictionary.DICTIONARY.read_text(encoding="utf-8")
    assert written.startswith("# Ours\n")
    assert written.endswith(f"{dictionary.END}\ntail\n")
