"""Sorts what waits, and starts a courier for every channel that has something due.

One dead or slow channel delays no other. A channel whose pace says not yet is looked at again the moment that it is.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from monitor.app.house import House
from monitor.engine.crew import Crew
from monitor.engine.reports import Trouble, log_send
from monitor.engine.ticks import Tick
from monitor.errors import StoreDamaged
from monitor.flow.deliver import Courier, Send
from monitor.flow.sort import sort
from monitor.model.alerts import Sent
from monitor.model.holding import Circuit


class Dispatcher:
    """The deliver loop's hands."""

    def __init__(
        self,
        tick: Tick,
        is_stopping: Callable[[], bool],
        *,
        on_damage: Callable[[StoreDamaged], None],
        trouble: Trouble,
    ) -> None:
        """`tick` is given when a courier ends; couriers ask `is_stopping` between two messages; else as in `Crew`."""
        self.crew = Crew("courier", tick.give, on_damage=on_damage, trouble=trouble)
        self.sent = 0
        self.failed = 0
        self._is_stopping = is_stopping
        self._couriers: dict[str, Courier] = {}
        self._fallbacks: dict[str, str] = {}
        self._hear: tuple[str, ...] = ()
        self._give = tick.give
        self._wake: asyncio.TimerHandle | None = None
        self._is_new_house = True
        self.paced_until: datetime | None = None
        """when the first of the channels is ready that the last look found to be paced"""

    def hire(self, house: House) -> None:
        """Have a courier for each channel of this house; what one could not mark yet, its successor marks."""
        before = self._couriers
        self._is_new_house = True
        self._fallbacks = {spec.name: spec.fallback for spec in house.settings.channels}
        self._hear = house.watch.hear_alarms
        self._couriers = {
            name: Courier(
                name=name,
                channel=channel,
                outbox=house.store.outbox,
                clock=house.clock,
                policy=house.retry,
                report=self._report,
                others=partial(self._others, name),
                wording=house.wordings.get(name, {}),
                unmarked=before[name].unmarked if name in before else [],
                unreleased=before[name].unreleased if name in before else [],
                pace=house.settings.handlings.pacing.get(name),
                backlog=house.settings.handlings.backlogs.get(name),
                past=house.store.sorting,
                sends=before[name].sends if name in before else [],
                has_begun=before[name].has_begun if name in before else False,
                noted=before[name].noted if name in before else Circuit(),
                refusals=before[name].refusals if name in before else 0,
                failing_since=before[name].failing_since if name in before else None,
                alarms=before[name].alarms if name in before else [],
            )
            for name, channel in house.channels.items()
        }

    async def start_ready(self, group: asyncio.TaskGroup, house: House, skip: set[str] | None = None) -> bool:
        """Sort, then start couriers; whether any was started. `skip` as in `Poller.start_due`. Raises StoreError."""
        started = False
        now = house.clock.now()
        handlings = house.settings.handlings
        await sort(
            house.store.sorting,
            handlings,
            tuple(self._couriers),
            now,
            is_anew=self._is_new_house,
            broke=_sorting_broke,
        )
        self._is_new_house = False
        paced: list[datetime] = []
        for name in await house.store.outbox.ready(now):
            courier = self._couriers.get(name)
            if courier is None or not self.crew.is_free(name):
                continue
            if (ready_at := courier.ready_at(now)) > now:
                paced.append(ready_at)
                continue
            if name in (skip or ()):
                continue
            if skip is not None:
                skip.add(name)
            self.crew.start(group, name, courier.drain(self._is_stopping))
            started = True
        self.paced_until = min(paced, default=None)
        self._wake_in(None if self.paced_until is None else self.paced_until - now)
        return started

    def _wake_in(self, wait: timedelta | None) -> None:
        """Give the tick after so long, instead of whatever was said before."""
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        if wait is not None:
            self._wake = asyncio.get_running_loop().call_later(wait.total_seconds(), self._give)

    def _others(self, name: str) -> tuple[str, ...]:
        """Who is told that this channel fails: its fallback; without one, or if it fails too, those that hear and work.

        Where none works, all the others: whichever comes back first will tell.
        """
        hear = [other for other in self._hear if other != name and other in self._couriers]
        others = hear or [other for other in self._couriers if other != name]
        working = [other for other in others if self._couriers[other].failing_since is None]
        fallback = self._fallbacks.get(name, "")
        if fallback == name or fallback not in self._couriers:
            return tuple(working or others)
        if self._couriers[fallback].failing_since is None:
            return (fallback,)
        return tuple(dict.fromkeys((fallback, *(working or others))))

    def _report(self, send: Send) -> None:
        if isinstance(send.outcome, Sent):
            self.sent += 1
        else:
            self.failed += 1
        log_send(structlog.get_logger(), send)


def _sorting_broke(channel: str, error: Exception) -> None:
    structlog.get_logger().error("sorting broke: nothing is held back", channel=channel, exc_info=error)
