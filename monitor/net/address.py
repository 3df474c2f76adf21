"""Addresses of feeds: taken apart, joined, and never shown with their secrets."""

import re
from base64 import b64encode
from dataclasses import dataclass

from yarl import URL

URL_LIMIT_CHARACTERS = 4_000

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
"""names as they stand in DNS, underscores included, and literal addresses without a scope"""


class BadAddress(Exception):
    """No http(s) address; the text says why, without the address. Never leaves this room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One hop: where to ask, and the credentials that stood in the address."""

    url: URL
    """without user, password and fragment"""
    authorization: str = ""
    """value of the Authorization header; "" = none"""

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what credentials and connections belong to."""
        return (self.url.scheme, self.host, self.url.port or 0)

    @property
    def host(self) -> str:
        """The host, for messages and for the guard."""
        return self.url.host or ""


def read_address(text: str) -> Address:
    """Take an address apart. Raises BadAddress."""
    return _address(_parse(text))


def follow(start: Address, location: bytes) -> Address:
    """Where a Location header leads from here, without credentials. Raises BadAddress."""
    try:
        text = location.decode("utf-8")
    except UnicodeDecodeError:
        text = location.decode("latin-1")
    target = _parse(text.strip())
    try:
        # `//host/path` names a host and leaves the scheme as it was.
        joined = target if target.scheme else start.url.join(target)
    except ValueError as error:
        raise BadAddress("it is not an address") from error
    return Address(url=_address(joined).url)


def _parse(text: str) -> URL:
    if len(text) > URL_LIMIT_CHARACTERS:
        raise BadAddress("it is too long")
    if _CONTROL.search(text):
        raise BadAddress("it holds control characters")
    try:
        # What is plain ASCII is sent as it stands: requoting would break signed addresses.
        return URL(text, encoded=text.isascii() and " " not in text)
    except (ValueError, TypeError) as error:
        raise BadAddress("it is not an address") from error


def _address(url: URL) -> Address:
    if url.scheme not in {"http", "https"}:
        raise BadAddress("only http and https are fetched")
    try:
        host, port, user, password = url.raw_host, url.port, url.user, url.password
        plain = url.with_user(None) if "@" in url.raw_authority else url
        plain = plain.with_fragment(None) if plain.raw_fragment else plain
    except ValueError as error:
        raise BadAddress("it is not an address") from error
    if not host or not port or not _HOST.fullmatch(host):
        raise BadAddress("it names no host")
    authorization = ""
    if user or password:
        authorization = "Basic " + b64encode(f"{user or ''}:{password or ''}".encode()).decode("ascii")
    return Address(url=plain, authorization=authorization)
