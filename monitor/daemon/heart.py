"""Ask an address of the owner's as long as the work is alive, so that somebody else notices when it is not."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from monitor.alerts.heartbeat import heard_again, unheard
from monitor.app.house import House
from monitor.daemon.aftermath import put
from monitor.errors import StoreError
from monitor.net.post import Answer, NoAnswer

BETWEEN_LOOKS = 5.0
"""seconds between looks at whether a ping is due: a reload may have changed how often"""


class Asking(Protocol):
    """Something that asks an address."""

    async def get(self, url: str) -> Answer | NoAnswer:
        """Never raises for what a peer does."""
        ...


class Beating(Protocol):
    """The work that is to be alive."""

    @property
    def house(self) -> House:
        """What is worked with now."""
        ...

    def is_well(self) -> bool:
        """Whether polling, sending and the store work."""
        ...


@dataclass(slots=True, kw_only=True)
class Heart:
    """Pings when it is due. The address is a secret: neither logs nor alarms name more of it than its host."""

    engine: Beating
    asking: Asking
    monotonic: Callable[[], float] = time.monotonic
    """seconds"""
    _asked_at: float | None = None
    _failing_since: datetime | None = None
    _owes: bool = field(default=True)
    """it may have been told, also by a process that is gone, that the heartbeat cannot be sent"""

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - a surprise here must not end the watch
                structlog.get_logger().error("the heartbeat broke", exc_info=error)
            await asyncio.sleep(BETWEEN_LOOKS)

    async def look(self) -> None:
        """Ping if it is due and all is well."""
        house = self.engine.house
        settings = house.settings.heartbeat
        if not settings.ping:
            await self._end(house, is_wanted=False)
            return
        now = self.monotonic()
        is_due = self._asked_at is None or now - self._asked_at >= settings.every.total_seconds()
        if not is_due or not self.engine.is_well():
            return
        self._asked_at = now
        failure = _failure(await self.asking.get(settings.ping))
        if failure:
            await self._fail(house, failure)
        else:
            await self._end(house, is_wanted=True)

    async def _fail(self, house: House, reason: str) -> None:
        now = house.clock.now()
        if self._failing_since is None:
            self._failing_since = now
            structlog.get_logger().warning("the heartbeat cannot be sent", error=reason)
        alarm = unheard(self._failing_since, reason, channels=house.watch.hear_alarms, now=now)
        if alarm is not None:
            self._owes = True
            await put(house, alarm)

    async def _end(self, house: House, *, is_wanted: bool) -> None:
        if self._failing_since is not None:
            structlog.get_logger().info("the heartbeat is sent again" if is_wanted else "no heartbeat is wanted")
        self._failing_since = None
        if not self._owes:
            return
        try:
            known = await house.store.troubles.known()
        except StoreError:
            return  # the next beat asks again
        notes = heard_again(known, is_wanted=is_wanted, channels=house.watch.channels, now=house.clock.now())
        self._owes = not all([await put(house, note) for note in notes])


def _failure(answer: Answer | NoAnswer) -> str:
    """Why a ping was not taken; empty: it was. A redirect is not followed, so nobody has heard it."""
    if isinstance(answer, NoAnswer):
        return answer.reason
    return "" if 200 <= answer.status < 300 else f"answered {answer.status}"  # noqa: PLR2004 - the class of success
