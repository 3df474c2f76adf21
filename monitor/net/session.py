"""aiohttp, set up to decide nothing by itself: no cookies, no proxies, no retries, no decompression."""

import socket
from typing import Any, cast

from aiohttp import ClientRequest, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver
from aiohttp.connector import Connection

from monitor.net.guard import Networks, refusal
from monitor.net.resolver import AddressRefused, GuardedResolver

READ_BUFFER_BYTES = 65_536
CONNECTIONS_PER_HOST = 1
LONGEST_HEADER_BYTES = 32_768
"""policies for scripts have ten thousand bytes and more, and aiohttp's 8,190 would hide such a site's feeds for ever"""
MOST_HEADERS = 256


def open_session(allowed: Networks, resolver: AbstractResolver | None = None) -> ClientSession:
    """A session whose every connection has passed the guard. Must be called while the event loop runs.

    The guard stands where sockets are made, so it sees the address really connected to: literal addresses,
    which aiohttp does not show to its resolver, and names whose answer changes between two lookups.
    """

    def make_socket(address: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, peer = address
        reason = refusal(str(peer[0]), allowed)
        if reason is not None:
            raise AddressRefused(reason)
        return socket.socket(family=family, type=kind, proto=protocol)

    connector = TCPConnector(
        limit=0,  # callers bound how many fetches run
        limit_per_host=CONNECTIONS_PER_HOST,
        resolver=resolver or GuardedResolver(allowed),
        use_dns_cache=False,  # polls are minutes apart, and the cache shields lookups from cancellation
        force_close=True,  # minutes apart again: a kept connection would mostly be found dead
        socket_factory=make_socket,
    )
    session = ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        timeout=ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None),
        read_bufsize=READ_BUFFER_BYTES,
        max_field_size=LONGEST_HEADER_BYTES,
        max_headers=MOST_HEADERS,
        request_class=_ByteExactRequest,
        requote_redirect_url=False,
    )
    # aiohttp sends a GET again when the peer hangs up; on fresh connections that only doubles the requests of
    # a poll. There is no public switch; its own test client sets the same attribute.
    session._retry_connection = False  # noqa: SLF001 - see above
    return session


class _ByteExactRequest(ClientRequest):
    """A request whose header values are sent byte for byte.

    aiohttp writes header text as UTF-8 and leaves out what UTF-8 cannot say, so an ETag with a byte like 0xE9
    would come back changed. Here header text is Latin-1, a character a byte, and is turned back when written.
    """

    async def send(self, conn: Connection) -> ClientResponse:
        """Send; through the Latin-1 writer where a header needs it."""
        if all(value.isascii() for value in self.headers.values()):
            return await super().send(conn)
        return await super().send(cast("Connection", _ConnectionView(conn)))


class _ConnectionView:
    """A connection as `ClientRequest.send` uses it, with our transport in it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.protocol = _ProtocolView(connection.protocol)

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


class _ProtocolView:
    """A protocol as aiohttp's StreamWriter uses it."""

    def __init__(self, protocol: Any) -> None:  # noqa: ANN401 - aiohttp-internal
        self._protocol = protocol

    @property
    def transport(self) -> "_Latin1Transport | None":
        transport = self._protocol.transport
        return None if transport is None else _Latin1Transport(transport)

    def __getattr__(self, name: str) -> object:
        return getattr(self._protocol, name)


class _Latin1Transport:
    """A transport that gets header blocks in UTF-8 and sends them in Latin-1. A GET writes nothing else."""

    def __init__(self, transport: Any) -> None:  # noqa: ANN401 - aiohttp-internal
        self._transport = transport

    def write(self, data: bytes) -> None:
        self._transport.write(bytes(data).decode("utf-8").encode("latin-1"))

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)
