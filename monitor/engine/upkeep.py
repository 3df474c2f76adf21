"""The upkeep loop's hands: once a day the past is let go and every page read; copies as the configuration asks.

Every minute it looks at ourselves, and every hour it listens for what is not heard any more; what is wrong or over goes
into the outbox. Free memory is given back at each beat.

What a pass does is safe to repeat and quick where nothing is to be done, so due times need no memory beyond the
process: a restart begins a pass anew. The file itself reads how old the newest copy is.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date, datetime, timedelta

import structlog

from monitor.alerts.heartbeat import due_day
from monitor.app.house import House
from monitor.engine.crew import Crew
from monitor.engine.hardship import Hardship
from monitor.engine.reports import Trouble
from monitor.engine.ticks import Tick
from monitor.errors import StoreDamaged
from monitor.flow.ourselves import look_at_ourselves
from monitor.flow.silence import SilencePorts, listen
from monitor.flow.upkeep import let_go
from monitor.flow.vitals import say_how_things_are
from monitor.model.troubles import Reading
from monitor.system.collector import give_back

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
_BREATH = timedelta(seconds=5)  # less than a beat: memory is given back at each
_AGAIN = timedelta(minutes=10)
_BETWEEN_LOOKS = timedelta(minutes=5)  # at the age of the newest copy

_FIRST = {
    "check": DAY,  # every start reads every page
    "silence": _AGAIN,  # which looks at every feed: not while all that is overdue is polled
}

Chore = Callable[[House], Coroutine[None, None, None]]


class Upkeep:
    """Starts what is due, each chore under a name of its own."""

    def __init__(
        self,
        tick: Tick,
        is_resting: Callable[[], bool],
        *,
        on_damage: Callable[[StoreDamaged], None],
        trouble: Trouble,
    ) -> None:
        """`tick` is given when a chore ends; a pass asks `is_resting` between two portions; else as in `Crew`."""
        self.crew = Crew("upkeep", tick.give, on_damage=on_damage, trouble=trouble)
        self._is_resting = is_resting
        self._due: dict[str, datetime] = {}
        self._said_on: date | None = None  # spares counting for a line that the store would not write twice
        self._chores: dict[str, tuple[timedelta, Chore]] = {
            "forget": (DAY, self._forget),
            "check": (DAY, self._check),
            "backup": (_BETWEEN_LOOKS, self._back_up),
            "alarms": (MINUTE, self.look),
            "silence": (HOUR, self.listen),
            "hardship": (MINUTE, Hardship(trouble).look),
            "memory": (_BREATH, self._give_back),
        }

    async def start_due(self, group: asyncio.TaskGroup, house: House, skip: set[str] | None = None) -> bool:
        """Start the chores that are due; whether any was. Raises StoreDamaged where the file is not in its place."""
        if not await house.store.upkeep.is_in_place():
            raise StoreDamaged(
                "the database was removed or replaced while it was in use: what is written now would be lost;"
                " restore a backup, or start again with what is there"
            )
        now = house.clock.now()
        started = False
        for name, (every, chore) in self._chores.items():
            due = self._due.setdefault(name, now + _FIRST.get(name, timedelta(0)))
            # A clock set back must not put off by years what is due once a day.
            if not (now >= due or due > now + every) or name in (skip or ()) or not self.crew.is_free(name):
                continue
            self._due[name] = now + _AGAIN
            self.crew.start(group, name, self._done(name, every, chore, house))
            started = True
        return started

    async def _done(self, name: str, every: timedelta, chore: Chore, house: House) -> None:
        """Do a chore; one that the store failed, or that a reload broke off, is due again soon."""
        await chore(house)
        if not self._is_resting():
            self._due[name] = house.clock.now() + every

    async def _forget(self, house: House) -> None:
        gone = await let_go(
            house.store.upkeep, house.settings.retention, house.clock.now(), is_stopping=self._is_resting
        )
        await house.store.upkeep.tidy()
        if any(gone.values()):
            structlog.get_logger().info("let go of the past", **{kind.value: count for kind, count in gone.items()})

    async def _give_back(self, house: House) -> None:  # noqa: ARG002 - every chore is given it
        give_back()

    async def _check(self, house: House) -> None:
        await house.store.upkeep.check()
        structlog.get_logger().info("every page of the database is sound")

    async def look(self, house: House) -> None:
        """Raise the alarms and recovery notes that our state is worth, and say the daily line. Raises StoreError."""
        now, tally = house.clock.now(), house.poll_ports.tally
        reading = tally.reading(now) if tally else Reading()
        store, beat = house.store, house.settings.heartbeat
        await look_at_ourselves(store.troubles, store.outbox, house.watch, reading, now)
        day = due_day(beat.daily, now) if beat.daily else None
        if day is not None and day != self._said_on:
            channels = beat.channels or house.watch.hear_alarms
            await say_how_things_are(store.views, store.troubles, store.outbox, day=day, channels=channels, now=now)
            self._said_on = day

    async def listen(self, house: House) -> None:
        """Raise the alarms and recovery notes on silence. Raises StoreError."""
        store = house.store
        ports = SilencePorts(silence=store.silence, troubles=store.troubles, outbox=store.outbox)
        await listen(ports, house.watch, house.clock.now())

    async def _back_up(self, house: House) -> None:
        backup = house.settings.backup
        if backup.every is None:
            return
        made = await house.store.upkeep.back_up(house.clock.now(), backup.keep, backup.every)
        if made is not None:
            structlog.get_logger().info("backup", file=str(made))
