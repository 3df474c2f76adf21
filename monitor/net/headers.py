"""What headers say about asking again: validators, freshness, and how long to wait."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.model.polls import Validators

VALIDATOR_LIMIT_BYTES = 1_000
MAX_AGE_LIMIT_SECONDS = 86_400
RETRY_AFTER_LIMIT_SECONDS = 10**9
"""no cap of policy, only a number that every store and clock can hold: thirty years"""

RawHeaders = Iterable[tuple[bytes, bytes]]

_FRESHNESS = frozenset((b"cache-control", b"expires", b"date", b"age"))
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_DIGITS_LIMIT = 18
_HEADER_LIMIT_CHARACTERS = 200


def validators(headers: RawHeaders) -> Validators:
    """ETag and Last-Modified, byte for byte; one that could not be sent back safely counts as none."""
    etags: list[bytes] = []
    moments: list[bytes] = []
    for name, value in headers:
        lower = name.lower()
        if lower == b"etag":
            etags.append(value)
        elif lower == b"last-modified":
            moments.append(value)
    return Validators(etag=_single(etags), last_modified=_single(moments))


def is_sendable(validator: bytes) -> bool:
    """Whether it can be sent back safely."""
    return 0 < len(validator) <= VALIDATOR_LIMIT_BYTES and _CONTROL.search(validator) is None


def text_of(headers: RawHeaders, name: bytes) -> str:
    """All values of one header, joined with commas; "" where there is none. Bytes become code points."""
    return ", ".join(value.decode("latin-1") for key, value in headers if key.lower() == name)


def max_age_seconds(headers: RawHeaders, now: datetime) -> int:
    """The publisher's floor, as `freshness_seconds`; 0 also where nothing is said."""
    return freshness_seconds(headers, now) or 0


def freshness_seconds(headers: RawHeaders, now: datetime) -> int | None:
    """How long an answer stays fresh, 24 h at most: Cache-Control max-age, else Expires less Date (or `now`).

    Less the Age that it has already: a cache that is asked when its copy has run out gives a new one, and not for as
    long again the old one. None where nothing is said of it; 0: that it is not fresh at all.
    """
    said = _said(headers)
    directives: dict[str, str] = {}
    if stated := said.get(b"cache-control", ""):
        for directive in stated.lower().split(","):
            name, _, value = directive.partition("=")
            directives.setdefault(name.strip(), value.strip().strip('"'))
    if "no-cache" in directives or "no-store" in directives:
        return 0
    lifetime = _digits(directives.get("max-age", ""))
    if lifetime is None:
        stated = said.get(b"expires", "")
        expires = _date(stated)
        if expires is None:
            return 0 if stated else None  # `Expires: 0` is no date, and means what it seems to
        lifetime = int((expires - (_date(said.get(b"date", "")) or now)) / timedelta(seconds=1))
    age = _digits(said.get(b"age", "").strip()) or 0
    return max(0, min(lifetime - age, MAX_AGE_LIMIT_SECONDS))


def content_length(headers: RawHeaders) -> int:
    """How many bytes are announced; 0: none are, or nobody can tell."""
    return _digits(text_of(headers, b"content-length").strip()) or 0


def retry_after_seconds(headers: RawHeaders, now: datetime) -> int | None:
    """Retry-After in seconds or as a date; a time gone by is 0, garbage is None."""
    value = text_of(headers, b"retry-after").strip()
    sign, digits = (-1, value[1:]) if value.startswith("-") else (1, value)
    seconds = _digits(digits)
    if seconds is None:
        date = _date(value)
        if date is None:
            return None
        seconds, sign = int((date - now) / timedelta(seconds=1)), 1
    return max(0, min(sign * seconds, RETRY_AFTER_LIMIT_SECONDS))


def _single(validators: list[bytes]) -> bytes:
    """Several values are one too many: which of them names the document cannot be known."""
    return validators[0] if len(validators) == 1 and is_sendable(validators[0]) else b""


def _said(headers: RawHeaders) -> dict[bytes, str]:
    """What is said of freshness, by header; as `text_of`."""
    said: dict[bytes, str] = {}
    for name, value in headers:
        lower = name.lower()
        if lower in _FRESHNESS:
            text = value.decode("latin-1")
            said[lower] = f"{said[lower]}, {text}" if lower in said else text
    return said


def _digits(text: str) -> int | None:
    """A plain number. More digits than any clock needs mean "very long"."""
    if not text.isascii() or not text.isdigit():
        return None
    return int(text) if len(text) <= _DIGITS_LIMIT else 10**_DIGITS_LIMIT


def _date(text: str) -> datetime | None:
    if not text or len(text) > _HEADER_LIMIT_CHARACTERS:
        return None
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (
        ValueError,
        OverflowError,
        TypeError,
        IndexError,
    ):  # all four were seen from parsedate_to_datetime
        return None
