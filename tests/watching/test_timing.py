"""When a site is due: across changes of clocks, leap days, and however the schedule is written."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.configuration.values import Schedule, Window
from newsarchive.watching.timing import Plan

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
INSTANTS = st.floats(1.6e9, 2.0e9)


def plan(schedule: str = "1d", zone: str = "Europe/Berlin", window: str | None = None, jitter: int = 0) -> Plan:
    return Plan("icas", Schedule.read(schedule), zone, Window.read(window) if window else None, jitter)


def at(year: int, month: int, day: int, hour: int = 0) -> float:
    return dt.datetime(year, month, day, hour, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


def starts(of: Plan, after: float, count: int) -> list[str]:
    found = []
    for _ in range(count):
        after = of.due_after(after)
        found.append(of.spelt(after).partition(" Eur")[0])
    return found


def test_what_falls_into_the_hour_left_out_in_spring_comes_at_its_end() -> None:
    assert starts(plan("30 2 * * *"), at(2026, 3, 27, 12), 3) == [
        "2026-03-28 02:30",
        "2026-03-29 03:00",
        "2026-03-30 02:30",
    ]


def test_what_falls_into_the_hour_that_comes_twice_in_autumn_comes_once() -> None:
    assert starts(plan("30 2 * * *"), at(2026, 10, 24, 12), 2) == ["2026-10-25 02:30", "2026-10-26 02:30"]
    second = at(2026, 10, 25) + 3.25 * 3600  # 02:15 for the second time
    assert starts(plan("30 2 * * *"), second, 1) == ["2026-10-26 02:30"]


def test_stars_go_by_the_time_that_passes() -> None:
    day = [plan("*/30 * * * *").due_after(at(2026, 10, 25) - 1)]
    while day[-1] < at(2026, 10, 26):
        day.append(plan("*/30 * * * *").due_after(day[-1]))
    assert {b - a for a, b in pairwise(day)} == {1800}
    assert len(day) == 2 * 25 + 1


def test_a_leap_day_is_a_day_and_the_29th_of_february_waits_for_one() -> None:
    assert starts(plan("0 3 * * *"), at(2028, 2, 28, 12), 2) == ["2028-02-29 03:00", "2028-03-01 03:00"]
    assert starts(plan("0 3 29 2 *"), at(2026, 1, 1), 2) == ["2028-02-29 03:00", "2032-02-29 03:00"]


@settings(max_examples=40)
@given(st.sampled_from(ZONES), st.sampled_from(["30 2 * * *", "0 0 * * *", "59 23 * * *"]), INSTANTS)
def test_a_daily_schedule_comes_once_on_every_day(zone: str, cron: str, instant: float) -> None:
    of = plan(cron, zone)
    found = [of.due_after(instant)]
    for _ in range(20):
        found.append(of.due_after(found[-1]))
    days = [dt.datetime.fromtimestamp(each, ZoneInfo(zone)).date().toordinal() for each in found]
    assert days == list(range(days[0], days[0] + len(days)))


@settings(max_examples=40)
@given(st.sampled_from(["6h", "90s", "30 2 * * *", "*/5 * * * *", "0 3 * * MON"]), st.sampled_from(ZONES), INSTANTS)
def test_jitter_puts_a_start_off_and_skips_none_and_is_the_same_again(cron: str, zone: str, instant: float) -> None:
    jittered, exact = plan(cron, zone, jitter=3600), plan(cron, zone)
    late = jittered.due_after(instant) - exact.due_after(instant)
    assert 0 <= late <= min(3600, (exact.due_after(exact.due_after(instant)) - exact.due_after(instant)) / 10)
    assert jittered.due_after(instant) == plan(cron, zone, jitter=3600).due_after(instant)
    if jittered.schedule.cron:
        following = exact.due_after(exact.due_after(instant))
        assert exact.due_after(jittered.due_after(instant)) == following


def test_jitter_differs_between_sites() -> None:
    late = {
        Plan(f"site{number}", Schedule.read("0 3 * * *"), "Asia/Shanghai", None, 600).due_after(1.7e9)
        for number in range(50)
    }
    assert len(late) > 40


@settings(max_examples=40)
@given(st.sampled_from(ZONES), INSTANTS)
def test_a_window_over_midnight_is_open_exactly_at_night(zone: str, instant: float) -> None:
    of = plan(zone=zone, window="22:00-06:00")
    opens = of.opening(instant)
    assert opens >= instant
    hour = dt.datetime.fromtimestamp(opens, ZoneInfo(zone)).hour
    assert hour >= 22 or hour < 6
    closes = of.closing(opens)
    assert closes is not None
    assert opens < closes <= opens + 9 * 3600
    if opens > instant:
        local = dt.datetime.fromtimestamp(instant, ZoneInfo(zone))
        assert 6 <= local.hour < 22


def test_a_window_in_the_hour_left_out_in_spring_opens_at_its_end() -> None:
    of = plan(window="02:10-02:50")
    opens = of.opening(at(2026, 3, 29))
    assert of.spelt(opens) == "2026-03-29 03:10 Europe/Berlin"
    assert of.closing(opens) == opens + 40 * 60


@pytest.mark.parametrize("text", ["22:00-22:05", "22-06", "24:00-06:00", "22:00-06:00 ", 7])
def test_what_is_no_window_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        Window.read(text)
