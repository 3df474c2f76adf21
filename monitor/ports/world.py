"""What comes from outside and goes there: documents, messages, time."""

from datetime import datetime
from typing import Protocol

from monitor.model.alerts import Rendered, SendFailed, Sent
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import (
    Fetched,
    FetchFailed,
    FetchRequest,
    NotModified,
)
from monitor.model.slices import LastRead


class Fetcher(Protocol):
    """Asks a publisher for one address. Never raises for what a peer does."""

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        """One exchange, redirects included, within the time limit."""
        ...


class Parser(Protocol):
    """Reads a feed document. Never raises for what a document says."""

    async def parse(self, document: Fetched, known: LastRead | None = None, /) -> ParsedFeed | ParseFailed:
        """The normalised feed, or why there is none; it may leave out entries that are `known`, and then says so."""
        ...


class Channel(Protocol):
    """A destination. Never raises for what a peer does."""

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Send once, truthfully."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class Clock(Protocol):
    """Time and chance, passed in."""

    def steady(self) -> float:
        """Seconds since some moment, which nobody sets; those in which the machine slept count."""
        ...

    def now(self) -> datetime:
        """The moment, aware, UTC."""
        ...

    def chance(self) -> float:
        """A number in [0, 1)."""
        ...
