"""A sound check: one marked test message through each channel, and what truly came back."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from monitor.alerts.plan import public_id
from monitor.alerts.wording import Wording, worded
from monitor.app.reach import PATIENCE_SECONDS
from monitor.model.alerts import (
    Alert,
    AlertContent,
    AlertKind,
    Message,
    MessageId,
    Rendered,
    Scope,
    SendFailed,
    Sent,
)
from monitor.model.entries import Text
from monitor.ports import Channel


async def sound(
    channels: Mapping[str, Channel],
    *,
    wordings: Mapping[str, Wording] | None = None,
    heard: Callable[[], None] = lambda: None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> dict[str, Sent | SendFailed]:
    """Send a test through every channel at once, and let go of them all; `heard` is called as each one ends."""

    async def sounded(name: str, channel: Channel) -> Sent | SendFailed:
        try:
            return await _sent(channel, _test_message(name, (wordings or {}).get(name, {})), patience_seconds)
        finally:
            heard()

    async with asyncio.TaskGroup() as group:
        tasks = {
            name: group.create_task(sounded(name, channel), name=f"test of {name}")
            for name, channel in channels.items()
        }
    return {name: task.result() for name, task in tasks.items()}


async def _sent(channel: Channel, message: Rendered, patience_seconds: float) -> Sent | SendFailed:
    try:
        async with asyncio.timeout(patience_seconds):
            return await channel.send(message)
    except TimeoutError:
        return SendFailed(scope=Scope.CHANNEL, reason=f"did not finish within {patience_seconds:g} s")
    except Exception as error:  # noqa: BLE001 - a channel that breaks is told of beside those that work
        return SendFailed(scope=Scope.CHANNEL, reason=f"broke: {type(error).__name__}")
    finally:
        await channel.close()


def _test_message(channel: str, wording: Wording) -> Rendered:
    """A message of its own kind, which no alert can be taken for and no receiver for a repeat."""
    now = datetime.now(UTC)
    key = f"test|{channel}|{now.isoformat()}|{secrets.token_hex(4)}"
    alert = Alert(
        kind=AlertKind.TEST,
        dedupe_key=key,
        public_id=public_id(key),
        at=now,
        content=AlertContent(
            title=f"The channel {channel} works",
            outlets=("tocsin",),
            text=Text(
                title=f"The channel {channel} works",
                summary="This message was asked for by tocsin channels test. No news is behind it.",
            ),
        ),
        channels=(channel,),
    )
    message = Message(
        id=MessageId(0), public_id=alert.public_id, channel=channel, alerts=(alert,), created_at=now, attempts=0
    )
    rendered, _ = worded(message, wording, now=now)
    return rendered
