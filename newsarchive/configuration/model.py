"""Every setting there is: its type, its default, its unit, what its absence means, its variable.

The docstring under a setting is what `newsarchive config template` and docs/configuration.md say of it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from newsarchive.configuration.values import (
    ProxySetting,
    Schedule,
    ScheduleSetting,
    Secrets,
    SecretsSetting,
    Span,
    SpanSetting,
    WindowSetting,
)
from newsarchive.documented import Documented


class Variable(NamedTuple):
    """The environment's variable that a setting may be given by."""

    name: str


class Secret(NamedTuple):
    """A setting that may hold a secret, so that the configuration file may not; `instead` is what it names."""

    instead: str


class Example(NamedTuple):
    """What the template shows of a setting that has no default."""

    text: str


class Section(Documented):
    """A table of the configuration file."""


class Folders(Section):
    """Where everything lies. Paths in the file are taken from the file's own folder."""

    archive: Annotated[Path, Variable("NEWSARCHIVE_HOME")] = Path("archive")
    """Folder that holds the collections."""
    exports: Annotated[Path, Variable("NEWSARCHIVE_EXPORTS")] = Path("exports")
    """Folder that holds the datasets."""
    sites: Annotated[Path, Variable("NEWSARCHIVE_SITES")] = Path("sites")
    """Folder of your own site files."""


class Crawl(Section):
    """What every crawl does."""

    contact: Annotated[str | None, Variable("NEWSARCHIVE_CONTACT"), Example("you@example.org")] = None
    """An e-mail address or a URL where a crawled site's owner reaches you; it goes into the User-Agent and the
    captures. Without one a live site is not crawled."""
    proxy: Annotated[
        ProxySetting | None,
        Variable("NEWSARCHIVE_PROXY"),
        Secret("proxy_file"),
        Example("http://proxy.example:3128"),
    ] = None
    """The HTTP proxy through which everything is asked for; with a user and a password only in the variable or in
    `proxy_file`. Without one a crawl connects directly, whatever `http_proxy` says."""
    proxy_file: Annotated[Path | None, Variable("NEWSARCHIVE_PROXY_FILE"), Example("proxy.secret")] = None
    """File whose first line is the proxy's URL, user and password included."""
    min_free_mb: Annotated[int, Field(ge=0, le=10**9), Variable("NEWSARCHIVE_MIN_FREE_MB")] = 100
    """Megabytes: a run stops by itself before the disk has less room."""
    recheck_budget: Annotated[int, Field(ge=0, le=10**9), Variable("NEWSARCHIVE_RECHECK_BUDGET")] = 2000
    """Known articles and deeper list pages looked at again in one run; 0: all that are due."""
    removal_days: Annotated[float, Field(ge=1, le=3650, allow_inf_nan=False), Variable("NEWSARCHIVE_REMOVAL_DAYS")] = (
        1.0
    )
    """Days from the first look that finds an article gone to the one that records its removal."""


class Output(Section):
    """What commands that crawl print while they run, on standard error."""

    quiet: Annotated[bool, Variable("NEWSARCHIVE_QUIET")] = False
    """True: nothing but errors."""
    log_format: Annotated[Literal["plain", "json"], Variable("NEWSARCHIVE_LOG_FORMAT")] = "plain"
    """`json`: one JSON object a line, instead of lines for people."""


class Watch(Section):
    """When `newsarchive watch` crawls."""

    schedule: Annotated[ScheduleSetting, Variable("NEWSARCHIVE_SCHEDULE")] = Schedule(Span(86400), None)
    """A length of time from one start to the next, such as `6h`, or five fields of cron in the site's zone."""
    window: Annotated[WindowSetting | None, Variable("NEWSARCHIVE_WINDOW"), Example("22:00-06:00")] = None
    """The part of the day, in the site's zone, in which a site may be crawled; at its end a crawl is stopped and goes
    on in the next one. Without one: all day."""
    jitter: Annotated[SpanSetting, Variable("NEWSARCHIVE_JITTER")] = Span(300)
    """The longest time by which a start is put off, so that not every site is asked on the hour; how long follows from
    the site's name and the day, so a restart changes nothing."""
    processes: Annotated[int, Field(ge=1, le=256), Variable("NEWSARCHIVE_PROCESSES")] = 2
    """Crawls that run side by side, each in a process of its own."""


