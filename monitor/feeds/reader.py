"""`ports.Parser` over a pool of worker processes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from monitor.feeds.wire import unpack
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import Fetched
from monitor.worker.replies import Reply, WorkerFailed

TARGET = "monitor.feeds.work:parse_request"
"""what the pool has to run"""


class Pool(Protocol):
    """Somewhere to have work done."""

    async def run(self, request: bytes, meta: Mapping[str, object]) -> Reply | WorkerFailed:
        """One request, answered by `TARGET`."""
        ...


class WorkerParser:
    """Reads documents elsewhere: one that kills its reader is that feed's failure and nobody else's."""

    def __init__(self, *, pool: Pool, clock: Callable[[], datetime]) -> None:
        """`clock` gives the moment that dates are judged by."""
        self._pool = pool
        self._clock = clock

    async def parse(self, document: Fetched) -> ParsedFeed | ParseFailed:
        """The normalised feed, or why there is none."""
        meta = {"content_type": document.content_type, "url": document.url, "now": self._clock().timestamp()}
        answer = await self._pool.run(document.body, meta)
        if isinstance(answer, WorkerFailed):
            return ParseFailed(reason=f"reading the document {answer.reason}", broke_reader=True)
        try:
            return unpack(answer.value)
        except (TypeError, ValueError, KeyError, OverflowError, OSError):
            return ParseFailed(reason="reading the document gave what is no feed")
