"""Starts a courier for every channel that has something due; one dead or slow channel delays no other."""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from monitor.app.house import House
from monitor.engine.crew import Crew
from monitor.engine.reports import Trouble, log_send
from monitor.engine.ticks import Tick
from monitor.errors import StoreDamaged
from monitor.flow.deliver import Courier, Send
from monitor.model.alerts import Sent


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

    def hire(self, house: House) -> None:
        """Have a courier for each channel of this house; what one could not mark yet, its successor marks."""
        before = self._couriers
        self._fallbacks = {spec.name: spec.fallback for spec in house.settings.channels}
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
                refusals=before[name].refusals if name in before else 0,
                failing_since=before[name].failing_since if name in before else None,
                alarms=before[name].alarms if name in before else [],
            )
            for name, channel in house.channels.items()
        }

    async def start_ready(self, group: asyncio.TaskGroup, house: House, skip: set[str] | None = None) -> bool:
        """Start couriers; whether any was started. `skip` as in `Poller.start_due`. Raises StoreError."""
        started = False
        for name in await house.store.outbox.ready(house.clock.now()):
            courier = self._couriers.get(name)
            if courier is None or name in (skip or ()) or not self.crew.is_free(name):
                continue
            if skip is not None:
                skip.add(name)
            self.crew.start(group, name, courier.drain(self._is_stopping))
            started = True
        return started

    def _others(self, name: str) -> tuple[str, ...]:
        """Who is told that this channel fails: its fallback; without one, or if that fails too, all that work.

        Where none works, all the others: whichever comes back first will tell.
        """
        others = [other for other in self._couriers if other != name]
        working = [other for other in others if self._couriers[other].failing_since is None]
        fallback = self._fallbacks.get(name, "")
        if fallback in working:
            return (fallback,)
        return tuple(dict.fromkeys([fallback] * (fallback in others) + (working or others)))

    def _report(self, send: Send) -> None:
        if isinstance(send.outcome, Sent):
            self.sent += 1
        else:
            self.failed += 1
        log_send(structlog.get_logger(), send)
