"""No feed hides another: not one that hangs, not ten thousand of one server, not a night without the machine."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.cadence.next_poll import JITTER
from monitor.engine.embedded import Engine
from monitor.engine.poller import Poller
from monitor.engine.reports import Trouble
from monitor.engine.ticks import Tick
from monitor.errors import StoreDamaged
from monitor.model.polls import FailureKind, FeedState, Fetched, FetchFailed, FetchRequest, NotModified
from monitor.model.queue import NONE_APART, Apart
from monitor.model.stories import PollPlan
from tests.fakes.store import FakePolls
from tests.fakes.world import Publisher, SetClock
from tests.plain_values import NOW
from tests.store_values import commit
from tests.test_engine import Town, running, until

SECOND = timedelta(seconds=1)
EVERY = timedelta(minutes=15)


@dataclass(slots=True)
class Hanging(Publisher):
    """Hosts whose name begins with `hang` say nothing until they are let."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    hanging: int = 0
    most: int = 0
    tried: int = 0

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        if "//hang" not in request.url:
            return await Publisher.fetch(self, request)
        self.hanging += 1
        self.most = max(self.most, self.hanging)
        try:
            await self.gate.wait()
        finally:
            self.hanging -= 1
            self.tried += 1
        return FetchFailed(kind=FailureKind.CONNECTION, reason="said nothing")


async def test_feeds_that_hang_leave_half_of_the_room_to_the_others() -> None:
    """Healthy feeds are polled while sixty hosts that failed before say nothing."""
    hanging = tuple(f"https://hang-{number}.example/rss" for number in range(60))
    healthy = tuple(f"https://well-{number}.example/rss" for number in range(150))
    town = Town((*hanging, *healthy))
    await town.open()
    for feed in await town.store.polls.due(NOW, 1_000):
        if feed.url in hanging:
            late = replace(feed, failures=1, next_poll_at=NOW - EVERY)
            await commit(town.store, PollPlan(feed=late, at=NOW - EVERY))
    town.publisher = publisher = Hanging(answers=town.publisher.answers)
    async with running(Engine(town.house(concurrency=16))):
        await until(lambda: all(town.polls(url) == 1 for url in healthy))
        assert publisher.hanging == publisher.most == 8
        publisher.gate.set()
        await until(lambda: publisher.tried == 60)
    assert publisher.most == 8


async def test_very_many_feeds_that_fail_hide_no_other() -> None:
    """They have waited longer; once half of the places are theirs, the others are looked for."""
    failing = tuple(f"https://hang-{number}.example/rss" for number in range(1_500))
    others = tuple(f"https://well-{number}.example/rss" for number in range(20))
    town = Town((*failing, *others))
    await town.open()
    for feed in await town.store.polls.due(NOW, 1_500):
        late = replace(feed, failures=1, next_poll_at=NOW - EVERY)
        await commit(town.store, PollPlan(feed=late, at=NOW - EVERY))
    town.publisher = publisher = Hanging(answers=town.publisher.answers)
    async with _hands(town) as poller, asyncio.TaskGroup() as group:
        await poller.start_due(group, town.house(), set())
        await until(lambda: all(town.polls(url) == 1 for url in others))
        publisher.gate.set()
    assert publisher.most == 32


async def test_very_many_feeds_of_one_server_hide_no_other() -> None:
    """They have waited longer; the others are polled while the first of them is."""
    crowd = tuple(f"https://crowd.example/{number}" for number in range(2_000))
    others = tuple(f"https://other-{number}.example/rss" for number in range(20))
    town = Town((*crowd, *others))
    await town.open()
    gate = asyncio.Event()

    class Slow(Publisher):
        async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
            if "crowd" in request.url:
                await gate.wait()
            return await Publisher.fetch(self, request)

    town.publisher = Slow(answers=town.publisher.answers)
    async with _hands(town) as poller, asyncio.TaskGroup() as group:
        await poller.start_due(group, town.house(), set())
        await until(lambda: all(town.polls(url) == 1 for url in others))
        gate.set()
    assert sum("crowd" in request.url for request in town.publisher.requests) == 1


