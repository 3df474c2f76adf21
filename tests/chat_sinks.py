"""Telegram, Slack, Discord and ntfy on loopback: they answer as the real ones do, well or badly."""

import json
from collections.abc import Mapping
from typing import Any

from monitor.channels.kinds import build
from monitor.model.alerts import Rendered, SendFailed, Sent
from monitor.model.settings import ChannelSpec
from tests.channel_receiver import Receiver, answer

SECRET = "c4nary"
TOKEN = f"123456:{SECRET}{'A' * 30}"
TAKEN: Mapping[str, bytes] = {
    "telegram": answer("200 OK", body='{"ok":true,"result":{"message_id":7,"chat":{"id":-1001}}}'),
    "slack": answer("200 OK", body="ok"),
    "discord": answer("200 OK", body='{"id":"1300000000000000000","type":0,"content":"…"}'),
    "ntfy": answer("200 OK", body='{"id":"hwQ2YpKdmg","time":1635528741,"event":"message"}'),
}
"""what each says of a message that it took"""
CHATS = tuple(TAKEN)


def options(kind: str, sink: str) -> dict[str, object]:
    """The options that lead a kind to this address, secrets in all of them."""
    ways: dict[str, dict[str, object]] = {
        "telegram": {"token": TOKEN, "chat": -1001234567890, "base_url": sink},
        "slack": {"url": f"{sink}/services/T000/B000/{SECRET}"},
        "discord": {"url": f"{sink}/api/webhooks/123/{SECRET}"},
        "ntfy": {"topic": f"desk-{SECRET}", "token": f"tk_{SECRET}", "base_url": sink},
    }
    return ways[kind]


async def sent_to(kind: str, receiver: Receiver, message: Rendered, **more: object) -> Sent | SendFailed:
    """Send through a channel that was built as the configuration builds it."""
    spec = ChannelSpec(name="desk", kind=kind, options={**options(kind, receiver.url("")), **more})
    channel = build(spec)
    assert not isinstance(channel, tuple), channel
    try:
        return await channel.send(message)
    finally:
        await channel.close()


async def seen_by(kind: str, message: Rendered, **more: object) -> dict[str, Any]:
    """What the service gets, in its own words."""
    async with Receiver(TAKEN[kind]) as receiver:
        outcome = await sent_to(kind, receiver, message, **more)
    assert isinstance(outcome, Sent), outcome
    (request,) = receiver.requests
    body: dict[str, Any] = json.loads(request.body)
    return body


TEXT_OF = {"telegram": "text", "slack": "text", "discord": "content", "ntfy": "message"}
"""where the words stand"""
