"""A sound check says truthfully what each channel did, whatever it did."""

import asyncio
from dataclasses import dataclass, field

from monitor.app.soundcheck import sound
from monitor.model.alerts import AlertKind, Rendered, Scope, SendFailed, Sent


@dataclass(slots=True)
class Loudspeaker:
    """A channel that does as it is told."""

    answer: Sent | SendFailed | Exception | None
    """None: never ends"""
    heard: list[Rendered] = field(default_factory=list)
    closed: int = 0

    async def send(self, message: Rendered) -> Sent | SendFailed:
        self.heard.append(message)
        if self.answer is None:
            await asyncio.Event().wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or Sent()

    async def close(self) -> None:
        self.closed += 1


async def test_each_channel_answers_for_itself() -> None:
    """One that hangs or breaks is told of beside those that work; all are let go of."""
    refused = SendFailed(scope=Scope.CHANNEL, reason="no")
    channels = {
        "good": Loudspeaker(Sent(note="ok")),
        "refusing": Loudspeaker(refused),
        "hanging": Loudspeaker(None),
        "broken": Loudspeaker(RuntimeError("geheim")),
    }
    ended: list[int] = []
    outcomes = await sound(channels, heard=lambda: ended.append(1), patience_seconds=0.05)
    assert outcomes["good"] == Sent(note="ok")
    assert outcomes["refusing"] == refused
    assert outcomes["hanging"] == SendFailed(scope=Scope.CHANNEL, reason="did not finish within 0.05 s")
    assert outcomes["broken"] == SendFailed(scope=Scope.CHANNEL, reason="broke: RuntimeError")
    assert list(outcomes) == list(channels)
    assert len(ended) == 4
    assert [one.closed for one in channels.values()] == [1] * 4


async def test_the_message_is_marked_as_a_test_and_never_the_same_twice() -> None:
    """A receiver that knows ids again must not take the second for a repeat."""
    channel = Loudspeaker(Sent())
    await sound({"desk": channel})
    await sound({"desk": channel})
    first, second = channel.heard
    assert first.kind is AlertKind.TEST
    assert first.public_id != second.public_id
    assert "desk" in first.text
    assert "test" in first.subject
