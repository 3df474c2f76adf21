"""What a daemon says when its database cannot be written: straight through the channels, past the outbox.

Where it is damaged, no row is written for it either: the file is to be kept as it was found, and one page more, written
into a damaged tree, may be the one that puts it past mending.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from monitor.alerts.alarms import Cause, alarm
from monitor.alerts.render import render
from monitor.model.alerts import Message, MessageId, SendFailed, Sent
from monitor.ports import Channel

DEADLINE_SECONDS = 15.0
"""for all channels together; the log has the same words"""


async def cry_out(
    channels: Mapping[str, Channel], says: str, now: datetime, *, stops: bool = True
) -> Mapping[str, Sent | SendFailed | None]:
    """Send `says` once through every channel at once; how each took it, None: not in time, or it broke.

    `stops`: it is the last thing that is said.
    """
    words = f"tocsin stops: {says}" if stops else says
    one = alarm(Cause.STORE, subject="the database", says=words, outlets=("tocsin",), now=now)

    async def told(name: str, channel: Channel) -> Sent | SendFailed | None:
        message = Message(id=MessageId(0), public_id=one.public_id, channel=name, alerts=(one,), created_at=now)
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return await channel.send(render(message, now=now))
        except Exception:  # noqa: BLE001 - there is nothing left to do about it, and the other channels must hear
            return None

    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(told(name, one), name=f"outcry to {name}") for name, one in channels.items()}
    return {name: task.result() for name, task in tasks.items()}
