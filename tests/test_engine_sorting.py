"""The engine sorts before it sends, keeps the pace of channels, and writes nothing where nothing is to be done."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from monitor.app.house import House
from monitor.engine.embedded import Engine
from monitor.model.alerts import Rendered, Scope, SendFailed, Sent
from monitor.model.holding import Handling, Handlings, QuietHours, Rate, Sorting
from monitor.system.clock import SystemClock
from tests.fakes.world import Recorder
from tests.plain_values import entry
from tests.test_engine import Town, running, until

URL = "https://a.example/rss"


async def opened() -> Town:
    """A town whose feed has its baseline."""
    town = Town((URL,))
    await town.open()
    await Engine(town.house()).once()
    return town


def publish(town: Town, count: int) -> None:
    """News, due to be polled."""
    links = [entry(2 + number, title=f"Strike number {number}", link=f"{URL}/{2 + number}") for number in range(count)]
    town.publish(URL, *links)
    town.clock.pass_by(timedelta(minutes=20))


def handled(house: House, handlings: Handlings) -> House:
    return replace(house, settings=replace(house.settings, handlings=handlings))


def quiet_until(moment: datetime) -> Handlings:
    """Quiet hours that cover the present and end then."""
    begin = (moment - timedelta(hours=8)).time()
    return Handlings(channels={"screen": Handling(quiet=(QuietHours(begin=begin, end=moment.time(), zone="Etc/UTC"),))})


async def test_what_is_held_is_sent_within_a_beat_of_the_end_of_its_hold() -> None:
    """The daemon wakes for it by itself."""
    town = await opened()
    publish(town, 1)
    end = (town.clock.now() + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    async with running(Engine(handled(town.house(), quiet_until(end)))):
        await until(lambda: any(one.state == "held" for one in town.store.memory.deliveries))
        assert town.channels["screen"].messages == []
        town.clock.moment = end
        began = time.monotonic()
        await until(lambda: len(town.channels["screen"].messages) == 1)
        assert time.monotonic() - began < 3


async def test_a_reload_lets_go_of_what_the_new_configuration_does_not_hold() -> None:
    """At once."""
    town = await opened()
    publish(town, 1)
    end = (town.clock.now() + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    engine = Engine(handled(town.house(), quiet_until(end)))

    async def without(house: House) -> House:
        return handled(house, Handlings())

    async with running(engine):
        await until(lambda: any(one.state == "held" for one in town.store.memory.deliveries))
        await engine.refurnish(without)
        await until(lambda: len(town.channels["screen"].messages) == 1)


async def test_a_round_keeps_the_pace_of_a_channel_and_sends_all_the_same() -> None:
    """It waits as long as the pace asks, not longer than a minute; and it does not look about meanwhile."""
    town = await opened()
    publish(town, 5)
    moments: list[float] = []
    town.channels["screen"].answer = _noted(moments)
    looks = _counting(town)
    paced = Handlings(pacing={"screen": Rate(most=1, per=timedelta(milliseconds=150))})
    done = await Engine(handled(replace(town.house(), clock=SystemClock()), paced)).once()
    assert done.sent == 5
    assert all(later - earlier >= 0.14 for earlier, later in pairwise(moments))
    assert len(looks) <= 25


async def test_a_daemon_keeps_the_pace_of_a_channel_between_its_beats() -> None:
    """It wakes when the channel is ready, not at its next beat only; other channels are not slowed."""
    town = await opened()
    town.channels["fast"] = Recorder()
    publish(town, 4)
    moments: list[float] = []
    town.channels["screen"].answer = _noted(moments)
    looks = _counting(town)
    paced = Handlings(pacing={"screen": Rate(most=1, per=timedelta(milliseconds=200))})
    began = time.monotonic()
    async with running(Engine(handled(replace(town.house(), clock=SystemClock()), paced))):
        await until(lambda: len(town.channels["fast"].messages) == 4)
        assert len(moments) <= 2
        await until(lambda: len(moments) == 4)
    assert all(later - earlier >= 0.19 for earlier, later in pairwise(moments))
    assert time.monotonic() - began < 5
    assert len(looks) <= 40


async def test_a_bug_in_the_sorting_silences_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits goes out at once, and the log says so; the daemon lives on."""

    def broken(*_: object) -> Sorting:
        raise ZeroDivisionError

    town = await opened()
    publish(town, 1)
    monkeypatch.setattr("monitor.flow.sort.sort_out", broken)
    with capture_logs() as logs:
        done = await Engine(town.house()).once()
    assert done.sent == 1
    assert [(one["channel"], one["event"]) for one in logs if one["log_level"] == "error"] == [
        ("screen", "sorting broke: nothing is held back")
    ]


async def test_a_channel_that_hangs_delays_no_other() -> None:
    """Nor does one that refuses (R13)."""
    town = await opened()
    hang = asyncio.Event()

    class Hanging(Recorder):
        async def send(self, message: Rendered) -> Sent | SendFailed:
            await hang.wait()
            return await super().send(message)

    town.channels = {"hanging": Hanging(), "refusing": Recorder(), **town.channels}
    town.channels["refusing"].answer = lambda _: SendFailed(scope=Scope.CHANNEL, reason="answered 503")
    publish(town, 12)
    async with running(Engine(town.house())) as stop:
        await until(lambda: len(town.channels["screen"].messages) == 12)
        assert len(town.channels["refusing"].messages) == 1
        hang.set()
        stop.set()


def _noted(moments: list[float]) -> Callable[[Rendered], Sent]:
    def answer(_: Rendered) -> Sent:
        moments.append(time.monotonic())
        return Sent()

    return answer


def _counting(town: Town) -> list[datetime]:
    """Every look at what is ready from now on."""
    looks: list[datetime] = []
    ready = town.store.outbox.ready

    async def counted(now: datetime) -> tuple[str, ...]:
        looks.append(now)
        return await ready(now)

    town.store.outbox.ready = counted  # type: ignore[method-assign]  # the fake's own, watched
    return looks
