"""What lies beside the files says what is in them: card, data package, Croissant, citation file, schemas."""

import datetime as dt
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from newsarchive.datasets.coverage import MOST_SECTIONS, Coverage
from newsarchive.datasets.export import FORMATS, Exported, export_collection, refresh_articles
from newsarchive.datasets.tables import TABLES
from newsarchive.records.article import Attachment
from newsarchive.records.revision import Revision
from newsarchive.records.site import Site
from newsarchive.store.layout import Layout
from tests.datasets.conftest import SITE, Keep
from tests.datasets.test_owner import changed, other

KNOWN = Site(
    name="sample", title="海港研究所", title_en="Harbour: Institute", home="http://sample.newsarchive.test/",
    rights="转载须注明出处", curator="绿洲资料室",
)  # fmt: skip


@pytest.fixture(scope="module")
def exported(made: Layout, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export_collection(made, tmp_path_factory.mktemp("exports"), FORMATS, site=KNOWN)


def json_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def front_matter(page: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(page.split("---\n")[1])
    return found


def section(page: str, name: str) -> str:
    return page.partition(f"\n## {name}\n")[2].partition("\n## ")[0].strip()


def cells(text: str) -> dict[str, list[str]]:
    rows = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows}


def test_every_data_file_is_described_with_its_digest(exported: Exported) -> None:
    data = {f"{name}.{suffix}" for name in TABLES for suffix in ("jsonl", "csv", "parquet")} | {"sample.sqlite"}
    resources = {one["path"]: one for one in json_of(exported.folder / "datapackage.json")["resources"]}
    objects = {one["contentUrl"]: one for one in json_of(exported.folder / "croissant.json")["distribution"]}
    assert set(resources) == set(objects) == data
    for name in data:
        content = (exported.folder / name).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        assert (resources[name]["hash"], resources[name]["bytes"]) == (f"sha256:{digest}", len(content))
        assert (objects[name]["sha256"], objects[name]["contentSize"]) == (digest, f"{len(content)} B")


@pytest.mark.parametrize("name", TABLES)
def test_the_schema_beside_the_lines_is_theirs(name: str, exported: Exported) -> None:
    validator = Draft202012Validator(json_of(exported.folder / f"{name}.schema.json"))
    with (exported.folder / f"{name}.jsonl").open("rb") as lines:
        row = json.loads(next(lines))
    validator.validate(row)
    assert not validator.is_valid({**row, "surprise": 1})


def test_the_card_counts_what_the_rows_hold(exported: Exported) -> None:
    page = (exported.folder / "README.md").read_text(encoding="utf-8")
    with (exported.folder / "articles.jsonl").open("rb") as lines:
        articles = [json.loads(line) for line in lines]
    coverage = cells(section(page, "Coverage"))
    for article in articles:
        assert coverage[article["date"][:4]] == [str(sum(one["date"][:4] == article["date"][:4] for one in articles))]
        assert coverage[article["section"]] == [str(sum(one["section"] == article["section"] for one in articles))]
    missing = cells(section(page, "Missing values"))
    for name in ("author", "clicks", "published_at", "tags", "attachments"):
        empty = sum(article[name] in (None, []) for article in articles)
        assert missing[f"`{name}`"] == [str(empty), f"{100 * empty / len(articles):.1f} %"]
    assert "`title`" not in missing


def test_the_front_matter_names_the_files_to_load(exported: Exported) -> None:
    found = front_matter((exported.folder / "README.md").read_text(encoding="utf-8"))
    assert [(one["config_name"], one["data_files"]) for one in found["configs"]] == [
        (name, f"{name}.parquet") for name in TABLES
    ]
    assert found["configs"][0]["default"]
    assert found["license"] == "other"
    assert found["language"] == ["zh"]


def test_nobody_licenses_the_texts_and_the_institute_is_heard(exported: Exported) -> None:
    page = (exported.folder / "README.md").read_text(encoding="utf-8")
    rights = section(page, "Rights")
    assert "belong to their publishers" in rights
    assert "转载须注明出处" in rights
    assert "licenses" not in json_of(exported.folder / "datapackage.json")
    assert "license" not in json_of(exported.folder / "croissant.json")
    assert "license" not in yaml.safe_load((exported.folder / "CITATION.cff").read_text(encoding="utf-8"))


def test_the_citation_file_names_curator_version_and_day(exported: Exported) -> None:
    found = yaml.safe_load((exported.folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(found)  # what the format requires
    assert found["cff-version"] == "1.2.0"
    assert found["authors"] == [{"name": "绿洲资料室"}]
    assert found["title"] == "News archive: 海港研究所 (Harbour: Institute)"
    assert isinstance(found["version"], str)
    assert re.fullmatch(r"2026-01-01", found["date-released"])


def test_gaps_are_named(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    file = Attachment(url="http://sample.newsarchive.test/a.pdf", title="a.pdf", type="pdf")
    old = other(revision, "old").model_copy(update={"date": dt.date(2018, 5, 1), "attachments": (file,)})
    new = other(revision, "new").model_copy(update={"date": dt.date(2021, 5, 1), "warnings": ("date: doubtful",)})
    undated = other(revision, "undated").model_copy(update={"date": None})
    gone = changed(new, 2, 1, status="removed")
    withdrawn = other(revision, "w").model_copy(update={"status": "withdrawn", "title": "", "body": (), "text": ""})
    done = export_collection(kept(old, new, undated, gone, withdrawn), tmp_path / "e", ["jsonl"], site=SITE)
    page = (done.folder / "README.md").read_text(encoding="utf-8")
    gaps = section(page, "Known gaps")
    assert "No article is dated in: 2019, 2020." in gaps
    assert "Articles that show no date: 1." in gaps
    assert "Articles gone from the site, whose last revision is kept with status `removed`: 1." in gaps
    assert "Articles withdrawn from the archive, whose rows have no content: 1." in gaps
    assert "Attached files that were not fetched, of 1: 1." in gaps
    assert "Articles read with a doubt, which `warnings` names: 1." in gaps
    assert "Articles: 4 (2 published, 1 removed, 1 withdrawn)." in page


def test_hostile_names_stay_text_in_the_card(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    named = revision.model_copy(update={"section": "<script>|`x`\n## Rights\u2028[a](b)"})
    site = KNOWN.model_copy(update={"title": "---\n# 题: *x* \x00", "rights": "</p><b>y</b>"})
    done = export_collection(kept(named), tmp_path / "e", ["jsonl"], site=site)
    page = (done.folder / "README.md").read_text(encoding="utf-8")
    assert "| &lt;script&gt;\\|\\`x\\` \\#\\# Rights \\[a\\](b) | 1 |" in page
    assert page.count("\n## Rights\n") == 1
    assert "<b>" not in page.split("---\n", 2)[2]
    assert front_matter(page)["license"] == "other"
    assert yaml.safe_load((done.folder / "CITATION.cff").read_text(encoding="utf-8"))["type"] == "dataset"


def test_documents_describe_earlier_files_too_and_follow_each_run(
    kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    layout = kept(revision)
    export_collection(layout, tmp_path / "e", ["csv"], site=SITE)
    kept(changed(revision, 2, 1, title="后来"))
    folder = refresh_articles(layout, tmp_path / "e", SITE).parent
    resources = {one["path"]: one for one in json_of(folder / "datapackage.json")["resources"]}
    assert set(resources) == {"articles.jsonl", *(f"{name}.csv" for name in TABLES)}
    for name, resource in resources.items():
        assert resource["hash"] == f"sha256:{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert "recorded up to 2026-01-02" in page
    assert "Of an earlier state, until the next `newsarchive export`: `articles.csv`, `revisions.csv`" in page
    assert front_matter(page)["configs"][0]["data_files"] == "articles.jsonl"
    (folder / "links.csv").unlink()
    refresh_articles(layout, tmp_path / "e", SITE)
    assert "links.csv" not in (folder / "datapackage.json").read_text(encoding="utf-8")


def test_an_empty_collection_has_documents(kept: Keep, tmp_path: Path) -> None:
    done = export_collection(kept(), tmp_path / "e", FORMATS, site=SITE)
    page = (done.folder / "README.md").read_text(encoding="utf-8")
    assert "There is no article yet." in page
    assert "configs" not in front_matter(page)
    assert "date-released" not in yaml.safe_load((done.folder / "CITATION.cff").read_text(encoding="utf-8"))


def test_a_site_that_gives_every_page_a_section_fills_no_memory(revision: Revision) -> None:
    coverage = Coverage()
    row = json.loads(revision.to_json()) | {"last_checked_at": "2026-01-01T00:00:00Z"}
    for number in range(3 * MOST_SECTIONS):
        coverage.write(b"", {**row, "section": f"栏{number}"})
    assert len(coverage.sections) <= MOST_SECTIONS + 1
    assert coverage.sections.total() == 3 * MOST_SECTIONS


@pytest.mark.parametrize("field", ["title_en", "rights", "curator"])
def test_a_site_file_leaves_out_what_is_not_known_and_never_leaves_it_empty(field: str) -> None:
    with pytest.raises(ValueError, match=field):
        Site.model_validate({**KNOWN.model_dump(), field: ""})
    assert getattr(Site(name="a", title="A", home="http://a.test/"), field) is None
