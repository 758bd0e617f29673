"""The report says what the archive holds, whatever pages say, as one file that needs nothing else."""

import datetime as dt
import json
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsarchive.datasets.report import drawing, writing
from newsarchive.datasets.report.drawing import NARROW, WIDE, Bar, Cell
from newsarchive.datasets.report.page import Told
from newsarchive.datasets.report.promoted import MOST_ITEMS, Promotions
from newsarchive.datasets.report.wording import columns_of, cut, shown
from newsarchive.datasets.withdrawn import publish_without
from newsarchive.operations.access import collection_of
from newsarchive.operations.audit import audit
from newsarchive.records.article import RelatedLink
from newsarchive.records.revision import Revision
from newsarchive.store.layout import Layout
from tests.conftest import RunNewsarchive
from tests.datasets.conftest import Keep

HOSTILE = [
    "<script>alert(1)</script>", "</title><script src=//x.test/a.js></script>", "</svg><img src=x onerror=alert(1)>",
    "\u202e翻转\u2066的标题",
    "a\x00b\x1b[31m\x07c\x85d", "&lt;b&gt; &amp; \"quotes\" 'single'", "]]><!-- --><style>*{display:none}",
    "{{ 7 * 7 }}{% raw %}", "长" * 400, "\ud800", 'var(--ink)" onload="alert(1)', "\u2028\u2029line", "\U000e0041tag",
]  # fmt: skip

Page = Any
"""An element of lxml's, whose types know no HTML."""


def opened(path: Path) -> Page:
    return html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def report_of(layout: Layout, exports: Path, *, stories: bool = False) -> Path:
    """Write the report of a collection by what the command calls."""
    held = collection_of(layout.folder.parent, layout.folder.name)
    told = Told(held.scope.site.title, held.scope.site.language)
    written = writing.write_report(layout, exports, told, audit(held), stories=stories)
    assert written is not None
    return written


def table_of(page: Page, title: str) -> list[list[str]]:
    """Return the cells of the table behind the chart `title`, its heading first."""
    (figure,) = [one for one in page.iter("figure") if one.find(".//h3").text_content() == title]
    return [[cell.text_content() for cell in row] for row in figure.find(".//table").iter("tr")]


