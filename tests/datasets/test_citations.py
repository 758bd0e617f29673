"""Citations say who, what, where and when captured, in each style's own rules, whatever a page holds."""

import datetime as dt
import json
import re
import warnings
from dataclasses import replace
from pathlib import Path

import citeproc
import pytest
from bibtexparser.entrypoint import parse_string
from citeproc.source.json import CiteProcJSON
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from newsarchive.datasets.citation import Citation, names_of
from newsarchive.datasets.citation_styles import STYLES, apa, bibtex, csl_json, gbt7714
from newsarchive.records.article import Roles
from newsarchive.records.description import Description
from newsarchive.records.revision import Revision
from tests.conftest import RunNewsarchive
from tests.datasets.conftest import Keep
from tests.datasets.test_owner import changed, other

ABOUT = Description(site="sample", title="海港研究所", home="http://sample.newsarchive.test/", language="zh")
CAPTURED = dt.datetime(2026, 11, 22, 7, 15, tzinfo=dt.UTC)
URL = "http://sample.newsarchive.test/f/202012/1050.html"
CHINESE = "存档: newsarchive sample, sample/202012/1050, 修订 1, 采集于 2026-11-22T07:15:00Z, sha1:A"
ENGLISH = "Archived: newsarchive sample, sample/202012/1050, revision 1, captured 2026-11-22T07:15:00Z, sha1:A"


def cited(revision: Revision, /, **fields: object) -> Citation:
    plain: dict[str, object] = {
        "id": "sample/202012/1050", "url": URL, "title": "水渠会议", "author": None, "source": None, "roles": Roles(),
        "date": dt.date(2020, 12, 2), "captured_at": CAPTURED, "language": "zh",
    }  # fmt: skip
    return Citation.of(revision.model_copy(update={**plain, **fields}), ABOUT)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"author": "张三"}, f"张三. 水渠会议[EB/OL]. (2020-12-02)[2026-11-22]. {URL}. {CHINESE}."),
        ({"author": "张三、李四，王五;赵六"}, "张三, 李四, 王五, 等. 水渠会议[EB/OL]."),
        ({"author": "张三 李四"}, "张三, 李四. 水渠会议[EB/OL]."),
        ({}, "佚名. 水渠会议[EB/OL]."),
        ({"source": "互联网"}, "佚名. 水渠会议[EB/OL]."),
        ({"source": "原创"}, "海港研究所. 水渠会议[EB/OL]."),
        ({"source": "盐湖日报"}, "盐湖日报. 水渠会议[EB/OL]."),
        ({"author": "Anna Lund", "language": "en"}, "Anna Lund. 水渠会议[EB/OL]."),
        ({"language": "en"}, "Anon. 水渠会议[EB/OL]."),
        ({"date": None}, f"佚名. 水渠会议[EB/OL]. [2026-11-22]. {URL}."),
        ({"title": "水渠会议。"}, "佚名. 水渠会议[EB/OL]."),
        ({"roles": Roles(translator=("穆既明",))}, "佚名. 水渠会议[EB/OL]. 穆既明, 译. (2020-12-02)[2026-11-22]."),
    ],
)
def test_gbt_7714_has_its_elements_in_their_order(fields: dict[str, object], expected: str, revision: Revision) -> None:
    assert gbt7714(cited(revision, **fields)).startswith(expected)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"author": "张三"},
            f"张三. (2020, December 2). 水渠会议. 海港研究所. Retrieved November 22, 2026, from {URL} [{ENGLISH}]",
        ),
        ({"author": "张三、李四"}, "张三, & 李四. (2020, December 2)."),
        ({}, "水渠会议. (2020, December 2). 海港研究所. Retrieved"),
        ({"date": None}, "水渠会议. (n.d.). 海港研究所. Retrieved"),
        ({"source": "原创"}, "海港研究所. (2020, December 2). 水渠会议. Retrieved"),
        ({"title": "为什么？", "author": "张三"}, "张三. (2020, December 2). 为什么？ 海港研究所. Retrieved"),
        (
            {"author": "、".join(f"甲{number}" for number in range(1, 23))},
            f"{', '.join(f'甲{number}' for number in range(1, 20))}, . . . 甲22. (2020, December 2).",
        ),
        ({"roles": Roles(translator=("穆既明",))}, "水渠会议 (穆既明, Trans.). (2020, December 2)."),
    ],
)
def test_apa_has_its_elements_in_their_order(fields: dict[str, object], expected: str, revision: Revision) -> None:
    assert apa(cited(revision, **fields)).startswith(expected)


def test_a_removed_page_is_named_as_such_in_every_style(revision: Revision) -> None:
    found = replace(cited(revision), removed_at=dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC))
    assert "原页面已删除, 记录于 2026-12-01T08:00:00Z" in gbt7714(found)
    for style in (apa, bibtex, csl_json):
        assert "removed from the site, recorded 2026-12-01T08:00:00Z" in style(found)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张三", ("张三",)),
        ("欧阳明 司马青", ("欧阳明", "司马青")),
        ("张三，李四", ("张三", "李四")),
        ("Lund, Anna", ("Lund, Anna",)),
        ("Anna Lund; Jan Berg", ("Anna Lund", "Jan Berg")),
        ("盐湖大学 绿洲与水利研究中心", ("盐湖大学 绿洲与水利研究中心",)),
        (" 、 ", ()),
    ],
)
def test_names_are_told_apart_only_where_a_page_parts_them(text: str, names: tuple[str, ...]) -> None:
    assert names_of(text) == names


def tex_read(value: str) -> str:
    """Return what TeX shows of an escaped text."""
    named = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~",
             "textasciicircum": "^"}  # fmt: skip
    return re.sub(r"\\(?:([a-z]+)\{\}|([&%$#_]))", lambda found: named.get(found[1], found[2]), value)


