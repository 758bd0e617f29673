"""Gives Scrapy a spider for each site file, so that `scrapy list` and `scrapy crawl` know every site."""

from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from newsarchive.errors import UnknownSiteError
from newsarchive.records.site import Site
from newsarchive.sites import all_sites, load_site
from newsarchive.spiders.news import NewsSpider
from newsarchive.urls import host_of

if TYPE_CHECKING:
    import builtins


class SiteSpiderLoader:
    """Scrapy's `SpiderLoaderProtocol` over the built-in and the user's site files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Return the loader for the folder that `NEWSARCHIVE_SITES` names."""
        return cls(Path(settings.get("NEWSARCHIVE_SITES") or "sites"))

    def load(self, spider_name: str) -> type[Spider]:
        """Return the spider of the site `spider_name`. Raises KeyError where no file declares it."""
        try:
            return spider_class(load_site(spider_name, self._folder))
        except UnknownSiteError as error:
            raise KeyError(str(error)) from error

    def list(self) -> "builtins.list[str]":
        """Return the names of all sites."""
        return sorted(declared.site.name for declared in all_sites(self._folder))

    def find_by_request(self, request: Request) -> "builtins.list[str]":
        """Return the names of the sites that name the request's host."""
        host = host_of(request.url)
        return sorted(declared.site.name for declared in all_sites(self._folder) if host in declared.site.hosts)


def spider_class(site: Site) -> type[NewsSpider]:
    """Return the spider class of `site`."""
    return type(f"{site.name.title()}Spider", (NewsSpider,), {"name": site.name, "site": site})
