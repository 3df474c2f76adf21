"""Deliver one channel's messages, in order: claim with a lease, render, send, settle.

At least once: only a crash between a send and its mark repeats, with the same public id. Where a mark cannot be
written, nothing more is sent through that channel until it is: no storm.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.alerts.alarms import channel_alarms, template_failed
from monitor.alerts.backlog import gathered
from monitor.alerts.pacing import ready_at, room
from monitor.alerts.retry import RetryPolicy
from monitor.alerts.wording import Wording, worded
from monitor.errors import StoreError
from monitor.model.alerts import Alert, Form, Message, PublicId, Scope, SendFailed, Sent, Settled, Settlement
from monitor.model.holding import Circuit, Rate, Together, Waiting
from monitor.ports import Channel, Clock, OutboxStore, SortingStore

BATCH = 10
"""messages claimed at once"""
SEND_DEADLINE = timedelta(seconds=60)
"""the longest a single send may take, whatever the channel itself allows"""
MOST_GATHERINGS = 8
"""messages that a backlog becomes, each as large as the store can bear; beyond them each alert goes by itself"""
_LEASE = BATCH * SEND_DEADLINE + timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One send as it went, for the log."""

    message: Message
    outcome: Sent | SendFailed
    settled: Settled
    fault: str = ""
    """what the channel's template failed at for the first time; the message went out in our words"""


