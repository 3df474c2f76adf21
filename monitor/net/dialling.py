"""A connection of its own for each exchange: looked up, guarded, encrypted, through a tunnel where there is a proxy.

aiohttp's client has pools, cookies, redirects and retries that an exchange every few minutes has no use for, and with
them a fetch takes half as long again. Its protocol and its parser are what we take of it.
"""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from typing import Any

import aiohttp
from aiohappyeyeballs import AddrInfoType, start_connection
from aiohttp.abc import AbstractResolver
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ConnectionKey
from yarl import URL

from monitor.net.guard import Networks, refusal
from monitor.net.resolver import AddressRefused, GuardedResolver

_HEAD_START_SECONDS = 0.25
"""of one address of a host before the next is tried beside it (RFC 8305)"""


class Dialler:
    """Makes connections, each of which has passed the guard.

    The guard stands where sockets are made, so it sees the address really connected to: literal addresses, which no
    resolver is shown, and names whose answer changes between two lookups.
    """

    def __init__(
        self, allowed: Networks, *, resolver: AbstractResolver | None = None, trust: ssl.SSLContext | None = None
    ) -> None:
        """`trust` says whose certificates are accepted; None: those of the authorities that the system knows."""
        self._allowed = allowed
        self._resolver = resolver or GuardedResolver(allowed)
        self._trust = trust

    async def dial(self, url: URL) -> ResponseHandler:
        """A connection to the server of an address. Raises aiohttp.ClientConnectorError, which holds the cause."""
        loop = asyncio.get_running_loop()
        try:
            places = await self._places(url)
        except OSError as error:
            raise aiohttp.ClientConnectorDNSError(_key(url), error) from error
        is_secure = url.scheme == "https"
        try:
            connected = await start_connection(
                places, happy_eyeballs_delay=_HEAD_START_SECONDS, socket_factory=self._socket
            )
            _, protocol = await loop.create_connection(
                lambda: ResponseHandler(loop),
                sock=connected,
                ssl=self._trusted() if is_secure else None,
                server_hostname=_certified(url) if is_secure else None,
            )
        except OSError as error:
            raise _named(url, error) from error
        return protocol

    async def encrypt(self, protocol: ResponseHandler, url: URL) -> ResponseHandler:
        """The connection that a tunnel leads to, encrypted for the server of an address. Raises as `dial`."""
        loop = asyncio.get_running_loop()
        inner, transport = ResponseHandler(loop), protocol.transport
        if transport is None:
            raise aiohttp.ServerDisconnectedError
        try:
            encrypted = await loop.start_tls(transport, inner, self._trusted(), server_hostname=_certified(url))
        except OSError as error:
            raise _named(url, error) from error
        if encrypted is None:  # the tunnel was closed meanwhile
            raise aiohttp.ServerDisconnectedError
        inner.connection_made(encrypted)
        return inner

    async def _places(self, url: URL) -> Sequence[AddrInfoType]:
        host, port = url.raw_host or "", url.port or 0
        if ":" in host:
            return [(socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port, 0, 0))]
        if host.replace(".", "").isdigit():
            return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))]
        found = await self._resolver.resolve(host, port, socket.AF_UNSPEC)
        return [
            (one["family"], socket.SOCK_STREAM, socket.IPPROTO_TCP, "", _place(one["family"], one["host"], port))
            for one in found
        ]

    def _socket(self, place: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, peer = place
        reason = refusal(str(peer[0]), self._allowed)
        if reason is not None:
            raise AddressRefused(reason)
        return socket.socket(family=family, type=kind, proto=protocol)

    def _trusted(self) -> ssl.SSLContext:
        if self._trust is None:
            self._trust = ssl.create_default_context()
            self._trust.set_alpn_protocols(("http/1.1",))
        return self._trust


def _place(family: int, host: str, port: int) -> tuple[Any, ...]:
    return (host, port, 0, 0) if family == socket.AF_INET6 else (host, port)


def _certified(url: URL) -> str:
    """The name that a certificate must be for: without the dot that ends a name of DNS."""
    return (url.raw_host or "").rstrip(".")


def _named(url: URL, error: OSError) -> aiohttp.ClientConnectorError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return aiohttp.ClientConnectorCertificateError(_key(url), error)
    if isinstance(error, ssl.SSLError):
        return aiohttp.ClientConnectorSSLError(_key(url), error)
    return aiohttp.ClientConnectorError(_key(url), error)


def _key(url: URL) -> ConnectionKey:
    """What aiohttp's errors want to know; nobody reads it."""
    return ConnectionKey(url.raw_host or "", url.port, url.scheme == "https", True, None, None, None)
