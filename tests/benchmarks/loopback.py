"""A small HTTP server on 127.0.0.1 whose answers are decided by one function."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered. `after` is called when the whole of it has been handed to the network."""

    status: str = "200 OK"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    after: Callable[[], None] | None = None

    def encoded(self) -> bytes:
        """As it goes over the wire."""
        lines = [f"HTTP/1.1 {self.status}", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


Handler = Callable[[Request], Awaitable[Reply | None]]
"""None: hang up without a word."""

Connection = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler, ports: int = 1, hosts: Sequence[str] = ()) -> AsyncIterator[tuple[str, ...]]:
    """Serve on so many free ports of 127.0.0.1 while the block runs; yields their addresses, such as `http://…:8000`.

    With `hosts`, which are loopback addresses, on a free port of each of these instead.
    """
    open_connections: set[asyncio.StreamWriter] = set()
    places = tuple(hosts) or ("127.0.0.1",) * ports
    servers = [await asyncio.start_server(_connection(handler, open_connections), place, 0) for place in places]
    try:
        yield tuple("http://{}:{}".format(*server.sockets[0].getsockname()) for server in servers)
    finally:
        for server in servers:
            server.close()
        for writer in tuple(open_connections):
            writer.transport.abort()
        await asyncio.sleep(0)  # aborted transports close their sockets in the next turn of the loop
        for server in servers:
            await server.wait_closed()


def _connection(handler: Handler, open_connections: set[asyncio.StreamWriter]) -> Connection:
    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_connections.add(writer)
        try:
            while (reply := await handler(await _request(reader))) is not None:
                writer.write(reply.encoded())
                await writer.drain()
                if reply.after is not None:
                    reply.after()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side has gone: it was done, or it was killed
        finally:
            open_connections.discard(writer)
            writer.close()

    return connection


async def _request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *fields = head.strip().split("\r\n")
    method, path, _ = line.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method=method, path=path, headers=headers, body=body)