class Alarms(Section):
    """Who is told when a site breaks, and when it is well again; needs the extra `monitor` (`make extras`)."""

    urls: Annotated[SecretsSetting, Variable("NEWSARCHIVE_ALARM_URLS"), Secret("urls_file")] = Secrets()
    """Addresses of notification services as Apprise spells them, with a space between two. They hold passwords, so
    they come from the variable or from `urls_file`. Without any nobody is told."""
    urls_file: Annotated[Path | None, Variable("NEWSARCHIVE_ALARM_URLS_FILE"), Example("alarms.secret")] = None
    """File with such addresses, one a line; lines that begin with `#` are left out."""


class Metrics(Section):
    """Figures for Prometheus; needs the extra `monitor` (`make extras`)."""

    file: Annotated[Path | None, Variable("NEWSARCHIVE_METRICS_FILE"), Example("/var/lib/node_exporter/news.prom")] = (
        None
    )
    """Text file that is written after each run, for the textfile collector of node_exporter. Without one: none."""
    port: Annotated[int | None, Field(ge=1, le=65535), Variable("NEWSARCHIVE_METRICS_PORT"), Example("9477")] = None
    """Port on this machine's loopback at which `newsarchive watch` answers. Without one no port is open."""


class SiteSettings(Section):
    """What one site has otherwise: the table `[site.NAME]`. What is left out is as for all sites."""

    proxy: Annotated[ProxySetting | None, Secret("proxy_file"), Example("http://proxy.example:3128")] = None
    """The site's own proxy."""
    proxy_file: Annotated[Path | None, Example("proxy.secret")] = None
    """File whose first line is the URL of the site's own proxy."""
    schedule: Annotated[ScheduleSetting | None, Example("30 3 * * *")] = None
    """The site's own schedule."""
    window: Annotated[WindowSetting | None, Example("22:00-06:00")] = None
    """The site's own window."""


class Configuration(Section):
    """Everything that can be set."""

    folders: Folders = Folders()
    crawl: Crawl = Crawl()
    output: Output = Output()
    watch: Watch = Watch()
    alarms: Alarms = Alarms()
    metrics: Metrics = Metrics()
    site: dict[str, SiteSettings] = Field(default_factory=dict)

    def proxy_of(self, name: str) -> "ProxySetting | None":
        """Return the proxy through which the site `name` is crawled."""
        own = self.site.get(name)
        return (own.proxy if own else None) or self.crawl.proxy


class Setting(NamedTuple):
    """One setting, wherever it is written."""

    section: str
    name: str
    variable: str | None
    secret: Secret | None
    example: str | None
    help: str

    @property
    def key(self) -> str:
        """The setting's name as messages spell it."""
        return f"{self.section}.{self.name}"


def settings_of(name: str, section: type[Section]) -> Iterator[Setting]:
    """Yield the settings of one table."""
    for field, info in section.model_fields.items():
        found = {type(item): item for item in info.metadata}
        variable, example = found.get(Variable), found.get(Example)
        yield Setting(
            name,
            field,
            variable.name if variable else None,
            found.get(Secret),
            example.text if example else None,
            " ".join((info.description or "").split()),
        )


def sections() -> dict[str, type[Section]]:
    """Return the tables of the configuration file but those of single sites."""
    return {
        name: info.annotation
        for name, info in Configuration.model_fields.items()
        if isinstance(info.annotation, type) and issubclass(info.annotation, Section)
    }


def all_settings() -> Iterator[Setting]:
    """Yield every setting but those of single sites."""
    for name, section in sections().items():
        yield from settings_of(name, section)
