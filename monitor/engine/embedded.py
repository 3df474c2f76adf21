"""The engine of one process: two loops joined only by the outbox, driven by ticks."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass

import structlog

from monitor.app.house import House
from monitor.engine.dispatcher import Dispatcher
from monitor.engine.poller import Poller
from monitor.engine.reports import Trouble
from monitor.engine.ticks import Tick, Ticks
from monitor.engine.upkeep import Upkeep
from monitor.errors import StoreDamaged, StoreError
from monitor.flow.outcry import cry_out

POLL_PERIOD = 0.5
"""seconds between looks for due feeds: so late a poll may begin, and news be told"""
DELIVER_PERIOD = 1.0
"""seconds between looks for due messages; new alerts are looked for at once"""
UPKEEP_PERIOD = 10.0
"""seconds between looks for chores that are due, and at whether the database is in its place"""
LONGEST_PACED_ROUND = 60.0
"""seconds that a single round waits for channels that are sent to slowly; what is left then waits for the next round"""

LONGEST_SILENCE = 45.0
"""seconds after which a loop that has not looked for work is taken to hang"""
LONGEST_PAUSE = 120.0
"""the same while a reload waits for polls and sends under way"""
MOST_MISSED_BEATS = 4
"""beats that may be missed in a row, although each miss arms the tick anew: with the 45 seconds of the watchdog a
service whose scheduler is dead is started anew within 90 seconds"""

Start = Callable[[asyncio.TaskGroup, House], Coroutine[None, None, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round did: polls, alerts raised, messages sent, sends that failed."""

    polled: int
    alerts: int
    sent: int
    failed: int