@settings(max_examples=40)
@given(st.text(max_size=40), st.text(max_size=20))
@example("100% {a} & b_c #1 $x ~ ^ \\end", "A and B")
@example("}{", "{")
@example("\u202e]]><script>\x00\ud800\n题", "张三 and 李四")
def test_bibtex_is_read_back_whatever_a_title_and_a_name_hold(revision: Revision, title: str, author: str) -> None:
    found = cited(revision, title=title, author=author)
    library = parse_string(bibtex(found))
    assert not library.failed_blocks
    (entry,) = library.entries
    fields = {field.key: field.value for field in entry.fields}
    title_as_read = fields["title"]
    assert title_as_read == f"{{{title_as_read[1:-1]}}}"
    assert tex_read(title_as_read[1:-1]) == found.title
    if found.authors:
        names = re.findall(r"\{((?:[^{}]|\{\})*)\}", fields["author"])
        assert tuple(map(tex_read, names)) == found.authors
        assert fields["author"] == " and ".join(f"{{{name}}}" for name in names)
    assert fields["url"] == URL
    assert "sha1:A" in fields["note"]


@settings(max_examples=40)
@given(st.text(max_size=40), st.text(max_size=20))
def test_every_style_is_text_that_a_file_holds(revision: Revision, title: str, author: str) -> None:
    found = cited(revision, title=title, author=author)
    for style in STYLES.values():
        text = style(found)
        assert text.encode() == text.encode("utf-8", "strict")
        assert not set(text) & set("\x00\x1b\u202e\u2028")
    assert len(gbt7714(found).splitlines()) == len(apa(found).splitlines()) == 1


def test_csl_json_is_what_a_citation_processor_reads(revision: Revision) -> None:
    found = cited(revision, author="张三、李四", roles=Roles(translator=("穆既明",)))
    items = json.loads(csl_json(found))
    # Part of CSL 1.0.2, which this processor does not know.
    assert items[0].pop("custom")["content_digest"] == revision.content_digest
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        source = CiteProcJSON(items)
        style = citeproc.CitationStylesStyle("harvard-cite-them-right", validate=False)
        bibliography = citeproc.CitationStylesBibliography(style, source, citeproc.formatter.plain)
        bibliography.register(citeproc.Citation([citeproc.CitationItem(items[0]["id"])]))
        (shown,) = map(str, bibliography.bibliography())
    assert shown.startswith("张三 and 李四 (2020) 水渠会议, 海港研究所. Translated by 穆既明.")
    assert f"{URL} (Accessed: November 22, 2026)" in shown


def test_csl_json_has_no_names_but_those_of_csl(revision: Revision) -> None:
    schema = etree.parse(Path(citeproc.__file__).parent / "data" / "schema" / "schemas" / "styles" / "csl.rng")
    known = {value.text for value in schema.iter("{http://relaxng.org/ns/structure/1.0}value")}
    (item,) = json.loads(csl_json(cited(revision, author="张三", roles=Roles(translator=("穆既明",)))))
    assert set(item) - known == {"id", "type", "custom"}
    assert item["type"] in known


def test_the_command_cites_the_revision_that_is_meant(
    newsarchive: RunNewsarchive, kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    edited = changed(revision, 2, 10, title="第二版")
    gone = changed(revision, 3, 20, title="第二版", status="removed")
    kept(revision, edited, gone)

    def title(*options: object) -> str:
        ran = newsarchive("cite", revision.id, "--format", "csl-json", *options, "--archive", tmp_path / "archive")
        assert ran.code == 0, ran.err
        (item,) = json.loads(ran.out)
        return f"{item['title']} {item['version']} {item['custom']['removed_at']}"

    first = f"{revision.title} revision 1 None"
    assert title("--revision", 1) == title("--at", "2026-01-05") == first
    assert title("--revision", 2) == title("--at", "2026-01-15T00:00:00Z") == "第二版 revision 2 None"
    removed_at = gone.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert title() == title("--revision", 3) == f"第二版 revision 2 {removed_at}"
    ran = newsarchive("cite", revision.id, "--archive", tmp_path / "archive")
    assert [line for line in ran.out.splitlines() if line.endswith(":") and not line.startswith(" ")] == [
        f"{name}:" for name in STYLES
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("sample", "expected an article's id"),
        ("sample/none", "no such article"),
        ("sample/a --format mla", "expected one of gbt7714, apa, bibtex, csl-json, or all"),
        ("sample/a --revision 7", "no revision 7; it has revisions 1 to 1"),
        ("sample/a --at 2020-01-01", "not captured by then; its first capture is of 2026-01-01T00:00:00Z"),
        ("sample/a --at 2026-01-01 --revision 1", "name one of them"),
        ("sample/a --at 2999-01-01", "is not over yet, so more may be recorded by then"),
        ("sample/withdrawn", "was withdrawn from the archive"),
    ],
)
def test_what_cannot_be_cited_is_one_line(
    arguments: str, told: str, newsarchive: RunNewsarchive, kept_two: Path
) -> None:
    ran = newsarchive("cite", *arguments.split(), "--archive", kept_two)
    assert ran.code == 2
    assert told in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.fixture
def kept_two(kept: Keep, revision: Revision) -> Path:
    """Return an archive that holds an article and a withdrawn one."""
    withdrawn = revision.model_copy(
        update={"id": "sample/withdrawn", "status": "withdrawn", "title": "", "body": (), "text": ""}
    )
    one = other(revision, "a").model_copy(update={"captured_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    return kept(one, withdrawn).folder.parent
