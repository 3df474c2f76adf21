"""What feeds are asked with beside their addresses: headers, a login, a name for ourselves, a proxy."""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Annotated, Protocol, TypeAlias
from urllib.parse import unquote

from pydantic import AfterValidator, WithJsonSchema

from monitor.config.shape.fields import Filled, matching, wrong
from monitor.model.settings import Access, Proxy

_PROXY = re.compile(r"http://(?:(?P<login>.*)@)?(?P<host>[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?/?")
"""the login is whatever stands before the last @: a password that was substituted may hold any character"""
_DIRECT = "none"
_LOGIN_HEADER = "authorization"
_PLAIN = Access()
_HIGHEST_PORT = 65_535
_LONGEST_VALUE = 4_000


def _proxy(value: str) -> str:
    if re.match(r"socks\w*:", value, re.IGNORECASE):
        raise wrong("SOCKS proxies are not supported: an HTTP proxy is, such as http://proxy.example.org:3128")
    if value.lower().startswith("https:"):
        raise wrong("a proxy is asked over plain http://, and for https feeds it sees nothing but the host")
    found = _PROXY.fullmatch(value)
    if found is None or int(found["port"] or 1) not in range(1, _HIGHEST_PORT + 1) or not value.isprintable():
        raise wrong("expected a proxy such as http://proxy.example.org:3128 or http://user:${PASSWORD}@proxy:3128")
    return value


def _proxy_or_none(value: str) -> str:
    return value if value == _DIRECT else _proxy(value)


def _header_value(value: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?", value) or len(value) > _LONGEST_VALUE:
        raise wrong("expected one line of plain ASCII, without blanks around it")
    return value


HeaderValue: TypeAlias = Annotated[str, AfterValidator(_header_value)]
UserAgent: TypeAlias = HeaderValue
Username: TypeAlias = Annotated[str, matching(r"[^:\x00-\x1f\x7f]+", "a user name, which has no : in it")]
Password: TypeAlias = Filled
ProxyText: TypeAlias = Annotated[
    str, AfterValidator(_proxy), WithJsonSchema({"type": "string", "examples": ["http://proxy.example.org:3128"]})
]
OwnProxyText: TypeAlias = Annotated[
    str,
    AfterValidator(_proxy_or_none),
    WithJsonSchema({"type": "string", "examples": ["http://proxy.example.org:3128", _DIRECT]}),
]


class Asked(Protocol):
    """What an outlet and a feed may both say."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Header fields, by name."""
        ...

    @property
    def username(self) -> str | None:
        """Of a login by HTTP basic authentication."""
        ...

    @property
    def password(self) -> str | None:
        """Belongs to the user name beside it."""
        ...

    @property
    def user_agent(self) -> str | None:
        """What we call ourselves."""
        ...

    @property
    def proxy(self) -> str | None:
        """An address, or none."""
        ...


def access(outlet: Asked, feed: Asked) -> Access:
    """How a feed is asked: what it says itself goes before what its outlet says, header by header."""
    if not (_says(outlet) or _says(feed)):
        return _PLAIN  # one for all: there may be a hundred thousand feeds
    headers = {name.lower(): (name, value) for name, value in (*outlet.headers.items(), *feed.headers.items())}
    login = feed if feed.username else outlet
    proxy = feed.proxy or outlet.proxy
    if feed.username:
        headers.pop(_LOGIN_HEADER, None)
    is_basic = login.username is not None and _LOGIN_HEADER not in headers
    return Access(
        headers=tuple(headers.values()),
        authorization=_basic(login.username or "", login.password or "") if is_basic else "",
        user_agent=feed.user_agent or outlet.user_agent or "",
        proxy=read_proxy(proxy) if proxy else None,
    )


def _says(one: Asked) -> bool:
    return bool(one.headers or one.username or one.user_agent or one.proxy)


def read_proxy(text: str) -> Proxy:
    """The proxy that a text which was checked means; `none`: that there is none."""
    found = _PROXY.fullmatch(text)
    if found is None:
        return Proxy(address="")
    port = f":{found['port']}" if found["port"] else ""
    user, _, password = (found["login"] or "").partition(":")
    authorization = _basic(unquote(user), unquote(password)) if found["login"] else ""
    return Proxy(address=f"http://{found['host']}{port}", authorization=authorization)


def sent_of(authorization: str) -> tuple[str, ...]:
    """What nobody may be shown of a login by basic authentication: what is sent, and the password in it."""
    sent = authorization.removeprefix("Basic ")
    return tuple(filter(None, (sent, b64decode(sent).decode().partition(":")[2])))


def _basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode('ascii')}"
