"""Instants: aware, UTC, whole seconds; and their two spellings."""

import datetime as dt


def utc(seconds: float) -> dt.datetime:
    """Return the instant `seconds` after 1970-01-01T00:00:00Z, cut to whole seconds."""
    return dt.datetime.fromtimestamp(int(seconds), tz=dt.UTC)


def run_name(instant: dt.datetime) -> str:
    """Return the name of a run that started at `instant`: `YYYYMMDDhhmmss` in UTC."""
    return instant.astimezone(dt.UTC).strftime("%Y%m%d%H%M%S")


def run_instant(name: str) -> dt.datetime:
    """Return the instant at which the run of that name started. Raises ValueError where it is no run's name."""
    return dt.datetime.strptime(name, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)


def iso(instant: dt.datetime) -> str:
    """Return RFC 3339 in UTC with whole seconds, such as `2026-11-22T07:15:00Z`."""
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
