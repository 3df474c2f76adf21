"""Alerts through any service that Apprise knows, such as Telegram, Slack, Discord or ntfy: one target a channel.

Apprise is never loaded into the daemon: it brings 180 plugins, blocks its threads and logs addresses. Each channel has
a worker process of its own, started at the first send and gone after a minute without one, so that a service that
drips holds up nobody else and can be killed. For the same reason `tocsin check` looks at an address's form only,
while `tocsin check --channels` has a worker read it.

The address travels in the request, never on a command line or in an environment, and so do the network's settings:
a proxy's address may hold a password.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from monitor.channels.options import OptionMistake, OptionReader
from monitor.channels.verdicts import judged
from monitor.model.alerts import Rendered, Scope, SendFailed, Sent
from monitor.model.settings import ChannelSpec
from monitor.text.plain import clean
from monitor.worker.pool import WorkerPool
from monitor.worker.replies import Reply, WorkerFailed

DEADLINE = timedelta(seconds=30)
_SHORTEST, _LONGEST = timedelta(seconds=1), timedelta(seconds=55)  # a courier waits for a minute
_OPTIONS = ("url", "timeout")
_TARGET = "monitor.channels.apprise_work:send"
_CPU_SECONDS = 20.0
_MEMORY_BYTES = 768_000_000  # address space; a worker that sends holds about 55 MB of memory
_IDLE_SECONDS = 60.0
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://[^\s\x00-\x1f\x7f\ud800-\udfff]*")
_ANOTHER = re.compile(r"[,;\s]\s*[A-Za-z][A-Za-z0-9+.-]*://")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
_NETWORK = (*_PROXIES, *(name.lower() for name in _PROXIES), *_CERTIFICATES)


class Pool(Protocol):
    """Workers that can be sent home."""

    async def run(self, request: bytes, meta: Mapping[str, object]) -> Reply | WorkerFailed:
        """Have one request done."""
        ...

    async def close(self) -> None:
        """End them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An Apprise address, never to be shown; of it only the scheme may be named."""

    url: str = field(repr=False)
    scheme: str


def build_apprise(spec: ChannelSpec) -> "AppriseChannel | tuple[OptionMistake, ...]":
    """A channel of the options `url` and `timeout`, or all that is wrong with them. Starts nothing."""
    reader = OptionReader(spec.options, known=_OPTIONS)
    address = _address(reader)
    within = reader.duration("timeout", DEADLINE, least=_SHORTEST, most=_LONGEST)
    if reader.mistakes or address is None:
        return reader.mistakes
    pool = WorkerPool(
        target=_TARGET,
        size=1,
        cpu_seconds=_CPU_SECONDS,
        wall_seconds=within.total_seconds(),
        memory_bytes=_MEMORY_BYTES,
        idle_seconds=_IDLE_SECONDS,
    )
    network = {name: os.environ[name] for name in _NETWORK if name in os.environ}
    return AppriseChannel(address, pool, network=network)


class AppriseChannel:
    """Hands each message to a worker, once, and tells what its answer means."""

    def __init__(
        self,
        address: Address,
        pool: Pool,
        *,
        network: Mapping[str, str] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`pool` is closed with the channel; `network` holds proxies and certificates; `now` is for Retry-After."""
        self._address = address
        self._pool = pool
        self._network = dict(network or {})
        self._now = now

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Send once, within the deadline. What is not known to have arrived is a failure of the channel."""
        # Cleaned once more: what a service does with a stray control character is nobody's promise.
        subject = " ".join(clean(message.subject).split())
        shorter = [clean("".join(piece.words for piece in form)) for form in message.shorter]
        return await self._asked(
            {"subject": subject, "text": clean(message.text), "rest": clean(_rest(message)), "shorter": shorter}
        )

    async def probe(self) -> Sent | SendFailed:
        """Have the address read, without sending: `Sent` says only that Apprise knows what to do with it."""
        return await self._asked({"only_look": True})

    async def close(self) -> None:
        """End the worker."""
        await self._pool.close()

    async def _asked(self, meta: Mapping[str, object]) -> Sent | SendFailed:
        asked = {**meta, "url": self._address.url, "network": self._network}
        answer = await self._pool.run(b"", asked)
        if isinstance(answer, WorkerFailed):
            # It may have been killed after the service took the message: nobody knows, so it is sent again.
            return SendFailed(scope=Scope.CHANNEL, reason=f"{self._address.scheme}: the send {answer.reason}")
        return self._judged(answer.value)

    def _judged(self, value: Mapping[str, object]) -> Sent | SendFailed:
        name = value.get("service")
        who = name if isinstance(name, str) and name.isprintable() and name else self._address.scheme
        outcome: Sent | SendFailed
        match value.get("fate"):
            case "sent":
                outcome = _believed(who, value)
            case "failed":
                outcome = self._refused(who, value)
            case "usable":
                outcome = Sent(note=f"{who}: the address can be read; only a message shows whether it works")
            case "unreadable":
                outcome = _unusable(f"{who}: Apprise cannot use this address, see appriseit.com/services")
            case "several":
                outcome = _unusable(f"{who}: the address names {value.get('targets')} targets: make a channel of each")
            case "empty":
                outcome = SendFailed(scope=Scope.MESSAGE, reason=f"{who}: nothing of the message would be left")
            case _:
                reason = f"{who}: it is not known whether the message arrived"
                outcome = SendFailed(scope=Scope.CHANNEL, reason=reason)
        return outcome

    def _refused(self, who: str, value: Mapping[str, object]) -> SendFailed:
        status = value.get("status")
        if not isinstance(status, int):
            fault = value.get("fault")
            why = f": {fault}" if isinstance(fault, str) and fault.isidentifier() else ""
            return SendFailed(scope=Scope.CHANNEL, reason=f"{who} did not take it{why}")
        verdict = judged(who, status, self._retry_after(value.get("retry_after")))
        if isinstance(verdict, Sent):
            # 2xx, but the service says no in its answer's body, as a server that only looks like it would.
            return SendFailed(scope=Scope.CHANNEL, reason=f"{verdict.note}, but did not take it")
        if value.get("about_chat") is True:
            reason = f"{who} answered {status}: it knows no such chat, channel or user"
            return SendFailed(scope=Scope.CHANNEL, reason=reason, is_lasting=True)
        return verdict

    def _retry_after(self, value: object) -> int | None:
        from monitor.net.headers import retry_after_seconds

        if not isinstance(value, str):
            return None
        return retry_after_seconds(((b"retry-after", value.encode("utf-8", "replace")),), self._now())


def _rest(message: Rendered) -> str:
    """The text without its first line, where the subject says the same: services with a title show it there."""
    text = "".join(piece.words for piece in message.pieces)
    headline, _, _ = text.partition("\n")
    return message.text.partition("\n")[2].lstrip("\n") if headline == message.subject else ""


def _believed(who: str, value: Mapping[str, object]) -> Sent | SendFailed:
    """A plugin that calls a redirect success is not believed: nobody took anything."""
    status = value.get("status")
    if isinstance(status, int) and 300 <= status < 400:  # noqa: PLR2004 - the classes of HTTP
        return judged(who, status)
    return Sent(note=f"{who} took it")


def _unusable(reason: str) -> SendFailed:
    return SendFailed(scope=Scope.CHANNEL, reason=reason, is_lasting=True)


def _address(reader: OptionReader) -> Address | None:
    url = reader.text("url", is_required=True)
    if not url:
        return None
    if _ANOTHER.search(url):
        reader.refuse("url", "holds several addresses: make a channel of each")
        return None
    found = _ADDRESS.fullmatch(url)
    if found is None:
        reader.refuse("url", "is no Apprise address such as tgram://token/chat or ntfy://ntfy.sh/topic")
        return None
    scheme = found[1].lower()
    return Address(url=url, scheme="the service" if scheme in ("http", "https") else scheme)
