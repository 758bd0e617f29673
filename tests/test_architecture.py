"""The shape of the code: rooms, sizes, what may be imported and who may ask the clock."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULES = sorted(path for folder in ("newsarchive", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
PACKAGE = [path for path in MODULES if path.is_relative_to(ROOT / "newsarchive")]
DOMAIN_ROOMS = (
    "records",
    "sites",
    "parsers",
    "warc",
    "dedupe",
    "sample",
    "store",
    "operations",
    "datasets",
    "watching",
    "monitoring",
    "configuration",
)
INSTALLED = packages_distributions()

LONGEST_MODULE = 350
LONGEST_FUNCTION = 60


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy_of_the_package(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "newsarchive", tmp_path / "newsarchive", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_rooms_import_only_rooms_below_them() -> None:
    ran = lint_imports(ROOT)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    ("module", "line", "told"),
    [
        (
            "records/article.py",
            "from newsarchive.parsers import parse",
            "records is not allowed to import newsarchive.parsers",
        ),
        (
            "parsers/encoding.py",
            "from newsarchive.sites import load_site",
            "parsers is not allowed to import newsarchive.sites",
        ),
        ("parsers/encoding.py", "import scrapy", "parsers is not allowed to import scrapy"),
        ("cli/sites.py", "from twisted.internet import reactor", "cli is not allowed to import twisted"),
        (
            "datasets/dictionary.py",
            "from newsarchive.parsers import parse",
            "datasets is not allowed to import newsarchive.parsers",
        ),
        ("helpers.py", "import json", "not listed as layers: - newsarchive.helpers"),
    ],
)
def test_an_import_that_goes_up_or_sideways_is_caught(
    module: str, line: str, told: str, copy_of_the_package: Path
) -> None:
    with (copy_of_the_package / "newsarchive" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{line}\n")
    ran = lint_imports(copy_of_the_package)
    assert ran.returncode == 1
    assert told in " ".join(ran.stdout.split())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_and_its_functions_can_be_read_at_a_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE
    long = [
        f"{node.name} ({lines} lines)"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "core", "lib", "stuff"}
    assert [name_of(path) for path in MODULES if path.stem in drawers] == []


def test_domain_rooms_do_not_ask_the_clock() -> None:
    clocks = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time(?:_ns)?|(?:gm|local)time)$")
    asked = [
        f"{name_of(path)}:{node.lineno}"
        for room in DOMAIN_ROOMS
        for path in sorted((ROOT / "newsarchive" / room).rglob("*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and clocks.search(ast.unparse(node))
    ]
    assert asked == [], "take the instant as an argument"


def imported_packages() -> Iterator[tuple[str, str]]:
    """Yield every third-party package that the package imports, with the module that does.

    `compression` is in the standard library from Python 3.14 on.
    """
    for path in PACKAGE:
        for node in ast.walk(tree_of(path)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                if name.partition(".")[0] not in sys.stdlib_module_names | {"newsarchive", "compression"}:
                    yield name, name_of(path)


def distributions_of(name: str) -> set[str]:
    """Return the distributions that an imported name may come from; an extension module is named like its own."""
    top = name.partition(".")[0]
    found = {normal(distribution) for distribution in INSTALLED.get(top, [top])}
    return {"pydantic" if distribution == "pydantic-core" else distribution for distribution in found}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required(requirements: list[str]) -> set[str]:
    return {normal(match[0]) for line in requirements if (match := re.match(r"[\w.-]+", line))}


def test_every_import_of_the_package_is_a_declared_dependency() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    of_users = [one for name in ("export", "dedupe", "report", "monitor") for one in extras[name]]
    declared = required([*PROJECT["project"]["dependencies"], *of_users])
    declared |= {"pandas"}  # what `load` gives to those who have it
    undeclared = {
        f"{name} in {module}" for name, module in imported_packages() if not distributions_of(name) & declared
    }
    assert undeclared == set()


def test_every_declared_dependency_is_imported_or_has_its_reason() -> None:
    # uvloop is named in Scrapy's settings, tzdata is what zoneinfo reads where the system has no zones.
    used = {"uvloop", "tzdata"}.union(*(distributions_of(name) for name, _ in imported_packages()))
    assert required(PROJECT["project"]["dependencies"]) - used == set()


def pins() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_every_dependency_is_pinned_to_one_version() -> None:
    assert [line for line in pins() if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    project = PROJECT["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    assert required([line for group in groups for line in group]) - required(pins()) == set()


def test_every_data_file_of_the_package_is_installed_with_it() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["newsarchive"]
    package = ROOT / "newsarchive"
    installed = {path for pattern in patterns for path in package.glob(pattern)}
    data = {path for path in package.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
    assert sorted(name_of(path) for path in data - installed) == []


def test_every_pinned_version_runs_on_the_oldest_python_that_is_supported() -> None:
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=") + ".0"
    pinned = required(pins())
    refusing = [
        f"{found.name} {found.version} needs {needed}"
        for found in distributions()
        if normal(found.name) in pinned
        for needed in found.metadata.get_all("Requires-Python") or ()
        if oldest not in SpecifierSet(needed)
    ]
    assert refusing == []
