"""Feeds that mean harm: a bomb, one without end, one that drips, and one that kills parsers, a new way at each poll."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache
from itertools import count

BOMB, ENDLESS, DRIPPING, KILLER = "bomb", "endless", "dripping", "killer"

Talk = Callable[[asyncio.StreamWriter], Awaitable[None]]

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
_OPENING = b"<?xml version='1.0'?><rss version='2.0'><channel><title>Villain</title>"
_DRIP_SECONDS = 0.5
_MOST_PIECES = 100_000
"""of one answer: nothing here goes on for ever by itself"""


def villains(turn: int = 0) -> dict[str, Talk]:
    """Each villain by its name; the killer begins with this turn. Takes a second, the first time."""
    bombs, killers = _bombs(), _killers()
    bomb_turns, killer_turns = count(), count(turn)

    async def bomb(writer: asyncio.StreamWriter) -> None:
        coding, body = bombs[next(bomb_turns) % len(bombs)]
        writer.write(_HEAD + b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (coding, len(body)) + body)

    async def killer(writer: asyncio.StreamWriter) -> None:
        body = killers[next(killer_turns) % len(killers)]
        writer.write(_HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    return {BOMB: bomb, ENDLESS: _endless, DRIPPING: _dripping, KILLER: killer}


async def _endless(writer: asyncio.StreamWriter) -> None:
    """Entry after entry, as fast as they are taken."""
    writer.write(_HEAD + b"\r\n" + _OPENING)
    for number in range(_MOST_PIECES):
        writer.write(b"<item><guid>%d</guid><title>And so on</title></item>" % number * 100)
        await writer.drain()


async def _dripping(writer: asyncio.StreamWriter) -> None:
    """A byte now and then."""
    writer.write(_HEAD + b"\r\n" + _OPENING)
    for _ in range(_MOST_PIECES):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(_DRIP_SECONDS)


@asynccontextmanager
async def serving_villain(talk: Talk, host: str) -> AsyncIterator[str]:
    """Let a villain listen at this address while the block runs; yields where, such as `http://127.0.2.1:8000`."""
    tasks: set[asyncio.Task[None]] = set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n\r\n")
                await talk(writer)
                await writer.drain()
                await reader.read()
        finally:
            writer.transport.abort()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(connection(reader, writer), name="villain")
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, host, 0)
    try:
        yield f"http://{host}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # aborted transports close their sockets in the next turn of the loop
        await server.wait_closed()


@cache
def _bombs() -> Sequence[tuple[bytes, bytes]]:
    """Content coding and body: a gigabyte each, packed twice or once."""
    once = _gigabyte()
    twice = gzip.compress(once)
    return ((b"gzip, gzip", twice), (b"gzip", twice), (b"gzip", once))


def _gigabyte() -> bytes:
    """In a hundred members, since packing one and repeating it is soon done."""
    return gzip.compress(_OPENING) + gzip.compress(b" " * 10_000_000) * 100


@cache
def _killers() -> Sequence[bytes]:
    """Documents that take a parser minutes or gigabytes, or make it raise; all within the caps of the wire."""
    entries = b"<entry><id>1</id><title>a</title></entry>" * 5_000
    crowd = b"".join(b"<author><name>%b</name></author>" % (b"%d" % one * 60) for one in range(1_000, 1_100))
    documents = (
        _rss(b"<item><author>" + b"a" * 100_000 + b"</author></item>"),
        _rss(b"<item " + b" ".join(b"a%d='1'" % one for one in range(8_000)) + b"><title>a</title></item>"),
        _rss(b"<!--" * 60_000),
        _rss(b"<a>" * 200_000),
        _rss(b"<item><description>" + b"&lt;b&gt;a" * 1_900_000 + b"</description></item>"),
        _rss(b"<item><description>" + "😀".encode() + b"a" * 19_000_000 + b"</description></item>"),
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{}] * 4_500_000}).encode(),
        b"<feed xmlns='http://www.w3.org/2005/Atom'>" + crowd + entries + b"</feed>",
        _rss(b"<item/>" * 2_700_000),
        _rss(b"<item><title>&#xD800;</title></item>"),
        b"<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>" + _rss(b"<item><title>&b;</title></item>"),
    )
    return tuple(gzip.compress(document, 1) for document in documents)


def _rss(items: bytes) -> bytes:
    return _OPENING + items + b"</channel></rss>"
