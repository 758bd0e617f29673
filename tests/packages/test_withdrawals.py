"""What is said after a withdrawal: what was removed, what may still hold the page, and when it was withdrawn."""

import shutil
from pathlib import Path

import pytest

from newsarchive.datasets.report.writing import NAME as REPORT
from tests.packages.evolved import DAYS, Evolved, command

pytestmark = pytest.mark.crawl

LATER = DAYS[-1] + 8


def run(copy: Evolved, *arguments: object) -> str:
    """Run a command in the collection's folder, and return what it says."""
    ran = command(copy.folder, *arguments, day=LATER)
    assert ran.returncode == 0, ran
    return ran.stdout


@pytest.fixture
def published(copy: Evolved) -> Evolved:
    """Return a collection of which everything was made that can be made."""
    run(copy, "export", "sample", "--format", "jsonl,csv,sqlite", "--clusters")
    run(copy, "export", "sample", "--as-of", copy.revisions[-1]["recorded_at"])
    run(copy, "snapshot", "sample", "--name", "first")
    run(copy, "package", "sample")
    run(copy, "package", "sample", "--output", "exports/all.wacz")
    run(copy, "deposit", "sample", "bag")
    run(copy, "deposit", "sample", "exports/sample-bag")
    shutil.copytree(copy.folder / "bag", copy.folder / "of-another")
    identity = copy.folder / "of-another" / "data" / "collection.json"
    identity.write_text(identity.read_text().replace("sample", "harbour"))
    run(copy, "report", "sample")
    return copy


def test_every_file_that_may_still_hold_the_page_is_named_and_what_was_removed_too(published: Evolved) -> None:
    article = published.revisions[0]["id"]
    said = run(published, "withdraw", article, "--yes", "--reason", "a request")
    lines = [line.strip() for line in said.splitlines()]
    removed = {line.partition(": removed; ")[0] for line in lines if ": removed; " in line}
    assert removed == {f"exports/sample/{REPORT}", "exports/sample/search.sqlite"}
    assert not any((published.folder / path).exists() for path in removed)
    named = {line.partition(": was made before")[0] for line in lines if ": was made before" in line}
    (package,) = (published.folder / "exports" / "sample").glob("*.wacz")
    folder = Path("exports/sample")
    as_of = next((published.folder / folder / "as-of").iterdir())
    expected = {folder / package.name, folder / "as-of" / as_of.name, folder / "snapshots" / "first"}
    expected |= {Path("exports") / f"clusters.{one}" for one in ("jsonl", "csv", "sqlite")}
    expected |= {Path("exports/all.wacz"), Path("exports/sample-bag"), Path("bag")}
    assert {(published.folder / path).relative_to(published.folder) for path in named} == expected
    assert "cannot be known here" in lines[-1]


def test_a_timemap_says_when_an_article_was_withdrawn(copy: Evolved) -> None:
    article = copy.revisions[0]["id"]
    run(copy, "withdraw", article, "--yes")
    ran = copy.run("timemap", article)
    assert ran.code == 2
    assert f"{article}: was withdrawn at 20" in ran.err
    assert "wait for the run" not in ran.err
