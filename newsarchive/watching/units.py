"""What makes systemd or cron start a crawl: a service with its timer, or a line of a crontab. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsarchive.configuration.values import Span
from newsarchive.watching.timing import Plan

_DAY_SECONDS = 86400
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_./:=@+,-]+")
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class NotExpressibleError(ValueError):
    """A schedule that the other program cannot say."""


@dataclass(frozen=True, slots=True)
class Job:
    """The command that crawls a site, and where it runs; all paths are absolute."""

    command: Sequence[str]
    folder: Path
    writes: Sequence[Path]
    """The folders that it writes."""
    environment: Mapping[str, str]


def service(plan: Plan, job: Job) -> str:
    """Return a systemd service that crawls the site of `plan` once."""
    lines = [
        "[Unit]",
        f"Description=newsarchive: crawl {plan.site}",
        "Wants=network-online.target",
        "After=network-online.target",
        "",
        "[Service]",
        "Type=oneshot",
        f"ExecStart={' '.join(_systemd_word(word.replace('$', '$$')) for word in job.command)}",
        f"WorkingDirectory={_systemd_path(job.folder)}",
        *(f"Environment={_systemd_word(f'{name}={value}')}" for name, value in sorted(job.environment.items())),
        "# Work left, or stopped: the next start goes on with it.",
        "SuccessExitStatus=3",
        "# A stopped run ends after the answers that are under way.",
        "KillMode=mixed",
        "TimeoutStopSec=120",
        "Nice=10",
        "UMask=0077",
        "NoNewPrivileges=yes",
        "PrivateTmp=yes",
        "ProtectSystem=strict",
        "ProtectHome=read-only",
        "ProtectKernelTunables=yes",
        "ProtectKernelModules=yes",
        "ProtectControlGroups=yes",
        "RestrictSUIDSGID=yes",
        "RestrictNamespaces=yes",
        "LockPersonality=yes",
        "CapabilityBoundingSet=",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        *(f"ReadWritePaths={_systemd_word(str(path))}" for path in job.writes),
    ]
    return "\n".join(lines) + "\n"


def timer(plan: Plan) -> str:
    """Return the systemd timer of that service. Raises `NotExpressibleError`."""
    lines = [
        "[Unit]",
        f"Description=newsarchive: when {plan.site} is crawled",
        "",
        "[Timer]",
        *_starts(plan),
        f"RandomizedDelaySec={plan.jitter_seconds}",
        "FixedRandomDelay=yes",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return "\n".join(lines) + "\n"


def crontab(plan: Plan, job: Job) -> str:
    """Return the crontab lines that crawl the site of `plan`. Raises `NotExpressibleError`."""
    expression = plan.schedule.cron or _cron_of(plan.schedule.every)
    command = " ".join(map(_cron_word, job.command))
    settings = " ".join(f"{name}={_cron_word(value)}" for name, value in sorted(job.environment.items()))
    # A run that is still under way holds the collection: the next one ends at once with exit code 4.
    line = f"cd {_cron_word(str(job.folder))} && {settings + ' ' if settings else ''}exec {command}"
    return (
        f"# Where cron does not know CRON_TZ, as on Debian, the machine's own zone counts.\n"
        f"CRON_TZ={plan.zone}\n{expression} {line}\n"
    )


def _starts(plan: Plan) -> list[str]:
    try:
        cron = plan.schedule.cron or _cron_of(plan.schedule.every)
    except NotExpressibleError:
        # Not a part of a day: from start to start, which makes up for nothing that was missed.
        return ["OnBootSec=2min", f"OnUnitActiveSec={plan.schedule.every.seconds if plan.schedule.every else 0}"]
    return [*(f"OnCalendar={calendar} {plan.zone}" for calendar in _calendars(cron)), "Persistent=true"]


def _calendars(cron: str) -> list[str]:
    """Return a cron expression as systemd's calendar events: two where cron means one day or the other."""
    minute, hour, day, month, weekday = cron.upper().split()
    if re.search(r"[L#W?]", f"{day} {weekday.replace('WED', '')}"):
        raise NotExpressibleError("systemd cannot say L, W or #; use --cron, or `newsarchive watch`")
    time = f"{_field(hour, 0)}:{_field(minute, 0)}:00"
    months = _field(_numbered(month, _MONTHS), 1)
    days, names = _field(day, 1), _weekdays(weekday)
    if day.startswith("*") or weekday.startswith("*"):
        return [f"{names}*-{months}-{days} {time}"]
    return [f"*-{months}-{days} {time}", f"{names}*-{months}-* {time}"]


_MONTHS = {name: str(number) for number, name in enumerate(
    ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), start=1
)}  # fmt: skip
_WEEKDAYS = {name.upper(): str(number) for number, name in enumerate(_DAYS[:7])}


def _numbered(field: str, names: Mapping[str, str]) -> str:
    return re.sub(r"[A-Z]+", lambda found: names[found[0]], field)


def _field(field: str, least: int) -> str:
    """Return one field of cron as systemd spells it: ranges with two dots, a step from the least value."""
    parts = []
    for part in field.split(","):
        values, _, step = part.partition("/")
        spelt = f"{least}" if values == "*" and step else values.replace("-", "..")
        parts.append(f"{spelt}/{step}" if step else spelt)
    return ",".join(parts)


def _weekdays(field: str) -> str:
    if field == "*":
        return ""
    days: set[int] = set()
    for part in _numbered(field, _WEEKDAYS).split(","):
        values, _, step = part.partition("/")
        first, _, last = ("0-6" if values == "*" else values).partition("-")
        end = int(last) if last else (7 if step else int(first))
        days.update(number % 7 for number in range(int(first), end + 1, int(step or 1)))
    return ",".join(_DAYS[number] for number in sorted(days)) + " "


def _cron_of(every: Span | None) -> str:
    seconds = every.seconds if every else _DAY_SECONDS
    minutes, rest = divmod(seconds, 60)
    if rest == 0 and minutes < 60 and 60 % minutes == 0:  # noqa: PLR2004 - minutes of an hour
        return f"*/{minutes} * * * *" if minutes > 1 else "* * * * *"
    hours, rest = divmod(minutes, 60)
    if rest == 0 and hours <= 24 and 24 % hours == 0:  # noqa: PLR2004 - hours of a day
        return f"0 */{hours} * * *" if 1 < hours < 24 else ("0 * * * *" if hours == 1 else "0 0 * * *")  # noqa: PLR2004
    raise NotExpressibleError(f"cron cannot say every {every}; use --at with a cron expression, or `newsarchive watch`")


def _systemd_word(word: str) -> str:
    """Return a word of a unit file (systemd.syntax(7)): quoted, % doubled. A $ is special in commands only."""
    doubled = word.replace("%", "%%")
    if _PLAIN_WORD.fullmatch(word):
        return doubled
    quoted = doubled.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _systemd_path(path: Path) -> str:
    # One path to the end of the line, so nothing is quoted.
    return str(path).replace("%", "%%")


def _cron_word(word: str) -> str:
    """Return a word for the shell in a crontab: a % that is not escaped ends the command (crontab(5))."""
    quoted = word if _PLAIN_WORD.fullmatch(word) else "'" + word.replace("'", "'\"'\"'") + "'"
    return quoted.replace("%", "\\%")
