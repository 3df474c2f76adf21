"""Whether channels can be reached, without a message to anybody."""

import asyncio
from dataclasses import dataclass

from monitor.app.reach import reach
from monitor.model.alerts import Rendered, Scope, SendFailed, Sent


@dataclass(slots=True)
class Silent:
    """A channel that only sending tells of; nobody may send through it here."""

    closed: int = 0

    async def send(self, message: Rendered) -> Sent | SendFailed:
        raise AssertionError(message)

    async def close(self) -> None:
        self.closed += 1


@dataclass(slots=True)
class Probed(Silent):
    """A channel that can tell; None: it never ends."""

    answer: Sent | SendFailed | None = None

    async def probe(self) -> Sent | SendFailed:
        if self.answer is None:
            await asyncio.Event().wait()
        return self.answer or Sent()


async def test_each_kind_tells_what_it_can() -> None:
    """Reached, refused, hung, or not to be known; all are let go of."""
    refused = SendFailed(scope=Scope.CHANNEL, reason="no")
    channels = {"good": Probed(answer=Sent()), "bad": Probed(answer=refused), "hung": Probed(), "mute": Silent()}
    assert await reach(channels, patience_seconds=0.05) == {
        "good": Sent(),
        "bad": refused,
        "hung": SendFailed(scope=Scope.CHANNEL, reason="did not finish within 0.05 s"),
        "mute": None,
    }
    assert [one.closed for one in channels.values()] == [1] * 4
