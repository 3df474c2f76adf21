"""A rehearsal: every channel is replaced by one that only says what would be sent."""

import sys
from dataclasses import dataclass, replace

from monitor.app.examine import Plan
from monitor.model.alerts import Rendered, SendFailed, Sent


@dataclass(frozen=True, slots=True)
class WouldSend:
    """A channel that prints the subject of a message and sends nothing."""

    name: str

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Say what would go out."""
        print(f"would send to {self.name}: {message.subject} (id {message.public_id})", file=sys.stdout)  # noqa: T201
        return Sent()

    async def close(self) -> None:
        """Nothing is open."""


def rehearsed(plan: Plan) -> Plan:
    """The same plan with nothing but rehearsal channels."""
    return replace(plan, channels={name: WouldSend(name) for name in plan.channels})
