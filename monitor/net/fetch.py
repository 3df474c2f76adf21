"""One conditional GET, redirects included, as `ports.Fetcher` promises it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from ipaddress import ip_network
from ssl import SSLContext

from aiohttp.abc import AbstractResolver
from aiohttp.client_proto import ResponseHandler
from multidict import CIMultiDict

from monitor import __version__
from monitor.model.polls import FailureKind, Fetched, FetchFailed, FetchRequest, NotModified, Validators
from monitor.model.settings import Access, Proxy
from monitor.net.address import Address, BadAddress, follow, read_address
from monitor.net.asking import READ_BUFFER_BYTES, Answer, ask, request_head
from monitor.net.decode import WIRE_LIMIT_BYTES, BadBody, Body
from monitor.net.dialling import Dialler
from monitor.net.faults import PEER_FAULTS, connection_fault, refused, status_fault
from monitor.net.guard import Networks, refusal, refusal_of_name
from monitor.net.headers import (
    content_length,
    freshness_seconds,
    is_sendable,
    max_age_seconds,
    retry_after_seconds,
    text_of,
    validators,
)
from monitor.net.tunnel import dial_through

REDIRECTS_LIMIT = 5
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
ACCEPT_ENCODING = "gzip, deflate"

_STEPS_PER_TURN = 16
"""decoding steps (1 MB together) before other tasks get their turn"""
_EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
"""where a proxy may lie: the owner wrote its address, and nothing else is connected to through it"""
_PLAIN = Access()
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
_MAY_ASK_FOR_TIME = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

Outcome = Fetched | NotModified | FetchFailed
Origin = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """An answer that leads elsewhere."""

    target: Address
    is_permanent: bool


class HttpFetcher:
    """Fetches feeds. One instance for all of them, so that a server is asked for one thing at a time."""

    def __init__(
        self,
        *,
        allow_private: Networks = (),
        timeout: timedelta = timedelta(seconds=30),
        contact: str = "",
        clock: Callable[[], datetime],
        resolver: AbstractResolver | None = None,
        access: Mapping[str, Access] | None = None,
        proxy: Proxy | None = None,
        trust: SSLContext | None = None,
    ) -> None:
        """`timeout` is for one whole exchange: lookup, redirects, body. Nothing is opened before a fetch.

        `access` has what single addresses are asked with. It stays in here, so that nobody can store or show it.
        `trust` as in `Dialler`.
        """
        self._allowed = allow_private
        self._timeout_seconds = timeout / timedelta(seconds=1)
        self._user_agent = user_agent(contact)
        self._clock = clock
        self._access = access or {}
        self._proxy = proxy
        self._direct = Dialler(allow_private, resolver=resolver, trust=trust)
        self._to_proxies = Dialler(_EVERYWHERE, trust=trust)
        self._asked: dict[Origin, asyncio.Event] = {}
        """the origins that are being asked, each with what is set when that is over"""

    async def fetch(self, request: FetchRequest) -> Outcome:
        """One exchange within the time limit. What a peer does is a value; cancellation passes through."""
        try:
            home = read_address(request.url)
            start = read_address(request.moved_to) if request.moved_to else home
        except BadAddress as error:
            return refused(f"this address is not fetched: {error}")
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._exchange(home, start, request)
        except TimeoutError:
            reason = f"{start.host} did not answer in full within {self._timeout_seconds:g} s"
            return FetchFailed(kind=FailureKind.CONNECTION, reason=reason)

    async def close(self) -> None:
        """Nothing to let go of: every exchange ends its own connection."""

    async def _exchange(self, home: Address, start: Address, request: FetchRequest) -> Outcome:
        """Ask at `start`, and follow redirects by hand, each hop guarded and with headers of its own.

        `home` is the configured address: what its feed is asked with stays with its origin.
        """
        # Validators are sent to the one address that gave them. Elsewhere they would be a tracking cookie at best; at
        # worst another document has not changed since, and its 304 hides news.
        known = request.validators
        known_at = known.url or str(home.url)
        access, proxy = self._asked_with(request.url, home)
        here, seen = start, {str(start.url)}
        is_permanent = True
        for _ in range(REDIRECTS_LIMIT + 1):
            own_validators = known if str(here.url) == known_at else Validators()
            own_access = access if here.origin == home.origin else _PLAIN
            answer = await self._hop(here, own_validators, own_access, proxy)
            if not isinstance(answer, _Moved):
                if isinstance(answer, FetchFailed):
                    return _failed(answer, start, here, is_own=is_permanent and start is home)
                return _located(answer, home, here, moved_for_good=is_permanent and here is not start)
            here, is_permanent = answer.target, is_permanent and answer.is_permanent
            if str(here.url) in seen:
                return refused(f"{start.host} redirects in a circle")
            seen.add(str(here.url))
        return refused(f"{start.host} redirects more than {REDIRECTS_LIMIT} times")

    def _asked_with(self, url: str, home: Address) -> tuple[Access, Proxy | None]:
        """What the feed at an address is asked with, for its own origin, and through which proxy."""
        access = self._access.get(url, _PLAIN)
        proxy = self._proxy if access.proxy is None else access.proxy
        if home.authorization and not access.authorization:
            access = replace(access, authorization=home.authorization)
        return access, proxy if proxy and proxy.address else None

    async def _hop(self, here: Address, known: Validators, access: Access, proxy: Proxy | None) -> Outcome | _Moved:
        """One request and its answer, when its server has nothing else to answer."""
        # A literal address is refused before anything else; names are judged by what they resolve to.
        reason = self._literal_refusal(here) or (proxy and refusal_of_name(here.host, self._allowed))
        if reason:
            return refused(f"{here.host} is not fetched: {reason}")
        origin = here.origin
        while (ended := self._asked.get(origin)) is not None:
            await ended.wait()
        ended = self._asked[origin] = asyncio.Event()
        connection: ResponseHandler | None = None
        try:
            connection = await self._dial(here, proxy)
            answer = await ask(connection, self._request(here, known, access, proxy))
            return await self._read(here, answer, known)
        except BadBody as error:
            return FetchFailed(kind=FailureKind.CONTENT, reason=f"{here.host}: {error}")
        except PEER_FAULTS as error:
            return connection_fault(here.host, error, has_proxy=proxy is not None)
        finally:
            if connection is not None:
                connection.abort()
            del self._asked[origin]
            ended.set()

    async def _dial(self, here: Address, proxy: Proxy | None) -> ResponseHandler:
        """The connection to ask on."""
        if proxy is None:
            return await self._direct.dial(here.url)
        return await dial_through(proxy, here.url, self._to_proxies, user_agent=self._user_agent)

    def _request(self, here: Address, known: Validators, access: Access, proxy: Proxy | None) -> bytes:
        headers = self._headers(known, access)
        target = here.url.raw_path_qs
        if proxy is not None and here.url.scheme == "http":
            target = str(here.url)
            if proxy.authorization:
                headers["Proxy-Authorization"] = proxy.authorization
        headers["Connection"] = "close"  # polls are minutes apart: a kept connection would mostly be found dead
        return request_head("GET", target, here.url.host_port_subcomponent or here.host, headers)

    def _literal_refusal(self, here: Address) -> str | None:
        host = here.host
        is_literal = ":" in host or host.replace(".", "").isdigit()
        return refusal(host, self._allowed) if is_literal else None

    def _headers(self, known: Validators, access: Access) -> CIMultiDict[str]:
        """Built anew for every hop. Validators go as Latin-1 text, a character a byte."""
        user_agent = access.user_agent or self._user_agent
        headers = CIMultiDict({"User-Agent": user_agent, "Accept": ACCEPT, "Accept-Encoding": ACCEPT_ENCODING})
        headers.update(access.headers)
        if is_sendable(known.etag):
            headers["If-None-Match"] = known.etag.decode("latin-1")
        if is_sendable(known.last_modified):
            headers["If-Modified-Since"] = known.last_modified.decode("latin-1")
        if access.authorization:
            headers["Authorization"] = access.authorization
        return headers

    async def _read(self, here: Address, answer: Answer, known: Validators) -> Outcome | _Moved:
        """Turn an answer into a value."""
        status, raw = answer.status, answer.raw_headers
        if status == HTTPStatus.OK:
            return await self._document(here, answer)
        if status == HTTPStatus.NOT_MODIFIED:
            if not (known.etag or known.last_modified):
                reason = f"{here.host} answered 304 Not Modified although nothing was known"
                return FetchFailed(kind=FailureKind.CONTENT, reason=reason, status=status)
            return NotModified(validators=validators(raw), max_age_seconds=freshness_seconds(raw, self._clock()))
        if status in _REDIRECTS and (location := _location(raw)):
            try:
                return _Moved(target=follow(here, location), is_permanent=status in _PERMANENT)
            except BadAddress as error:
                return refused(f"{here.host} redirects to an address that is not fetched: {error}")
        return self._refusal(here, answer)

    def _refusal(self, here: Address, answer: Answer) -> FetchFailed:
        """An error, with what it says of asking again where it may say so."""
        status, now = answer.status, self._clock()
        if status not in _MAY_ASK_FOR_TIME:
            return status_fault(here.host, status, None)
        fault = status_fault(here.host, status, retry_after_seconds(answer.raw_headers, now))
        return replace(fault, max_age_seconds=max_age_seconds(answer.raw_headers, now))

    async def _document(self, here: Address, answer: Answer) -> Fetched | FetchFailed:
        raw = answer.raw_headers
        if content_length(raw) > WIRE_LIMIT_BYTES:
            raise BadBody(f"the answer is larger than {WIRE_LIMIT_BYTES:,} bytes")
        body = Body(text_of(raw, b"content-encoding"))
        while chunk := await answer.content.read(READ_BUFFER_BYTES):
            for step, _ in enumerate(body.feed(chunk), start=1):
                if step % _STEPS_PER_TURN == 0:
                    await asyncio.sleep(0)
        document = body.finish()
        if not document.strip():
            return FetchFailed(
                kind=FailureKind.CONTENT,
                reason=f"{here.host} answered 200 OK with an empty document",
                status=answer.status,
            )
        return Fetched(
            body=document,
            content_type=text_of(raw, b"content-type"),
            url=str(here.url),
            validators=validators(raw),
            max_age_seconds=max_age_seconds(raw, self._clock()),
        )


def _located(answer: Fetched | NotModified, home: Address, here: Address, *, moved_for_good: bool) -> Outcome:
    """The answer with where it came from: its validators belong there, and the feed may have moved there."""
    if here is home:
        return answer
    # Whoever was asked over TLS is not asked without it, whoever says so.
    is_move = moved_for_good and (here.url.scheme, home.url.scheme) != ("http", "https")
    moved_to = str(here.url) if is_move else ""
    if isinstance(answer, Fetched) and answer.url != str(home.url):
        return replace(answer, validators=replace(answer.validators, url=answer.url), moved_to=moved_to)
    return replace(answer, moved_to=moved_to) if moved_to else answer


def _failed(failure: FetchFailed, start: Address, here: Address, *, is_own: bool) -> FetchFailed:
    """The failure with who failed. `is_own`: the configured address said so, or led there for good."""
    if here.origin != start.origin:
        failure = replace(failure, address=str(here.url))
    # A 410 elsewhere ends nothing: the configured address may lead to another place, or answer itself, tomorrow.
    is_gone = failure.kind is FailureKind.GONE and not is_own
    return replace(failure, kind=FailureKind.HTTP) if is_gone else failure


def user_agent(contact: str) -> str:
    """`tocsin/VERSION (+contact)`, in the characters that a header may hold."""
    clean = "".join(character for character in contact if " " <= character <= "~" and character not in "()\\")
    return f"tocsin/{__version__} (+{clean.strip()})" if clean.strip() else f"tocsin/{__version__}"


def _location(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return next((value for name, value in headers if name.lower() == b"location"), b"")
