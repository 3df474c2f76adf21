"""Starts a courier for every channel that has something due; one dead or slow channel delays no other."""

import asyncio
from collections.abc import Callable

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

    def hire(self, house: House) -> None:
        """Have a courier for each channel of this house; what one could not mark yet, its successor marks."""
        before = self._couriers
        self._couriers = {
            name: Courier(
                name=name,
                channel=channel,
                outbox=house.store.outbox,
                clock=house.clock,
                policy=house.retry,
                report=self._report,
                unmarked=before[name].unmarked if name in before else [],
                unreleased=before[name].unreleased if name in before else [],
                refusals=before[name].refusals if name in before else 0,
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

    def _report(self, send: Send) -> None:
        if isinstance(send.outcome, Sent):
            self.sent += 1
        else:
            self.failed += 1
        log_send(structlog.get_logger(), send)
