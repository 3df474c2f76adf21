"""What becomes of a message after a send: the policy says when, the deliver flow does it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model.alerts import Form, Message, Scope, SendFailed, Sent, Settled, Settlement

_MOST_DOUBLINGS = 32  # keeps the factor small; the cap was reached long before


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How long to wait, and when to give up."""

    first: timedelta = timedelta(seconds=30)
    cap: timedelta = timedelta(hours=1)
    time_to_live: timedelta = timedelta(hours=72)
    longest_retry_after: timedelta = timedelta(hours=6)

    def settle(
        self,
        message: Message,
        outcome: Sent | SendFailed,
        *,
        now: datetime,
        chance: float,
        channel_failures: int = 0,
    ) -> Settled:
        """The fate of a leased message; `message.attempts` does not count this send, `chance` is in [0, 1).

        `channel_failures` counts the sends that this channel refused in a row, over all its messages: given,
        a channel that is down for longer than a message lives is not asked more often by those that follow.
        """
        if isinstance(outcome, Sent):
            return Settled(message=message.id, fate=Settlement.SENT, at=now, form=message.form)
        if outcome.scope is Scope.MESSAGE:
            return _plainer(message, outcome, now)
        if now - message.created_at >= self.time_to_live:
            hours = self.time_to_live / timedelta(hours=1)
            return _dead(message, f"given up after {hours:g} hours: {outcome.reason}", now)
        wait = self.delay(max(message.attempts, channel_failures), chance)
        if outcome.retry_after_seconds is not None:
            wait = max(wait, self._asked(outcome.retry_after_seconds))
        return Settled(
            message=message.id,
            fate=Settlement.RETRY,
            at=now,
            due_at=now + wait,
            error=outcome.reason,
            form=message.form,
        )

    def delay(self, attempts: int, chance: float) -> timedelta:
        """The wait after a failure that `attempts` others preceded: doubled each time up to `cap`, jittered.

        The jitter takes the upper half only. From zero up, an unlucky run would knock at a dead channel
        without end; from the half up, a day cannot hold more than about 55 tries, whatever chance says.
        """
        step = min(self.cap, self.first * (1 << min(max(attempts, 0), _MOST_DOUBLINGS)))
        return step * ((1 + chance) / 2)

    def _asked(self, seconds: int) -> timedelta:
        most = self.longest_retry_after
        # Compared as numbers first: a hostile Retry-After does not fit into a timedelta.
        return most if seconds >= most.total_seconds() else timedelta(seconds=max(seconds, 0))


def _plainer(message: Message, outcome: SendFailed, now: datetime) -> Settled:
    """A message that was refused for itself is tried in its short form at once, then given up."""
    if message.form is Form.SHORT:
        return _dead(message, outcome.reason, now)
    return Settled(
        message=message.id,
        fate=Settlement.RETRY,
        at=now,
        due_at=now,
        error=outcome.reason,
        form=Form.SHORT,
    )


def _dead(message: Message, error: str, now: datetime) -> Settled:
    return Settled(message=message.id, fate=Settlement.DEAD, at=now, error=error, form=message.form)
