"""Whether channels can be reached, so far as their kinds can tell without sending anything."""

import asyncio
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from monitor.model.alerts import Scope, SendFailed, Sent
from monitor.ports import Channel

PATIENCE_SECONDS = 180.0
"""longer than any deadline that a channel may have of its own"""


@runtime_checkable
class Probing(Protocol):
    """A channel whose kind can tell without sending. Never raises for what a peer does."""

    async def probe(self) -> Sent | SendFailed:
        """Go as far as one can without a message."""
        ...


async def reach(
    channels: Mapping[str, Channel], *, patience_seconds: float = PATIENCE_SECONDS
) -> dict[str, Sent | SendFailed | None]:
    """What each channel found, all asked at once; None where only sending would tell."""
    async with asyncio.TaskGroup() as group:
        tasks = {
            name: group.create_task(_probed(channel, patience_seconds), name=f"probe of {name}")
            for name, channel in channels.items()
        }
    return {name: task.result() for name, task in tasks.items()}


async def _probed(channel: Channel, patience_seconds: float) -> Sent | SendFailed | None:
    try:
        async with asyncio.timeout(patience_seconds):
            return await channel.probe() if isinstance(channel, Probing) else None
    except TimeoutError:
        return SendFailed(scope=Scope.CHANNEL, reason=f"did not finish within {patience_seconds:g} s")
    finally:
        await channel.close()
