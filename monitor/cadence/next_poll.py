"""When a feed is polled next, and why then.

What was learned of the feed, or its configured pace, says how long it is left alone. A publisher's floor (max-age,
Expires, ttl, updatePeriod, skipHours, skipDays) makes that longer, a failure longer still, and Retry-After is never
undercut. Jitter only ever adds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.cadence.floors import floor_of, open_at
from monitor.cadence.interval import FRESHEST, Pace, configured
from monitor.cadence.spans import span
from monitor.model.rhythm import Rhythm

LONGEST_RETRY_AFTER = timedelta(hours=6)
JITTER = 0.1
"""share of the interval that chance may add, so that feeds which start together drift apart"""
UNCONDITIONAL = 2
"""times the configured pace: no sooner is a server asked that sends no validators, since it must send everything"""
LONG_ENOUGH = timedelta(minutes=30)
"""between two polls of such a server, where twice the pace would be longer"""
PATIENCE = timedelta(hours=2)
"""that a server cannot be reached before it is asked more seldom: it costs nobody anything, and may be our own line"""
_NEVER = timedelta(days=36_500)
_ANSWER_STEP = 2.0
_MOST_STEPS = 20  # twelve days from a second; a year of it is still a length of time


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """A failed poll: how many in a row, counting this one, and what the server asked for."""

    failures: int
    lasting: timedelta = timedelta(0)
    """since the first of them"""
    is_connection: bool = False
    """the server said nothing: grows more slowly than after a refusal"""
    is_gone: bool = False
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """The decision, with its reason in words."""

    at: datetime
    reason: str


def next_poll(
    *,
    now: datetime,
    chance: float,
    pace: Pace,
    rhythm: Rhythm,
    is_conditional: bool = True,
    setback: Setback | None = None,
) -> NextPoll:
    """Decide. `chance` lies in [0, 1); `is_conditional`: the server gave something to ask again with."""
    if setback is not None and setback.is_gone:
        return NextPoll(at=now + _NEVER, reason="the feed is gone (410)")
    interval, reason = _own(pace, rhythm, is_conditional=is_conditional)
    floor, source = floor_of(rhythm.floors, heeds_ttl=pace.heeds_ttl)
    if floor > interval:
        interval, reason = floor, f"after {span(floor)}: the publisher asks for it ({source})"
    if setback is not None:
        interval, reason = _after(setback, interval, pace.longest)
    at = now + interval * (1 + JITTER * chance)
    opened = open_at(rhythm.floors, at, now, chance)
    if opened > at:
        return NextPoll(at=opened, reason=f"{reason}; not at hours or days that the publisher asks to skip")
    return NextPoll(at=at, reason=reason)


def _own(pace: Pace, rhythm: Rhythm, *, is_conditional: bool) -> tuple[timedelta, str]:
    """Without regard to publishers and failures."""
    wish = configured(pace)
    if rhythm.interval is None:
        return wish, f"every {span(wish)}, as configured"
    interval = min(max(rhythm.interval, pace.shortest), pace.longest)
    seen = _seen(rhythm)
    if pace.is_stated and interval >= wish:
        return wish, f"every {span(wish)}, as configured for this feed"
    if pace.is_stated:
        return interval, f"every {span(interval)}: {seen}, at the configured pace some could go unseen"
    rare = min(wish * UNCONDITIONAL, max(wish, LONG_ENOUGH), pace.longest)
    if not is_conditional and interval < rare and rhythm.fresh <= rhythm.window * FRESHEST:
        return rare, f"every {span(rare)}: the server sends all of it each time, for it gives no ETag or Last-Modified"
    return interval, f"every {span(interval)}: {seen}"


def _seen(rhythm: Rhythm) -> str:
    if rhythm.fresh:
        return f"{rhythm.fresh} of {rhythm.window} entries were new at the last poll"
    return "nothing new at the last poll" if rhythm.last_new_at else "nothing new since the first poll"


def _after(setback: Setback, interval: timedelta, longest: timedelta) -> tuple[timedelta, str]:
    if setback.is_connection:
        # Half as long again, since it began: grows as fast as 1.5 to the power of failures, whatever the pace.
        waited = max(interval, (setback.lasting - PATIENCE) / 2)
    else:
        waited = interval * _ANSWER_STEP ** min(setback.failures - 1, _MOST_STEPS)
    waited = min(waited, max(longest, interval))
    times = f"failed {setback.failures} times in a row" if setback.failures > 1 else "failed"
    if setback.retry_after is not None:
        asked = min(setback.retry_after, LONGEST_RETRY_AFTER)
        if asked > waited:
            return asked, f"after {span(asked)}: the server asked for it (Retry-After)"
    return waited, f"after {span(waited)}: {times}"
