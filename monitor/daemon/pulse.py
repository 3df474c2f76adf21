"""Feed the watchdog, but only while the work is alive."""

import asyncio
from collections.abc import Callable

import structlog

from monitor.system.notify import ServiceManager


async def pulse(manager: ServiceManager, is_alive: Callable[[], bool]) -> None:
    """Say *alive* four times in the watchdog's time for as long as it is true; returns at once without a watchdog."""
    if manager.watchdog is None:
        return
    was_alive = True
    while True:
        alive = is_alive()
        if alive:
            manager.alive()
        elif was_alive:
            structlog.get_logger().error("a loop hangs: the watchdog is not fed and will restart the service")
        was_alive = alive
        await asyncio.sleep(manager.watchdog.total_seconds() / 4)
