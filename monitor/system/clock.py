"""Real time and real chance, behind `ports.Clock`."""

import random
import time
from datetime import UTC, datetime

_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # the other stands still while the machine sleeps


class SystemClock:
    """The machine's clock and a generator for jitter."""

    def now(self) -> datetime:
        """The moment, aware, UTC."""
        return datetime.now(UTC)

    def steady(self) -> float:
        """Seconds since the machine started, those in which it slept included."""
        return time.clock_gettime(_STEADY)

    def chance(self) -> float:
        """A number in [0, 1): spreads polls and retries, guards nothing."""
        return random.random()  # noqa: S311 - jitter is no secret
