"""The spider: hands each answer to the crawl, and each article to the pipelines."""

from collections.abc import AsyncIterator, Coroutine, Iterable
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from newsarchive.addresses import Reach
from newsarchive.configuration import read_configuration
from newsarchive.errors import ConfigurationError
from newsarchive.extensions.collection import CollectionExtension
from newsarchive.records.article import Article
from newsarchive.records.site import Site
from newsarchive.sites.scope import rebased
from newsarchive.store.interpret import HeavyPageError


class NewsSpider(Spider):
    """Crawls one site. A class for each site file is made by `spiders.loader`.

    Arguments, as strings (`scrapy crawl icas -a limit=20`): `limit`, the most articles to visit; `base_url`, another
    origin that serves a copy of the site; `full`, `1` to ask for everything again.
    """

    name = "news"
    site: ClassVar[Site]

    def __init__(
        self,
        *,
        limit: str | None = None,
        base_url: str | None = None,
        full: str | None = None,
        **kwargs: Any,  # noqa: ANN401 - Scrapy's own signature
    ) -> None:
        super().__init__(**kwargs)
        self.limit = _whole_number(limit)
        self.full = full in {"1", "true", "yes"}
        self.crawled_site = rebased(self.site, base_url) if base_url else self.site
        self.at_other_origin = base_url is not None
        self.reach = Reach.of(self.crawled_site.hosts, self.crawled_site.networks)
        self.pins = self.crawled_site.certificates
        self.proxy = read_configuration().proxy_of(self.site.name)
        self._collection: CollectionExtension | None = None

    @property
    def collection(self) -> CollectionExtension:
        """The extension that keeps what is crawled."""
        if self._collection is None:
            self._collection = self.crawler.get_extension(CollectionExtension)
        if self._collection is None:
            raise ConfigurationError("EXTENSIONS: CollectionExtension is missing; nothing would be kept")
        return self._collection

    async def start(self) -> AsyncIterator[Request]:
        """Yield nothing: seeds are rows of the catalogue, and the scheduler hands them out."""
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def parse(self, response: Response, **_kwargs: Any) -> Iterable[Article] | Coroutine[Any, Any, Iterable[Article]]:  # noqa: ANN401 - as above
        """Return the article that the answer shows, if it shows one; the extension keeps the rest."""
        request = response.request or Request(response.url)
        try:
            article = self.collection.answered(request)
        except HeavyPageError:
            return self._parse_apart(request)
        return () if article is None else (article,)

    async def _parse_apart(self, request: Request) -> Iterable[Article]:
        article = await self.collection.answered_apart(request)
        return () if article is None else (article,)

    def failed(self, failure: Failure) -> None:
        """Note that no whole answer came."""
        self.collection.unanswered(failure)


def _whole_number(text: str | None) -> int | None:
    if text is None or text == "":
        return None
    if not text.isdigit() or int(text) < 1:
        raise ConfigurationError(f"limit={text!r}: expected a whole number from 1 on")
    return int(text)
