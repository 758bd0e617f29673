"""Search finds every Chinese word that a plain scan finds, says where, and takes in what is new."""

import datetime as dt
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsarchive.datasets.fulltext import CREATE_INDEX, folded, index_words, phrase
from newsarchive.datasets.query import parse_query
from newsarchive.datasets.search import Filters, count, search
from newsarchive.datasets.search_index import SearchIndex
from newsarchive.errors import ConfigurationError
from newsarchive.records.revision import Revision
from newsarchive.store.layout import Layout
from tests.conftest import RunNewsarchive
from tests.datasets.conftest import Keep
from tests.datasets.test_owner import changed, other

ANYTIME = Filters()


def ids(layout: Layout, exports: Path, text: str, filters: Filters = ANYTIME, limit: int = 1000) -> list[str]:
    """Return the keys of the articles that are found, in their order."""
    with SearchIndex(layout, exports) as index:
        index.refresh()
        found = [one.article["id"].partition("/")[2] for one in search(index, parse_query(text), filters, limit)]
        assert count(index, parse_query(text), filters) >= len(found)
    return found


TEXTS = st.text(st.sampled_from("中亚研究会议三3aA月，。 \n、〇ａ\U00020000が-_é"), max_size=12)
WORDS = st.text(st.sampled_from("中亚研究会议月〇\U00020000"), min_size=1, max_size=4)


