"""`ports.Parser` over a pool of worker processes, which are asked only for what is new."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from monitor.feeds.slices import Sliced, cut
from monitor.feeds.wire import unpack
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import Fetched
from monitor.model.slices import LastRead
from monitor.worker.replies import Reply, WorkerFailed

TARGET = "monitor.feeds.work:parse_request"
"""what the pool has to run"""
_AT_ONCE_BYTES = 200_000
"""a longer document is cut in a thread: a megabyte takes some milliseconds"""


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

    async def parse(self, document: Fetched, known: LastRead | None = None) -> ParsedFeed | ParseFailed:
        """The normalised feed without what is known, or why there is none.

        Where nothing is new, no worker is asked. Where anything speaks against it, everything is read.
        """
        sliced = await _cut(document)
        if sliced is None:
            return await self._read(document, document.body)
        if known is not None and known.feed.frame == sliced.frame:
            unread = known.digests.intersection(sliced.digests)
            if unread and (feed := await self._read_rest(document, sliced, known.feed, unread)) is not None:
                return feed
        return _with_slices(await self._read(document, sliced.whole()), sliced, frozenset())

    async def _read_rest(
        self, document: Fetched, sliced: Sliced, before: ParsedFeed, unread: frozenset[bytes]
    ) -> ParsedFeed | None:
        """The feed without the entries of these digests; None where it turns out to be another feed than before."""
        if unread.issuperset(sliced.digests):
            return replace(before, slices=sliced.digests, unread=unread)
        feed = _with_slices(await self._read(document, sliced.without(unread)), sliced, unread)
        if isinstance(feed, ParseFailed) or not feed.slices:
            return None
        stated = replace(feed, entries=(), slices=(), unread=frozenset())
        return feed if stated == before else None

    async def _read(self, document: Fetched, body: bytes) -> ParsedFeed | ParseFailed:
        meta = {"content_type": document.content_type, "url": document.url, "now": self._clock().timestamp()}
        answer = await self._pool.run(body, meta)
        if isinstance(answer, WorkerFailed):
            return ParseFailed(reason=f"reading the document {answer.reason}", broke_reader=True)
        try:
            return unpack(answer.value)
        except (TypeError, ValueError, KeyError, OverflowError, OSError):
            return ParseFailed(reason="reading the document gave what is no feed")


async def _cut(document: Fetched) -> Sliced | None:
    if len(document.body) <= _AT_ONCE_BYTES:
        return cut(document.body, content_type=document.content_type, url=document.url)
    return await asyncio.to_thread(cut, document.body, content_type=document.content_type, url=document.url)


def _with_slices(
    parsed: ParsedFeed | ParseFailed, sliced: Sliced, unread: frozenset[bytes]
) -> ParsedFeed | ParseFailed:
    """The feed with the slice of each entry, if it is well-formed and has an entry for each slice that was read.

    The slice of an entry whose date lies too far ahead to count says nothing: tomorrow it may count.
    """
    read = [place for place, digest in enumerate(sliced.digests) if digest not in unread]
    if isinstance(parsed, ParseFailed) or not parsed.is_whole or len(parsed.entries) != len(read):
        return parsed
    digests = list(sliced.digests)
    for place in parsed.ahead:
        digests[read[place]] = b""
    return replace(parsed, ahead=frozenset(), frame=sliced.frame, slices=tuple(digests), unread=unread)
