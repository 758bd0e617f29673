"""Who wrote, where it came from and when it was posted, told in or under a text."""
# ruff: noqa: E501 - markup is easier to read unbroken

import pytest

from tests.parsers.made_up import BODY, article


@pytest.mark.parametrize(
    "last",
    [
        "<p>（通讯员 王小明 文/图）</p>",
        "<p>各方对会议表示满意。（作者：王小明）</p>",
        "<p>供稿：海港学院</p><p>撰稿：王小明</p><p>图片：李小红</p>",
        "<p>文：王小明</p><p>图：李小红</p>",
        "<p>作者：王小明</p>",
        "<p>图文：王小明</p>",
        "<p>文/王小明</p>",
        "<p>图文 / 王小明</p>",
        "<p>（图/文 王小明）</p>",
        "<p>文 | 王小明</p>",
        "<p>通讯员 王小明</p>",
        "<p>文/王小明 图/李小红</p>",
        "<p>（文/王小明　图/李小红）</p>",
        "<p>（作者：王小明，系海港大学教授）</p>",
        "<p>（作者系海港大学航道研究所研究员 王小明）</p>",
    ],
)
def test_who_wrote_may_stand_at_the_end_of_the_text(last: str) -> None:
    assert article("2020-12-02 来源：海港通讯", body=BODY + last).author == "王小明"


@pytest.mark.parametrize(
    ("first", "author"),
    [
        ("海港社北京11月30日电（记者王小明 李小红）会议昨日举行，各方交换了意见。", "王小明 李小红"),
        ("本报同江3月20日讯（记者 王小明）大桥昨日合龙。", "王小明"),
        ("海港报讯（记者 王小明 通讯员 李小红）大桥昨日合龙。", "记者 王小明 通讯员 李小红"),
        ("会议昨日举行（记者席上座无虚席），各方交换了意见。", None),
        ("海港社北京11月30日电（记者从教育部获悉）会议昨日举行。", None),
    ],
)
def test_a_dispatch_names_its_reporters(first: str, author: str | None) -> None:
    read = article("2020-12-02 来源：海港通讯", body=f"<p>{first}</p>{BODY}")
    assert (read.author, first in read.text) == (author, True)


def test_source_and_author_may_stand_on_the_last_line_of_the_text() -> None:
    read = article("2020-12-02", body=f"{BODY}<p>来源：海港日报 作者：王小明</p>")
    assert (read.source, read.author) == ("海港日报", "王小明")
    assert article("2020-12-02", body=f"{BODY}<p>本文转载自《海港日报》</p>").source == "《海港日报》"
    assert article("2020-12-02", body=f"{BODY}<p>转载自“海港观察”微信公众号</p>").source == "海港观察"
    assert (
        article("2020-12-02", body=f"{BODY}</div><p>原载《海港研究》2020年第4期</p><div>").source
        == "《海港研究》2020年第4期"
    )


@pytest.mark.parametrize("last", ["<p>（完）</p>", "<p>会议由学院主办（详见附件）</p>", "<p>（图片由校团委提供）</p>"])
def test_a_bracket_at_the_end_of_the_text_names_nobody(last: str) -> None:
    assert article("2020-12-02 来源：海港通讯", body=BODY + last).author is None


@pytest.mark.parametrize(
    "posted",
    [
        '这篇文章发表于 2020年12月2日 星期三 21:15，分类于 <a href="/x">纪要</a>。您可以通过 <a href="/rss">RSS 2.0</a> 订阅评论。',
        'This entry was posted on Wednesday, December 2nd, 2020 at 9:15 pm and is filed under <a href="/x">News</a>.',
    ],
)
def test_a_blog_tells_under_a_text_when_it_posted_it(posted: str) -> None:
    read = article("", body=f"{BODY}<p>{posted}</p>")
    assert (str(read.date), len(read.body)) == ("2020-12-02", 4)


def test_a_sentence_about_another_text_gives_no_date() -> None:
    read = article("", body=f"{BODY}<p>这篇文章发表于2020年12月2日，作者认为前景广阔。</p>")
    assert (read.date, len(read.body)) == (None, 5)


@pytest.mark.parametrize(
    "signed",
    [
        '<p style="text-align:right">海港研究所</p><p style="text-align:right">2020年12月2日</p>',
        "<p>完</p><p>２０２０年１２月２日（星期三）<br>香港時間１５時３０分</p>",
        "<p>二〇二〇年十二月二日</p>",
    ],
)
def test_a_notice_is_dated_where_it_is_signed_if_nowhere_else(signed: str) -> None:
    read = article("", body=BODY + signed)
    assert str(read.date) == "2020-12-02"
    assert read.provenance["date"].rule == "signed-below-text"
    assert str(article("2020-12-05 来源：海港通讯", body=BODY + signed).date) == "2020-12-05"


def test_a_last_line_that_says_more_than_a_day_dates_nothing() -> None:
    assert article("", body=f"{BODY}<p>2020年12月2日，会议闭幕。</p>").date is None
