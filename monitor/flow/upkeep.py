"""Letting go of the past: kind after kind, portion after portion, with the writer free in between."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from monitor.model.upkeep import START, Kind, Place, Portion, Retention
from monitor.ports import UpkeepStore

PORTION = 100
"""rows looked at in one transaction; measured by tests/benchmarks/retention.py"""
PAUSE = 0.02
"""seconds between two portions in a daemon, so that polls never find more than one in front of them"""


async def let_go(
    store: UpkeepStore,
    retention: Retention,
    now: datetime,
    *,
    is_dry: bool = False,
    pause: float = PAUSE,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Mapping[Kind, int]:
    """Forget what is older than it is kept; how many rows of each kind went, or with `is_dry` would go.

    `pause` is in seconds. May be broken off at any portion: the next pass goes on. Raises StoreError.
    """
    gone = dict.fromkeys(Kind, 0)
    for kind in Kind:
        place: Place | None = START
        while place is not None and not is_stopping():
            portion = Portion(kind=kind, before=now - retention.of(kind), after=place, limit=PORTION)
            swept = await store.sweep(portion, is_dry=is_dry)
            gone[kind] += swept.gone
            place = swept.after
            if not is_dry:
                await asyncio.sleep(pause)
    return gone
