"""What `exports/README.md` tells people to type works, with the libraries it names."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import newsarchive
from newsarchive.datasets.arrow import arrow_schema
from newsarchive.datasets.export import FORMATS, export_collection, refresh_articles
from newsarchive.datasets.tables import TABLES
from newsarchive.errors import ConfigurationError, MissingExtraError
from newsarchive.records.revision import PublishedArticle, Revision
from newsarchive.store.layout import Layout
from tests.datasets.conftest import Keep
from tests.datasets.test_owner import changed

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "exports" / "README.md").read_text(encoding="utf-8")
SECTIONS = PAGE.partition("## Recipes")[2].partition("\n## ")[0].split("\n### ")[1:]
RECIPES = {
    section.partition("\n")[0]: code
    for section in SECTIONS
    for code in re.findall(r"```python\n(.*?)```", section, re.DOTALL)
}


@pytest.fixture(scope="module")
def folder(made: Layout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a working folder with `exports/sample` below it."""
    place = tmp_path_factory.mktemp("analyst")
    export_collection(made, place / "exports", FORMATS)
    return place


def run(code: str, folder: Path) -> str:
    """Run code as an analyst would, from a file in a folder of one's own; a warning is a failure."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
    ours = {"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hf"), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(
        command, cwd=folder, env={**inherited, **ours}, capture_output=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_there_is_a_recipe_for_each_reader() -> None:
    assert set(RECIPES) == {"newsarchive", "pandas", "polars", "duckdb", "datasets", "sqlite3"}


@pytest.mark.parametrize("library", RECIPES)
def test_a_recipe_works(library: str, folder: Path) -> None:
    if importlib.util.find_spec(library) is None:
        (pytest.fail if os.environ.get("NEWSARCHIVE_REQUIRE_RECIPES") else pytest.skip)(f"{library} is not installed")
    out = run(RECIPES[library], folder)
    expected = {
        "newsarchive": "新闻动态", "pandas": "sample/2", "polars": "2026", "duckdb": "新闻动态",
        "datasets": "date32", "sqlite3": "研究会",
    }  # fmt: skip
    if library != "sqlite3":  # the sample may hold no such word: then nothing is printed
        assert expected[library] in out


def test_another_sqlite_writes_the_same_bytes(made: Layout, folder: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("pysqlite3") is None:
        (pytest.fail if os.environ.get("NEWSARCHIVE_REQUIRE_RECIPES") else pytest.skip)("pysqlite3 is not installed")
    code = f"""
import sys, sqlite3 as ours, pysqlite3
sys.modules["sqlite3"] = pysqlite3
from pathlib import Path
from newsarchive.datasets.export import export_collection
from newsarchive.store.layout import Layout
export_collection(Layout(Path({str(made.folder.parent)!r}), "sample"), Path("other"), ["sqlite"])
print(ours.sqlite_version != pysqlite3.sqlite_version)
"""
    assert run(code, tmp_path) == "True\n"
    ours, other = (place / "sample" / "sample.sqlite" for place in (folder / "exports", tmp_path / "other"))
    assert ours.read_bytes() == other.read_bytes()


def test_load_never_imports_the_crawler(folder: Path) -> None:
    code = (
        "import sys, newsarchive\n"
        "table = newsarchive.load('exports/sample', kind='arrow')\n"
        "print(table.num_rows, sorted({'scrapy', 'twisted', 'lxml'} & set(sys.modules)))"
    )
    assert run(code, folder) == "40 []\n"


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
def test_load_gives_the_same_table_from_either_file(name: str, suffix: str, folder: Path) -> None:
    table = newsarchive.load(folder / "exports" / "sample" / f"{name}{suffix}", kind="arrow")
    assert table.equals(newsarchive.load(str(folder / "exports" / "sample"), name, kind="arrow"))
    assert table.schema.equals(arrow_schema(TABLES[name].row))


def test_load_gives_types_to_pandas(folder: Path) -> None:
    frame = newsarchive.load(folder / "exports" / "sample")
    assert str(frame["date"].dtype) == "date32[day][pyarrow]"
    assert str(frame["captured_at"].dtype) == "timestamp[us, tz=UTC][pyarrow]"
    assert str(frame["clicks"].dtype) == "int64[pyarrow]"
    assert frame["clicks"].isna().any()
    assert len(frame) == 40


def test_load_reads_the_later_of_two_files(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    layout = kept(revision)
    export_collection(layout, tmp_path / "exports", ["jsonl", "parquet"])
    kept(changed(revision, 2, 1, title="后来"))
    refresh_articles(layout, tmp_path / "exports")
    assert newsarchive.load(tmp_path / "exports" / "sample", kind="arrow")["title"].to_pylist() == ["后来"]


def test_an_empty_dataset_has_its_columns(kept: Keep, tmp_path: Path) -> None:
    export_collection(kept(), tmp_path / "exports", ["jsonl"])
    table = newsarchive.load(tmp_path / "exports" / "sample", kind="arrow")
    assert table.num_rows == 0
    assert table.schema.equals(arrow_schema(PublishedArticle))


@pytest.mark.parametrize(
    ("path", "table", "told"),
    [
        ("exports/sample", "article", "there are articles, revisions"),
        ("exports/nowhere", None, "run `newsarchive export` first"),
        ("exports/sample/articles.csv", None, "expected a Parquet or JSON Lines file"),
    ],
)
def test_what_cannot_be_loaded_says_what_to_do(path: str, table: str | None, told: str, folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=told):
        newsarchive.load(folder / path, table)


def test_a_kind_of_table_that_there_is_not_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="expected 'pandas' or 'arrow'"):
        newsarchive.load(folder / "exports" / "sample", kind="polars")  # type: ignore[arg-type]


def test_a_missing_extra_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsarchive.extras.find_spec", lambda _name: None)
    with pytest.raises(MissingExtraError, match="pip install"):
        newsarchive.load(folder / "exports" / "sample")
