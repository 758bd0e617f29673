"""The model of a site file: data only, the same for built-in sites and for the users' own."""

import re
from string import Formatter
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from newsarchive.addresses import network_problem
from newsarchive.documented import Documented
from newsarchive.records.model import Record

LabelField = Literal[
    "date", "source", "author", "clicks", "tags", "section",
    "translator", "editor", "photographer", "supplier", "ignore",
]  # fmt: skip
"""The fields that a label on a page can stand for; `ignore` ends the value before it and is dropped."""


def _expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"expected a regular expression: {error}") from error
    return value


Expression = Annotated[str, AfterValidator(_expression)]
"""A regular expression in Python's syntax."""


class Rewrite(Record):
    """One spelling of a URL for another of the same page."""

    pattern: Expression
    """Searched in path and query of a URL of the site's hosts; the match is replaced."""
    to: str
    """What takes its place; `\\g<name>` stands for a named group."""

    @model_validator(mode="after")
    def _names_known_groups(self) -> Self:
        expression = re.compile(self.pattern)
        unknown = set(_GROUP_NAME.findall(self.to)) - set(expression.groupindex)
        if unknown or _GROUP_NUMBER.search(self.to):
            raise ValueError(f"expected groups of the pattern, as \\g<name>; it has {', '.join(expression.groupindex)}")
        return self


_FINGERPRINT = re.compile(r"sha256:[0-9a-fA-F]{64}")
_GROUP_NAME = re.compile(r"\\g<([A-Za-z_]\w*)>")
_GROUP_NUMBER = re.compile(r"\\(?!g<[A-Za-z_]\w*>)")


class Pager(Record):
    """How the pages of one list are numbered in their URLs, for lists whose pager is no link."""

    page: Expression
    """Matches path and query of every page but the first; the group `number` is the page's number. What its other
    groups match is the same on all pages of a list."""
    first: Expression | None = None
    """Matches path and query of the first page; groups of the same name mean the same. Null: it is numbered too."""
    write: str
    """Path and query of a page, with groups of the patterns and `number` in braces."""
    second: Annotated[int, Field(ge=0)] = 2
    """The number of the second page, where numbers count up."""
    counts: Literal["up", "down"] = "up"
    """`down`: the last page is 1, and the second has the highest number."""
    totals: tuple[Expression, ...] = ()
    """Searched in the page's source: the group `total` is the number of pages."""

    @model_validator(mode="after")
    def _groups_fit(self) -> Self:
        groups = {*re.compile(self.page).groupindex, *(re.compile(self.first).groupindex if self.first else ())}
        if "number" not in re.compile(self.page).groupindex:
            raise ValueError("expected a group number in page, such as (?P<number>\\d+)")
        names = {name for _, name, _, _ in Formatter().parse(self.write) if name is not None}
        if not names <= groups or "number" not in names:
            raise ValueError(f"expected write to name {{number}} and no groups beside {', '.join(sorted(groups))}")
        if any("total" not in re.compile(pattern).groupindex for pattern in self.totals):
            raise ValueError("expected a group total in each of totals, such as (?P<total>\\d+)")
        return self


ExpectedField = Literal["date", "published_at", "source", "author", "clicks", "section", "tags", "text"]
"""Fields of which a site file may say that every article has them, or that any may be without."""


class Expectations(Record):
    """What the site's owner, or who crawls it, knows to expect of it. A run that meets less is degraded."""

    fields: tuple[ExpectedField, ...] = ()
    """Fields that every article page shows."""
    optional: tuple[ExpectedField, ...] = ()
    """Fields that pages may stop showing: no page is held back and no run called degraded for them."""
    articles_per_month: Annotated[float, Field(ge=0)] | None = None
    """Least number of new articles in thirty days, counted once the collection is as old; null: none."""
    max_silence_days: Annotated[float, Field(gt=0)] | None = None
    """Most days in a row in which no run finds anything new; null: what the past makes unlikely."""

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if both := set(self.fields) & set(self.optional):
            raise ValueError(f"expected {', '.join(sorted(both))} in fields or in optional, not in both")
        return self


