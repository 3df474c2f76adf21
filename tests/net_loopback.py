"""A loopback server that says byte for byte what a test tells it to, and keeps what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Say = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came over the wire."""

    path: str
    head: bytes

    def header(self, name: bytes) -> bytes | None:
        """The value of a header, byte for byte; None where it was not sent."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.lower() == name.lower():
                return value.removeprefix(b" ")
        return None


Script = Callable[[Asked, Say], Awaitable[None]]


@dataclass(slots=True)
class Loopback:
    """Where it listens, and what it was asked so far."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/feed") -> str:
        """An address on this server."""
        return f"http://127.0.0.1:{self.port}{path}"


@asynccontextmanager
async def serving(script: Script) -> AsyncIterator[Loopback]:
    """Run `script` for every request; the connection is closed when it returns."""
    loopback = Loopback()
    tasks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loopback.connections += 1

        async def say(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                head = await reader.readuntil(b"\r\n\r\n")
                asked = Asked(path=head.split(b" ")[1].decode(), head=head)
                loopback.asked.append(asked)
                await script(asked, say)
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(talk(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    loopback.port = server.sockets[0].getsockname()[1]
    try:
        yield loopback
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # aborted transports close their sockets in the next turn of the loop
        await server.wait_closed()


def answer(
    body: bytes = b"",
    *headers: bytes,
    status: bytes = b"200 OK",
    length: int | None = None,
) -> bytes:
    """One HTTP answer with a Content-Length, the true one unless told otherwise."""
    size = len(body) if length is None else length
    lines = (b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % size, b"Connection: close", b"", b"")
    return b"\r\n".join(lines) + body


def always(data: bytes) -> Script:
    """A script that gives everyone the same answer."""

    async def script(_asked: Asked, say: Say) -> None:
        await say(data)

    return script
