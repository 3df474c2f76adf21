"""How many new entries a feed is expected to bring, hour by hour, by what it has brought.

Three things are known of a feed: how many entries it brings at all, at which hours of the day and days of the week, and
whether more or fewer than that came in the last hours. Older news count less, by half every two weeks; what a feed is
taken for before anything is known fades at the same pace.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model.rhythm import Rhythm

HOURS, DAYS = 24, 7
HALF_LIFE = timedelta(days=14)
"""after which an entry counts half"""
LATE_HALF_LIFE = timedelta(hours=3)
"""likewise for what came of late"""
PRESUMED = 1.0
"""entries an hour of a feed of which nothing is known: the rate at which the configured pace is right"""
_PRESUMPTION = 6.0  # hours of watching that it weighs
_SHY = 4.0  # entries spread evenly over all hours, or days, that are added to what was counted
_LATE_SHY = 2.0  # entries as expected that are added to those that came of late
_CALMEST, _LIVELIEST = 0.3, 5.0
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_STEPS = 9
"""hours back that `lately` is compared with: three half-lives"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is expected of a feed."""

    base: float
    """entries an hour, over a whole week"""
    hours: tuple[float, ...]
    """how many times that, by hour of the day"""
    days: tuple[float, ...]
    """likewise by day of the week"""
    level: float
    """how many times as many come at present"""

    def rate(self, at: datetime) -> float:
        """Entries an hour expected at a moment."""
        return self._usual(at) * self.level

    def _usual(self, at: datetime) -> float:
        return self.base * self.hours[at.hour] * self.days[at.weekday()]


_EVENLY_HOURS, _EVENLY_DAYS = (1.0,) * HOURS, (1.0,) * DAYS


def forecast(rhythm: Rhythm, now: datetime) -> Forecast:
    """What is expected from `now` on."""
    age = max(timedelta(0), now - rhythm.since) if rhythm.since else timedelta(0)
    faded = fading(rhythm, now, HALF_LIFE)
    counted = sum(rhythm.hours) * faded
    aged = 0.5 ** (age / HALF_LIFE)
    watched = HALF_LIFE / _HOUR / math.log(2) * (1 - aged)
    presumed = _PRESUMPTION * aged
    base = (counted + presumed * PRESUMED) / (watched + presumed)
    plain = Forecast(
        base=base,
        # Hours are told apart once each was watched, which a day does; days once each was.
        hours=_shares(rhythm.hours, faded, _trust(age, _DAY)) if rhythm.hours else _EVENLY_HOURS,
        days=_shares(rhythm.days, faded, _trust(age, _WEEK)) if rhythm.days else _EVENLY_DAYS,
        level=1.0,
    )
    expected = _expected_lately(plain, now, age)
    lately = rhythm.lately * fading(rhythm, now, LATE_HALF_LIFE)
    level = (lately + _LATE_SHY) / (expected + _LATE_SHY)
    return Forecast(base=base, hours=plain.hours, days=plain.days, level=min(max(level, _CALMEST), _LIVELIEST))


def fading(rhythm: Rhythm, now: datetime, half_life: timedelta) -> float:
    """What is left of one entry that was counted when the rhythm was counted last."""
    if rhythm.counted_at is None or now <= rhythm.counted_at:
        return 1.0
    return float(0.5 ** ((now - rhythm.counted_at) / half_life))


def _trust(age: timedelta, cycle: timedelta) -> float:
    """From 0 after one cycle to 1 after three."""
    return min(1.0, max(0.0, (age / cycle - 1) / 2))


def _shares(counts: tuple[float, ...], faded: float, trust: float) -> tuple[float, ...]:
    """How many times the mean each has, smoothed over its neighbours, as far as it is trusted."""
    size = len(counts)
    if not trust:
        return (1.0,) * size
    mean = sum(counts) * faded / size
    added = _SHY / size
    smooth = ((counts[i - 1] + 2 * counts[i] + counts[(i + 1) % size]) * faded / 4 for i in range(size))
    return tuple(1 + trust * ((one + added) / (mean + added) - 1) for one in smooth)


def _expected_lately(plain: Forecast, now: datetime, age: timedelta) -> float:
    """What `Rhythm.lately` would be if everything came as usual."""
    fade = 0.5 ** (_HOUR / LATE_HALF_LIFE)
    hours = min(age / _HOUR, _STEPS)
    expected, weight, back = 0.0, 1.0, 0
    while back < hours:
        expected += plain.rate(now - back * _HOUR) * weight * min(1.0, hours - back)
        weight *= fade
        back += 1
    return expected