async def test_very_many_names_of_one_domain_hide_no_other() -> None:
    """Where the domain has refused under two names, all its names wait for one another."""
    crowd = tuple(f"https://{number}.tumblr.example/rss" for number in range(1_500))
    others = tuple(f"https://other-{number}.example/rss" for number in range(20))
    town = Town((*crowd, *others))
    await town.open()
    refusal = FetchFailed(kind=FailureKind.HTTP, reason="answered 429", status=429, retry_after_seconds=1)
    town.publisher.answers |= dict.fromkeys(crowd, refusal)
    house = town.house(concurrency=8)
    async with _hands(town) as poller:
        for _ in range(6):
            async with asyncio.TaskGroup() as group:
                await poller.start_due(group, house, set())
            town.clock.pass_by(SECOND)
    assert all(town.polls(url) == 1 for url in others)
    assert sum("tumblr" in request.url for request in town.publisher.requests) < 20


async def test_after_a_night_off_polls_come_as_thick_as_on_any_other_day() -> None:
    """Also an interval later: no wave runs on. Nothing is missed longer than one interval more."""
    town = Town(tuple(f"https://{number}.example/rss" for number in range(600)))
    await town.open()
    night = timedelta(hours=8)
    for place, feed in enumerate(await town.store.polls.due(NOW, 1_000)):
        town.publisher.answers[feed.url] = NotModified()
        due_at = NOW - night + EVERY * place / 600
        polled = replace(feed, last_poll_at=due_at - EVERY, baseline_at=due_at - EVERY, next_poll_at=due_at)
        await commit(town.store, PollPlan(feed=polled, at=due_at - EVERY))

    first, after = await _polls(town, EVERY), await _polls(town, EVERY * (1 + JITTER))
    assert set(first) == set(after) == set(town.urls), "each was polled within one interval, and within the next"
    assert all(len(moments) == 1 for moments in first.values())
    for span in (first, after):
        a_second = Counter(moment for moments in span.values() for moment in moments)
        assert max(a_second.values()) <= 2  # 600 in 900 seconds are 0.67 on the mean


async def test_a_machine_that_slept_is_like_one_that_was_off() -> None:
    """The process goes on as if nothing had been; only the clock tells."""
    town = Town(tuple(f"https://{number}.example/rss" for number in range(300)))
    town.publisher.answers = dict.fromkeys(town.urls, NotModified())
    await town.open()
    town.publisher.answers = dict.fromkeys(town.urls, NotModified())
    await _polls(town, 20 * SECOND)
    town.clock.pass_by(timedelta(hours=8))
    a_second = Counter(moment for moments in (await _polls(town, EVERY)).values() for moment in moments)
    assert sum(a_second.values()) == 300
    assert max(a_second.values()) <= 2


async def _polls(town: Town, span: timedelta) -> dict[str, list[datetime]]:
    """When each feed was polled, beat by beat, over so long a time by the town's clock."""
    begun, moments = town.clock.now(), defaultdict[str, list[datetime]](list)
    async with _hands(town) as poller:
        house = town.house()
        while town.clock.now() < begun + span:
            async with asyncio.TaskGroup() as group:
                await poller.start_due(group, house)
            for request in town.publisher.requests:
                moments[request.url].append(town.clock.now())
            town.publisher.requests.clear()
            town.clock.pass_by(SECOND)
    return moments


class LatePolls(FakePolls):
    """A store that has so much to write that it answers a second later."""

    clock: SetClock

    async def due(self, now: datetime, limit: int, apart: Apart = NONE_APART) -> tuple[FeedState, ...]:
        self.clock.pass_by(SECOND)
        return await super().due(now, limit, apart)


async def test_what_a_busy_store_says_late_is_no_older_for_that() -> None:
    """Else nothing would be polled as long as it is busy, and a single round would end with most feeds unasked."""
    town = Town(tuple(f"https://{number}.example/rss" for number in range(30)))
    await town.open()
    late = LatePolls(town.store.memory)
    late.clock = town.clock
    town.store.polls = late
    async with _hands(town) as poller:
        async with asyncio.TaskGroup() as group:
            assert await poller.start_due(group, town.house(concurrency=10), set())
        assert poller.polled == 10


@asynccontextmanager
async def _hands(town: Town) -> AsyncIterator[Poller]:
    def damage(error: StoreDamaged) -> None:
        raise error

    yield Poller(
        Tick("poll", 1.0),
        Tick("deliver", 1.0),
        on_damage=damage,
        trouble=Trouble(),
        monotonic=lambda: town.clock.now().timestamp(),
    )
