"""Real time and real chance, behind `ports.Clock`."""

import random
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock and a generator for jitter."""

    def now(self) -> datetime:
        """The moment, aware, UTC."""
        return datetime.now(UTC)

    def chance(self) -> float:
        """A number in [0, 1): spreads polls and retries, guards nothing."""
        return random.random()  # noqa: S311 - jitter is no secret
