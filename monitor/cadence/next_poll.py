"""When a feed is polled next, and why then.

The wish of the configuration holds within its limits; a publisher's floor (max-age, Expires, ttl) makes it later; a
failure makes it later still; Retry-After is never undercut. Jitter only ever adds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_RETRY_AFTER = timedelta(hours=6)
LONGEST_FLOOR = timedelta(hours=24)
JITTER = 0.1
"""share of the interval that chance may add, so that feeds which start together drift apart"""
_NEVER = timedelta(days=36_500)
_CONNECTION_STEP = 1.5
_ANSWER_STEP = 2.0
_MOST_STEPS = 30  # beyond it every interval is capped anyway; keeps the power finite


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the configuration wishes for one feed."""

    every: timedelta
    shortest: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """A failed poll: how many in a row, counting this one, and what the server asked for."""

    failures: int
    is_connection: bool = False
    """the server said nothing: grows more slowly than after a refusal"""
    is_gone: bool = False
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """The decision, with its reason in words."""

    at: datetime
    reason: str


def next_poll(*, now: datetime, chance: float, pace: Pace, floor: timedelta, setback: Setback | None) -> NextPoll:
    """Decide. `chance` lies in [0, 1); `floor` is the publisher's wish, zero where there is none."""
    if setback is not None and setback.is_gone:
        return NextPoll(at=now + _NEVER, reason="the feed is gone (410)")
    interval = min(max(pace.every, pace.shortest), pace.longest)
    reason = "as configured"
    publishers = min(floor, LONGEST_FLOOR)
    if publishers > interval:
        interval, reason = publishers, "the publisher asks for it (max-age, Expires or ttl)"
    if setback is not None:
        interval, reason = _after(setback, interval, pace.longest)
    return NextPoll(at=now + interval * (1 + JITTER * chance), reason=reason)


def _after(setback: Setback, interval: timedelta, longest: timedelta) -> tuple[timedelta, str]:
    step = _CONNECTION_STEP if setback.is_connection else _ANSWER_STEP
    factor = step ** min(setback.failures - 1, _MOST_STEPS)
    waited = min(interval * factor, max(longest, interval))
    reason = f"failed {setback.failures} times in a row" if setback.failures > 1 else "failed"
    if setback.retry_after is not None:
        asked = min(setback.retry_after, LONGEST_RETRY_AFTER)
        if asked > waited:
            return asked, "the server asked for it (Retry-After)"
    return waited, reason
