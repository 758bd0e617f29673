"""One visit of one URL, from the moment it is handed out until its batch is committed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from newsarchive.records.article import Article
from newsarchive.records.outcome import UrlClass
from newsarchive.store.catalogue import FoundUrl, Row
from newsarchive.warc.exchange import Exchange

BYTES_A_LINK = 300
BYTES_A_CHARACTER = 8
BYTES_A_PART = 600
"""What a link found, and a character and a part of an article, weigh in memory, roughly: the text is there whole and in
blocks; a block, a link beside the article and the place of a field are records of their own."""


@dataclass(slots=True)
class Visit:
    """What is learnt on one visit. Filled by the crawl, handed over whole by `finish`, then left alone."""

    row: Row
    exchange: Exchange | None = None
    """The answer as it came; None where nothing came."""
    article: Article | None = None
    """The article that the page shows, where it shows one whose content may be new."""
    content_digest: str | None = None
    """Digest of the article's content, where it was taken already."""
    article_id: str | None = None
    """Id of the article, set also where its content is known to be unchanged."""
    unchanged: bool = False
    """True where the answer says, or its content shows, that nothing has changed."""
    kind: str = "unknown"
    found: tuple[FoundUrl, ...] = ()
    gist: str | None = None
    """What the page shows, in short, where it is asked whether it is a copy of another."""
    outcome: UrlClass = UrlClass.PENDING
    reason: str | None = None
    target: str | None = None
    transient: bool = False
    """True for a failure that a second try may mend."""
    not_before: int | None = None
    """Instant before which the server asked not to be asked again."""
    ended_at: dt.datetime | None = None

    @property
    def held_bytes(self) -> int:
        """About how much memory the visit takes until it is committed."""
        exchange, article = self.exchange, self.article
        size = BYTES_A_LINK * len(self.found)
        if exchange is not None:
            size += len(exchange.request) + len(exchange.response) + len(exchange.payload)
        if article is not None:
            parts = (article.body, article.related, article.attachments, article.provenance)
            size += BYTES_A_CHARACTER * len(article.text) + BYTES_A_PART * sum(map(len, parts))
        return size

    def captured(self, exchange: Exchange) -> None:
        """Keep the answer as evidence and as what everything else is read from."""
        self.exchange = exchange

    def read(self, article: Article, *, unchanged: bool) -> None:
        """Say which article the page shows, and whether its content is the one already held."""
        self.article_id = article.id
        self.unchanged = unchanged
        self.article = None if unchanged else article
        self.kind = "article"

    def links(self, found: Iterable[FoundUrl]) -> None:
        """Say what the page links to."""
        self.found = tuple(found)

    def finish(
        self, outcome: UrlClass, now: dt.datetime, *, reason: str | None = None, target: str | None = None
    ) -> None:
        """End the visit in exactly one class. Hand it to `Collection.submit` next."""
        self.outcome = outcome
        self.reason = reason
        self.target = target
        self.ended_at = now
