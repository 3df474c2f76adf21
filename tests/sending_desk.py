"""A store, a courier for one channel, and what arrived when, on a virtual clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.alerts.retry import RetryPolicy
from monitor.flow.deliver import Courier, Send
from monitor.flow.sort import sort
from monitor.model.alerts import PublicId, Rendered, Scope, SendFailed, Sent
from monitor.model.holding import Handling, Handlings, Rate
from monitor.model.rules import Priority
from monitor.store.sqlite import SqliteStore
from tests.fakes.world import Recorder, SetClock
from tests.store_values import NORTH, Office, alert, commit, feeds, plan, sifted

BERLIN = "Europe/Berlin"


@dataclass(slots=True)
class Desk:
    """A store, a courier for one channel, and what arrived when."""

    store: Office
    folder: Path | None
    handling: Handling = field(default_factory=Handling)
    rules: Mapping[str, Handling] = field(default_factory=dict)
    clock: SetClock = field(default_factory=SetClock)
    channel: Recorder = field(default_factory=Recorder)
    arrived: list[tuple[datetime, Rendered]] = field(default_factory=list)
    raised: int = 0
    backlog: int | None = None
    pace: Rate | None = None
    tries: int = 0
    """of a channel that refuses"""
    courier: Courier = field(init=False)

    def __post_init__(self) -> None:
        self.channel.answer = self.take
        self.hire()

    def hire(self) -> None:
        self.courier = Courier(
            name="desk",
            channel=self.channel,
            outbox=self.store.outbox,
            clock=self.clock,
            policy=RetryPolicy(),
            report=_unheard,
            backlog=self.backlog,
            pace=self.pace,
            past=self.store.sorting,
        )

    def take(self, message: Rendered) -> Sent | SendFailed:
        self.arrived.append((self.clock.now(), message))
        return Sent()

    def refuse(self, _: Rendered) -> SendFailed:
        """As a channel does that is away."""
        self.tries += 1
        return SendFailed(scope=Scope.CHANNEL, reason="answered 503")

    async def restart(self) -> None:
        """A new process over the same memory."""
        if self.folder is not None:
            await self.store.close()
            self.store = await SqliteStore.open(self.folder)
            await self.store.outbox.recover()
        self.hire()

    async def alert(self, count: int = 1, *, priority: Priority = Priority.NORMAL) -> list[PublicId]:
        (feed,) = await feeds(self.store, NORTH)
        entries = [sifted(self.raised + number) for number in range(1, count + 1)]
        self.raised += count
        now = self.clock.now()
        alerts = [replace(alert(one), at=now, priority=priority) for one in entries]
        alerts = [replace(one, content=replace(one.content, is_late=False)) for one in alerts]
        await commit(self.store, plan(feed, *entries, at=now, alerts=tuple(alerts)))
        return [one.public_id for one in alerts]

    async def beat(self) -> None:
        """What the engine does once a second."""
        handlings = Handlings(channels={"desk": self.handling}, rules=self.rules)
        await sort(self.store.sorting, handlings, ("desk",), self.clock.now())
        await self.courier.drain(lambda: False)

    async def live_until(self, end: datetime, *, step: timedelta = timedelta(minutes=10)) -> None:
        while self.clock.now() < end:
            await self.beat()
            self.clock.pass_by(min(step, end - self.clock.now()))
        await self.beat()

    def local(self, zone: str = BERLIN) -> list[str]:
        """When each message arrived, on the wall."""
        return [f"{at.astimezone(ZoneInfo(zone)):%d %H:%M}" for at, _ in self.arrived]

    def told(self) -> list[PublicId]:
        return [item.alert.public_id for _, message in self.arrived for item in message.items]


def _unheard(_: Send) -> None:
    return


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