class Engine:
    """Drives the flows over a house until told to stop."""

    def __init__(self, house: House) -> None:
        """Ready to run; nothing is started yet."""
        self._house = house
        self._poll_tick = Tick("poll", POLL_PERIOD)
        self._deliver_tick = Tick("deliver", DELIVER_PERIOD)
        self._upkeep_tick = Tick("upkeep", UPKEEP_PERIOD)
        self._trouble = Trouble()
        self._damage: StoreDamaged | None = None
        self._ends = asyncio.Event()
        self._poller = Poller(self._poll_tick, self._deliver_tick, on_damage=self._give_up, trouble=self._trouble)
        self._dispatcher = Dispatcher(
            self._deliver_tick, lambda: self._rests_hands, on_damage=self._give_up, trouble=self._trouble
        )
        self._upkeep = Upkeep(
            self._upkeep_tick, lambda: self._rests_hands, on_damage=self._give_up, trouble=self._trouble
        )
        self._starting = asyncio.Lock()  # work is started by one hand at a time, and not while the house changes
        self._is_stopping = False
        self._is_paused = False
        self._looked: dict[str, float] = {}
        self._missed: dict[str, int] = {}
        self._dispatcher.hire(house)

    @property
    def house(self) -> House:
        """What is worked with now; `refurnish` replaces it."""
        return self._house

    def is_alive(self) -> bool:
        """Whether every loop looked for work lately, and the scheduler still gives its beats.

        A loop that has looked has come through the event loop and the store's thread: if one of them hangs, so does
        this. A store that answers with an error is alive.
        """
        now = time.monotonic()
        limit = LONGEST_PAUSE if self._is_paused else LONGEST_SILENCE
        has_looked = all(now - moment < limit for moment in self._looked.values())
        return has_looked and all(missed <= MOST_MISSED_BEATS for missed in self._missed.values())

    def is_well(self) -> bool:
        """Whether it is alive, and the store has failed nothing lately: a full disk is no state to be quiet about."""
        return self.is_alive() and not self._trouble.is_recent()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what is under way within the grace period and cancel the rest.

        Where the database turns out to be damaged, every channel is told so, and StoreDamaged raised: what is polled
        from then on could be lost, and silence would be taken for no news.
        """
        hands = (
            (self._poll_tick, self._poller.start_due),
            (self._deliver_tick, self._dispatcher.start_ready),
            (self._upkeep_tick, self._upkeep.start_due),
        )
        async with asyncio.TaskGroup() as group, Ticks(*(tick for tick, _ in hands)) as ticks:
            loops = [
                group.create_task(self._loop(group, ticks, tick, start), name=f"{tick.name} loop")
                for tick, start in hands
            ]
            stopping = group.create_task(self._end_with(stop), name="stop")
            await self._ends.wait()
            stopping.cancel()
            self._is_stopping = True
            for tick, _ in hands:
                tick.give()
            for chore in self._upkeep.crew.under_way:
                chore.cancel()  # safe to break off, and some take minutes
            await _finish([*loops, *self._under_way], self._house.settings.grace.total_seconds())
        if self._damage is not None:
            await cry_out(self._house.channels, str(self._damage), self._house.clock.now())
            raise self._damage

    async def once(self) -> Round:
        """One round: poll what is due, deliver what is due, return. Raises StoreError."""
        async with asyncio.TaskGroup() as group:
            polled: set[str] = set()
            while (
                await self._poller.start_due(group, self._house, polled)
                or self._poller.crew.under_way
                or self._poller.soonest
            ):
                await self._poller.pause()
            await self._upkeep.listen(self._house)
            await self._deliver_once(group)
        if self._damage is not None:
            raise self._damage
        return Round(
            polled=self._poller.polled,
            alerts=self._poller.alerts,
            sent=self._dispatcher.sent,
            failed=self._dispatcher.failed,
        )

    async def _deliver_once(self, group: asyncio.TaskGroup) -> None:
        """Send what is due; where the pace of a channel says not yet, wait for it, though not for long."""
        end = time.monotonic() + LONGEST_PACED_ROUND
        while True:
            await self._upkeep.look(self._house)
            tried: set[str] = set()
            while await self._dispatcher.start_ready(group, self._house, tried) or self._dispatcher.crew.under_way:
                await asyncio.wait(self._dispatcher.crew.under_way, return_when=asyncio.FIRST_COMPLETED)
            if self._dispatcher.paced_until is None:
                return
            seconds = (self._dispatcher.paced_until - self._house.clock.now()).total_seconds()
            if time.monotonic() + seconds > end:
                return
            await asyncio.sleep(max(seconds, 0.0))

    async def refurnish(self, change: Callable[[House], Coroutine[None, None, House]]) -> None:
        """Replace what is watched between two pieces of work: nothing under way loses what it works with."""
        self._is_paused = True
        try:
            async with self._starting:
                while tasks := self._under_way:
                    await asyncio.wait(tasks)
                self._house = await change(self._house)
                self._dispatcher.hire(self._house)
        finally:
            self._is_paused = False
            self._poll_tick.give()
            self._deliver_tick.give()

    @property
    def _rests_hands(self) -> bool:
        return self._is_stopping or self._is_paused

    @property
    def _under_way(self) -> Sequence[asyncio.Task[None]]:
        return (*self._poller.crew.under_way, *self._dispatcher.crew.under_way)

    async def _loop(self, group: asyncio.TaskGroup, ticks: Ticks, tick: Tick, start: Start) -> None:
        while not self._is_stopping:
            self._looked[tick.name] = time.monotonic()
            if await tick.wait():
                self._missed[tick.name] = 0
            else:
                self._missed[tick.name] = self._missed.get(tick.name, 0) + 1
                ticks.rearm(tick)
            try:
                async with self._starting:
                    if not self._rests_hands:
                        await start(group, self._house)
            except StoreDamaged as error:
                self._give_up(error)
            except StoreError as error:
                self._trouble.meet(f"{tick.name} loop", error)

    async def _end_with(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._ends.set()

    def _give_up(self, error: StoreDamaged) -> None:
        if self._damage is None:
            structlog.get_logger().critical("the database is damaged: stopping", error=str(error))
            self._damage = error
        self._ends.set()


async def _finish(tasks: Sequence[asyncio.Task[None]], grace: float) -> None:
    _, late = await asyncio.wait(tasks, timeout=grace)
    for task in late:
        structlog.get_logger().warning("cancelled at the end of the grace period", work=task.get_name())
        task.cancel()
