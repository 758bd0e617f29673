"""Forms of dates, as an info line shows them: what the record says of each."""

import datetime as dt
import time

import pytest

from newsarchive.errors import PageError
from newsarchive.parsers import parse
from newsarchive.parsers.dates import MAX_TEXT, date_in_words, relative_date
from newsarchive.records.article import Article

NOW = dt.datetime(2026, 3, 1, 16, 30, tzinfo=dt.UTC)
"""Half past midnight of 2 March in Shanghai."""
BODY = "<p>与会者讨论了今年的观测计划，并就共享数据的办法达成一致，会后参观了验潮站。</p>" * 3


def article(shown: str) -> Article:
    html = f"<h1>海港研究院举行潮汐观测会议</h1><div>发布时间：{shown} 来源：海港通讯</div><div>{BODY}</div>"
    return parse(html, "http://harbour.test/x/1.html", captured_at=NOW)


@pytest.mark.parametrize(
    ("shown", "date", "published_at"),
    [
        ("二〇二四年三月八日", "2024-03-08", None),
        ("二○二四年十二月三十一日", "2024-12-31", None),
        ("二零二四年十月廿一日", "2024-10-21", None),
        ("2024年3月8日 星期五", "2024-03-08", None),
        ("2024年3月8日（星期五）上午9:05", "2024-03-08", "2024-03-08T09:05:00+08:00"),
        ("2024年3月8日 下午3:20", "2024-03-08", "2024-03-08T15:20:00+08:00"),
        ("2024年3月8日 上午12:10", "2024-03-08", "2024-03-08T00:10:00+08:00"),
        ("2024年3月8日 中午12:10", "2024-03-08", "2024-03-08T12:10:00+08:00"),
        ("25/05/2018 18:14:00", "2018-05-25", "2018-05-25T18:14:00+08:00"),
        ("05/06/2018", "2018-06-05", None),
        ("8th March 2024", "2024-03-08", None),
        ("昨天 23:59", "2026-03-01", "2026-03-01T23:59:00+08:00"),
        ("1小时前", "2026-03-01", "2026-03-01T23:00:00+08:00"),
        ("2天前", "2026-02-28", None),
    ],
)
def test_a_form_is_read_in_the_sites_zone_against_the_capture(shown: str, date: str, published_at: str | None) -> None:
    found = article(shown)
    assert str(found.date) == date
    assert (found.published_at.isoformat() if found.published_at else None) == published_at
    assert found.date_evidence is not None
    assert (found.date_evidence.place, found.date_evidence.zone_stated) == ("info line", False)
    assert found.source == "海港通讯"


@pytest.mark.parametrize("shown", ["08-11", "8月11日", "2024年3月", "2024", "星期五", "03-08 10:00", "2024-02-30"])
def test_a_partial_or_impossible_date_is_null(shown: str) -> None:
    try:
        found = article(shown)
    except PageError as error:
        pytest.fail(f"{shown}: {error}")
    assert (found.date, found.published_at) == (None, None)


@pytest.mark.parametrize("text", ["1天前" + "前" * 5_000, "今年" * 5_000 + "1天前"])
def test_a_relative_form_counts_only_in_the_part_that_is_read(text: str) -> None:
    found = relative_date(text, NOW, "Asia/Shanghai")
    assert (found is not None) == (text.index("1天前") < MAX_TEXT)


def test_a_long_string_is_cut_before_words_are_looked_for() -> None:
    started = time.process_time()
    date_in_words("mars 8 " * 20_000, "fr", "Europe/Paris", NOW)
    assert time.process_time() - started < 2
    assert date_in_words("x " * MAX_TEXT + "8 mars 2024", "fr", "Europe/Paris", NOW) is None


def test_words_of_another_language_are_read_where_the_site_says_so() -> None:
    found = date_in_words("8 mars 2024", "fr", "Europe/Paris", NOW)
    assert found is not None
    assert found.day == dt.date(2024, 3, 8)
