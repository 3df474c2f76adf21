"""One exchange with an address that the owner wrote: no guard, redirects, proxies or cookies, and one deadline."""

import asyncio
import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    import aiohttp

DEADLINE = timedelta(seconds=15)
_NOTE_SECONDS = 2.0  # for the body of an answer whose status is known already
_NOTE_BYTES = 2048
_NOTE_LENGTH = 200
_EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The server gave a status, whatever it was."""

    status: int
    retry_after_seconds: int | None = None
    """what Retry-After asked for, uncapped; None = nothing readable"""
    note: str = ""
    """the beginning of the body as one line; it may repeat what was sent, secrets included: not for logs"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """There is no status. `reason` is one line that names the host and nothing else of the address."""

    reason: str


class Poster:
    """Sends bodies over HTTP, each on a new connection: an idle one may be closed just as a POST goes out."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` is for Retry-After dates. Nothing is opened before the first post."""
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], within: timedelta = DEADLINE
    ) -> Answer | NoAnswer:
        """One exchange within the deadline. Never raises for what a peer does.

        The status decides: once it is there, a body that drips or breaks off changes nothing.
        """
        return await self._exchange("POST", url, within, body, headers)

    async def get(self, url: str, within: timedelta = DEADLINE) -> Answer | NoAnswer:
        """The same without a body."""
        return await self._exchange("GET", url, within, None, {})

    async def _exchange(
        self, method: str, url: str, within: timedelta, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer | NoAnswer:
        from monitor.net.faults import PEER_FAULTS, connection_fault
        from monitor.net.headers import retry_after_seconds

        deadline = asyncio.get_running_loop().time() + within.total_seconds()
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._open().request(
                    method,
                    _without_user(url),
                    data=body,
                    headers={"Accept-Encoding": "identity", **_credentials(url), **headers},
                    allow_redirects=False,
                )
        except TimeoutError:
            return NoAnswer(reason=f"{_host(url)} did not answer within {within.total_seconds():g} s")
        except PEER_FAULTS as error:
            return NoAnswer(reason=connection_fault(_host(url), error).reason)
        try:
            note = await _note(response, deadline)
            asked = retry_after_seconds(response.raw_headers, self._now())
            return Answer(status=response.status, retry_after_seconds=asked, note=note)
        finally:
            response.close()

    async def close(self) -> None:
        """Let go of connections; a later post opens anew."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> "aiohttp.ClientSession":
        if self._session is None:
            import aiohttp

            from monitor.net.resolver import GuardedResolver

            # Of the resolver only its deadline is wanted, and its threads that no exit waits for.
            resolver = GuardedResolver(_EVERYWHERE)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                trust_env=False,
                auto_decompress=False,
            )
        return self._session


async def _note(response: "aiohttp.ClientResponse", deadline: float) -> str:
    from monitor.net.faults import PEER_FAULTS

    body = b""
    limit = min(deadline, asyncio.get_running_loop().time() + _NOTE_SECONDS)
    try:
        async with asyncio.timeout_at(limit):
            while len(body) < _NOTE_BYTES:
                chunk = await response.content.read(_NOTE_BYTES - len(body))
                if not chunk:
                    break
                body += chunk
    except PEER_FAULTS:  # time-outs among them
        pass  # the status is what counts, and it is known
    if response.headers.get("Content-Encoding", "identity") != "identity":
        return ""
    line = " ".join(body.decode("utf-8", errors="replace").split())
    return "".join(character for character in line if character.isprintable())[:_NOTE_LENGTH]


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the receiver"
    except ValueError:
        return "the receiver"


def _without_user(url: str) -> str:
    user = _user(url)
    return url.replace(f"{user}@", "", 1) if user else url


def _credentials(url: str) -> Mapping[str, str]:
    """Basic authentication (RFC 7617) in UTF-8: aiohttp would write Latin-1 and raise where that cannot do."""
    if not (userinfo := _user(url)):
        return {}
    user, _, password = userinfo.partition(":")
    credentials = f"{unquote(user)}:{unquote(password)}".encode()
    return {"Authorization": f"Basic {base64.b64encode(credentials).decode('ascii')}"}


def _user(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[0]
    except ValueError:
        return ""
