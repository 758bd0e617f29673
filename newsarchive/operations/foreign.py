"""What today's parser reads from WARC files that others wrote. Nothing is kept of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsarchive.operations.foreign_exchanges import Pair, exchange_of, exchanges
from newsarchive.records.article import Article
from newsarchive.sites.scope import Scope
from newsarchive.store.interpret import interpret
from newsarchive.warc.exchange import Exchange
from newsarchive.warc.sources import find_sources


@dataclass(frozen=True, slots=True)
class ForeignReading:
    """One answer of a foreign file."""

    exchange: Exchange
    article: Article | None
    """None where the page shows none."""
    reason: str
    """Why there is no article: its kind, or the parser's word; empty where there is one."""


def read_foreign(path: Path, scope: Scope) -> Iterator[ForeignReading]:
    """Yield what each answer from one of the site's hosts reads as; others are passed over.

    `path` is a WARC file, a WACZ or a folder of both. Revisits, whose payload may be in any file, are left out. Raises
    as `find_sources` and `foreign_records` do.
    """
    for source in find_sources(path):
        with source.records() as records:
            for pair in exchanges(records, {}):
                if pair.answer.type == "response" and (reading := _read(pair, scope)) is not None:
                    yield reading


def _read(pair: Pair, scope: Scope) -> ForeignReading | None:
    url = scope.canonical(pair.answer.url or "")
    if url is None or scope.refusal(url) is not None:
        return None
    exchange = exchange_of(pair, url)
    meaning = interpret(
        exchange, scope.kind(url), scope, url=url, captured_at=exchange.started_at, asked_if_changed=True
    )
    return ForeignReading(exchange, meaning.article, "" if meaning.article else meaning.reason or meaning.kind)
