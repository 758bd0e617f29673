"""The documentation's pages against the program: what is made of it is current, and what is written by hand agrees."""

import re
import tomllib
from pathlib import Path

import pytest

from newsarchive.cli import reference
from newsarchive.cli.main import COMMANDS
from newsarchive.configuration import Configuration
from newsarchive.records.site import Site
from newsarchive.verdicts import watch

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PACKAGE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "newsarchive").rglob("*.py")))
COMMAND = re.compile(r"^newsarchive +([a-z-]+)", re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_page_that_is_made_of_the_program_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == reference.PAGES[name](), "run `make dictionary`"


def test_every_command_is_on_the_page_of_commands_with_its_options() -> None:
    page = text_of("docs/commands.md")
    assert {name for name in COMMANDS if f"\n## {name}\n" in page} == set(COMMANDS)
    assert "| `--processes` |" in page.partition("## crawl")[2].partition("\n## ")[0]


def test_every_kind_of_evidence_is_explained_and_no_other() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "newsarchive" / "verdicts").glob("*.py"))
    given = set(re.findall(r"""(?:kind=|finding\(\s*|_found\(\s*)"([a-z-]+)\"""", code))
    table = text_of("docs/verdicts.md").partition("## Evidence")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    assert {word for row in rows for word in re.findall(r"`([^`]+)`", row)} == given
    assert len(given) > 10


def test_reasons_for_holding_a_page_back_are_in_the_documentation() -> None:
    page = text_of("docs/verdicts.md")
    assert f"`{watch.DOUBTFUL}: date`" in page
    assert f"`{watch.DRIFTED}: date`" in page


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_what_a_page_shows_of_a_site_file_or_of_newsarchive_toml_can_be_used(page: Path) -> None:
    for block in re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        shown = tomllib.loads(block)
        if shown.keys() <= Configuration.model_fields.keys():
            Configuration.model_validate(shown)
        else:
            Site.model_validate({"name": "x", "title": "x", "home": "http://x.test/"} | shown)


def test_the_chinese_readme_shows_the_commands_of_the_english_one() -> None:
    english, chinese = (set(COMMAND.findall(text_of(name))) for name in ("README.md", "README.zh.md"))
    assert english - {"rebuild"} <= chinese
    codes = [re.findall(r"^\| (\d+) \|", text_of(name), re.MULTILINE) for name in ("README.md", "README.zh.md")]
    assert codes[0] == codes[1]


def test_every_text_of_an_error_that_is_listed_as_a_symptom_is_one() -> None:
    symptoms = re.findall(r"^\| \*(.+?)\*", text_of("docs/troubleshooting.md"), re.MULTILINE)
    assert len(symptoms) > 10
    told = [part.strip() for symptom in symptoms for part in re.split(r"…|degraded:|broken:", symptom) if part.strip()]
    assert [part for part in told if part not in PACKAGE] == []


def test_every_page_is_named_in_the_index() -> None:
    index = text_of("docs/README.md")
    assert [path.name for path in DOCS.glob("*.md") if path.name not in index and path.name != "README.md"] == []
