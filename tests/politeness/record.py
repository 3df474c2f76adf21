"""What a server saw of us, in the order in which it came: all that the score is counted by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

Headers = tuple[tuple[bytes, bytes], ...]

PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request, byte for byte, and what was answered."""

    at: datetime
    url: str
    head: bytes
    """from the request line to the empty line"""
    status: int = 200
    headers: Headers = ()
    """of the answer"""
    is_feed: bool = True
    """a 200 whose body is a whole feed"""
    ttl: timedelta = timedelta(0)
    """that the document asks for"""
    skip_hours: frozenset[int] = frozenset()
    open_here: int = 1
    """connections to this host and port that were open at that moment, this one included"""
    is_committed: bool = True
    """False: the process died before it had written what came of it"""

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def sent(self, name: bytes) -> bytes:
        """A header of the request, byte for byte; empty where it was not sent."""
        for line in self.head.split(b"\r\n")[1:]:
            key, colon, value = line.partition(b":")
            if colon and key.strip().lower() == name:
                return value.removeprefix(b" ")
        return b""

    def given(self, name: bytes) -> bytes:
        """A header of the answer."""
        return next((value for key, value in self.headers if key.lower() == name), b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the configuration says of one URL, and what is true of it."""

    every: timedelta | None = None
    """as stated for it; None: as for all"""
    named_by: int = 1
    """outlets"""
    is_plain: bool = False
    """its server never fails, asks for nothing, and nobody pauses it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """The process was ended and begun anew."""

    at: datetime
    due: Mapping[str, datetime]
    """when each feed was to be polled, as stored"""
    off: timedelta = timedelta(0)
    """for so long nobody was there"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that happened."""

    exchanges: tuple[Exchange, ...]
    feeds: Mapping[str, Terms]
    until: datetime
    every: timedelta = timedelta(minutes=15)
    """of feeds for which nothing else is stated"""
    shortest: timedelta = timedelta(minutes=5)
    gap: timedelta = timedelta(seconds=1)
    restarts: tuple[Restart, ...] = ()
    refreshes: tuple[tuple[datetime, str], ...] = ()
    """somebody wanted this feed polled now"""
    alarmed: frozenset[str] = frozenset()
    """feeds that somebody was told are gone"""
    strangers: frozenset[str] = field(default=frozenset())
    """addresses that redirects lead to, but where another feed stands"""
