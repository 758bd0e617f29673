"""Days and instants as they are typed: a day is one on the site's calendar."""

import datetime as dt
import time
from zoneinfo import ZoneInfo

from newsarchive.errors import ConfigurationError
from newsarchive.timestamps import iso, utc


def instant(option: str, text: str, zone: str, *, end_of_day: bool = False) -> dt.datetime:
    """Return the aware instant that `text` names; without an offset it is in `zone`.

    A day alone is its first instant there or, with `end_of_day`, its last second. Raises `ConfigurationError`.
    """
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(f"{option} {text!r}: expected a day such as 2026-11-01, or an instant") from error
    if end_of_day and ":" not in text and "T" not in text.upper():
        found = found.replace(hour=23, minute=59, second=59)
    try:
        return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
    except OverflowError as error:
        raise ConfigurationError(f"{option} {text!r}: no instant that can be compared") from error


def past_instant(option: str, text: str, zone: str) -> dt.datetime:
    """Return the instant that `text` names, a day as its end. Raises `ConfigurationError` where it is not over yet."""
    until = instant(option, text, zone, end_of_day=True)
    if until > utc(time.time()):
        raise ConfigurationError(
            f"{option} {text!r}: {spelled(until, zone)} is not over yet, so more may be recorded by then; leave "
            f"{option} out for what is known now"
        )
    return until


def spelled(at: dt.datetime, zone: str) -> str:
    """Return an instant in the site's zone and in UTC."""
    return f"{at.astimezone(ZoneInfo(zone)).isoformat()} ({zone}; {iso(at)})"