class Site(Documented):
    """What newsarchive has to know of a site; everything else is read from the pages."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    """Short name: a folder name, the first part of every article id, never changed."""
    title: Annotated[str, Field(min_length=1)]
    """The institute's name as people know it."""
    title_en: Annotated[str, Field(min_length=1)] | None = None
    """The same in English, for the descriptions of its datasets; default: none."""
    rights: Annotated[str, Field(min_length=1)] | None = None
    """What the institute says of the use of its pages, in its own words or a URL; default: nothing is known, and the
    descriptions say that the texts are their publishers'."""
    curator: Annotated[str, Field(min_length=1)] | None = None
    """Who keeps this archive, a person or an office: named as the author of its datasets; default: the institute."""
    home: str
    """URL of the home page, `http://` or `https://`."""
    hosts: tuple[str, ...] = ()
    """Host names (with `:port` where it is not the scheme's own) that the crawl may visit; default: the home page's."""
    seeds: tuple[str, ...] = ("/",)
    """Where discovery starts: URLs or paths below `home`, such as section lists, sitemaps and feeds, which are told by
    what is served."""
    zone: str = "Asia/Shanghai"
    """IANA time zone of the dates on the pages."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "zh"
    """Main language of the pages, used to read dates in words."""
    family: str | None = None
    """Name of the preset in `families/` for the site's content management system; default: none."""
    article_url: str | None = None
    """Regular expression searched in path and query of a canonical URL: a match is an article. Its named group
    `key` becomes the article's id. Default: the parser decides by what the page shows."""
    list_url: str | None = None
    """Regular expression as above: a match is a list page. Default: the parser decides."""
    ignore_url: tuple[str, ...] = ()
    """Regular expressions as above: a match is never visited."""
    ignore_query: tuple[str, ...] = ()
    """Query parameters that do not change what a page shows; they are dropped from canonical URLs."""
    rewrite_url: tuple[Rewrite, ...] = ()
    """Further spellings of pages, rewritten in this order to the one that is kept."""
    twin_schemes: bool = False
    """True where http and https answer alike: with an https home, http URLs of the hosts are kept as https. An http
    home changes nothing, since a server that redirects to https would then redirect every page to itself."""
    pagers: tuple[Pager, ...] = ()
    """How list pages are numbered; used where a page has no link to the next one."""
    labels: dict[str, LabelField] = Field(default_factory=dict)
    """Labels of this site's info lines beyond the known ones: label text without colon, then the field."""
    lists: tuple[str, ...] = ()
    """Headings of this site's related-link lists beyond those the parser finds by itself."""
    requisites: Literal["none", "attachments", "all"] = "attachments"
    """What is kept besides pages: `attachments` are the files that articles offer and the documents, archives and
    recordings that any page links to; `all` are these and what a browser needs to show a page: images, style sheets,
    scripts, fonts."""
    requisite_hosts: tuple[str, ...] = ()
    """Further host names (with `:port` where it is not the scheme's own) from which requisites are fetched, such as
    that of a file server; pages never are. Default: none; what is left out is counted in the run's report."""
    delay_seconds: Annotated[float, Field(ge=0, le=3600)] = 1.0
    """Least time between two requests to one live host; a longer Crawl-delay of its robots.txt wins."""

    expect: Expectations = Expectations()
    """What a run is to find; see its own fields. Default: what the past makes likely."""
    networks: tuple[str, ...] = ()
    """Networks, such as `10.20.0.0/16`, to whose addresses the hosts' names may lead although they are not public: a
    campus site as seen from inside. Default: none, a crawl connects to public addresses only."""
    certificates: dict[str, str] = Field(default_factory=dict)
    """Certificates to be accepted although no authority vouches for them: host (with `:port` as in `hosts`), then
    `sha256:` and the fingerprint of its certificate in hex. Default: none, certificates are verified."""

    @field_validator("home")
    @classmethod
    def _home_is_http(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("expected a URL such as http://institute.example/")
        return value if parts.path else value + "/"

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("expected an IANA time zone such as Asia/Shanghai") from error
        return value

    @field_validator("networks")
    @classmethod
    def _networks_are_narrow(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            if problem := network_problem(network):
                raise ValueError(problem)
        return value

    @field_validator("certificates")
    @classmethod
    def _fingerprints_are_spelt_right(cls, value: dict[str, str]) -> dict[str, str]:
        for host, pin in value.items():
            if not _FINGERPRINT.fullmatch(pin):
                raise ValueError(f"expected sha256: and 64 hex digits for {host}")
        return {host.lower(): pin.lower() for host, pin in value.items()}

    @field_validator("article_url", "list_url", "ignore_url")
    @classmethod
    def _patterns_compile(
        cls, value: str | tuple[str, ...] | None, info: ValidationInfo
    ) -> str | tuple[str, ...] | None:
        for pattern in (value,) if isinstance(value, str) else value or ():
            try:
                compiled = re.compile(pattern)
            except re.error as error:
                raise ValueError(f"expected a regular expression: {error}") from error
            if info.field_name == "article_url" and "key" not in compiled.groupindex:
                raise ValueError("expected a named group key, such as (?P<key>\\d+)")
        return value

    @model_validator(mode="before")
    @classmethod
    def _hosts_default_to_home(cls, data: object) -> object:
        if isinstance(data, dict) and not data.get("hosts") and isinstance(data.get("home"), str):
            return {**data, "hosts": (urlsplit(data["home"]).netloc.rpartition("@")[2],)}
        return data

    @property
    def visited_hosts(self) -> tuple[str, ...]:
        """The hosts that a run may ask: those of pages and, where requisites are kept, those of requisites."""
        further = self.requisite_hosts if self.requisites != "none" else ()
        return tuple(dict.fromkeys((*self.hosts, *further)))

    @property
    def origin(self) -> str:
        """Scheme, host and port of the home page, such as `http://icas.lzu.edu.cn`."""
        parts = urlsplit(self.home)
        return f"{parts.scheme}://{parts.netloc}"
