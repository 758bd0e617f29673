"""The set-up on a machine where something is missing: one line that says what to type."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEEDED = ("sh", "sed", "cat", "cksum", "dirname", "rm", "make")

OLD = 'case "$*" in --version) echo Python 3.10.12;; *) exit 1;; esac'
NO_VENV = 'case "$*" in --version) echo Python 3.12.3;; *ensurepip*) exit 1;; *) exit 0;; esac'


@pytest.fixture
def make_on(tmp_path: Path, tool: Callable[[str], str]) -> Callable[..., str]:
    """Return what runs `make demo` in a bare checkout with only some programs on the path, and gives its last line."""
    checkout, programs = tmp_path / "checkout", tmp_path / "programs"
    (checkout / ".ci").mkdir(parents=True)
    programs.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt", ".ci/set-up"):
        shutil.copy(ROOT / name, checkout / name)
    for name in NEEDED:
        (programs / name).symlink_to(tool(name))

    def run(scripts: dict[str, str], arguments: Sequence[str] = ()) -> str:
        for name, script in scripts.items():
            (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            (programs / name).chmod(0o755)
        ran = subprocess.run(
            ["make", "demo", *arguments],
            cwd=checkout,
            env={"PATH": str(programs)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode != 0
        assert not (checkout / ".venv").exists()
        return ran.stderr.split("\n")[0]

    return run


@pytest.mark.parametrize(
    ("python", "missing"),
    [
        ({}, "python3 (3.11 or newer) is missing"),
        ({"python3": OLD}, "Python 3.10.12 is too old, 3.11 or newer is needed"),
        ({"python3": NO_VENV}, "the venv module of Python 3.12.3 is missing"),
    ],
    ids=["none", "old", "no venv"],
)
@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("apt-get", "sudo apt-get install python3 python3-venv make"),
        ("dnf", "sudo dnf install python3 make"),
        ("brew", "brew install python make"),
        ("true", "make PYTHON=/path/to/python3.11"),
    ],
)
def test_what_is_missing_is_one_line_to_type(
    python: dict[str, str], missing: str, manager: str, line: str, make_on: Callable[..., str]
) -> None:
    assert make_on({**python, manager: ""}) == f"newsarchive: {missing}. Type: {line}"


def test_the_python_that_is_chosen_is_the_one_that_is_judged(make_on: Callable[..., str]) -> None:
    told = make_on({"mine": OLD, "python3": NO_VENV, "apt-get": ""}, ["PYTHON=mine"])
    assert told.startswith("newsarchive: Python 3.10.12 is too old")
