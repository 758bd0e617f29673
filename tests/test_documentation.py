"""What the documentation names is there: commands, options, variables, make targets, files."""

import re
from functools import cache
from pathlib import Path

import pytest

from newsarchive.cli.main import COMMANDS
from tests.conftest import RunNewsarchive

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "tests", "benchmarks", "newsarchive")
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        ROOT / "exports" / "README.md",
        *(page for name in FOLDERS for page in (ROOT / name).rglob("*.md")),
    ]
)

CODE = re.compile(r"```(?!toml|python|json)\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
COMMAND = re.compile(r"(?:^|[\s/])newsarchive +([a-z][a-z-]*)([^\n|>#]*)")
GLOBAL_OPTIONS = {"--help", "--version", "--debug"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_of(page: Path) -> str:
    """Return every piece of code of a page, one a line."""
    return "\n".join(block or inline for block, inline in CODE.findall(page.read_text(encoding="utf-8")))


@cache
def source() -> str:
    files = [*(ROOT / "newsarchive").rglob("*.py"), ROOT / "tests" / "conftest.py", ROOT / ".ci" / "run"]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_there_is_documentation() -> None:
    assert {"README.md", "CONTRIBUTING.md", "exports/README.md", "tests/README.md"} <= set(map(name_of, PAGES))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_and_option_that_is_named_exists(page: Path, newsarchive: RunNewsarchive) -> None:
    for name, rest in COMMAND.findall(code_of(page)):
        assert name in COMMANDS, f"newsarchive {name}"
        options = set(re.findall(r"(?<!\S)--[a-z][a-z-]*", rest)) - GLOBAL_OPTIONS
        shown = newsarchive(name, "--help").out if options else ""
        assert [option for option in options if not re.search(rf"{option}\b", shown)] == [], f"newsarchive {name}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_variable_that_is_named_is_read(page: Path) -> None:
    for name in set(re.findall(r"\bNEWSARCHIVE_[A-Z_]+", page.read_text(encoding="utf-8"))):
        suffix = name.removeprefix("NEWSARCHIVE_")
        assert name in source() or f'_value("{suffix}")' in source(), name


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?m)^(?:\S+=\S+ )*make ([a-z]+)", code_of(page)))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
