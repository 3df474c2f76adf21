"""The kinds of value that sections share, with messages that people understand."""

import re
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from monitor.config import duration

OURS = "tocsin"
"""the pydantic error type of messages that are already in plain English"""

SUBSTITUTED = r"\$\{"
"""what editors must accept wherever a text has a pattern: `${NAME}` is replaced before it is checked"""


class Section(BaseModel):
    """A mapping whose keys are known. Extra keys are mistakes; values are not changed afterwards."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True, validate_default=False
    )


def wrong(what: str, at: int = 0) -> PydanticCustomError:
    """A mistake in our own words, which never repeat the value: it may be a secret. `at`: which character is wrong."""
    return PydanticCustomError(OURS, "{what}", {"what": what, "at": at})


def _duration(value: object) -> timedelta:
    read = duration.parse(value) if isinstance(value, str) else None
    if read is None:
        raise wrong("expected a duration such as 15m, 2h or 1h30m, of a year at most")
    return read


def _network(value: object) -> IPv4Network | IPv6Network:
    try:
        return ip_network(value if isinstance(value, str) else "")
    except ValueError:
        raise wrong("expected a network such as 127.0.0.0/8 or fd00::/8, zero after the prefix") from None


_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\]")
_LONGEST_ADDRESS = 2000
_LOGIN = "a user or password in an address is not supported"


def _address(value: str) -> str:
    expected = wrong("expected an address such as https://example.org/rss")
    if _UNSAFE.search(value) or len(value) > _LONGEST_ADDRESS:
        raise expected
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise expected from None
    if parts.scheme not in ("http", "https") or not host:
        raise expected
    if parts.username is not None:
        raise wrong(_LOGIN)
    return value


def _feed_address(value: str) -> str:
    try:
        return _address(value)
    except PydanticCustomError as error:
        if (error.context or {}).get("what") == _LOGIN:
            raise wrong(f"{_LOGIN}: write username: and password: beside it") from None
        raise


_LONGEST_LINE = 200


def _line(value: str) -> str:
    if not value.strip():
        raise wrong("must not be empty")
    if value != value.strip() or not value.isprintable():
        raise wrong("expected one line of text, without blanks around it")
    if len(value) > _LONGEST_LINE:
        raise wrong(f"longer than {_LONGEST_LINE} characters")
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise wrong("must not be empty")
    return value


def matching(pattern: str, what: str) -> AfterValidator:
    """A text that is like `pattern` from end to end; `what` completes *expected …*."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if compiled.fullmatch(value) is None:
            raise wrong(f"expected {what}")
        return value

    return AfterValidator(check)


def _moment(value: object) -> datetime:
    """A moment with its zone; a day alone lasts until its end in UTC."""
    wrong_moment = wrong("expected a day such as 2026-12-31, or a moment with its zone such as 2026-12-31T18:00+02:00")
    if not isinstance(value, str):
        raise wrong_moment
    try:
        if _DAY.fullmatch(value):
            return datetime.fromisoformat(value).replace(tzinfo=UTC) + timedelta(days=1)
        moment = datetime.fromisoformat(value).astimezone(UTC) if _ZONED.search(value) else None
    except (ValueError, OverflowError):
        raise wrong_moment from None
    if moment is None:
        raise wrong_moment
    return moment


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ZONED = re.compile(r"[T ]\d\d:?\d\d.*(?:Z|[+-]\d\d:?\d\d)$")


def _text_schema(**more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **more})


Duration: TypeAlias = Annotated[
    timedelta,
    BeforeValidator(_duration),
    _text_schema(pattern=f"{duration.PATTERN}|{SUBSTITUTED}", examples=["15m", "2h", "1h30m"]),
]
Network: TypeAlias = Annotated[
    IPv4Network | IPv6Network, BeforeValidator(_network), _text_schema(examples=["127.0.0.0/8"])
]
Address: TypeAlias = Annotated[
    str, AfterValidator(_address), _text_schema(pattern=f"^https?://|{SUBSTITUTED}", format="uri-reference")
]
FeedAddress: TypeAlias = Annotated[
    str, AfterValidator(_feed_address), _text_schema(pattern=f"^https?://|{SUBSTITUTED}", format="uri-reference")
]
Moment: TypeAlias = Annotated[
    datetime, BeforeValidator(_moment), _text_schema(examples=["2026-12-31", "2026-12-31T18:00+02:00"])
]
Language: TypeAlias = Annotated[str, matching(r"[a-z]{2,3}", "a language such as en, ru or uk")]
Tag: TypeAlias = Annotated[str, matching(r"\w[\w-]*", "one word, of letters, digits, - and _")]
Line: TypeAlias = Annotated[str, AfterValidator(_line), _text_schema(minLength=1, maxLength=_LONGEST_LINE)]
Filled: TypeAlias = Annotated[str, AfterValidator(_filled), _text_schema(minLength=1)]
