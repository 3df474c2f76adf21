"""Alerts by mail: `smtp://` (STARTTLS where offered), `smtp+starttls://` (required), `smtps://` (TLS at once).

Passwords go over an encrypted connection only, except to this very machine. One transaction carries a mail to all its
recipients; one that refuses some of them has taken it for the others, and repeating it would tell those twice.
"""

import asyncio
import re
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib

from monitor.channels.letter import letter
from monitor.channels.options import OptionMistake, OptionReader
from monitor.model.alerts import Rendered, Scope, SendFailed, Sent
from monitor.model.settings import ChannelSpec

DEADLINE = timedelta(seconds=30)
_SHORTEST, _LONGEST = timedelta(seconds=1), timedelta(minutes=2)
_OPTIONS = ("url", "to", "from", "timeout")
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PLAIN_ADDRESS = re.compile(r"[^@\s<>\"(),:;\\\x00-\x1f\x7f]+@[^@\s<>\"(),:;\\\x00-\x1f\x7f]+")
_ABOUT_MESSAGE = frozenset({523, 534, 552, 554, 571})
"""too large, content refused: another mail may pass"""
_FOR_GOOD = 500  # SMTP answers 4yz for what may pass, 5yz for what will not (RFC 5321, 4.2.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The server that takes our mail."""

    host: str
    port: int
    scheme: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    within: timedelta = DEADLINE
    tls: ssl.SSLContext | None = None
    """how certificates are judged; None: as the system does"""


def build_mail(spec: ChannelSpec) -> "Mail | tuple[OptionMistake, ...]":
    """A mail channel of the options `url`, `to`, `from` and `timeout`, or all that is wrong with them."""
    reader = OptionReader(spec.options, known=_OPTIONS)
    parts = _parts(reader)
    recipients = _recipients(reader, spec.options.get("to"))
    within = reader.duration("timeout", DEADLINE, least=_SHORTEST, most=_LONGEST)
    user = unquote(parts.username or "") if parts else ""
    sender = _sender(reader, user)
    if reader.mistakes or parts is None or sender is None:
        return reader.mistakes
    scheme = parts.scheme.lower()
    relay = Relay(
        host=parts.hostname or "",
        port=parts.port or _PORTS[scheme],
        scheme=scheme,
        user=user,
        password=unquote(parts.password or ""),
        within=within,
    )
    return Mail(relay, sender=sender, recipients=recipients)