@given(texts=st.lists(TEXTS, min_size=1, max_size=6), word=WORDS)
@example(texts=["2026年3月份", "三月份", "3月"], word="月")
@example(texts=["A股市场", "股市"], word="股市")
def test_a_chinese_word_of_any_length_is_found_where_a_plain_scan_finds_it_and_nowhere_else(
    texts: list[str], word: str
) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(CREATE_INDEX)
        for row, text in enumerate(texts):
            database.execute("INSERT INTO search (rowid, title, text) VALUES (?, ?, ?)", (row, *index_words("", text)))
        found = {row for (row,) in database.execute("SELECT rowid FROM search WHERE search MATCH ?", (phrase(word),))}
    assert found == {row for row, text in enumerate(texts) if folded(word) in folded(text)}


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("3月", ["于2026年3月份召开", "3月"]),
        ("年3月", ["于2026年3月份召开"]),
        ("A股", ["大盘A股市场"]),
        ("ａ股", ["大盘A股市场"]),
        ("kazakh*", ["在Kazakhstan的会"]),
        ("kazakhstan", ["在Kazakhstan的会"]),
        ("kazakh", []),
        ("二〇二六", ["二〇二六年"]),
        ("の", ["西域の道"]),
    ],
)
def test_words_of_mixed_writing_are_found(
    word: str, found: list[str], kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    texts = ["于2026年3月份召开", "3月", "大盘A股市场", "在Kazakhstan的会", "二〇二六年", "西域の道", "第3", "月"]
    layout = kept(
        *(other(revision, str(at)).model_copy(update={"title": "题", "text": text}) for at, text in enumerate(texts))
    )
    assert sorted(texts[int(key)] for key in ids(layout, tmp_path / "e", word)) == sorted(found)


def articles(revision: Revision) -> list[Revision]:
    """Return four articles: what is looked for stands in a title, in texts, and nowhere."""
    values = [
        ("a", "丝绸之路考古", "发掘简报。", "2020-01-05", "要闻", "原创"),
        ("b", "会议纪要", "与会者谈到丝绸之路的考古。", "2024-02-01", "要闻", "互联网"),
        ("c", "旧文", "丝绸，之路。", "2022-03-01", "通知", "原创"),
        ("d", "无日期", "又见丝绸之路。", None, "通知", "互联网"),
    ]
    return [
        other(revision, key).model_copy(
            update={
                "title": title, "text": text, "date": dt.date.fromisoformat(date) if date else None,
                "section": section, "source": source,
            }
        )
        for key, title, text, date, section, source in values
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("丝绸之路", ["a", "b", "d"]),  # the title first, then the newest, what has no date last
        ("丝绸", ["a", "b", "c", "d"]),
        ("丝绸之路 考古", ["a", "b"]),
        ("丝绸之路 AND 考古", ["a", "b"]),
        ("简报 OR 又见", ["a", "d"]),
        ("丝绸 NOT 考古", ["c", "d"]),
        ("丝绸 AND NOT 考古", ["c", "d"]),
        ("丝绸 (简报 OR 又见)", ["a", "d"]),
        ("丝绸 NOT (简报 OR 又见)", ["b", "c"]),
        ('"丝绸 之路"', ["c"]),
        ("“丝绸之路”", ["a", "b", "d"]),
        ("（丝绸之路）", ["a", "b", "d"]),
        ("又", ["d"]),
        ("沙漠", []),
    ],
)
def test_words_phrases_and_operators(
    query: str, found: list[str], kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    assert ids(kept(*articles(revision)), tmp_path / "e", query) == found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(since=dt.date(2022, 3, 1)), ["b", "c"]),
        (Filters(until=dt.date(2022, 3, 1)), ["a", "c"]),
        (Filters(since=dt.date(2022, 3, 2), until=dt.date(2024, 2, 1)), ["b"]),
        (Filters(section="通知"), ["c", "d"]),
        (Filters(source="原创", section="要闻"), ["a"]),
        (Filters(source="无"), []),
    ],
)
def test_filters_by_day_section_and_source(
    filters: Filters, found: list[str], kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    assert ids(kept(*articles(revision)), tmp_path / "e", "丝绸", filters) == found


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("，。", "holds no word"), ("*", "'*' holds no word"),
        ("中亚 OR", "expected a word at the end"), ("OR 中亚", "expected a word before OR"),
        ("NOT 中亚", "NOT needs a word before it"), ("(中亚", "a ( without its )"), ("中亚)", "a ) without its ("),
        ('"中亚', 'a " without its other one'), ("", "expected a word"), ("中" * 501, "at most 500"),
    ],
)  # fmt: skip
def test_a_query_that_means_nothing_says_what_was_expected(query: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        parse_query(query)
    assert told in str(raised.value)


@given(st.text(max_size=30) | st.text(st.sampled_from('中a"()* ORANDNOT:-^+{}'), max_size=30))
def test_whatever_is_typed_is_a_query_or_one_line(text: str) -> None:
    try:
        query = parse_query(text)
    except ConfigurationError:
        return
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(CREATE_INDEX)
        database.execute("SELECT rowid FROM search WHERE search MATCH ?", (f"title : {query.expression}",)).fetchall()


def test_the_index_takes_in_what_is_new_and_only_that(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    exports = tmp_path / "e"
    first = revision.model_copy(update={"text": "旧的丝绸"})
    layout = kept(first, other(revision, "x"))
    with SearchIndex(layout, exports) as index:
        assert index.refresh() == 2
        assert index.refresh() == 0
    key = revision.id.partition("/")[2]
    assert ids(layout, exports, "丝绸") == [key]
    kept(changed(first, 2, 1, text="新的瓷器"), changed(other(revision, "x"), 2, 1, date=dt.date(1999, 1, 1)))
    with SearchIndex(layout, exports) as index:
        assert index.refresh() == 2
    assert ids(layout, exports, "丝绸") == []
    assert ids(layout, exports, "瓷器") == [key]
    with SearchIndex(layout, exports) as index:
        kept_rows = index.execute("SELECT count(*) FROM entries").fetchone()
        assert kept_rows == (2,)
        index.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def test_an_index_that_grew_bit_by_bit_finds_what_a_new_one_finds(made: Layout, tmp_path: Path, kept: Keep) -> None:
    lines = [Revision.model_validate_json(line) for line in made.revisions.read_bytes().splitlines()]
    for at in range(0, len(lines), 10):
        layout = kept(*lines[at : at + 10])
        grown = ids(layout, tmp_path / "grown", "研究 OR 会")
    assert grown == ids(layout, tmp_path / "new", "研究 OR 会")


@pytest.mark.parametrize("damage", [b"", b"no database at all, whatever the name says", None])
def test_a_lost_or_damaged_index_is_made_again(
    damage: bytes | None, kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    layout = kept(*articles(revision))
    before = ids(layout, tmp_path / "e", "丝绸")
    path = tmp_path / "e" / "sample" / "search.sqlite"
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    assert ids(layout, tmp_path / "e", "丝绸") == before


def test_the_index_of_a_longer_log_is_made_again(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    layout = kept(*articles(revision))
    assert ids(layout, tmp_path / "e", "丝绸")
    with closing(sqlite3.connect(tmp_path / "e" / "sample" / "search.sqlite")) as index:
        index.execute("UPDATE state SET log_bytes = log_bytes + 1000")
        index.commit()
    assert ids(layout, tmp_path / "e", "丝绸") == ["a", "b", "c", "d"]


def test_the_index_of_a_collection_that_was_crawled_anew_is_made_again(
    kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    """Its log is another one, and longer than what was taken in of the one before."""
    first = articles(revision)
    layout = kept(*first[:2])
    assert ids(layout, tmp_path / "e", "丝绸")
    shutil.rmtree(layout.folder)
    layout = kept(first[2], *first[:2], first[3])
    assert ids(layout, tmp_path / "e", "丝绸") == ids(layout, tmp_path / "fresh", "丝绸")


def test_the_command_shows_hits_in_context(
    newsarchive: RunNewsarchive, kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    removed = changed(articles(revision)[1], 2, 1, status="removed")
    kept(*articles(revision), removed)
    places = ("--archive", tmp_path / "archive", "--exports", tmp_path / "e")
    ran = newsarchive("search", "丝绸之路", "--limit", 2, *places)
    assert ran.code == 0, ran.err
    assert ran.out.splitlines() == [
        "丝绸之路考古", "  2020-01-05 · 要闻 · 原创 · sample/a", "  发掘简报。",
        "会议纪要", "  2024-02-01 · 要闻 · 互联网 · sample/b · removed", "  与会者谈到丝绸之路的考古。",
        "3 found, the first 2 shown; --limit shows more",
    ]  # fmt: skip
    lines = [json.loads(line) for line in newsarchive("search", "丝绸之路", "考古", "--json", *places).out.splitlines()]
    assert [line["id"] for line in lines] == ["sample/a", "sample/b"]
    assert lines[0]["in_title"]
    assert newsarchive("search", "沙漠", *places).out == "nothing found\n"
    assert newsarchive("search", "丝绸", "--from", "soon", *places).code == 2
    ran = newsarchive("search", "丝绸", "--from", "2026-07-01", "--to", "2026-01-01", *places)
    assert (ran.code, ran.out) == (2, "")
    assert "--from 2026-07-01, --to 2026-01-01: the first day comes after the last one" in ran.err
    assert newsarchive("search", "丝绸", "--site", "nowhere", *places).code == 2


def test_a_hit_is_marked_where_it_stands_in_the_text_as_served(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    text = "前" * 100 + "ﬁｎｅ ＷＯＲＤ，丝绸之路" + "后" * 200
    layout = kept(other(revision, "a").model_copy(update={"title": "题", "text": text}))
    with SearchIndex(layout, tmp_path / "e") as index:
        index.refresh()
        (found,) = search(index, parse_query("fine word 丝绸之路"), ANYTIME, 5)
    assert [found.context[start:end] for start, end in found.hits] == ["ﬁｎｅ", "ＷＯＲＤ", "丝绸之路"]
    assert found.context.startswith("…前")
    assert found.context.endswith("后…")
