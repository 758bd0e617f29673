"""What belongs to a site: one spelling for each of its URLs, and a reason for each that is left out."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from newsarchive.errors import ConfigurationError
from newsarchive.records.outcome import REQUISITE_KINDS
from newsarchive.records.site import Site
from newsarchive.urls import MAX_URL_LENGTH, canonical_url, compiled, host_of, path_and_query

FILE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "rtf", "txt", "csv"), "document"
        ),
        **dict.fromkeys(("zip", "rar", "7z", "gz", "tgz", "tar", "exe", "apk", "iso", "dmg"), "archive"),
        **dict.fromkeys(("jpg", "jpeg", "png", "gif", "bmp", "webp", "svg", "ico", "tif", "tiff"), "image"),
        **dict.fromkeys(("mp3", "mp4", "avi", "wmv", "flv", "mov", "wav", "m4a", "mkv", "swf", "rm", "rmvb"), "media"),
        **dict.fromkeys(("css", "js", "json", "woff", "woff2", "ttf", "eot"), "page part"),
    }
)
"""File name endings that are no pages."""

OFFERED = frozenset({"document", "archive", "media"})
"""Kinds of files that are offered to readers; the others are parts of pages."""

SITEMAP_FILES = (".gz", ".txt")
"""Endings of sitemaps that no other file which is a seed can have."""

HOME_PAGES = ("index.htm", "index.html", "index.shtml", "index.jsp", "index.php", "default.htm", "default.aspx")
"""Names under which servers answer with the home page."""

MAX_LINKED = 1024
"""So many links are remembered with what they lead to, several pages full; URLs are no longer than 2,000 characters."""


class LinkedUrl(NamedTuple):
    """What a link leads to."""

    url: str
    """The canonical spelling."""
    kind: str
    """As `Scope.kind` has it."""
    refusal: str | None
    """As `Scope.refusal` has it."""


def rebased(site: Site, base_url: str) -> Site:
    """Return `site` as a copy of it at another origin: home, hosts and seeds follow `base_url`; no other host is asked.

    Raises `ConfigurationError` if `base_url` is no http(s) URL.
    """
    canonical = canonical_url(base_url)
    if canonical is None:
        raise ConfigurationError(f"--base-url {base_url!r}: expected a URL such as http://127.0.0.1:8000/")
    if not canonical.endswith("/"):
        canonical += "/"
    seeds = tuple(path_and_query(urljoin(site.home, seed)) for seed in site.seeds)
    copy = {"home": canonical, "hosts": (host_of(canonical),), "requisite_hosts": (), "seeds": seeds}
    return site.model_copy(update=copy)


class Scope:
    """The rules of one site for URLs, compiled once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.hosts = frozenset(host.lower() for host in site.hosts)
        self.requisite_hosts = frozenset(site.visited_hosts) | self.hosts
        self._rewrites = tuple((compiled(rewrite.pattern), rewrite.to) for rewrite in site.rewrite_url)
        self._upgrades = site.twin_schemes and site.home.startswith("https:")
        home = self.canonical(site.home) or site.home
        self.homes = frozenset({home, *(home + name for name in HOME_PAGES)})
        self._article = compiled(site.article_url) if site.article_url else None
        self._list = compiled(site.list_url) if site.list_url else None
        self._ignored = tuple(compiled(pattern) for pattern in site.ignore_url)
        self._linked = lru_cache(MAX_LINKED)(self._judge)

    def canonical(self, url: str) -> str | None:
        """Return the spelling under which `url` is kept, or None where it is no usable http(s) URL.

        Rewriting is for the site's own hosts, and gives the same for what it has given once.
        """
        canonical = canonical_url(url, self.site.ignore_query)
        if canonical is None or not (self._rewrites or self._upgrades):
            return canonical
        start = canonical.index("/", canonical.index("//") + 2)
        origin, local = canonical[:start], canonical[start:]
        if origin.partition("//")[2] not in self.hosts:
            return canonical
        if self._upgrades and origin.startswith("http:") and ":" not in origin[5:]:
            origin = f"https:{origin[5:]}"
        for pattern, to in self._rewrites:
            local = pattern.sub(to, local, count=1)
        return origin + local

    def linked(self, url: str) -> LinkedUrl | None:
        """Return what a link to `url` leads to, or None where it is no usable http(s) URL.

        Most links of a page are those of the page before it, so the last `MAX_LINKED` are remembered.
        """
        return self._linked(url) if len(url) <= MAX_URL_LENGTH else self._judge(url)

    def _judge(self, url: str) -> LinkedUrl | None:
        canonical = self.canonical(url)
        if canonical is None:
            return None
        kind = self.kind(canonical)
        return LinkedUrl(canonical, kind, self.refusal(canonical, kind))

    def seeds(self) -> tuple[str, ...]:
        """Return the canonical URLs at which discovery starts; the home page is always the first."""
        found = [self.canonical(urljoin(self.site.home, seed)) for seed in ("", *self.site.seeds)]
        return tuple(dict.fromkeys(url for url in found if url))

    def seed_kind(self, url: str) -> str:
        """Return what the canonical `url` is taken for as a seed, before it was asked for: as `kind` has it.

        Of files by name, those that can lead to pages are sitemaps: packed ones, and lists of URLs.
        """
        return "sitemap" if url.endswith(SITEMAP_FILES) else self.kind(url)

    def refusal(self, url: str, kind: str = "unknown") -> str | None:
        """Return why the canonical `url` of `kind` is never visited (`offsite`, `ignored`, `file: …`), or None."""
        requisite = kind in REQUISITE_KINDS
        if host_of(url) not in (self.requisite_hosts if requisite else self.hosts):
            return f"offsite {kind}" if requisite else "offsite"
        local = path_and_query(url)
        if any(pattern.search(local) for pattern in self._ignored):
            return "ignored by the site file"
        file_type = _file_type(url)
        return f"file: {file_type}" if file_type and not requisite and kind != "sitemap" else None

    def kind(self, url: str) -> str:
        """Return what the canonical `url` is by itself.

        `article` or `list` where the site's patterns say so, `attachment` or `requisite` for a file whose kind is
        kept, else `unknown`.
        """
        local = path_and_query(url)
        if self._article and self._article.search(local):
            return "article"
        if self._list and self._list.search(local):
            return "list"
        file_type = _file_type(url) if self.site.requisites != "none" else None
        if file_type is None or host_of(url) not in self.requisite_hosts:
            return "unknown"
        if file_type in OFFERED:
            return "attachment"
        return "requisite" if self.site.requisites == "all" else "unknown"


def _file_type(url: str) -> str | None:
    """Return what kind of file the name at the end of `url` tells, None where it tells none."""
    _, dot, ending = urlsplit(url).path.rpartition("/")[2].rpartition(".")
    return FILE_TYPES.get(ending.lower()) if dot else None
