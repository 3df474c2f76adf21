"""What the flows need from the world. Adapters stand behind these; fakes pass the same contract tests."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model.alerts import Message, PublicId, Rendered, SendFailed, Sent, Settled
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import FeedState, Fetched, FetchFailed, FetchRequest, NotModified
from monitor.model.stories import Known, PollPlan, Question
from monitor.model.views import AlertRow, DeliveryRow, History, Status


class Fetcher(Protocol):
    """Asks a publisher for one address. Never raises for what a peer does."""

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        """One exchange, redirects included, within the time limit."""
        ...


class Parser(Protocol):
    """Reads a feed document. Never raises for what a document says."""

    async def parse(self, document: Fetched) -> ParsedFeed | ParseFailed:
        """The normalised feed, or why there is none."""
        ...


class PollStore(Protocol):
    """The memory of polling."""

    async def register(self, urls: Sequence[tuple[str, datetime]]) -> tuple[FeedState, ...]:
        """Make these (url, first poll at) the feeds that are polled; known ones keep their state and due time.

        Feeds that are not named stay in the store but are not due. Returns the states, in the order of `urls`.
        """
        ...

    async def due(self, now: datetime, limit: int) -> tuple[FeedState, ...]:
        """Registered feeds to be polled now, longest overdue first; none that is gone or whose origin is held."""
        ...

    async def commit(
        self,
        question: Question,
        decide: Callable[[Known], PollPlan],
        *,
        is_dry: bool = False,
    ) -> PollPlan:
        """Open the write transaction, read what is known, let `decide` decide, write its plan, commit.

        `decide` must be pure and quick: it runs while the single writer is held, which is what makes two polls
        that bring the same story decide one after the other. With `is_dry` nothing is written.
        Alerts whose dedupe key exists are not written again, nor are their deliveries; the returned plan holds
        those that were written. Raises StoreError; then nothing was written.
        """
        ...


class OutboxStore(Protocol):
    """Deliveries that are not done."""

    async def ready(self, now: datetime) -> tuple[str, ...]:
        """Names of the channels whose first unfinished message may be sent now."""
        ...

    async def claim(self, channel: str, now: datetime, lease: timedelta, limit: int) -> tuple[Message, ...]:
        """Lease the channel's first `limit` messages in order; none where the first is not due or leased."""
        ...

    async def settle(self, settled: Sequence[Settled], release: Collection[PublicId], channel: str) -> None:
        """Write how sends ended, and give back leased messages of `channel` that were not tried."""
        ...

    async def recover(self) -> int:
        """Give back every lease: only for a process that knows it is the only one. Returns how many there were."""
        ...

    async def retry(self, public_ids: Collection[PublicId] | None, now: datetime) -> int:
        """Make dead or waiting deliveries due now (None: all dead ones); returns how many."""
        ...


class ViewStore(Protocol):
    """Answers about the past, for people."""

    async def status(self) -> Status:
        """Feeds, counts and the last alerts."""
        ...

    async def alerts(self, limit: int) -> tuple[AlertRow, ...]:
        """Newest first."""
        ...

    async def outbox(self, limit: int, states: Collection[str]) -> tuple[DeliveryRow, ...]:
        """Deliveries in these states, oldest first."""
        ...

    async def history(self, link_key: str, link: str) -> History:
        """Everything known of an entry with this canonical link key, or of an alert with this link."""
        ...


class Store(Protocol):
    """The three memories, opened and closed together."""

    @property
    def polls(self) -> PollStore:
        """The memory of polling."""
        ...

    @property
    def outbox(self) -> OutboxStore:
        """What is not delivered yet."""
        ...

    @property
    def views(self) -> ViewStore:
        """Answers about the past."""
        ...

    async def close(self) -> None:
        """Finish what was asked for, then let go."""
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

    def now(self) -> datetime:
        """The moment, aware, UTC."""
        ...

    def chance(self) -> float:
        """A number in [0, 1)."""
        ...
