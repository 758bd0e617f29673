"""Labels and their values: every label, both colons, glued, empty, in any order."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.parsers import parse
from newsarchive.parsers.labels import label_table, words
from newsarchive.records.article import Article
from newsarchive.records.site import Site

BODY = "".join(f"<p>第{n}段，会议讨论了地区合作与发展的若干问题，与会学者交换了意见。</p>" for n in range(4))


def article(info: str, site: Site | None = None) -> Article:
    html = f"<title>某研究所举行学术会议</title><h1>某研究所举行学术会议</h1><div>{info}</div><div>{BODY}</div>"
    return parse(html, "http://institute.test/1.html", site=site)


@pytest.mark.parametrize("label", words("labels", "source"))
@pytest.mark.parametrize("colon", ["：", ":", " : "])
def test_every_source_label_is_read_with_either_colon(label: str, colon: str) -> None:
    assert article(f"2020-12-02 {label}{colon}新华社").source == "新华社"


@pytest.mark.parametrize("label", words("labels", "date"))
def test_every_date_label_is_read(label: str) -> None:
    assert str(article(f"{label}：2020-12-02 来源：新华社").date) == "2020-12-02"


@pytest.mark.parametrize("label", words("labels", "clicks"))
def test_a_counter_is_read_and_its_placeholder_is_null(label: str) -> None:
    assert article(f"日期：2020-12-02 {label}：1024 来源：新华社").clicks == 1024
    assert article(f"日期：2020-12-02 来源：新华社 {label}：...").clicks is None


def test_an_empty_label_is_null_and_takes_nothing_from_the_next() -> None:
    read = article("来源： 作者： 点击： 日期：2020-12-02")
    assert (read.source, read.author, read.clicks, str(read.date)) == (None, None, None, "2020-12-02")


@pytest.mark.parametrize("tag", ["p", "div", "li", "h5"])
def test_a_value_may_follow_its_label_on_a_line_of_its_own(tag: str) -> None:
    parts = ("发布时间：", "2020-12-02", "来源：", "海港通讯", "作者：", "王小明", "点击：", "103")
    read = article("".join(f"<{tag}>{part}</{tag}>" for part in parts))
    assert (str(read.date), read.source, read.author, read.clicks) == ("2020-12-02", "海港通讯", "王小明", 103)


@pytest.mark.parametrize("following", ["会议在海港举行，来自各地的学者参加。", "打印本页", "作者：王小明"])
def test_an_empty_label_on_a_line_of_its_own_takes_no_text(following: str) -> None:
    assert article(f"<p>日期：2020-12-02</p><p>来源：</p><p>{following}</p>").source is None


def test_labels_are_read_when_glued_to_the_value_before_them() -> None:
    read = article("发布者:1309005发布时间:2017-09-05浏览次数:10")
    assert (str(read.date), read.clicks) == ("2017-09-05", 10)
    read = article("发布单位:人员机构编辑:张三发布日期:2015/05/25")
    assert (str(read.date), read.source, read.roles.editor) == ("2015-05-25", "人员机构", ("张三",))
    assert article("来源：新华网时间：2020-12-02").source == "新华网"


def test_a_label_that_ends_a_longer_word_is_none() -> None:
    table = label_table()
    assert "date" not in [found.field for found in table.read("报名时间：2019年5月14日")]
    assert "date" not in [found.field for found in table.read("来源：某报 报名时间：2019年5月14日")]


def test_a_bracket_that_is_left_open_ends_no_record() -> None:
    read = article("日期：2020-12-02 来源：[新华社] 点击:[")
    assert (read.source, read.clicks) == ("新华社", None)


def test_a_separator_ends_a_value() -> None:
    read = article("发表于2014-08-24 21:30| 1164次阅读| 来源CSDN| 0 条评论| 作者魏某")
    assert (read.source, read.author, str(read.date)) == ("CSDN", "魏某", "2014-08-24")


def test_a_linked_source_is_the_text_of_its_link() -> None:
    read = article('2015-05-21 05:03 来源：<a href="http://x.test/">大公报</a>(广州) <a href="/r">举报</a>')
    assert read.source == "大公报"


def test_a_name_beside_the_date_is_the_source_and_said_to_be_unlabelled() -> None:
    read = article("2020-12-02 10:00 大公报")
    assert read.source == "大公报"
    assert "source-without-label" in read.warnings


def test_roles_are_kept_apart() -> None:
    read = article("日期：2020-12-02 作者：甲某 编译：乙某 责任编辑：丙某、丁某 摄影：戊某 供稿：己某")
    assert read.author == "甲某"
    assert read.roles.model_dump() == {
        "translator": ("乙某",),
        "editor": ("丙某", "丁某"),
        "photographer": ("戊某",),
        "supplier": ("己某",),
    }


def test_a_site_may_add_labels() -> None:
    site = Site(name="own", title="own", home="http://institute.test/", labels={"转引": "source"})
    assert article("日期：2020-12-02 转引：大公报", site).source == "大公报"


def test_a_label_inside_the_text_is_text() -> None:
    html = (
        f"<h1>某研究所举行学术会议</h1><div>日期：2020-12-02 来源：本站</div><div>{BODY}"
        "<p>文章来源：某大学校友会</p></div>"
    )
    read = parse(html, "http://institute.test/1.html")
    assert read.source == "本站"
    assert read.text.endswith("文章来源：某大学校友会")


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_any_order_of_labels_reads_the_same(order: tuple[int, ...]) -> None:
    parts = ("日期：2020-12-02", "来源：大公报", "作者：甲某", "点击：77")
    for separator in (" ", "　", " | ", "</span> <span>", "<br>"):
        read = article(separator.join(parts[at] for at in order))
        assert (str(read.date), read.source, read.author, read.clicks) == ("2020-12-02", "大公报", "甲某", 77), (
            separator
        )


@given(st.text(max_size=120))
def test_labels_never_overlap(text: str) -> None:
    found = label_table().read(text, bare=True)
    for label, following in itertools.pairwise(found):
        assert label.start < label.value_start <= label.value_end <= following.start + 1


@pytest.mark.parametrize(
    ("info", "date", "source", "author", "clicks"),
    [
        ("By ABC | 25/05/2018 18:14:00 | Views ()", "2018-05-25", None, "ABC", None),
        ("发布人: 编辑: 预审: 终审: 发布时间:2024-06-19 点击量:", "2024-06-19", None, None, None),
        ("发布时间:2025-11-05来源: 访问量:", "2025-11-05", None, None, None),
        ("Publisher: Release time:2022-07-21Number of views:26", "2022-07-21", None, None, 26),
        ("2019年10月28日 来源:《某刊》2019年第5期 作者:肖 某", "2019-10-28", "《某刊》2019年第5期", "肖 某", None),
        ("发布时间:2013-12-12 16:14:38作者:甲某文章来源:某报", "2013-12-12", "某报", "甲某", None),
        ("2024-11-20 / 次", "2024-11-20", None, None, None),
    ],
)
def test_info_lines_as_institutes_write_them(
    info: str, date: str, source: str | None, author: str | None, clicks: int | None
) -> None:
    read = article(info)
    assert (str(read.date), read.source, read.author, read.clicks) == (date, source, author, clicks)
