"""A receiver on loopback that records what is posted to it and answers as it was told, well or badly."""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self

ENDLESS_HEAD = b"HTTP/1.1 200 OK\r\nX-Slow: "
"""To drip after: an answer whose header never ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it came over the wire; header names in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes


def answer(status: str, *headers: str, body: str = "") -> bytes:
    """An answer in HTTP/1.1."""
    head = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body.encode())}", "", body]
    return "\r\n".join(head).encode()


class Receiver:
    """Answers every request with the same bytes and closes; none means: hangs up at once.

    With `is_dripping` it does not close, but goes on with a byte now and then until the sender has gone.
    """

    def __init__(self, reply: bytes, *, is_dripping: bool = False) -> None:
        self._reply = reply
        self._is_dripping = is_dripping
        self.requests: list[Request] = []
        self.asked = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        await self._server.wait_closed()

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.requests.append(await _request(reader))
            self.asked.set()
            writer.write(self._reply)
            await writer.drain()
            if self._is_dripping:
                await _drip(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the sender has gone
        finally:
            writer.close()


async def _request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *fields = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(line=line, headers=headers, body=body)


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for _ in range(500):
        try:
            async with asyncio.timeout(0.02):
                if not await reader.read(1):
                    return
        except TimeoutError:
            writer.write(b"x")
            await writer.drain()
