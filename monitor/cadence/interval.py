"""How long a feed is left alone, by what is expected of it.

With so many requests to spend on all feeds, their news wait least in the mean where each is asked in proportion to the
square root of its rate: the sum of rate times interval is least, for a given sum of 1 / interval, where interval² times
rate is the same for all. So the configured pace is what a feed of one entry an hour gets; one that brings four is asked
twice as often, all of them more seldom at night than by day, and a burst is followed closely. Two things overrule that:
entries that could scroll out of the document unseen, and a pace that was stated for the feed itself, which is kept.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.cadence.forecast import PRESUMED, forecast
from monitor.model.rhythm import Rhythm

EXPONENT = 0.5
"""of the rate; 0 would be one pace for all"""
CALM = 4
"""times the configured pace: the longest interval of a feed that lives"""
SILENT_SHARE = 1 / 200
"""of its silence that a feed which does not is left alone, where that is longer"""
WHOLE_DAY = timedelta(days=1)
"""that is known of a feed before it is asked more seldom than configured: its silence may be the night"""
FULLEST = 1 / 3
"""of the document that may be new at the next poll, as expected"""
FRESHEST = 1 / 2
"""of the document that may be new, as it was; beyond it the interval shrinks in proportion"""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the configuration wishes for one feed."""

    every: timedelta
    shortest: timedelta
    longest: timedelta
    is_stated: bool = False
    """`every` was said of the feed or its outlet, not of all feeds: it is kept, whatever the feed brings"""
    heeds_ttl: bool = True
    """what the feed's document says of how long to wait counts; False: its owner was overruled"""


def configured(pace: Pace) -> timedelta:
    """The wish within its limits, as a reload may change them under a feed."""
    return min(max(pace.every, pace.shortest), pace.longest)


def steer(rhythm: Rhythm, pace: Pace, *, before: datetime | None, now: datetime) -> timedelta:
    """The interval that follows a good poll at `now` which taught `rhythm`; `before` is the good poll before it."""
    wish = configured(pace)
    expected = _by_forecast(rhythm, pace, now)
    return max(
        pace.shortest,
        min(wish if pace.is_stated else expected.learned, expected.unfilled, _by_overlap(rhythm, before, now)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Expected:
    learned: timedelta
    unfilled: timedelta
    """until then no more of the document is new than may be"""


def _by_forecast(rhythm: Rhythm, pace: Pace, now: datetime) -> _Expected:
    """Hour by hour, until as much attention is due as the configured pace gives to a presumed feed."""
    wish = configured(pace)
    silent_since = rhythm.last_new_at or rhythm.counted_at or rhythm.since or now
    calm = min(pace.longest, max(wish * CALM, (now - silent_since) * SILENT_SHARE))
    if now - (rhythm.since or now) < WHOLE_DAY:
        calm = wish
    expected = forecast(rhythm, now)
    due, room = wish / _HOUR, rhythm.window * FULLEST or math.inf
    longest = calm / _HOUR
    learned = unfilled = math.inf
    attended, filled, hour = 0.0, 0.0, 0
    while hour < longest and (learned == math.inf or (unfilled == math.inf and room < math.inf)):
        rate = expected.rate(hour)
        attention = (rate / PRESUMED) ** EXPONENT
        if learned == math.inf and attended + attention >= due:
            learned = hour + (due - attended) / attention
        if unfilled == math.inf and filled + rate >= room:
            unfilled = hour + (room - filled) / rate
        attended += attention
        filled += rate
        hour += 1
    return _Expected(
        learned=_HOUR * learned if learned < longest else calm,
        unfilled=_HOUR * unfilled if unfilled < longest else pace.longest,
    )


def _by_overlap(rhythm: Rhythm, before: datetime | None, now: datetime) -> timedelta:
    """By how much of the last document was new: half of it is enough; where all of it was, half the interval."""
    if before is None or before >= now or not rhythm.window or rhythm.fresh <= rhythm.window * FRESHEST:
        return timedelta.max
    return (now - before) * (rhythm.window * FRESHEST / rhythm.fresh)