@dataclass(slots=True, kw_only=True)
class Courier:
    """Carries the messages of one channel."""

    name: str
    channel: Channel
    outbox: OutboxStore
    clock: Clock
    policy: RetryPolicy
    report: Callable[[Send], None]
    others: Callable[[], tuple[str, ...]] = tuple
    """the channels that hear when this one fails; never itself"""
    unmarked: list[Settled] = field(default_factory=list)
    """sends whose end could not be written yet"""
    unreleased: list[PublicId] = field(default_factory=list)
    """claimed messages that were not tried and could not be given back yet"""
    pace: Rate | None = None
    """how fast messages may follow one another"""
    backlog: int | None = None
    """more alerts than these that waited while the channel took none are told in one message; None: never"""
    past: SortingStore | None = None
    """tells a courier that begins how its channel has fared"""
    sends: list[datetime] = field(default_factory=list)
    """when the last sends ended, as far as the pace asks"""
    has_begun: bool = False
    """it knows how its channel has fared"""
    refusals: int = 0
    """sends that the channel refused in a row, over all its messages"""
    failing_since: datetime | None = None
    """when the first of them was refused"""
    noted: Circuit = field(default_factory=Circuit)
    """how the channel stands by what is written"""
    taken: tuple[Alert, ...] = ()
    """the last that it took"""
    alarms: list[Alert] = field(default_factory=list)
    """about this channel, not yet written"""
    wording: Wording = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)
    """what its templates have failed at, each told once"""

    async def drain(self, is_stopping: Callable[[], bool]) -> None:
        """Send what is due until there is no more, the channel fails, or the daemon stops. Raises StoreError."""
        await self._settle()
        await self._begin()
        await self._gather()
        while not is_stopping() and (most := self._room()):
            batch = await self.outbox.claim(self.name, self.clock.now(), _LEASE, most)
            if not batch or not await self._carry(batch, is_stopping):
                return

    def ready_at(self, now: datetime) -> datetime:
        """When the pace lets the next message go: `now`, if not later. What is due the store says."""
        return now if self.pace is None else ready_at(self.sends, self.pace, now)

    @property
    def circuit(self) -> Circuit:
        """How the channel stands."""
        return Circuit(refusals=self.refusals, since=self.failing_since)

    def _room(self) -> int:
        """How many messages may be claimed: one, where it must be seen whether the channel takes any."""
        most = 1 if self.refusals else BATCH
        return most if self.pace is None else min(most, room(self.sends, self.pace, self.clock.now()))

    async def _begin(self) -> None:
        if self.has_begun or self.past is None:
            return
        now = self.clock.now()
        fared = await self.past.fared(self.name, now - self.pace.per if self.pace else now)
        self.sends = list(fared.sends)
        self.refusals, self.failing_since = fared.circuit.refusals, fared.circuit.since
        self.noted = fared.circuit
        self.has_begun = True

    async def _carry(self, batch: tuple[Message, ...], is_stopping: Callable[[], bool]) -> bool:
        """Send a batch in order; False where the channel must wait. What was not tried is given back."""
        for place, message in enumerate(batch):
            self.unreleased = [one.public_id for one in batch[place:]]
            if is_stopping():
                await self._settle()
                return False
            send = await self._send(message)
            self.unmarked.append(send.settled)
            del self.unreleased[0]
            is_stalled = send.settled.fate is Settlement.RETRY
            await self._settle(is_going_on=not is_stalled)
            self.report(send)
            await self._gather()
            if is_stalled:
                return isinstance(send.outcome, SendFailed) and send.outcome.scope is Scope.MESSAGE
        return True

    async def _settle(self, *, is_going_on: bool = False) -> None:
        """Write what is owed. Until that succeeds the message must not go out again, nor anything after it."""
        released = () if is_going_on else tuple(self.unreleased)
        circuit = self.circuit
        if self.unmarked or released:
            # Whoever takes over after a crash must know that what has waited is not gathered yet.
            is_changed = circuit != self.noted and not self._is_back
            changed = circuit if is_changed else None
            await self.outbox.settle(tuple(self.unmarked), released, self.name, tuple(self.alarms), changed)
            self.noted = circuit if is_changed else self.noted
        self.unmarked.clear()
        self.alarms.clear()
        if not is_going_on:
            self.unreleased.clear()

    @property
    def _is_back(self) -> bool:
        """The channel took a message again, and what has waited for it is still to be gathered."""
        is_asked = self.backlog is not None and self.past is not None
        return is_asked and self.noted.since is not None and self.failing_since is None

    async def _gather(self) -> None:
        """Put together what has waited for a channel that is back, if it is much; then its circuit is closed."""
        most, past = self.backlog, self.past
        if not self._is_back or most is None or past is None:
            return
        now = self.clock.now()
        gatherings = 0

        def decide(waiting: Sequence[Waiting]) -> Together | None:
            return gathered(waiting, self.name, most, self.taken, is_rest=gatherings > 0)

        try:
            while await past.gather(self.name, now, decide) and gatherings < MOST_GATHERINGS:
                gatherings += 1
        except StoreError:
            raise
        except Exception:
            # A bug of ours must not silence the channel: once it is told, each alert goes by itself.
            await self._close()
            raise
        await self._close()

    async def _close(self) -> None:
        """Write that the channel takes messages."""
        await self.outbox.settle((), (), self.name, (), self.circuit)
        self.noted = self.circuit

    async def _send(self, message: Message) -> Send:
        now = self.clock.now()
        outcome: Sent | SendFailed
        fault = ""
        try:
            rendered, failed = worded(message, self.wording, now=now)
            fault = self._note(str(failed), now) if failed else ""
            async with asyncio.timeout(SEND_DEADLINE.total_seconds()):
                outcome = await self.channel.send(rendered)
        except TimeoutError:
            seconds = SEND_DEADLINE.total_seconds()
            outcome = SendFailed(scope=Scope.CHANNEL, reason=f"no answer within {seconds:.0f} s")
        except Exception as error:  # noqa: BLE001 - a channel's bug must cost this message, not the queue behind it
            outcome = SendFailed(scope=Scope.MESSAGE, reason=f"the channel broke on it: {type(error).__name__}")
        began, now = now, self.clock.now()
        if self.pace is not None:
            self.sends = [*self.sends[1 - self.pace.most :], now] if self.pace.most > 1 else [now]
        self.taken = message.alerts if isinstance(outcome, Sent) else ()
        refused = isinstance(outcome, SendFailed) and outcome.scope is Scope.CHANNEL
        settled = self.policy.settle(
            message, outcome, now=now, chance=self.clock.chance(), channel_failures=self.refusals
        )
        settled = replace(
            settled,
            note=outcome.note if isinstance(outcome, Sent) else "",
            took_ms=max(0, round((now - began) / timedelta(milliseconds=1))),  # the wall clock may have stepped back
        )
        self._judge(message, outcome, settled, now, refused=refused)
        return Send(message=message, outcome=outcome, settled=settled, fault=fault)

    def _note(self, fault: str, now: datetime) -> str:
        """A fault of the channel's templates, if it is a new one: an alarm is worth it once."""
        if fault in self.faults:
            return ""
        self.faults.add(fault)
        self.alarms.append(template_failed(self.name, fault, channels=self.others() or (self.name,), now=now))
        return fault

    def _judge(
        self, message: Message, outcome: Sent | SendFailed, settled: Settled, now: datetime, *, refused: bool
    ) -> None:
        """Count refusals, and raise the alarms that they are worth; they are written with the mark of the send."""
        self.refusals = self.refusals + 1 if refused else 0
        # A message tried before was refused before, perhaps by a process that is gone.
        first = message.created_at if message.attempts and message.form is Form.FULL else now
        self.failing_since = (self.failing_since or first) if refused else None
        since = self.failing_since or now
        self.alarms += channel_alarms(message, outcome, settled, failing_since=since, channels=self.others(), now=now)
