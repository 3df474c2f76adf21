"""One conditional GET, redirects included, as `ports.Fetcher` promises it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from aiohttp import ClientResponse, ClientSession
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDict

from monitor import __version__
from monitor.model.polls import FailureKind, Fetched, FetchFailed, FetchRequest, NotModified, Validators
from monitor.net.address import Address, BadAddress, follow, read_address
from monitor.net.decode import WIRE_LIMIT_BYTES, BadBody, Body
from monitor.net.faults import PEER_FAULTS, connection_fault, refused, status_fault
from monitor.net.guard import Networks, refusal
from monitor.net.headers import max_age_seconds, retry_after_seconds, text_of, validators
from monitor.net.session import READ_BUFFER_BYTES, open_session

REDIRECTS_LIMIT = 5
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
ACCEPT_ENCODING = "gzip, deflate"

_STEPS_PER_TURN = 16
"""decoding steps (1 MB together) before other tasks get their turn"""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
_MAY_ASK_FOR_TIME = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

Outcome = Fetched | NotModified | FetchFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """An answer that leads elsewhere."""

    target: Address
    is_permanent: bool


class HttpFetcher:
    """Fetches feeds. One instance for all of them; `close` it before the event loop ends."""

    def __init__(
        self,
        *,
        allow_private: Networks = (),
        timeout: timedelta = timedelta(seconds=30),
        contact: str = "",
        clock: Callable[[], datetime],
        resolver: AbstractResolver | None = None,
    ) -> None:
        """`timeout` is for one whole exchange: lookup, redirects, body. Nothing is opened before a fetch."""
        self._allowed = allow_private
        self._timeout_seconds = timeout / timedelta(seconds=1)
        self._user_agent = user_agent(contact)
        self._clock = clock
        self._resolver = resolver
        self._session: ClientSession | None = None

    async def fetch(self, request: FetchRequest) -> Outcome:
        """One exchange within the time limit. What a peer does is a value; cancellation passes through."""
        try:
            home = read_address(request.url)
            start = read_address(request.moved_to) if request.moved_to else home
        except BadAddress as error:
            return refused(f"this address is not fetched: {error}")
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._exchange(home, start, request.validators)
        except TimeoutError:
            reason = f"{start.host} did not answer in full within {self._timeout_seconds:g} s"
            return FetchFailed(kind=FailureKind.CONNECTION, reason=reason)

    async def close(self) -> None:
        """Let go of every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _exchange(self, home: Address, start: Address, known: Validators) -> Outcome:
        """Ask at `start`, and follow redirects by hand, each hop guarded and with headers of its own.

        `home` is the configured address: what it holds of credentials stays with its origin.
        """
        # Validators are sent to the one address that gave them. Elsewhere they would be a tracking cookie at best; at
        # worst another document has not changed since, and its 304 hides news.
        known_at = known.url or str(home.url)
        here, seen = start, {str(start.url)}
        is_permanent = True
        for _ in range(REDIRECTS_LIMIT + 1):
            own_validators = known if str(here.url) == known_at else Validators()
            authorization = home.authorization if here.origin == home.origin else ""
            answer = await self._hop(here, own_validators, authorization)
            if not isinstance(answer, _Moved):
                return _located(answer, home, here, moved_for_good=is_permanent and here is not start)
            here, is_permanent = answer.target, is_permanent and answer.is_permanent
            if str(here.url) in seen:
                return refused(f"{start.host} redirects in a circle")
            seen.add(str(here.url))
        return refused(f"{start.host} redirects more than {REDIRECTS_LIMIT} times")

    async def _hop(self, here: Address, known: Validators, authorization: str) -> Outcome | _Moved:
        """One request and its answer."""
        # A literal address is refused before anything else; names are judged by what they resolve to.
        if reason := self._literal_refusal(here):
            return refused(f"{here.host} is not fetched: {reason}")
        try:
            response = await self._open().get(
                here.url,
                headers=self._headers(known, authorization),
                allow_redirects=False,
            )
        except PEER_FAULTS as error:
            return connection_fault(here.host, error)
        try:
            return await self._read(here, response, known)
        except BadBody as error:
            return FetchFailed(kind=FailureKind.CONTENT, reason=f"{here.host}: {error}")
        except PEER_FAULTS as error:
            return connection_fault(here.host, error)
        finally:
            response.close()

    def _literal_refusal(self, here: Address) -> str | None:
        host = here.host
        is_literal = ":" in host or host.replace(".", "").isdigit()
        return refusal(host, self._allowed) if is_literal else None

    def _open(self) -> ClientSession:
        """The session is made at the first fetch, when an event loop runs."""
        if self._session is None:
            self._session = open_session(self._allowed, self._resolver)
        return self._session

    def _headers(self, known: Validators, authorization: str) -> CIMultiDict[str]:
        """Built anew for every hop. Validators go as Latin-1 text; the session turns it back into bytes."""
        headers = CIMultiDict({"User-Agent": self._user_agent, "Accept": ACCEPT, "Accept-Encoding": ACCEPT_ENCODING})
        checked = validators(((b"etag", known.etag), (b"last-modified", known.last_modified)))
        if checked.etag:
            headers["If-None-Match"] = checked.etag.decode("latin-1")
        if checked.last_modified:
            headers["If-Modified-Since"] = checked.last_modified.decode("latin-1")
        if authorization:
            headers["Authorization"] = authorization
        return headers

    async def _read(self, here: Address, response: ClientResponse, known: Validators) -> Outcome | _Moved:
        """Turn an answer into a value."""
        status, raw = response.status, response.raw_headers
        if status == HTTPStatus.OK:
            return await self._document(here, response)
        if status == HTTPStatus.NOT_MODIFIED:
            if not (known.etag or known.last_modified):
                reason = f"{here.host} answered 304 Not Modified although nothing was known"
                return FetchFailed(kind=FailureKind.CONTENT, reason=reason, status=status)
            return NotModified(validators=validators(raw), max_age_seconds=max_age_seconds(raw, self._clock()))
        if status in _REDIRECTS and (location := _location(raw)):
            try:
                return _Moved(target=follow(here, location), is_permanent=status in _PERMANENT)
            except BadAddress as error:
                return refused(f"{here.host} redirects to an address that is not fetched: {error}")
        return self._refusal(here, response)

    def _refusal(self, here: Address, response: ClientResponse) -> FetchFailed:
        """An error, with what it says of asking again where it may say so."""
        status, now = response.status, self._clock()
        if status not in _MAY_ASK_FOR_TIME:
            return status_fault(here.host, status, None)
        fault = status_fault(here.host, status, retry_after_seconds(response.raw_headers, now))
        return replace(fault, max_age_seconds=max_age_seconds(response.raw_headers, now))

    async def _document(self, here: Address, response: ClientResponse) -> Fetched | FetchFailed:
        raw = response.raw_headers
        if (response.content_length or 0) > WIRE_LIMIT_BYTES:
            raise BadBody(f"the answer is larger than {WIRE_LIMIT_BYTES:,} bytes")
        body = Body(text_of(raw, b"content-encoding"))
        while chunk := await response.content.read(READ_BUFFER_BYTES):
            for step, _ in enumerate(body.feed(chunk), start=1):
                if step % _STEPS_PER_TURN == 0:
                    await asyncio.sleep(0)
        document = body.finish()
        if not document.strip():
            return FetchFailed(
                kind=FailureKind.CONTENT,
                reason=f"{here.host} answered 200 OK with an empty document",
                status=response.status,
            )
        return Fetched(
            body=document,
            content_type=text_of(raw, b"content-type"),
            url=str(here.url),
            validators=validators(raw),
            max_age_seconds=max_age_seconds(raw, self._clock()),
        )


def _located(answer: Outcome, home: Address, here: Address, *, moved_for_good: bool) -> Outcome:
    """The answer with where it came from: its validators belong there, and the feed may have moved there."""
    if isinstance(answer, FetchFailed) or here is home:
        return answer
    # Whoever was asked over TLS is not asked without it, whoever says so.
    is_move = moved_for_good and (here.url.scheme, home.url.scheme) != ("http", "https")
    moved_to = str(here.url) if is_move else ""
    if isinstance(answer, Fetched) and answer.url != str(home.url):
        return replace(answer, validators=replace(answer.validators, url=answer.url), moved_to=moved_to)
    return replace(answer, moved_to=moved_to) if moved_to else answer


def user_agent(contact: str) -> str:
    """`tocsin/VERSION (+contact)`, in the characters that a header may hold."""
    clean = "".join(character for character in contact if " " <= character <= "~" and character not in "()\\")
    return f"tocsin/{__version__} (+{clean.strip()})" if clean.strip() else f"tocsin/{__version__}"


def _location(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return next((value for name, value in headers if name.lower() == b"location"), b"")
