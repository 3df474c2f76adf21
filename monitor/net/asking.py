"""One request on a connection of its own, and the head of its answer."""

from dataclasses import dataclass

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.streams import StreamReader
from multidict import CIMultiDict

READ_BUFFER_BYTES = 65_536
LONGEST_HEADER_BYTES = 32_768
"""policies for scripts have ten thousand bytes and more, and aiohttp's 8,190 would hide such a site's feeds for ever"""
MOST_HEADERS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server says before its document."""

    status: int
    raw_headers: tuple[tuple[bytes, bytes], ...]
    content: StreamReader
    """the document as it comes over the wire, chunks put together and nothing decompressed"""


def request_head(method: str, target: str, host: str, headers: CIMultiDict[str]) -> bytes:
    """The request as it goes over the wire, each character of a header a byte.

    So an ETag goes back byte for byte: in UTF-8, which aiohttp writes, one with a byte like 0xE9 could not.
    """
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += ("", "")
    head = "\r\n".join(lines)
    ends = len(lines) - 1
    if head.count("\r") != ends or head.count("\n") != ends or "\0" in head:
        raise ValueError("a header that would end its line")
    return head.encode("latin-1")


async def ask(protocol: ResponseHandler, head: bytes, *, has_document: bool = True) -> Answer:
    """Send a request; its answer, once the head of it is there. Raises one of `faults.PEER_FAULTS`.

    `has_document`: a body follows, to the end of the connection if nothing else says where it ends.
    """
    protocol.set_response_params(
        skip_payload=not has_document,
        read_until_eof=True,
        auto_decompress=False,
        read_bufsize=READ_BUFFER_BYTES,
        max_field_size=LONGEST_HEADER_BYTES,
        max_headers=MOST_HEADERS,
    )
    if protocol.transport is None:
        raise aiohttp.ServerDisconnectedError
    protocol.transport.write(head)
    while True:
        message, content = await protocol.read()
        if not _is_interim(message.code):
            return Answer(status=message.code, raw_headers=message.raw_headers, content=content)


def _is_interim(status: int) -> bool:
    """An answer that another one follows; a switch of protocols is none, though nobody asked for one."""
    return 100 <= status < 200 and status != 101  # noqa: PLR2004 - as HTTP numbers them
