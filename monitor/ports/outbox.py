"""What is on its way to channels, and what people do to it."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model.alerts import Alert, Message, PublicId, Settled
from monitor.model.holding import Circuit, Fared, Mute, MuteKind, Sorting, Standing, Together, Waiting
from monitor.model.views import (
    Chosen,
    Wanted,
)


class OutboxStore(Protocol):
    """Deliveries that are not done."""

    async def ready(self, now: datetime) -> tuple[str, ...]:
        """Names of the channels whose first unfinished message may be sent now."""
        ...

    async def claim(self, channel: str, now: datetime, lease: timedelta, limit: int) -> tuple[Message, ...]:
        """Lease the channel's first `limit` messages in order; none where the first is not due or leased."""
        ...

    async def settle(
        self,
        settled: Sequence[Settled],
        release: Collection[PublicId],
        channel: str,
        alarms: Sequence[Alert] = (),
        circuit: Circuit | None = None,
    ) -> None:
        """Write how sends ended, give back leased messages of `channel` that were not tried, and raise alarms.

        All of it or nothing. An alarm whose dedupe key exists is not written again, nor are its deliveries. `circuit`
        says how the channel stands from now on, where that has changed.
        """
        ...

    async def recover(self) -> int:
        """Give back every lease: only for a process that knows it is the only one. Returns how many there were."""
        ...

    async def retry(self, public_ids: Collection[PublicId] | None, now: datetime, channel: str = "") -> int:
        """Make dead or waiting deliveries due now (None: all dead ones that nobody dropped); returns how many.

        Those of alerts that are named go also where they are held or muted. `channel`: only deliveries to it.
        """
        ...


class SortingStore(Protocol):
    """Deliveries on the way to their messages."""

    async def unsorted(self, now: datetime) -> tuple[str, ...]:
        """Names of the channels that have new deliveries, or such whose hold is over."""
        ...

    async def sort(
        self,
        channel: str,
        now: datetime,
        since: datetime | None,
        decide: Callable[[Sequence[Waiting], Sequence[Mute], Standing], Sorting],
        *,
        is_anew: bool = False,
    ) -> bool:
        """Let `decide` say what becomes of a channel's deliveries that are to be sorted, and write that.

        All in one transaction, and no more of them than the store can bear at once: returns whether there may be more.
        With `is_anew` also those whose hold is not over. `decide` gets the mutes in force
        and the channel's standing (what was sent at `since` or later; None: nobody asks), and must be pure and quick.
        A message of several deliveries is made once for its key, over crashes and restored backups: what else is to go
        under a key that was used goes under one of its own. What `decide` leaves out goes alone, at once.
        """
        ...

    async def gather(self, channel: str, now: datetime, decide: Callable[[Sequence[Waiting]], Together | None]) -> bool:
        """Let `decide` say which of the alerts that wait for a channel become one message, and write that.

        It sees the news that is on its way, in the order of the queue, but for what was tried before, is being sent, or
        is to be sent again by somebody's wish. The message stands behind what goes by itself; of messages that it takes
        everything from nothing stays. Returns whether there may be more: no more than the store can bear become
        one message, and what was gathered at the same `now` is not seen again.
        """
        ...

    async def standing(self, channel: str) -> Standing:
        """Which digests a channel has had; of what it was sent nothing is said."""
        ...

    async def fared(self, channel: str, since: datetime) -> Fared:
        """How a channel has fared: about when its last sends ended, since a moment, and its refusals in a row."""
        ...


class OutboxDesk(Protocol):
    """What people do to deliveries by hand, while a daemon may be at work."""

    async def choose(self, wanted: Wanted) -> tuple[Chosen, ...]:
        """The deliveries that are meant, in the order of the queue; those to be added last, oldest alert first."""
        ...

    async def drop(self, chosen: Sequence[Chosen], now: datetime) -> int:
        """Make unfinished and dead deliveries dead for good, with the reason; returns how many.

        One that is being sent at this moment is left alone: it may arrive, and the outbox must not say otherwise.
        """
        ...

    async def replay(self, chosen: Sequence[Chosen], now: datetime) -> int:
        """Send what was sent or is dead again, under the same public ids, behind what waits in its channel.

        Where there is no delivery to the channel yet, it is made. Returns how many are on their way now.
        """
        ...


class MuteDesk(Protocol):
    """What people do not want to hear of, while a daemon may be at work: it is silent from its next sorting on."""

    async def mute(self, mute: Mute) -> None:
        """Hear no more of something; a mute of the same takes the place of an earlier one."""
        ...

    async def unmute(self, kind: MuteKind, subject: str) -> Mute | None:
        """End a mute; the one that was ended."""
        ...

    async def mutes(self, now: datetime) -> tuple[Mute, ...]:
        """Those in force, by kind and subject."""
        ...
