"""Starts polls of due feeds: at most `concurrency` at once, half of them for feeds that fail.

A server is asked by one of them at a time, and with a pause before the next.
"""

import asyncio
import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from monitor.app.house import House
from monitor.cadence.catching_up import REASON, catch_up, usually_due
from monitor.engine.clock_step import ClockStep
from monitor.engine.crew import Crew
from monitor.engine.manners import WELL_SECONDS, Manners
from monitor.engine.reports import Trouble, log_poll
from monitor.engine.ticks import Tick
from monitor.engine.waiting import EACH, Waiting
from monitor.errors import StoreDamaged
from monitor.flow.poll import poll
from monitor.model.polls import FeedId, FeedState
from monitor.model.queue import Apart

_LOOK_AHEAD = 256  # due feeds looked at beyond those that there is room for
_MOST_LOOKS = 3
"""at the store in one go: each passes over the origins that filled the one before"""
_FRESH = 0.5
"""of the tick's period: how long what the store said counts as what is due; less than one, so that beats ask anew"""
_WELL = timedelta(seconds=WELL_SECONDS)
AWAY = timedelta(seconds=60)
"""nobody looked for so long by the wall clock: the machine slept, or the clock was set forward"""


def most_failing(concurrency: int) -> int:
    """How many of the places feeds may take whose last poll failed."""
    return max(1, concurrency // 2)


class Poller:
    """The poll loop's hands."""

    def __init__(
        self,
        tick: Tick,
        alerted: Tick,
        *,
        on_damage: Callable[[StoreDamaged], None],
        trouble: Trouble,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`tick` is given when a poll ends, `alerted` when it raised an alert; `monotonic` in seconds."""
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
        self._failing: set[str] = set()
        """names of polls under way whose last one failed: they may hang until their time is over"""
        self._fresh_seconds = tick.period * _FRESH
        self._monotonic = monotonic
        self._waiting = Waiting(monotonic=monotonic)
        self._looked_at: datetime | None = None
        self._caught_up: House | None = None
        self._has_recalled = False

    async def start_due(self, group: asyncio.TaskGroup, house: House, skip: set[str] | None = None) -> bool:
        """Start polls as far as there is room; whether any was started. Raises StoreError.

        With `skip`, a single round is meant: what is in it is passed over, what is started is added, and nothing that
        is due is put off.
        """
        await self._heed_clock(house)
        if not self._has_recalled:
            await self._recall(house)
        self.soonest = 0.0
        if skip is None:
            await self._catch_up(house)
        room = house.settings.polling.concurrency - len(self.crew.under_way)
        if room <= 0:
            return False
        done = set() if skip is None else skip
        started = self._start(group, house, done, room)
        looks = 0
        while started < room and looks < _MOST_LOOKS and not self._waiting.suffices(house):
            await self._look(house, room - started, done)
            started += self._start(group, house, done, room - started)
            looks += 1
        self._set_alarm()
        return started > 0

    async def pause(self) -> None:
        """Wait until a poll ends, or until a server may be asked again."""
        seconds = self.soonest or None
        if under_way := self.crew.under_way:
            await asyncio.wait(under_way, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        elif seconds:
            await asyncio.sleep(seconds)

    def _set_alarm(self) -> None:
        """Let the loop look again as soon as a server may be asked again."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self.soonest:
            self._alarm = asyncio.get_running_loop().call_later(self.soonest, self._tick.give)

    async def _heed_clock(self, house: House) -> None:
        """Where the wall clock was set, due times are set with it: nothing is polled sooner or later for it."""
        now = house.clock.now()
        if (by := self._step.of(now, house.clock.steady())) is None:
            return
        await house.store.polls.retime(now, by)
        self._waiting = Waiting(monotonic=self._monotonic)
        if by:
            structlog.get_logger().warning("the clock was set", by_seconds=round(by.total_seconds()))

    async def _catch_up(self, house: House) -> None:
        """Where very many feeds are overdue, because nobody was there or because they are new, spread their polls."""
        now, looked_at = house.clock.now(), self._looked_at
        self._looked_at = now
        if self._caught_up is house and looked_at is not None and now - looked_at < AWAY:
            return
        overdue = await house.store.polls.overdue(now)
        paces = {one.url: house.watch.feeds[one.url].pace for one in overdue if one.url in house.watch.feeds}
        usual = usually_due(feed.pace for feed in house.watch.feeds.values())
        if later := catch_up(overdue, paces, usual=usual, now=now):
            await house.store.polls.put_off(later, REASON)
            self._waiting = Waiting(monotonic=self._monotonic)
            last = max(one.until for one in later)
            structlog.get_logger().info("many feeds are overdue: spread", feeds=len(later), until=last.isoformat())
        self._caught_up = house

    async def _recall(self, house: House) -> None:
        """Which domains counted as one server when the process before us ended."""
        now, steady = house.clock.now(), house.clock.steady()
        known = await house.store.refusals.known(now - _WELL)
        # What a clock has written that was ahead counts from now on.
        self._manners.recall({domain: steady - max(0.0, (now - at).total_seconds()) for domain, at in known.items()})
        self._has_recalled = True

    async def _note_refusal(self, address: str, house: House) -> None:
        """A server wants to be left alone for a while: what that says of its domain is kept over a restart."""
        now, steady = house.clock.now(), house.clock.steady()
        if domain := self._manners.refused(address, steady):
            structlog.get_logger().warning("a domain is asked as one server from now on", domain=domain)
        if domain := self._manners.one_with(address, steady):
            await house.store.refusals.note(domain, now, since=now - _WELL)

    def _start(self, group: asyncio.TaskGroup, house: House, done: set[str], room: int) -> int:
        """Start polls of the feeds that are known to be due; how many."""
        started, now = 0, house.clock.steady()
        gap = house.settings.polling.origin_gap.total_seconds()
        self.soonest = 0.0
        for feed in self._waiting.of(house):
            if started == room:
                break
            name = str(feed.id)
            if name in done or not self.crew.is_free(name) or (feed.failures and self._fail_enough(house)):
                continue
            if wait := self._manners.wait(feed.origin, now, gap):
                if wait != math.inf:
                    self.soonest = min(wait, self.soonest or wait)
                continue
            self._waiting.forget(feed)
            done.add(name)
            self._manners.begin(feed.origin, now)
            if feed.failures:
                self._failing.add(name)
            self.crew.start(group, name, self._poll(feed, house))
            started += 1
        return started

    def _fail_enough(self, house: House) -> bool:
        """Whether those that hang would leave too little room for all others."""
        return len(self._failing) >= most_failing(house.settings.polling.concurrency)

    async def _look(self, house: House, room: int, done: set[str]) -> None:
        """Ask the store what is due, or what else is. Asked at the end of every poll, it would read a long queue."""
        domains: frozenset[str] = frozenset()
        is_more = self._waiting.is_fresh(house)
        if is_more:
            # Of those that wait as one server enough is known, and thousands of names may stand behind one.
            gap = house.settings.polling.origin_gap.total_seconds()
            domains = self._manners.domains_apart(house.clock.steady(), gap)
        else:
            self._waiting = Waiting(house=house, monotonic=self._monotonic)
        waiting = self._waiting
        apart = Apart(
            feeds=waiting.feeds | {FeedId(int(name)) for name in (*self.crew.names_apart(), *done)},
            origins=waiting.crowded,
            domains=domains,
            beyond=EACH,
            is_failing=self._fail_enough(house),
        )
        limit = room + _LOOK_AHEAD
        due = await house.store.polls.due(house.clock.now(), limit, apart)
        # What is under way is still due in the store. Once it has been polled, this state of it is an old one.
        waiting.add([feed for feed in due if self.crew.is_free(str(feed.id))], is_whole=len(due) < limit)
        if not is_more:
            # From the answer on: a store that has much to write answers late, and what it says is no older for that.
            waiting.keep_until(self._monotonic() + self._fresh_seconds)

    async def _poll(self, feed: FeedState, house: House) -> None:
        began = time.monotonic()
        try:
            plan = await poll(feed, house.watch, house.poll_ports)
        finally:
            self._manners.end(feed.origin)
            self._failing.discard(str(feed.id))
        if plan.hold_origin_until is not None:
            await self._note_refusal(plan.hold_address or feed.origin, house)
            self._waiting = Waiting(monotonic=self._monotonic)  # others of this origin may be among those that waited
        self.polled += 1
        self.alerts += len(plan.alerts)
        log_poll(structlog.get_logger(), house.watch, plan, time.monotonic() - began)
        if plan.alerts:
            self._alerted.give()
