"""Alerts as signed JSON to an address of the owner's (the body: `payload`).

Every request carries `Idempotency-Key` and `webhook-id`, the message's public id, which stays the same at
every retry. With a secret it is signed twice: by the Standard Webhooks scheme (standardwebhooks.com), whose
libraries verify it, and for simple receivers by `X-Tocsin-Signature: sha256=` + hex HMAC-SHA256 of the body.
"""

import base64
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from monitor import __version__
from monitor.channels.addresses import web_address
from monitor.channels.options import OptionMistake, OptionReader
from monitor.channels.payload import encode
from monitor.channels.verdicts import judged
from monitor.model.alerts import Rendered, Scope, SendFailed, Sent
from monitor.model.settings import ChannelSpec
from monitor.net.post import DEADLINE, NoAnswer, Poster

_OPTIONS = ("url", "secret", "timeout", "headers")
_SHORTEST, _LONGEST = timedelta(seconds=1), timedelta(minutes=2)
_BASE64_SECRET = "whsec_"  # noqa: S105 - the public prefix of a secret, not a secret
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*", re.ASCII)
_OURS = frozenset(
    {
        "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "expect",
        "host", "idempotency-key", "transfer-encoding", "upgrade", "user-agent", "webhook-id",
        "webhook-signature", "webhook-timestamp", "x-tocsin-signature",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a webhook goes, checked. `key` is the signing key; empty: unsigned."""

    url: str
    key: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    within: timedelta = DEADLINE

    def __repr__(self) -> str:
        """The host alone: the rest of it is secret."""
        return f"Target({urlsplit(self.url).hostname})"


def build_webhook(spec: ChannelSpec) -> "Webhook | tuple[OptionMistake, ...]":
    """A webhook of the options `url`, `secret`, `timeout` and `headers`, or all that is wrong with them."""
    reader = OptionReader(spec.options, known=_OPTIONS)
    url = web_address(reader, "url")
    target = Target(
        url=url,
        key=_key(reader),
        headers=_headers(reader, has_user="@" in urlsplit(url).netloc),
        within=reader.duration("timeout", DEADLINE, least=_SHORTEST, most=_LONGEST),
    )
    return reader.mistakes or Webhook(target, Poster())


class Webhook:
    """Posts each message once. The status alone says how it ended; a redirect is a failure."""

    def __init__(self, target: Target, poster: Poster, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`poster` is closed with the channel; `now` dates and signs."""
        self._target = target
        self._poster = poster
        self._now = now

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Send once, within the deadline, and say truthfully what came back."""
        sent_at = self._now()
        body = encode(message, sent_at)
        headers = {
            **dict(self._target.headers),
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"tocsin/{__version__}",
            "Idempotency-Key": message.public_id,
            **signatures(message.public_id, sent_at, body, self._target.key),
        }
        outcome = await self._poster.post(self._target.url, body, headers, self._target.within)
        if isinstance(outcome, NoAnswer):
            return SendFailed(scope=Scope.CHANNEL, reason=outcome.reason)
        return judged(urlsplit(self._target.url).hostname or "", outcome.status, outcome.retry_after_seconds)

    async def close(self) -> None:
        """Let go of connections."""
        await self._poster.close()


def signatures(public_id: str, sent_at: datetime, body: bytes, key: bytes) -> Mapping[str, str]:
    """The headers that identify and, where there is a key, sign a request."""
    timestamp = str(int(sent_at.timestamp()))
    headers = {"webhook-id": public_id, "webhook-timestamp": timestamp}
    if key:
        signed = hmac.digest(key, f"{public_id}.{timestamp}.".encode() + body, "sha256")
        headers["webhook-signature"] = f"v1,{base64.b64encode(signed).decode('ascii')}"
        headers["X-Tocsin-Signature"] = f"sha256={hmac.digest(key, body, 'sha256').hex()}"
    return headers


def _key(reader: OptionReader) -> bytes:
    secret = reader.text("secret")
    if not secret.startswith(_BASE64_SECRET):
        # Bytes of the environment that are not UTF-8 come back as they were.
        return _bytes_or_refuse(reader, secret)
    try:
        key = base64.b64decode(secret.removeprefix(_BASE64_SECRET), validate=True)
    except ValueError:
        key = b""
    if not key:
        reader.refuse("secret", f"must go on in base64 after {_BASE64_SECRET}")
    return key


def _bytes_or_refuse(reader: OptionReader, secret: str) -> bytes:
    try:
        return secret.encode("utf-8", errors="surrogateescape")
    except UnicodeEncodeError:
        reader.refuse("secret", "has characters that cannot be written as UTF-8")
        return b""


def _headers(reader: OptionReader, *, has_user: bool) -> tuple[tuple[str, str], ...]:
    headers = reader.texts("headers")
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            reader.refuse("headers", "has a name that cannot be the name of a header")
            continue
        if name.lower() in _OURS:
            reader.refuse(f"headers.{name}", "is set by tocsin itself")
        elif name.lower() == "authorization" and has_user:
            reader.refuse(f"headers.{name}", "is given twice: the url names a user as well")
        if not _HEADER_VALUE.fullmatch(value):
            reader.refuse(f"headers.{name}", "must be one line of ASCII characters")
    return tuple(headers.items())
