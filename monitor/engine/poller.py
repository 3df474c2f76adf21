"""Starts polls of due feeds: at most `concurrency` at once, and for an origin one after another, with a pause."""

import asyncio
import math
import time
from collections.abc import Callable, Collection, Iterator

import structlog

from monitor.app.house import House
from monitor.engine.clock_step import ClockStep
from monitor.engine.crew import Crew
from monitor.engine.manners import Manners
from monitor.engine.reports import Trouble, log_poll
from monitor.engine.ticks import Tick
from monitor.errors import StoreDamaged
from monitor.flow.poll import poll
from monitor.model.polls import FeedState

_LOOK_AHEAD = 256  # due feeds looked at beyond those in flight, so that one busy origin does not hide the others
_FRESH = 0.5
"""of the tick's period: how long what the store said counts as what is due; less than one, so that beats ask anew"""


class Poller:
    """The poll loop's hands."""

    def __init__(
        self, tick: Tick, alerted: Tick, *, on_damage: Callable[[StoreDamaged], None], trouble: Trouble
    ) -> None:
        """`tick` is given when a poll ends, `alerted` when it raised an alert; the others as in `Crew`."""
        self.crew = Crew("poll", tick.give, on_damage=on_damage, trouble=trouble)
        self.polled = 0
        self.alerts = 0
        self._alerted = alerted
        self.soonest = 0.0
        """seconds until the first of the feeds that wait for their server's pause to end may be polled; 0: none does"""
        self._tick = tick
        self._alarm: asyncio.TimerHandle | None = None
        self._manners = Manners()
        self._step = ClockStep()
        self._fresh_seconds = tick.period * _FRESH
        self._look = _Look()

    async def start_due(self, group: asyncio.TaskGroup, house: House, skip: set[str] | None = None) -> bool:
        """Start polls as far as there is room; whether any was started.

        Feeds whose URL is in `skip` are passed over, and those started are added to it. Raises StoreError.
        """
        await self._heed_clock(house)
        self.soonest = 0.0
        room = house.settings.polling.concurrency - len(self.crew.under_way)
        if room <= 0:
            return False
        done = set() if skip is None else skip
        started = self._start(group, house, done, room)
        if started < room and not self._look.suffices(house):
            await self._look_again(house, room, done)
            started += self._start(group, house, done, room - started)
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self.soonest:
            self._alarm = asyncio.get_running_loop().call_later(self.soonest, self._tick.give)
        return started > 0

    async def _heed_clock(self, house: House) -> None:
        """Where the wall clock was set, due times are set with it: nothing is polled sooner or later for it."""
        now = house.clock.now()
        if (by := self._step.of(now, house.clock.steady())) is None:
            return
        await house.store.polls.retime(now, by)
        self._look = _Look()
        if by:
            structlog.get_logger().warning("the clock was set", by_seconds=round(by.total_seconds()))

    async def pause(self) -> None:
        """Wait until a poll ends, or until a server may be asked again."""
        seconds = self.soonest or None
        if under_way := self.crew.under_way:
            await asyncio.wait(under_way, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        elif seconds:
            await asyncio.sleep(seconds)

    def _start(self, group: asyncio.TaskGroup, house: House, done: set[str], room: int) -> int:
        """Start polls of the feeds that are known to be due; how many."""
        started, now = 0, house.clock.steady()
        gap = house.settings.polling.origin_gap.total_seconds()
        self.soonest = 0.0
        for feed in self._look.of(house):
            if started == room:
                break
            if feed.url in done or not self.crew.is_free(str(feed.id)):
                continue
            if wait := self._manners.wait(feed.origin, now, gap):
                if wait != math.inf:
                    self.soonest = min(wait, self.soonest or wait)
                continue
            self._look.forget(feed)
            done.add(feed.url)
            self._manners.begin(feed.origin, now)
            self.crew.start(group, str(feed.id), self._poll(feed, house))
            started += 1
        return started

    async def _look_again(self, house: House, room: int, done: Collection[str]) -> None:
        """Ask the store what is due. Asked at the end of every poll, it would read a long queue once a feed."""
        limit = room + len(self.crew.under_way) + len(done) + _LOOK_AHEAD
        due = await house.store.polls.due(house.clock.now(), limit)
        # A feed under way is still due in the store. Once it has been polled, this state of it is an old one.
        waiting = {feed.url: feed for feed in due if self.crew.is_free(str(feed.id))}
        until = house.clock.steady() + self._fresh_seconds
        self._look = _Look(house=house, waiting=waiting, is_whole=len(due) < limit, until=until)

    async def _poll(self, feed: FeedState, house: House) -> None:
        began = time.monotonic()
        try:
            plan = await poll(feed, house.watch, house.poll_ports)
        finally:
            self._manners.end(feed.origin)
        if plan.hold_origin_until is not None:
            if domain := self._manners.refused(feed.origin, house.clock.steady()):
                structlog.get_logger().warning("a domain is asked as one server from now on", domain=domain)
            self._look = _Look()  # others of this origin may be among those that waited
        self.polled += 1
        self.alerts += len(plan.alerts)
        log_poll(structlog.get_logger(), house.watch, plan, time.monotonic() - began)
        if plan.alerts:
            self._alerted.give()


class _Look:
    """What the store said was due, and what of it still waits, the longest overdue first."""

    def __init__(
        self,
        *,
        house: House | None = None,
        waiting: dict[str, FeedState] | None = None,
        is_whole: bool = False,
        until: float = 0.0,
    ) -> None:
        """`is_whole`: the store had no more to say; it counts `until` (steady). Without a house nothing is known."""
        self._house = house
        self._waiting = waiting or {}
        self._is_whole = is_whole
        self._until = until

    def of(self, house: House) -> Iterator[FeedState]:
        """What waits, if it was asked of this very house a moment ago: another may watch other feeds."""
        return iter(tuple(self._waiting.values()) if self._is_fresh(house) else ())

    def forget(self, feed: FeedState) -> None:
        """It waits no longer."""
        del self._waiting[feed.url]

    def suffices(self, house: House) -> bool:
        """Whether asking again would tell nothing new yet."""
        return self._is_whole and self._is_fresh(house)

    def _is_fresh(self, house: House) -> bool:
        return self._house is house and house.clock.steady() < self._until