@pytest.fixture(scope="module")
def written(made: Layout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report_of(made, tmp_path_factory.mktemp("exports"), stories=True)


@pytest.fixture
def hostile(kept: Keep, revision: Revision, tmp_path: Path) -> Path:
    """Return the report of a collection whose pages say hostile things wherever they can."""
    revisions = []
    for number, text in enumerate(HOSTILE, 1):
        link = RelatedLink(list=f"列表{text[:30]}", position=1, title=text, url="javascript:alert(1)")
        said = {
            "id": f"sample/202012/{number}", "url": f"http://sample.newsarchive.test/f/202012/{number}.html",
            "title": text, "source": text, "section": text, "related": (link,), "content_digest": f"content-1:{number}",
        }  # fmt: skip
        first = revision.model_copy(update=said)
        edited = first.model_copy(update={"revision": 2, "title": text + "!", "content_digest": f"content-1:x{number}"})
        revisions += [first, edited]
    return report_of(kept(*revisions), tmp_path / "exports")


def test_the_file_needs_nothing_else_and_runs_nothing(written: Path, hostile: Path) -> None:
    for path in (written, hostile):
        page = opened(path)
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        tags = Counter(element.tag for element in page.iter() if isinstance(element.tag, str))
        assert not tags.keys() & {"script", "img", "link", "iframe", "object", "embed", "use", "image", "base", "form"}
        assert tags["style"] == 1
        assert {href.split(":")[0] for href in page.xpath("//a/@href") if not href.startswith("#")} <= {"http", "https"}
        assert [name for element in page.iter() for name in element.attrib if name.startswith("on")] == []
        assert page.xpath("//@src | //@srcset | //@style[contains(., 'url')]") == []
        assert "@import" not in page.find(".//style").text


def test_what_pages_say_stays_in_its_place(hostile: Path) -> None:
    text = hostile.read_text(encoding="utf-8")
    assert [hex(ord(character)) for character in set(text) if unicodedata.category(character) in {"Cc", "Cf", "Cs"}
            and character != "\n"] == []  # fmt: skip
    page = opened(hostile)
    sources = [row[0] for row in table_of(page, "Articles by source")[1:]]
    assert sorted(sources) == sorted(shown(source) for source in HOSTILE)
    assert "{{ 7 * 7 }}{% raw %}" in sources
    for title in page.xpath("//table//td//bdi | //h3/bdi"):
        assert len(title) == 0, "a text holds no element"


def test_equal_archives_give_equal_bytes(made: Layout, written: Path, tmp_path: Path) -> None:
    assert report_of(made, tmp_path, stories=True).read_bytes() == written.read_bytes()


def test_the_tables_hold_what_the_revisions_say(made: Layout, written: Path) -> None:
    with made.revisions.open(encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    page = opened(written)
    months = table_of(page, "Articles by month")[1:]
    wanted = Counter(article["date"][:7] for article in articles if article["date"])
    read = {f"{row[0]}-{month:02}": int(row[month]) for row in months for month in range(1, 13)}
    assert {month: count for month, count in read.items() if count} == wanted
    assert sum(int(row[13]) for row in months) == wanted.total()
    for title, field in (("Articles by source", "source"), ("Articles by section", "section")):
        found = {row[0]: int(row[1]) for row in table_of(page, title)[1:]}
        assert found == Counter(article[field] or f"no {field} named" for article in articles), title
    coverage = {row[0]: row[1:] for row in table_of(page, "Which fields articles have")[1:]}
    assert {share for share in coverage["date"] if share} == {"100 %"}


def test_every_chart_has_its_table_and_is_drawn_for_wide_and_narrow_pages(written: Path) -> None:
    figures = list(opened(written).iter("figure"))
    assert len(figures) >= 5
    for figure in figures:
        assert figure.find("details").findall(".//tbody/tr")
        widths = [drawn.get("class").split()[1] for drawn in figure.find_class("drawing")]
        assert widths == ["wide", "narrow"]
        for drawn in figure.iter("svg"):
            assert drawn.findall(".//path")
            assert drawn.findall(".//text"), "text stays text"


def test_colours_are_the_pages_and_ids_there_are_none(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    drawn = "".join(re.findall(r"<svg.*?</svg>", text, re.DOTALL))
    assert {fill for fill in re.findall(r'(?:fill|stroke)="([^"]*)"', drawn) if not fill.startswith("var(--")} <= {
        "none"
    }
    assert not re.findall(r"""\bid=|url\(|xlink|href""", drawn)
    named = set(re.findall(r"var\(--([\w-]+)\)", text))
    assert named <= set(re.findall(r"--([\w-]+):", text)), "every colour is declared"


def test_a_misprinted_day_does_not_stretch_the_years(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    days = (dt.date(1012, 12, 2), dt.date(2025, 1, 3), dt.date(2024, 2, 3), dt.date(2205, 1, 1), None)
    revisions = [
        revision.model_copy(update={"id": f"sample/202012/{at}", "url": f"{revision.url}?{at}", "date": day})
        for at, day in enumerate(days)
    ]
    page = opened(report_of(kept(*revisions), tmp_path / "exports"))
    assert [row[0] for row in table_of(page, "Articles by month")[1:]] == ["2025", "2024"]
    assert "1 show no day and 2 show one too far from the others" in page.text_content()


def test_what_changed_is_told_and_the_last_of_it_first(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    later = [revision.recorded_at + dt.timedelta(days=31 * month) for month in range(4)]
    steps = [("published", later[0]), ("published", later[1]), ("removed", later[2]), ("published", later[3])]
    lines = []
    for at, (status, when) in enumerate(steps, 1):
        said = {"revision": at, "status": status, "title": f"第{at}版", "content_digest": f"content-1:{at}"}
        lines.append(revision.model_copy(update={**said, "recorded_at": when}))
    page = opened(report_of(kept(*lines), tmp_path / "exports"))
    heading, *rows = table_of(page, "What changed after it was published")
    assert heading == ["month", "added", "edited", "removed", "restored"]
    assert [row[1:] for row in rows] == [["1", "0", "0", "0"], ["0", "1", "0", "0"], ["0", "0", "1", "0"],
                                         ["0", "0", "0", "1"]]  # fmt: skip
    events = page.xpath("//h3[.='The last of these']/following::tbody[1]/tr")
    assert [[cell.text_content() for cell in event[1:]] for event in events] == [
        ["restored", "第4版title, status"], ["removed", "第3版title, status"], ["edited", "第2版title"],
    ]  # fmt: skip


def test_promoted_items_are_counted_by_page_and_month() -> None:
    promotions = Promotions()
    for month in ("2026-01", "2026-01", "2026-03"):
        promotions.add(month, [row("推荐内容", title) for title in ("常驻", f"一时{month}")])
    promotions.add("2026-03", [row("推荐内容", "一时2026-03"), row("图片新闻", "图")])
    first, second = promotions.lists()
    assert (first.name, first.pages, second.name) == ("推荐内容", 4, "图片新闻")
    assert [(item.title, item.pages) for item in first.items] == [
        ("常驻", 3), ("一时2026-01", 2), ("一时2026-03", 2),
    ]  # fmt: skip
    assert first.items[0].months == {"2026-01": 2, "2026-03": 1}
    for number in range(3 * MOST_ITEMS):
        promotions.add("2026-04", [row("推荐内容", f"标题{number}")])
    assert len(promotions.lists()[0].items) == MOST_ITEMS


def row(name: str, title: str) -> dict[str, Any]:
    return {"list": name, "position": 1, "title": title, "url": f"http://x.test/{title}", "date": None}


def test_reprints_are_told_as_one_story(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    other = {"id": "sample/202101/9", "url": "http://sample.newsarchive.test/f/202101/9.html", "title": "转载：绿洲"}
    reprint = revision.model_copy(update={**other, "text": revision.text + "（完）", "content_digest": "content-1:r"})
    page = opened(report_of(kept(revision, reprint), tmp_path / "exports", stories=True))
    (story,) = page.xpath("//ol[@class='stories']/li")
    assert "2 articles" in story.text_content()
    assert "转载：绿洲" in story.text_content()


def test_an_empty_collection_has_a_report(kept: Keep, tmp_path: Path) -> None:
    page = opened(report_of(kept(), tmp_path / "exports"))
    assert list(page.iter("figure")) == []
    assert "No article is held yet." in page.text_content()


def test_the_command_says_where_the_report_is_and_the_manifest_names_it(
    made: Layout, tmp_path: Path, newsarchive: RunNewsarchive
) -> None:
    folders = ("--archive", made.folder.parent, "--exports", tmp_path)
    ran = newsarchive("report", "sample", "--no-stories", *folders)
    assert (ran.code, ran.out, ran.err) == (0, f"{tmp_path / 'sample' / 'report.html'}\n", "")
    manifest = json.loads((tmp_path / "sample" / "manifest.json").read_bytes())["files"]
    assert manifest["report.html"]["rows"] == 40
    own = tmp_path / "own.html"
    ran = newsarchive("report", "sample", "--no-stories", "--output", own, *folders)
    assert (ran.code, own.read_bytes()) == (0, (tmp_path / "sample" / "report.html").read_bytes())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own.html", "sample"]


def test_what_cannot_be_written_is_one_line(made: Layout, tmp_path: Path, newsarchive: RunNewsarchive) -> None:
    folders = ("--archive", made.folder.parent, "--exports", tmp_path)
    ran = newsarchive("report", "sample", "--output", tmp_path, *folders)
    assert (ran.code, "is a folder" in ran.err) == (2, True)
    ran = newsarchive("report", "sample", "--output", tmp_path / "no" / "where.html", *folders)
    assert (ran.code, "give another --output" in ran.err, ran.err.count("\n")) == (5, True, 1)


def test_a_missing_library_is_one_line_that_says_what_to_type(
    made: Layout, tmp_path: Path, newsarchive: RunNewsarchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsarchive.extras.find_spec", lambda _name: None)
    ran = newsarchive("report", "sample", "--archive", made.folder.parent, "--exports", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("newsarchive: vl_convert is not installed; type: ")
    assert "-m pip install 'vl-convert-python>=" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_without_rensa_the_report_says_what_finds_stories(
    made: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "find_spec", lambda _name: None)
    assert "make extras" in opened(report_of(made, tmp_path, stories=True)).text_content()


def test_a_withdrawal_takes_the_report_away(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    layout = kept(revision)
    path = report_of(layout, tmp_path / "exports")
    publish_without(layout, tmp_path / "exports")
    assert not path.exists()
    manifest = json.loads((path.parent / "manifest.json").read_bytes())["files"]
    assert path.name not in manifest
    assert "articles.jsonl" in manifest


@given(st.text(max_size=60), st.integers(3, 40))
def test_a_cut_text_fits_and_begins_as_it_did(text: str, columns: int) -> None:
    found = cut(text, columns)
    assert columns_of(found) <= columns
    assert shown(text).startswith(found.removesuffix("…"))
    assert found == shown(text) or found.endswith("…")


@given(st.integers(0, 10**7))
def test_an_axis_begins_at_0_and_reaches_the_highest_in_few_whole_steps(highest: int) -> None:
    ticks = drawing._whole_ticks(highest)  # noqa: SLF001 - what a reader measures by
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 7
    assert len({after - before for before, after in pairwise(ticks)}) == 1


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_label_leaves_its_drawing(size: drawing.Width) -> None:
    long = "中亚书评系列之一百零九有意为之的偏执" * 4
    bar, short = Bar(long, "1,234,567", (("accent", 5),)), Bar("no section named", "1", (("rest", 1),))
    months = [f"2024-{at:02}" for at in range(1, 13)]
    years = [str(year) for year in range(1990, 2027)]
    drawn = [
        drawing.bars([bar, short], size, 5),
        drawing.bars([Bar("新闻动态", "50,000 of 50,000", (("good", 1),))], size, 1),
        drawing.strips([(bar, {"2024-03": 1})], months, size),
        drawing.heat_map(["2024"], [str(at) for at in range(1, 13)], [Cell(0, 0, 3, "123")], ["112,345"], size),
        drawing.columns(years, ["edited"], [{"edited": 3}] * len(years), {"edited": "bad"}, size),
    ]
    for svg in drawn:
        width = float(re.search(r'viewBox="0 0 ([\d.]+) ', svg)[1])  # type: ignore[index]
        assert width == size.pixels
        for left, right in spans_of(svg):
            assert left >= -2, svg
            assert right <= width + 2, svg


def spans_of(svg: str) -> list[tuple[float, float]]:
    """Return where each text of a drawing begins and ends, a letter being 6 pixels wide and a Chinese character 12."""
    plot = float(re.search(r'stroke-miterlimit="10" transform="translate\(([\d.]+),', svg)[1])  # type: ignore[index]
    found = []
    pattern = r'<text text-anchor="(\w+)" transform="translate\((-?[\d.]+),[^>]*>([^<]*)</text>'
    for anchor, at, text in re.findall(pattern, svg):
        wide = 6 * columns_of(text)
        start = plot + float(at) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        found.append((start, start + wide))
    return found
