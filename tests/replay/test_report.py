"""A report looked at in a real browser: three widths, light, dark and paper; nothing is asked, cut off or blank."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks.made_history import make_history
from tests.packages.evolved import Evolved, run

pytestmark = pytest.mark.crawl

View = dict[str, Any]
SMALLEST_LABEL_PIXELS = 9.5


@pytest.fixture(scope="module", params=["a crawled site", "twenty years"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of a site that was crawled on three days, and of one with twenty years of articles."""
    folder = tmp_path_factory.mktemp("report")
    if request.param == "a crawled site":
        evolved: Evolved = request.getfixturevalue("evolved")
        ran = evolved.run("report", "sample", "--output", folder / "report.html")
    else:
        make_history(folder / "archive", 1500)
        ran = run("report", "sample", "--archive", folder / "archive", "--output", folder / "report.html")
    assert ran.code == 0, ran.err
    return folder / "report.html"


@pytest.fixture(scope="module")
def views(report: Path, tools: Path) -> list[View]:
    """Return what is seen of it; the pictures lie beside it."""
    look = Path(__file__).with_name("look_at_report.py")
    command = [str(part) for part in (tools / "bin" / "python", look, report, report.parent)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr
    found: list[View] = json.loads(ended.stdout)
    assert len(found) == 6
    return found


def test_it_asks_for_nothing_and_nothing_goes_wrong(report: Path, views: list[View]) -> None:
    assert {tuple(view["asked"]) for view in views} == {(report.as_uri(),)}
    assert {tuple(view["told"]) for view in views} == {()}


def test_it_fits_every_width(views: list[View]) -> None:
    for view in views:
        assert view["scroll"] <= view["inner"] == view["width"]
        assert view["outside"] == []


def test_every_label_is_large_enough_and_touches_no_other(views: list[View]) -> None:
    for view in views:
        assert view["labels"] >= SMALLEST_LABEL_PIXELS, (view["scheme"], view["width"])
        assert view["overlaps"] == [], (view["scheme"], view["width"])


def test_one_drawing_of_each_chart_is_shown_and_none_is_blank(report: Path, views: list[View]) -> None:
    figures = report.read_text(encoding="utf-8").count("<figure>")
    assert figures >= 6
    assert {(view["charts"], view["blank"]) for view in views} == {(figures, 0)}


def test_dark_is_dark_and_light_is_light(views: list[View]) -> None:
    for view in views:
        ink, paper = (sum(map(int, re.findall(r"\d+", view[name])[:3])) for name in ("ink", "paper"))
        assert (ink > paper) == (view["scheme"] == "dark")
        assert abs(ink - paper) > 400, "enough contrast"


def test_chinese_has_a_font(views: list[View]) -> None:
    for view in views:
        assert view["fonts"]
        assert all(re.search("CJK|Hei|Song|PingFang|Droid", font) for font in view["fonts"]), view["fonts"]


def test_it_prints(report: Path, views: list[View]) -> None:
    assert views
    printed = report.with_name("report.pdf").read_bytes()
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 3 <= pages <= 30
