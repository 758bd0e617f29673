"""Golden pages: what every saved page of every family gives, and that it changes with the parser version only."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from newsarchive.parsers import PARSER_VERSION
from newsarchive.sites.file import FAMILIES
from tests.fixtures.golden import SEAL, Case, cases, digests, output, seal_problems, shown

ROOT = Path(__file__).parents[1]
CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_golden_page_gives_what_its_case_says(case: Case) -> None:
    assert shown(output(case.name, case.page, case.expected["url"])) == case.expected


def test_every_family_and_the_institute_have_three_layouts_of_an_article_and_a_list() -> None:
    articles = Counter(case.name.partition("/")[0] for case in CASES if "body" in case.expected)
    lists = Counter(case.name.partition("/")[0] for case in CASES if "entries" in case.expected)
    for group in ("icas", *(preset.stem for preset in FAMILIES.glob("*.toml"))):
        assert articles[group] >= 3, group
        assert lists[group] >= 1, group


def test_the_output_changes_only_with_the_parser_version() -> None:
    sealed = json.loads(SEAL.read_text(encoding="utf-8"))
    assert sealed["parser"] == PARSER_VERSION, "seal the outputs: python -m tests.fixtures.save --seal"
    assert seal_problems(sealed, digests()) == [], "the output changed: raise PARSER_VERSION, then seal"
    assert set(sealed["digests"]) == {case.name for case in CASES}, "seal the new cases"


def test_a_changed_output_under_the_same_version_is_told() -> None:
    found = digests()
    name = CASES[0].name
    sealed = {"parser": PARSER_VERSION, "digests": {**found, name: "0" * 64}}
    assert seal_problems(sealed, found) == [name]
    assert seal_problems({**sealed, "parser": "0.9"}, found) == []


def test_a_saved_page_is_a_draft_of_a_case(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fixtures.save", str(ROOT / "tests/fixtures/vsb/boxes/page.html")]
    taken = subprocess.run([*command, "vsb/boxes"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert taken.returncode == 2
    assert "is there already" in taken.stderr
    (tmp_path / "tests" / "fixtures").mkdir(parents=True)
    for module in ("golden.py", "save.py"):
        (tmp_path / "tests" / "fixtures" / module).write_bytes((ROOT / "tests" / "fixtures" / module).read_bytes())
    url = "http://harbour.test/info/1080/5526.htm"
    ran = subprocess.run(
        [*command, "vsb/again", "--url", url], cwd=tmp_path, env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    draft = json.loads((tmp_path / "tests/fixtures/vsb/again/article.json").read_text(encoding="utf-8"))
    expected = next(case.expected for case in CASES if case.name == "vsb/boxes")
    assert (draft["url"], draft["title"], draft["body"]) == (url, expected["title"], expected["body"])
