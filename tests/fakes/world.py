"""Small fakes of the world around the flows: a clock that is set, a publisher, a parser, a channel."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model.alerts import Rendered, SendFailed, Sent
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import Fetched, FetchFailed, FetchRequest, NotModified
from monitor.model.slices import LastRead
from tests.plain_values import NOW


@dataclass(slots=True)
class SetClock:
    """Says the moment it was set to, and no chance at all unless it was given some."""

    moment: datetime = NOW
    luck: float = 0.0
    ran: float = 0.0
    """seconds that went by"""

    def now(self) -> datetime:
        return self.moment

    def steady(self) -> float:
        return self.ran

    def chance(self) -> float:
        return self.luck

    def pass_by(self, time: timedelta) -> None:
        """Let time go by."""
        self.moment += time
        self.ran += time.total_seconds()

    def be_set(self, by: timedelta) -> None:
        """Somebody sets the wall clock; no time goes by."""
        self.moment += by


@dataclass(slots=True)
class Publisher:
    """A fetcher that answers what was put up for an address, and keeps the requests."""

    answers: dict[str, Fetched | NotModified | FetchFailed] = field(default_factory=dict)
    requests: list[FetchRequest] = field(default_factory=list)

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        self.requests.append(request)
        return self.answers[request.url]


@dataclass(slots=True)
class Reader:
    """A parser that knows the documents by their bodies, and counts what it read."""

    documents: dict[bytes, ParsedFeed | ParseFailed] = field(default_factory=dict)
    read: int = 0

    async def parse(self, document: Fetched, _: LastRead | None = None) -> ParsedFeed | ParseFailed:
        self.read += 1
        return self.documents[document.body]


@dataclass(slots=True)
class Recorder:
    """A channel that keeps what it was sent and answers as it is told."""

    answer: Callable[[Rendered], Sent | SendFailed] = lambda _: Sent()
    messages: list[Rendered] = field(default_factory=list)
    is_closed: bool = False

    async def send(self, message: Rendered) -> Sent | SendFailed:
        self.messages.append(message)
        return self.answer(message)

    async def close(self) -> None:
        self.is_closed = True
