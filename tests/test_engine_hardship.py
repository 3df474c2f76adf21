"""The engine tells of itself: alarms through the outbox, and past it where the store cannot be written."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.engine.embedded import Engine
from monitor.engine.hardship import TOLD_AFTER, Hardship
from monitor.engine.reports import Trouble
from monitor.errors import StoreBusy
from monitor.model.alerts import Scope, SendFailed, Sent
from monitor.model.holding import DailyDigest
from monitor.model.polls import FailureKind, FetchFailed
from monitor.model.settings import HeartbeatSettings
from monitor.model.troubles import Room
from tests.fakes.world import Recorder
from tests.test_engine import Town, running, until

URL = "https://a.example/1"
FULL = StoreBusy("the disk is full")
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def town(monkeypatch: pytest.MonkeyPatch) -> Town:
    """One outlet, two channels; beats come quickly."""
    monkeypatch.setattr("monitor.engine.embedded.UPKEEP_PERIOD", 0.01)
    made = Town((URL,), channels={"screen": Recorder(), "ops": Recorder()})
    await made.open()
    return made


@dataclass(slots=True)
class Ordeal:
    """A store that fails for a while, looked at once a minute."""

    town: Town
    seconds: float = 1000.0
    trouble: Trouble = field(init=False)
    hardship: Hardship = field(init=False)

    def __post_init__(self) -> None:
        self.trouble = Trouble(monotonic=lambda: self.seconds)
        self.hardship = Hardship(self.trouble)

    async def last(self, minutes: int, *, fails: bool) -> None:
        house = self.town.house()
        house = replace(house, watch=replace(house.watch, alarms=("ops",)))
        for _ in range(minutes):
            self.seconds += 60
            self.town.clock.pass_by(MINUTE)
            if fails:
                self.trouble.meet("poll 1", FULL)
            await self.hardship.look(house)

    def heard(self) -> list[str]:
        return [message.subject for message in self.town.channels["ops"].messages]


async def test_a_store_that_fails_for_minutes_is_told_past_the_outbox_and_its_end_through_it(town: Town) -> None:
    """Once, by the channels that hear alarms; a lock of two minutes is nothing."""
    ordeal = Ordeal(town)
    with capture_logs():
        await ordeal.last(4, fails=True)
        await ordeal.last(5, fails=False)
        assert ordeal.heard() == []
        began = town.clock.now() + MINUTE
        await ordeal.last(60, fails=True)
    (says,) = [message.text for message in town.channels["ops"].messages]
    assert f"the database cannot be written since {began:%Y-%m-%d %H:%M} UTC: the disk is full; " in says
    assert town.channels["screen"].messages == []
    await ordeal.last(5, fails=False)
    (row,) = await town.store.views.alerts(10)
    assert row.alert.content.title.startswith("over: the database can be written again, after trouble since")
    assert row.alert.channels == ("ops",)
    assert TOLD_AFTER < 60 * 60


async def test_a_store_that_fails_for_days_is_told_once_a_day(town: Town) -> None:
    """By UTC."""
    ordeal = Ordeal(town)
    with capture_logs():
        await ordeal.last(30 * 60, fails=True)
    assert len(ordeal.heard()) == 2


async def test_alarms_of_the_engine_are_sent_and_so_is_their_end(town: Town) -> None:
    """Little room, then some again: each channel hears both, once, in this order."""
    town.store.memory.room = Room(free=10**8, whole=10**12)
    async with running(Engine(town.house())):
        await until(lambda: bool(said(town, "ops")))
        town.clock.pass_by(2 * MINUTE)
        town.store.memory.room = Room(free=10**11, whole=10**12)
        await until(lambda: len(said(town, "ops")) == len(said(town, "screen")) == 2)
        town.clock.pass_by(2 * MINUTE)
        await until(lambda: town.store.upkeep.tidied >= 1)
    first, second = said(town, "ops")
    assert first.startswith("alarm: the disk of the database has little room")
    assert second.startswith("over: the disk of the database: there is room again")


async def test_a_feed_that_is_gone_is_told_by_a_single_round_too(town: Town) -> None:
    """Whoever runs it by cron has nothing else that would tell."""
    town.publisher.answers[URL] = FetchFailed(kind=FailureKind.GONE, status=410, reason="answered 410 Gone")
    await Engine(town.house()).once()
    assert said(town, "ops")[0].startswith("alarm: a.example: the feed is gone for good (410)")


async def test_a_dead_channel_is_told_by_the_other_and_so_is_its_recovery(town: Town) -> None:
    """Never through itself, not even when it works again."""
    gone = SendFailed(scope=Scope.CHANNEL, reason="answered 410", is_lasting=True)
    answers: dict[str, Callable[[], Sent | SendFailed]] = {"screen": lambda: gone}
    town.channels["screen"].answer = lambda _: answers["screen"]()
    town.store.memory.room = Room(free=10**8, whole=10**12)  # something to send
    async with running(Engine(town.house())):
        for _ in range(4):
            before = len(town.channels["screen"].messages)
            await until(lambda before=before: len(town.channels["screen"].messages) > before)  # type: ignore[misc]  # mypy cannot tell its type
            town.clock.pass_by(5 * MINUTE)
        await until(lambda: any("messages do not get through" in one for one in said(town, "ops")))
        answers["screen"] = Sent
        town.clock.pass_by(60 * MINUTE)
        await until(lambda: not town.store.memory.circuits)
        town.clock.pass_by(2 * MINUTE)
        await until(lambda: any("over: channel screen" in one for one in said(town, "ops")))
    assert [one for one in said(town, "screen") if "channel screen" in one] == []
    assert len([one for one in said(town, "ops") if "channel screen" in one]) == 2


async def test_the_daily_line_is_said_once_a_local_date(town: Town) -> None:
    """By the channels named for it, over restarts too."""
    house = town.house()
    beat = HeartbeatSettings(daily=DailyDigest(at=town.clock.now().time(), zone="UTC"), channels=("ops",))
    house = replace(house, settings=replace(house.settings, heartbeat=beat))
    for _ in range(2):
        async with running(Engine(house)):
            await until(lambda: bool(said(town, "ops")))
            town.clock.pass_by(2 * MINUTE)
    (line,) = said(town, "ops")
    assert line.startswith("tocsin is alive: 1 feed, ")
    assert said(town, "screen") == []
    async with running(Engine(house)):
        town.clock.pass_by(timedelta(days=1))
        await until(lambda: len(said(town, "ops")) == 2)


def said(town: Town, channel: str) -> list[str]:
    return [message.subject for message in town.channels[channel].messages]
