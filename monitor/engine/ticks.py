"""Beats of APScheduler, which only ever sets an event: due times live in the store."""

import asyncio
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

MISSED_BEAT_SECONDS = 5.0
"""a wait for a beat ends by itself after this long, on the monotonic clock: APScheduler gives no beats for an hour
after the wall clock is set back an hour; the work goes on, and the tick is armed anew"""


class Tick:
    """A beat that a loop waits for; anybody may also give it early."""

    def __init__(self, name: str, period: float) -> None:
        """A beat that has not come yet; `period` in seconds."""
        self.name = name
        self.period = period
        self._event = asyncio.Event()

    def give(self) -> None:
        """Wake the loop that waits."""
        self._event.set()

    async def wait(self) -> bool:
        """Return at the next beat; False where it did not come in time and the scheduler should be looked after."""
        try:
            async with asyncio.timeout(max(MISSED_BEAT_SECONDS, 2 * self.period)):
                await self._event.wait()
        except TimeoutError:
            return False
        finally:
            self._event.clear()
        return True


class Ticks:
    """Gives each of its ticks once in its period, while the `async with` block runs."""

    def __init__(self, *ticks: Tick) -> None:
        """Nothing beats yet."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # here, because a single round never beats

        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            # The defaults skip a beat that comes 1 s late and would let a slow one run twice.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for tick in ticks:
            self._scheduler.add_job(
                _beat, "interval", (tick,), id=tick.name, seconds=tick.period, next_run_time=datetime.now(UTC)
            )

    async def __aenter__(self) -> Self:
        """Start beating."""
        self._scheduler.start()
        return self

    def rearm(self, tick: Tick) -> None:
        """Let a tick beat from now on, by whatever the clock says now."""
        self._scheduler.modify_job(tick.name, next_run_time=datetime.now(UTC))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop beating. Beats under way are cancelled: they do no work."""
        self._scheduler.shutdown(wait=False)


async def _beat(tick: Tick) -> None:
    """A coroutine, because APScheduler runs plain functions in threads, where an event must not be set."""
    tick.give()
