"""Dates: what is one, what is none, and where the evidence lies."""
# ruff: noqa: E501 - markup is easier to read unbroken

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.parsers import parse
from newsarchive.parsers.dates import compact_date, date_in_words, find_date, relative_date

ZONE = "Asia/Shanghai"
NOW = dt.datetime(2026, 11, 22, 7, 15, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("2020-12-02", "2020-12-02", "day"),
        ("2015/05/25", "2015-05-25", "day"),
        ("2017/1/4 10:05:00", "2017-01-04T10:05:00", "second"),
        ("2019年10月28日", "2019-10-28", "day"),
        ("2019年10月28日 星期一 下午3:20", "2019-10-28T15:20:00", "minute"),
        ("2023-05-12T23:49", "2023-05-12T23:49:00", "minute"),
        ("2019年06月15日08:18", "2019-06-15T08:18:00", "minute"),
        ("2019-09-3007:42", "2019-09-30T07:42:00", "minute"),
        ("2020/12/272020年比赛", "2020-12-27", "day"),
        ("2022.10.18", "2022-10-18", "day"),
        ("25/05/2018 18:14:00", "2018-05-25T18:14:00", "second"),
        ("2023 11/ 17 20:52:15", "2023-11-17T20:52:15", "second"),
        ("二〇二〇年十二月二日", "2020-12-02", "day"),
        ("二〇一九年十月二十八日", "2019-10-28", "day"),
        ("March 5, 2021", "2021-03-05", "day"),
        ("5 Mar 2021", "2021-03-05", "day"),
        ("2 декабря 2020", "2020-12-02", "day"),
        ("02.12.2020", "2020-12-02", "day"),
        ("２０２０－１２－０２", "2020-12-02", "day"),
        ("2020年12月2日 8时30分", "2020-12-02T08:30:00", "minute"),
        ("[2026年09月19日]", "2026-09-19", "day"),
        ("根...2018年11月08日", "2018-11-08", "day"),
    ],
)
def test_a_date_is_read(text: str, expected: str, precision: str) -> None:
    found = find_date(text)
    assert found is not None
    assert (found.day.isoformat() if found.time is None else f"{found.day}T{found.time}") == expected
    assert found.precision == precision
    assert found.text == text.translate(str.maketrans("０１２３４５６７８９－", "0123456789-"))[found.start : found.end]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "08-11",
        "12月2日",
        "2020年",
        "2020-13-02",
        "2021-02-30",
        "020—83849173",
        "1-2-3",
        "2019—2020学年",
        "〔2020〕18号",
        "10:30",
        "v2.0.1",
    ],
)
def test_what_names_no_exact_day_is_no_date(text: str) -> None:
    assert find_date(text) is None


def test_two_figures_for_a_year_are_read_only_where_a_date_is_expected() -> None:
    assert find_date("19-02-27") is None
    found = find_date("| 19-02-27 |", short_years=True)
    assert found is not None
    assert found.day == dt.date(2019, 2, 27)


def test_figures_without_separators_are_read_in_urls() -> None:
    found = compact_date("/kycg/lw/201910/t20191028_5022190.shtml")
    assert found is not None
    assert found.day == dt.date(2019, 10, 28)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("昨天 14:05", "2026-11-21T14:05:00"), ("3小时前", "2026-11-22T12:00:00"), ("刚刚", "2026-11-22T15:15:00"), ("前天", "2026-11-20"),
     ("2天前", "2026-11-20"), ("半小时前", "2026-11-22T14:45:00")],
)  # fmt: skip
def test_relative_dates_count_from_the_capture_in_the_sites_zone(text: str, expected: str) -> None:
    found = relative_date(text, NOW, ZONE)
    assert found is not None
    assert (found.day.isoformat() if found.time is None else f"{found.day}T{found.time}") == expected


def test_relative_dates_without_a_capture_are_none() -> None:
    assert relative_date("3小时前", None, ZONE) is None


@pytest.mark.parametrize("text", ["08-11", "12月2日", "周三", "星期三"])
def test_words_never_fill_in_a_missing_year(text: str) -> None:
    assert date_in_words(text, "zh", ZONE, NOW) is None


def test_a_long_run_of_figures_takes_no_time() -> None:
    started = time.process_time()
    for text in ("1" * 100_000, "2020-" * 20_000, "2020年1月" * 10_000, "19-02-27 " * 10_000):
        find_date(text, short_years=True)
        date_in_words(text, "zh", ZONE, NOW)
    assert time.process_time() - started < 2


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d"]),
)
def test_every_day_is_read_back(day: dt.date, form: str) -> None:
    found = find_date(f"发布日期：{day.strftime(form)} 来源")
    assert found is not None
    assert found.day == day


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    find_date(text, short_years=True)
    relative_date(text, NOW, ZONE)
    compact_date(text)


BODY = "<div>" + "<p>会议讨论了地区合作与发展的若干问题，与会学者交换了意见。</p>" * 3 + "</div>"


def test_the_info_line_is_believed_and_the_others_are_kept() -> None:
    html = f'<meta name="PubDate" content="2013-09-20 10:00"><h1>某研究所举行学术会议</h1><div>发布时间：2013-12-12 16:14:38</div>{BODY}'
    article = parse(html, "http://institute.test/201309/t20130920_1.html")
    evidence = article.date_evidence
    assert evidence is not None
    assert (str(article.date), evidence.text, evidence.place, evidence.precision) == (
        "2013-12-12",
        "2013-12-12 16:14:38",
        "info line",
        "second",
    )
    assert [(other.place, str(other.date)) for other in evidence.others] == [
        ("meta", "2013-09-20"),
        ("url", "2013-09-20"),
    ]
    assert sum(warning.startswith("date-disagrees") for warning in article.warnings) == 2
    assert article.published_at == dt.datetime(2013, 12, 12, 8, 14, 38, tzinfo=dt.UTC)
    assert evidence.zone_stated is False


def test_a_stated_zone_is_used_and_said() -> None:
    article = parse(
        f"<h1>某研究所举行学术会议</h1><div>发布时间：2020-12-02T10:00:00+06:00</div>{BODY}", "http://institute.test/1"
    )
    assert article.published_at == dt.datetime(2020, 12, 2, 4, tzinfo=dt.UTC)
    assert article.date_evidence is not None
    assert (article.date_evidence.zone, article.date_evidence.zone_stated) == ("+06:00", True)


def test_a_date_in_three_boxes_is_one_date() -> None:
    html = f"<h1>某研究所举行学术会议</h1><div><div>2019</div><div>09/07</div><div>19:02</div></div>{BODY}"
    article = parse(html, "http://institute.test/1")
    assert str(article.published_at) == "2019-09-07 19:02:00+08:00"


def test_a_date_without_its_year_is_null() -> None:
    article = parse(
        f"<h1>某研究所举行学术会议</h1><div>发布时间：10-08 12:00 来源：某报</div>{BODY}", "http://institute.test/1"
    )
    assert article.date is None
    assert any(warning.startswith("unreadable-date") for warning in article.warnings)
