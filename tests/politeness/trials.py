"""Hard times for polling on a virtual clock: no names for an hour, names that hang, set clocks, sleep.

The real poller, flow and cadence over a store and publishers in memory.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.engine.poller import Poller
from monitor.engine.reports import Trouble
from monitor.engine.ticks import Tick
from monitor.errors import StoreDamaged
from monitor.model.polls import FailureKind, Fetched, FetchFailed, FetchRequest, NotModified, Validators
from monitor.model.stories import PollPlan
from tests.fakes.world import Publisher, SetClock
from tests.plain_values import NOW
from tests.store_values import commit
from tests.test_engine import Town

EVERY, SHORTEST = timedelta(minutes=15), timedelta(minutes=5)
ANSWER_SECONDS, LOOKUP_SECONDS = 0.2, 10.0
_NOT_FOUND = FetchFailed(kind=FailureKind.CONNECTION, reason="the name cannot be found")


@dataclass(slots=True)
class LoopClock(SetClock):
    """Goes with the event loop; may be set, and the machine may sleep."""

    set_by: timedelta = timedelta(0)
    slept: timedelta = timedelta(0)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.steady()) + self.set_by

    def steady(self) -> float:
        return asyncio.get_running_loop().time() + self.slept.total_seconds()


@dataclass(slots=True)
class Network(Publisher):
    """Publishers that answer after a moment; hosts named `hang…` never have an address, and others not for a while."""

    clock: LoopClock = field(default_factory=LoopClock)
    down: tuple[float, float] = (0.0, 0.0)
    """seconds between which no name is found"""
    asked: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    found: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    late: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """seconds after the due time"""
    due: dict[str, datetime] = field(default_factory=dict)

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        now, is_down = self.clock.steady(), self.down[0] <= self.clock.steady() < self.down[1]
        self.asked[request.url].append(now)
        self.late[request.url].append((self.clock.now() - self.due[request.url]).total_seconds())
        if is_down or "//hang" in request.url:
            await asyncio.sleep(LOOKUP_SECONDS)
            return _NOT_FOUND
        await asyncio.sleep(ANSWER_SECONDS)
        self.found[request.url].append(now)
        return NotModified()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """How an hour without names was borne."""

    feeds: int
    recovered_after: float
    """seconds until the last healthy feed was read again"""
    most_a_second: int
    """requests"""
    latest: float
    """seconds that a healthy feed was polled after its due time, while names were found"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a clock that was set, or stood still, was borne."""

    shortest: float
    """seconds between two requests for one feed, at least"""
    longest: float
    """at most; those in which the machine slept do not count"""


async def names_are_gone(*, healthy: int, hanging: int) -> Outage:
    """Names are found for half an hour, for an hour none, and then again; some hang all the time."""
    clock = LoopClock()
    urls = (
        *(f"https://well{number}.example/rss" for number in range(healthy)),
        *(f"https://hang{number}.example/rss" for number in range(hanging)),
    )
    network = Network(clock=clock, down=(1_800.0, 5_400.0))
    await _lived(urls, network, 7_200.0)
    well = urls[:healthy]
    a_second = Counter(int(moment) for moments in network.asked.values() for moment in moments)
    back = [min(moment for moment in network.found[url] if moment >= 5_400.0) - 5_400.0 for url in well]
    late = [
        after
        for url in well
        for moment, after in zip(network.asked[url], network.late[url], strict=True)
        if not 1_800.0 <= moment < 5_400.0
    ]
    return Outage(feeds=len(urls), recovered_after=max(back), most_a_second=max(a_second.values()), latest=max(late))


async def clock_is_set(by: timedelta, *, feeds: int) -> Setting:
    """An hour after the beginning."""

    def happen(clock: LoopClock) -> None:
        clock.set_by += by

    return await _upset(happen, feeds)


async def machine_sleeps(time: timedelta, *, feeds: int) -> Setting:
    """An hour after the beginning; the clock is right when it wakes."""

    def happen(clock: LoopClock) -> None:
        clock.slept += time

    return await _upset(happen, feeds, asleep=time)


async def _upset(happen: Callable[[LoopClock], None], feeds: int, *, asleep: timedelta = timedelta(0)) -> Setting:
    clock = LoopClock()
    network = Network(clock=clock)
    urls = tuple(f"https://well{number}.example/rss" for number in range(feeds))
    asyncio.get_running_loop().call_later(3_600.0, happen, clock)
    await _lived(urls, network, 3 * 3_600.0)
    end = clock.steady()
    shortest, longest = end, 0.0
    for moments in network.asked.values():
        for one, other in pairwise((*moments, end)):
            slept = asleep.total_seconds() if one < 3_600.0 <= other else 0.0
            longest = max(longest, other - one - slept)
            shortest = min(shortest, other - one) if other != end else shortest
    return Setting(shortest=shortest, longest=longest)


async def _lived(urls: tuple[str, ...], network: Network, seconds: float) -> None:
    """Poll these, each due at its own moment of the interval, for so long."""
    town = Town(urls, clock=network.clock)
    await town.open()
    for place, feed in enumerate(await town.store.polls.register([(url, NOW) for url in urls])):
        due = NOW + EVERY * place / len(urls)
        known = replace(feed, next_poll_at=due, last_poll_at=due - EVERY, last_success_at=due - EVERY, baseline_at=NOW)
        known = replace(known, validators=Validators(etag=b'"1"'))
        await commit(town.store, PollPlan(feed=known, at=NOW))
    town.publisher = network
    house, tick = town.house(), Tick("poll", 1.0)
    poller = Poller(tick, tick, on_damage=_fail, trouble=Trouble(), monotonic=network.clock.steady)
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    async with asyncio.TaskGroup() as group:
        beat = group.create_task(_beating(tick))
        while loop.time() < end:
            network.due = {feed.url: feed.next_poll_at for feed in town.store.memory.feeds.values()}
            await poller.start_due(group, house)
            await tick.wait()
        beat.cancel()


async def _beating(tick: Tick) -> None:
    while True:
        await asyncio.sleep(tick.period)
        tick.give()


def _fail(error: StoreDamaged) -> None:
    raise error
