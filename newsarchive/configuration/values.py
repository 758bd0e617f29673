"""The kinds of values that settings have beyond text and numbers: each is read from text and can be written again."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from cronsim import CronSim, CronSimError
from pydantic import PlainSerializer, PlainValidator

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
HIDDEN = "***"
"""What is shown in place of a secret."""

_DURATION = re.compile(r"(?:(\d{1,5})([smhd]))+")
_PART = re.compile(r"(\d{1,5})([smhd])")
_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
SHORTEST_PERIOD_SECONDS = 60
SHORTEST_WINDOW = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, such as `90s`, `15m`, `6h`, `1d` or `1h30m`."""

    seconds: int

    @classmethod
    def read(cls, text: object) -> "Span":
        """Return the span that `text` spells. Raises ValueError."""
        if not isinstance(text, str) or not _DURATION.fullmatch(text):
            raise ValueError("expected a length of time such as 90s, 15m, 6h, 1d or 1h30m")
        return cls(sum(int(number) * SECONDS[unit] for number, unit in _PART.findall(text)))

    def __str__(self) -> str:
        """Return the span in the fewest units."""
        parts, rest = [], self.seconds
        for unit, seconds in reversed(SECONDS.items()):
            count, rest = divmod(rest, seconds)
            if count:
                parts.append(f"{count}{unit}")
        return "".join(parts) or "0s"


@dataclass(frozen=True, slots=True)
class Window:
    """The part of each day in which a site may be crawled, such as `22:00-06:00`, in the site's zone."""

    opens: dt.time
    closes: dt.time

    @classmethod
    def read(cls, text: object) -> "Window":
        """Return the window that `text` spells. Raises ValueError."""
        found = _WINDOW.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise ValueError("expected a part of the day such as 22:00-06:00")
        hours = [int(group) for group in found.groups()]
        window = cls(dt.time(hours[0], hours[1]), dt.time(hours[2], hours[3]))
        if window.length < SHORTEST_WINDOW:
            raise ValueError("expected a window of 10 minutes or more")
        return window

    @property
    def length(self) -> dt.timedelta:
        """How long it is open on a day without a change of clocks."""
        minutes = (self.closes.hour - self.opens.hour) * 60 + self.closes.minute - self.opens.minute
        return dt.timedelta(minutes=minutes % (24 * 60))

    def __str__(self) -> str:
        """Return the window as it is written."""
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often a site is crawled: so long after each start of a crawl, or at the instants of a cron expression."""

    every: Span | None
    cron: str | None
    """Five fields, in the site's zone; None where `every` is given."""

    @classmethod
    def read(cls, text: object) -> "Schedule":
        """Return the schedule that `text` spells. Raises ValueError."""
        if isinstance(text, str) and _DURATION.fullmatch(text):
            every = Span.read(text)
            if every.seconds < SHORTEST_PERIOD_SECONDS:
                raise ValueError("expected a minute or more")
            return cls(every, None)
        if not isinstance(text, str) or len(text.split()) != 5:  # noqa: PLR2004 - the fields of cron
            raise ValueError('expected a length of time such as 6h, or five fields of cron such as "30 3 * * *"')
        try:
            next(CronSim(text, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
        except (CronSimError, StopIteration) as error:
            why = str(error) or "no day fits it"
            raise ValueError(f'expected five fields of cron such as "30 3 * * *": {why}') from error
        return cls(None, " ".join(text.split()))

    def __str__(self) -> str:
        """Return the schedule as it is written."""
        return str(self.every) if self.every else self.cron or ""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy through which a crawl asks for everything, such as `http://proxy.example:3128`."""

    host: str
    port: int
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, text: object) -> "Proxy":
        """Return the proxy at the URL `text`. Raises ValueError, which never repeats `text`: it may hold a password."""
        expected = "expected the URL of a proxy such as http://proxy.example:3128"
        if not isinstance(text, str):
            raise ValueError(expected)  # noqa: TRY004 - pydantic asks for it
        try:
            parts = urlsplit(text.strip())
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError(expected) from None
        if parts.scheme != "http" or not host or not port or parts.path not in {"", "/"} or parts.query:
            raise ValueError(f"{expected}, with its port")
        user = None if parts.username is None else unquote(parts.username)
        password = None if parts.password is None else unquote(parts.password)
        return cls(host, port, user, password)

    def __str__(self) -> str:
        """Return the proxy's URL without what must stay secret."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{'' if self.user is None else HIDDEN + '@'}{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Texts that nobody may see, such as the URLs of notification services, which hold their passwords."""

    values: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def read(cls, text: object) -> "Secrets":
        """Return the words of `text`, without lines that begin with `#`. Raises ValueError, which never repeats it."""
        if not isinstance(text, str):
            raise ValueError("expected text")  # noqa: TRY004 - as above
        lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
        return cls(tuple(word for line in lines for word in line.split()))

    def __str__(self) -> str:
        """Tell only how many there are."""
        return " ".join([HIDDEN] * len(self.values)) or "none"


def _read_as(kind: Any) -> Any:  # noqa: ANN401 - the classes above
    return lambda value: value if isinstance(value, kind) else kind.read(value)


AsText = PlainSerializer(str, return_type=str)
SpanSetting = Annotated[Span, PlainValidator(_read_as(Span)), AsText]
WindowSetting = Annotated[Window, PlainValidator(_read_as(Window)), AsText]
ScheduleSetting = Annotated[Schedule, PlainValidator(_read_as(Schedule)), AsText]
ProxySetting = Annotated[Proxy, PlainValidator(_read_as(Proxy)), AsText]
SecretsSetting = Annotated[Secrets, PlainValidator(_read_as(Secrets)), AsText]