class Mail:
    """Sends each message as one mail, over a connection of its own."""

    def __init__(
        self,
        relay: Relay,
        *,
        sender: Address,
        recipients: tuple[Address, ...],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`now` dates the mails."""
        self._relay = relay
        self._sender = sender
        self._recipients = recipients
        self._now = now

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Send once, within the deadline, and say truthfully what came back."""
        mail = letter(message, sender=self._sender, recipients=self._recipients, at=self._now())

        async def hand_over(client: aiosmtplib.SMTP) -> Sent:
            refused, _ = await client.send_message(
                mail, sender=self._sender.addr_spec, recipients=[one.addr_spec for one in self._recipients]
            )
            if not refused:
                return Sent(note=f"{self._relay.host} took it")
            codes = ", ".join(sorted({str(answer.code) for answer in refused.values()}))
            return Sent(note=f"{self._relay.host} took it for some and refused {len(refused)} recipients ({codes})")

        return await self._conversed(hand_over)

    async def probe(self) -> Sent | SendFailed:
        """Connect and log in, but send nothing: `Sent` says only that the server would talk to us."""

        async def take_leave(client: aiosmtplib.SMTP) -> Sent:
            await client.quit()
            return Sent(note=f"{self._relay.host} lets us in")

        return await self._conversed(take_leave)

    async def close(self) -> None:
        """Nothing stays open between mails."""

    async def _conversed(self, work: Callable[[aiosmtplib.SMTP], Coroutine[None, None, Sent]]) -> Sent | SendFailed:
        """Do this with the server once it has let us in, within the deadline."""
        host, seconds = self._relay.host, self._relay.within.total_seconds()
        client = self._client()
        try:
            async with asyncio.timeout(seconds):
                await client.connect()
                return await self._logged_in(client) or await work(client)
        except TimeoutError:
            return SendFailed(scope=Scope.CHANNEL, reason=f"{host} did not finish within {seconds:g} s")
        except aiosmtplib.SMTPException as error:
            return self._failed(error)
        except (OSError, ssl.SSLError) as error:
            return SendFailed(scope=Scope.CHANNEL, reason=f"{host} cannot be reached: {type(error).__name__}")
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        relay = self._relay
        return aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            use_tls=relay.scheme == "smtps",
            start_tls={"smtp": None, "smtp+starttls": True}.get(relay.scheme, False),
            tls_context=relay.tls,
            timeout=relay.within.total_seconds(),
        )

    async def _logged_in(self, client: aiosmtplib.SMTP) -> SendFailed | None:
        relay = self._relay
        if not relay.user:
            return None
        if client.get_transport_info("sslcontext") is None and relay.host not in _LOOPBACK:
            reason = f"{relay.host} offers no encryption, and a password is not sent without"
            return SendFailed(scope=Scope.CHANNEL, reason=reason, is_lasting=True)
        await client.login(relay.user, relay.password)
        return None

    def _failed(self, error: aiosmtplib.SMTPException) -> SendFailed:
        """What a server's refusal is about. Its words stay out: many repeat addresses and what was sent."""
        host = self._relay.host
        if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
            codes = ", ".join(sorted({str(one.code) for one in error.recipients}))
            is_lasting = all(one.code >= _FOR_GOOD for one in error.recipients)
            reason = f"{host} refused every recipient ({codes})"
            return SendFailed(scope=Scope.CHANNEL, reason=reason, is_lasting=is_lasting)
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            reason = f"{host} does not accept the credentials ({error.code})"
            return SendFailed(scope=Scope.CHANNEL, reason=reason, is_lasting=error.code >= _FOR_GOOD)
        if isinstance(error, aiosmtplib.SMTPResponseException):
            is_about_message = isinstance(error, aiosmtplib.SMTPDataError) and error.code in _ABOUT_MESSAGE
            scope = Scope.MESSAGE if is_about_message else Scope.CHANNEL
            is_lasting = scope is Scope.CHANNEL and error.code >= _FOR_GOOD
            return SendFailed(scope=scope, reason=f"{host} answered {error.code}", is_lasting=is_lasting)
        what = type(error).__name__.removeprefix("SMTP")
        return SendFailed(scope=Scope.CHANNEL, reason=f"{host} cannot be used: {what}")


def _parts(reader: OptionReader) -> SplitResult | None:
    url = reader.text("url", is_required=True)
    if not url:
        return None
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        reader.refuse("url", "is no address such as smtps://user:password@mail.example.org")
        return None
    if parts.scheme.lower() not in _PORTS:
        reader.refuse("url", f"must begin with {', '.join(f'{scheme}://' for scheme in _PORTS)}")
        return None
    if not is_whole or parts.path not in ("", "/") or parts.query or parts.fragment:
        reader.refuse("url", "is no address such as smtps://user:password@mail.example.org")
        return None
    return parts


def _recipients(reader: OptionReader, value: object) -> tuple[Address, ...]:
    if value is None or value == []:
        reader.refuse("to", "is missing: name one address or a list of them")
        return ()
    found = [_address(one) for one in (value if isinstance(value, list | tuple) else [value])]
    for number, one in enumerate(found):
        if one is None:
            reader.refuse("to", f"address {number + 1} is no mail address such as desk@example.org")
    return tuple(one for one in found if one is not None)


def _sender(reader: OptionReader, user: str) -> Address | None:
    given = reader.text("from")
    sender = _address(given or user)
    if sender is None and "from" not in {one.option for one in reader.mistakes}:
        what = "is no mail address such as tocsin@example.org" if given else "is missing: who do the mails come from?"
        reader.refuse("from", what)
    return sender


def _address(value: object) -> Address | None:
    if not isinstance(value, str) or not _PLAIN_ADDRESS.fullmatch(value.strip()):
        return None
    try:
        return Address(addr_spec=value.strip())
    except (ValueError, HeaderParseError, IndexError):
        return None
