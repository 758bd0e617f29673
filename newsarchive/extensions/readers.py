"""Who reads an answer: the crawl itself, or for heavy pages a worker process while the crawl goes on."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from newsarchive.sites.scope import Scope
from newsarchive.store.interpret import Meaning, interpret
from newsarchive.store.visit import Visit
from newsarchive.store.worker import Question, Worker
from newsarchive.warc.exchange import Exchange


class Readers:
    """Says what the answers of one crawl mean. State: at most one worker process, and one thread that waits for it."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._worker = Worker(scope.site)
        self._waiting = ThreadPoolExecutor(1, "worker")

    def meaning(self, visit: Visit, exchange: Exchange, *, light_only: bool = False) -> Meaning:
        """Return what an answer means; raises `HeavyPageError` as `interpret` does."""
        row = visit.row
        return interpret(
            exchange, row.kind, self._scope, url=row.url, captured_at=exchange.started_at,
            asked_if_changed=bool(row.etag or row.last_modified),
            same_as_last=exchange.payload_digest == row.payload_digest, light_only=light_only,
        )  # fmt: skip

    async def meaning_apart(self, visit: Visit, exchange: Exchange) -> Meaning:
        """Return what an answer means that is too heavy to be read here."""
        row = visit.row
        question = Question(row.url, row.kind, exchange.started_at, exchange.payload_digest == row.payload_digest)
        return await asyncio.get_running_loop().run_in_executor(self._waiting, self._worker.read, exchange, question)

    def close(self) -> None:
        """End the worker."""
        self._waiting.shutdown()
        self._worker.close()
