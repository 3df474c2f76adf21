"""A loopback server for many host names that writes down every request, byte for byte, with the virtual time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

from tests.politeness.publishers import Ask, Reply, Stand, Street, street
from tests.politeness.record import Exchange


@dataclass(slots=True)
class Server:
    """What stands on the street, and what was asked there."""

    street: Street
    began: datetime
    clock: Callable[[], datetime]
    exchanges: list[Exchange] = field(default_factory=list)
    _open: Counter[str] = field(default_factory=Counter)
    _asked: Counter[str] = field(default_factory=Counter)
    _stands: dict[tuple[str, str], Stand] = field(default_factory=dict)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: it is closed after its first request, as it was asked to be."""
        host = ""
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                head = await reader.readuntil(b"\r\n\r\n")
                host = _header(head, b"host").decode()
                self._open[host] += 1
                await asyncio.sleep(0)  # whoever comes at the same time is seen
                writer.write(self._answer(head, host))
                await writer.drain()
        finally:
            self._open[host] -= 1
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def _answer(self, head: bytes, host: str) -> bytes:
        path = head.split(b" ", 2)[1].decode()
        url, now = f"http://{host}{path}", self.clock()
        stand = self._stand(host, path)
        ask = Ask(
            now=now,
            hours=(now - self.began) / timedelta(hours=1),
            count=self._asked[url],
            etag=_header(head, b"if-none-match"),
            modified=_header(head, b"if-modified-since"),
        )
        self._asked[url] += 1
        reply = Reply(status=404) if stand is None else stand.publisher(ask)
        self.exchanges.append(
            Exchange(
                at=now,
                url=url,
                head=head,
                status=reply.status,
                headers=reply.headers,
                is_feed=reply.is_feed,
                ttl=reply.ttl,
                skip_hours=reply.skip_hours,
                open_here=self._open[host],
            )
        )
        lines = [
            b"HTTP/1.1 %d %s" % (reply.status, HTTPStatus(reply.status).phrase.encode()),
            *(name + b": " + value for name, value in reply.headers),
            b"Content-Length: %d" % len(reply.body),
            b"Connection: close",
        ]
        return b"\r\n".join([*lines, b"", b""]) + reply.body

    def _stand(self, host: str, path: str) -> Stand | None:
        if not self._stands:
            self._stands = {(one.host, one.path): one for one in self.street.stands}
        return self._stands.get((host.partition(":")[0].removesuffix(".example"), path))


@asynccontextmanager
async def serving(began: datetime, clock: Callable[[], datetime], *, siblings: int) -> AsyncIterator[Server]:
    """The street, open for business."""
    server = Server(street=Street(port=0), began=began, clock=clock)
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    server.street = street(listening.sockets[0].getsockname()[1], siblings=siblings)
    try:
        yield server
    finally:
        listening.close()
        await asyncio.sleep(0)
        await listening.wait_closed()


def _header(head: bytes, name: bytes) -> bytes:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.removeprefix(b" ")
    return b""
