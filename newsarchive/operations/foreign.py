"""What today's parser reads from a WARC file that others wrote. Nothing is kept of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsarchive.records.article import Article
from newsarchive.sites.scope import Scope
from newsarchive.store.interpret import interpret
from newsarchive.warc.foreign import foreign_responses
from newsarchive.warc.reader import StoredResponse


@dataclass(frozen=True, slots=True)
class ForeignReading:
    """One answer of a foreign file."""

    response: StoredResponse
    article: Article | None
    """None where the page shows none."""
    reason: str
    """Why there is no article: its kind, or the parser's word; empty where there is one."""


def read_foreign(path: Path, scope: Scope) -> Iterator[ForeignReading]:
    """Yield what each answer from one of the site's hosts reads as; others are passed over.

    Raises as `foreign_responses` does.
    """
    for response in foreign_responses(path):
        url = scope.canonical(response.url)
        if url is None or scope.refusal(url) is not None:
            continue
        meaning = interpret(
            response, scope.kind(url), scope, url=url, captured_at=response.captured_at, asked_if_changed=True
        )
        yield ForeignReading(response, meaning.article, "" if meaning.article else meaning.reason or meaning.kind)
